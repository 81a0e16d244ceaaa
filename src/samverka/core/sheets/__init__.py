"""Tables from outside, CSV and XLSX: read in a sandbox, by one strict reader. Nothing here knows Django or an app."""

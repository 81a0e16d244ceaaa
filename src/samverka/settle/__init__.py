"""A folder of CSV files settled for a period: reading, checking, writing."""

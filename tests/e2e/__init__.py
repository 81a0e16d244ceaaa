"""The site in a browser: Chromium against a server in this process."""

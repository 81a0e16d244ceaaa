"""Commands of Django's own command line that settlement has a say in."""

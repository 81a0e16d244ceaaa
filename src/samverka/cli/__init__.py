"""The command line ``samverka``."""

"""Tags of the open question and of cases."""

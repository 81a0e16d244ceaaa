"""Cases about persons under a pseudonymous number, and the log of who looked at them."""

"""The platform around the agreement. So far: the command line and the settlement of folders."""

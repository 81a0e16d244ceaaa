"""The county: every charge, figure, source and word of it."""

"""A naive second implementation of the prices, to hold the first one against."""

"""One package for each county and agreement term."""

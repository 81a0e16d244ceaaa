"""Faults and abuse: killed at every statement, racing, cut off, asked for what is not theirs; each with a twin."""

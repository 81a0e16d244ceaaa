"""The journal: append-only, sealed in order, held against it from outside."""

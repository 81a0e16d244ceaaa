"""What was done: one entry for each change, append-only, hash-chained, signed at checkpoints."""

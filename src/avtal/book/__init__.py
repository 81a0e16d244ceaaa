"""What an edition holds: clauses, dated parameters, indices, readings, charges; read, checked and fingerprinted."""

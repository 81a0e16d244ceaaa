"""Work on another's behalf: what is registered, attested, read from files, and refused."""

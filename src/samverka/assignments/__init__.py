"""Work on another's behalf: registered by who performs it, attested by who pays for it."""

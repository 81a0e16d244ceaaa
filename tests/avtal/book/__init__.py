"""The book: parameters, indices, readings, editions and their fingerprint."""

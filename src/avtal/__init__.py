"""The executable agreement: rules, explanation and settlement in pure Python. Parts are imported from their modules."""

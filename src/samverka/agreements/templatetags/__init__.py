"""What templates load from the agreement."""

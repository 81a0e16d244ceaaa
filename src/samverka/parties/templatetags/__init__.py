"""What templates know of parties."""

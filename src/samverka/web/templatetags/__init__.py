"""What the frame of every page is made of."""

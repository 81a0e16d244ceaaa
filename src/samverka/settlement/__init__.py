"""From event to invoice: proposal, approval by another, gapless numbers, credit (DESIGN 4)."""

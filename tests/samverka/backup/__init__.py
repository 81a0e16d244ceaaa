"""Backup and restore: equal by digest, on and between both databases, or nothing."""

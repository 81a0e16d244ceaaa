"""Tests of what the parties enter and of the book that it makes."""

"""What a service refuses, in words for the user."""

from __future__ import annotations


class Refused(ValueError):
    """Something is not allowed as things stand: the message says what, where, and what is allowed."""

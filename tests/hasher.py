"""Argon2 with its least cost: the tests sign in many times."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class QuickArgon2(Argon2PasswordHasher):
    """The same algorithm, in a millisecond."""

    time_cost = 1
    memory_cost = 8
    parallelism = 1

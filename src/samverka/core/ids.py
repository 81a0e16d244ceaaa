"""Random public ids: what an address shows, so that nobody can count or guess another's."""

from __future__ import annotations

import secrets

from django.db import models

ALPHABET = "abcdefghjkmnpqrstvwxyz23456789"
LENGTH = 16


def public_id() -> str:
    """Sixteen random characters, none that is easily misread: about 78 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


class PublicIdField(models.CharField[str, str]):
    """An object's name to the outside: random, unique, never changed."""

    def __init__(self, **options: object) -> None:
        fixed = {"max_length": LENGTH, "unique": True, "default": public_id, "editable": False}
        super().__init__(**{**options, **fixed})  # type: ignore[arg-type]  # Django's own options

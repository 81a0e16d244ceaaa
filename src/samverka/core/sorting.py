"""Swedish alphabetical order, the same whatever the database: å, ä and ö come last, in that order."""

from __future__ import annotations

import unicodedata

#: Letters of their own, after z; and what is sorted as another letter.
OWN = str.maketrans({
    "å": "\ue000", "ä": "\ue001", "æ": "\ue001", "ö": "\ue002", "ø": "\ue002", "œ": "\ue002",
    "ü": "y", "ß": "ss", "ð": "d", "þ": "th", "đ": "d", "ł": "l",
})  # fmt: skip


def swedish(text: str) -> tuple[str, str]:
    """A sort key: ``sorted(names, key=swedish)``. Case and other accents matter only where all else is equal."""
    letters = unicodedata.normalize("NFC", text).casefold().translate(OWN)
    plain = unicodedata.normalize("NFD", letters)
    return "".join(letter for letter in plain if not unicodedata.combining(letter)), text

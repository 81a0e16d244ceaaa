"""argparse in Swedish. It asks the module's ``_`` for each text, which is where a translation belongs."""

from __future__ import annotations

import argparse

_TEXTS = {
    "usage: ": "användning: ",
    "positional arguments": "argument",
    "options": "val",
    "show this help message and exit": "visa den här hjälpen",
    "the following arguments are required: %s": "dessa argument behövs: %s",
    "unrecognized arguments: %s": "okända argument: %s",
    "expected one argument": "ett värde behövs",
    "argument %(argument_name)s: %(message)s": "%(argument_name)s: %(message)s",
    "invalid choice: %(value)r (choose from %(choices)s)": "%(value)s finns inte; välj bland %(choices)s",
    "ignored explicit argument %r": "tar inget värde (%r)",
    "ambiguous option: %(option)s could match %(matches)s": "%(option)s är tvetydigt: %(matches)s",
}


def speak_swedish() -> None:
    """Make argparse use Swedish texts; one that it adds later stays in English."""
    argparse._ = lambda text: _TEXTS.get(text, text)  # type: ignore[attr-defined]  # its own hook, not in the stubs

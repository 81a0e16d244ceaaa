"""The edition that a command's options ask for: other readings, and what was known on a day."""

from __future__ import annotations

import argparse
from datetime import date

from avtal.book.edition import Edition
from avtal.book.readings import Choice
from avtal.editions.jamtland_2026 import edition
from avtal.language.facts import FactError, day


def asked_edition(options: argparse.Namespace) -> Edition:
    """The edition with ``--reading`` and ``--as-known``.

    Raises:
        ValueError: A reading or an option does not exist or cannot be computed, or the day is not a date.
    """
    found = edition()
    for asked in options.reading:
        id_, equals, option = asked.partition("=")
        if not equals:
            raise ValueError(f"--reading {asked}: läsning och val, som A03=mean")
        found = found.choosing(Choice(id_, option, "anropet", date.min, f"--reading {asked}"))
    if options.as_known:
        try:
            known = day("as_known").read(options.as_known)
        except FactError as fault:
            raise ValueError(f"--as-known {options.as_known}: {fault.allowed}") from None
        assert isinstance(known, date)
        found = found.as_known(known)
    return found

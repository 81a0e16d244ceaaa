"""The nine parties: one region and eight municipalities (agreement, parties; codes as in the project's JSON names)."""

from __future__ import annotations

from avtal.language.facts import Fact, code

REGION = "REGION"
MUNICIPALITIES = ("BERG", "BRACKE", "HARJEDALEN", "KROKOM", "RAGUNDA", "STROMSUND", "ARE", "OSTERSUND")
#: The municipality that a case concerns, whichever of the eight it is.
MUNICIPALITY = "MUNICIPALITY"
PARTIES = (REGION, *MUNICIPALITIES)


def party(name: str) -> Fact:
    """A fact that is one of the nine."""
    return code(name, *PARTIES)


def municipality(name: str = "municipality") -> Fact:
    """A fact that is one of the eight."""
    return code(name, *MUNICIPALITIES)

"""What an edition says of its county's parties: ``parties.toml`` beside its clauses, read strictly."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from avtal.book.edition import Edition
from avtal.book.load import BookError

FILE = "parties.toml"


@dataclass(frozen=True)
class OrgNumber:
    """An organisation number and where it was found."""

    number: str
    source: str


@dataclass(frozen=True)
class JointBody:
    """What the parties have together, and the party that answers for it."""

    code: str
    under: str
    clause: str


@dataclass(frozen=True)
class NamedUnit:
    """A unit that the text names: ``PARTY:code`` is its stream of invoices."""

    party: str
    code: str
    name: str
    clause: str


@dataclass(frozen=True)
class NamedArena:
    """An arena that the text names: one for the county, or one for each municipality."""

    code: str
    name: str
    clause: str
    each: str = ""


@dataclass(frozen=True)
class County:
    """All of it."""

    org_numbers: Mapping[str, OrgNumber]
    joint_bodies: tuple[JointBody, ...]
    units: tuple[NamedUnit, ...]
    arenas: tuple[NamedArena, ...]


def county_of(edition: Edition) -> County:
    """What the edition's package says.

    Raises:
        BookError: A key is unknown or absent, or a clause or a party that is named does not exist.
    """
    text = files(f"avtal.editions.{edition.code}").joinpath(FILE).read_text(encoding="utf-8")
    return read(text, edition)


def read(text: str, edition: Edition) -> County:
    """The same, of a text.

    Raises:
        BookError: As above.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BookError(f"{FILE}: {fault}") from None
    _keys("", tables, (), ("org_number", "joint_body", "unit", "arena"))
    county = County(
        org_numbers={
            code: OrgNumber(**_keys(f"org_number.{code}", table, ("number", "source")))
            for code, table in tables.get("org_number", {}).items()
        },
        joint_bodies=tuple(
            JointBody(**_keys("joint_body", one, ("code", "under", "clause"))) for one in tables.get("joint_body", ())
        ),
        units=tuple(
            NamedUnit(**_keys("unit", one, ("party", "code", "name", "clause"))) for one in tables.get("unit", ())
        ),
        arenas=tuple(
            NamedArena(**_keys("arena", one, ("code", "name", "clause"), ("each",))) for one in tables.get("arena", ())
        ),
    )
    _known("part", edition.parties, [*county.org_numbers, *(one.under for one in county.joint_bodies)])
    bodies = [*edition.parties, *(one.code for one in county.joint_bodies)]
    _known("part", bodies, [one.party for one in county.units])
    _known("each", ("", "municipality"), [one.each for one in county.arenas])
    for clauses in (
        [one.clause for one in county.joint_bodies],
        [one.clause for one in county.units],
        [one.clause for one in county.arenas],
    ):
        _known("avtalspunkt", edition.clauses, clauses)
    return county


def _keys(place: str, table: Mapping[str, Any], required: Collection[str], optional: Collection[str] = ()) -> Any:
    wrong = sorted(set(table) - {*required, *optional}) or sorted(set(required) - set(table))
    if wrong:
        allowed = ", ".join([*required, *optional])
        raise BookError(f"{FILE}: [{place}] {wrong[0]}: unknown or absent; the keys are {allowed}")
    return table


def _known(what: str, known: Collection[str], names: Collection[str]) -> None:
    for name in names:
        if name not in known:
            raise BookError(f"{FILE}: {what} {name}: does not exist")

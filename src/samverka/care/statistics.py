"""How many cases of each sort: whole numbers of five, and nothing of fewer than five, so that no person shows.

Every number is rounded to the nearest five by itself, sums too: what is left out cannot be had by taking numbers from a
sum, or one period or municipality from another. Nobody's case is opened; that a file of it is taken out is one line in
the access log.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Case as When_
from django.db.models import CharField, Count, F, Q, QuerySet, Value, When
from django.db.models.functions import TruncMonth

from samverka.agreements.county import MUNICIPALITIES, base
from samverka.care import log
from samverka.care.log import Access
from samverka.care.models.case import Case
from samverka.care.question import REGION
from samverka.care.selectors import seen_by
from samverka.care.states import GROUND_CLAUSES, Ground, State
from samverka.core.acting import Actor

LEAST, STEP = 5, 5
Rows = QuerySet[Any]  # cases with what they are counted by
FEW = "färre än 5"


@dataclass(frozen=True, slots=True)
class Cell:
    """A number of cases as it may be shown; none where it is fewer than five."""

    name: str
    label: str
    count: int | None

    @property
    def shown(self) -> str:
        """The number in words of the page."""
        return FEW if self.count is None else str(self.count)


@dataclass(frozen=True, slots=True)
class Table:
    """One way of counting: its heading, its cells."""

    name: str
    label: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class Statistics:
    """Every table over the same cases, their number, and whether made-up cases are among them."""

    total: Cell
    tables: list[Table]
    example: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """A way of counting: what is counted by, and every value that is shown, whether there are any or not."""

    label: str
    by: Callable[[Rows], Rows]
    labels: Callable[[], Mapping[str, str]]
    of: Q = field(default_factory=Q)


def rounded(count: int) -> int | None:
    """To the nearest five; None for fewer than five, none at all among them."""
    return None if count < LEAST else (count + STEP // 2) // STEP * STEP


def statistics_for(
    actor: Actor, *, since: date | None = None, until: date | None = None, municipality: str = ""
) -> Statistics:  # fmt: skip
    """Cases counted each way: the actor's party's own and incoming, an auditor's of all parties.

    Args:
        actor: Who asks.
        since: The first day that a case may have been opened on.
        until: The last.
        municipality: The only municipality whose cases are counted.
    """
    actor.must("read")
    rows: Rows = counted_for(actor)
    if since:
        rows = rows.filter(opened_at__date__gte=since)
    if until:
        rows = rows.filter(opened_at__date__lte=until)
    if municipality:
        rows = rows.filter(area=municipality)
    total = Cell("total", "Alla ärenden", rounded(rows.count()))
    tables = [_table(name, way, rows) for name, way in WAYS.items()]
    return Statistics(total, [*tables, _months(rows)], rows.filter(example=True).exists())


def exported_statistics_for(
    actor: Actor, *, access: Access, since: date | None = None, until: date | None = None, municipality: str = ""
) -> Statistics:  # fmt: skip
    """The same for a file, once that is in the log."""
    with transaction.atomic():
        log.write(actor, access, [])
        return statistics_for(actor, since=since, until=until, municipality=municipality)


def counted_for(actor: Actor) -> Rows:
    """The cases that may be counted, never shown, with the municipality of each; drafts are their owner's alone."""
    rows = Case.unlogged.all()
    if not actor.is_auditor:
        rows = rows.filter(seen_by(actor.party)) if actor.party else rows.none()
    area = When_(
        When(~Q(owner=REGION), then=F("owner")),
        When(~Q(other="") & ~Q(other=REGION), then=F("other")),
        When(registered_in__in=MUNICIPALITIES, then=F("registered_in")),
        default=Value(""), output_field=CharField(),
    )  # fmt: skip
    counted: Rows = rows.annotate(area=area)
    return counted


def _table(name: str, way: _Way, rows: Rows) -> Table:
    counted = way.by(rows.filter(way.of)).order_by().values("value").annotate(count=Count("pk"))
    found = {str(row["value"] or ""): row["count"] for row in counted}
    return Table(name, way.label, [Cell(key, label, rounded(found.get(key, 0))) for key, label in way.labels().items()])


def _months(rows: Rows) -> Table:
    """By the month of opening, every month between the first and the last."""
    counted = rows.annotate(value=TruncMonth("opened_at")).order_by("value").values("value").annotate(count=Count("pk"))
    found = {(row["value"].year, row["value"].month): row["count"] for row in counted}
    if sum(found.values()) < LEAST:  # that there is a month at all would tell of the few
        return Table("month", "Öppnat", [])
    (year, month), last = min(found), max(found)
    cells = []
    while (year, month) <= last:
        key = f"{year}-{month:02d}"
        cells.append(Cell(key, key, rounded(found.get((year, month), 0))))
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    return Table("month", "Öppnat", cells)


def _column(name: str) -> Callable[[Rows], Rows]:
    return lambda rows: rows.annotate(value=F(name))


def _side(name: str) -> Callable[[Rows], Rows]:
    """Region or municipality."""
    side = When_(
        When(**{name: REGION}, then=Value("region")), When(**{name: ""}, then=Value("open")),
        default=Value("municipality"), output_field=CharField(),
    )  # fmt: skip
    return lambda rows: rows.annotate(value=side)


def _followed(rows: Rows) -> Rows:
    followed = When_(
        When(proposed_party="", then=Value("open")), When(responsible_party=F("proposed_party"), then=Value("follows")),
        default=Value("departs"), output_field=CharField(),
    )  # fmt: skip
    counted: Rows = rows.annotate(value=followed)
    return counted


def _sides(last: str) -> Mapping[str, str]:
    return {"region": "Regionen", "municipality": "Kommunen", **({"open": last} if last else {})}


def _grounds() -> Mapping[str, str]:
    return {
        ground.value: f"{ground.label[:1].upper()}{ground.label[1:]}"
        + (f" ({GROUND_CLAUSES[ground]})" if ground in GROUND_CLAUSES else "")
        for ground in Ground
    }


def _municipalities() -> Mapping[str, str]:
    return {code: base().words.code(code) for code in MUNICIPALITIES}


_DECIDED, _PROPOSED = ~Q(responsible_party=""), Q(proposal__isnull=False)
WAYS: dict[str, _Way] = {
    "state": _Way("Läge", _column("state"), lambda: {one.value: one.label.capitalize() for one in State}),
    "proposal": _Way("Förslaget nämner", _side("proposed_party"), lambda: _sides("Lämnas till bedömning"), _PROPOSED),
    "decision": _Way("Beslutet nämner", _side("responsible_party"), lambda: _sides(""), _DECIDED),
    "followed": _Way(
        "Beslutet mot förslaget",
        _followed,
        lambda: {"follows": "Följer förslaget", "departs": "Avviker från förslaget", "open": "Inget förslag att följa"},
        _DECIDED,
    ),
    "ground": _Way("Skäl till beslutet", _column("ground"), _grounds, _DECIDED),
    "municipality": _Way("Kommun", _column("area"), _municipalities),
}


def lines_of(found: Statistics) -> Sequence[tuple[str, str, int | None, str]]:
    """The tables as a file has them: way of counting, value, number or nothing, and what is left out."""
    rows = [("", found.total.label, found.total)]
    rows += [(table.label, cell.label, cell) for table in found.tables for cell in table.cells]
    return [(table, label, cell.count, "" if cell.count is not None else FEW) for table, label, cell in rows]

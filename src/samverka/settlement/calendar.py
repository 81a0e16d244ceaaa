"""What is due on which day by which clause: MT-B1-1, MT-B1-2, SH-EKO-6, TB-AVS-1, index clauses, P-GIL-1 to P-GIL-3.

Days are the agreement's own. Where its text gives a span or an interval and no day, the note says so.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from avtal.book.edition import Edition
from avtal.calendar import Period, add_months, is_working_day, last_day_of_notice, renewal

#: A charge and its month, as an issued line has them.
Issued = tuple[str, int]

MONTHLY = "Månadsvis; avtalet anger ingen dag, här månadens sista."
COUNTED = "Antalet räknas samma dag (A40). Halvårsvis i förskott, så fakturan ställs ut före halvåret."
QUARTER = "Under årets första kvartal; här dess sista dag. Varje kommun fakturerar regionen sin del."
MID_DECEMBER = "Upplysning: publiceras i mitten av december av Sveriges Kommuner och Regioner; dagen är ungefärlig."
NEW_YEAR = "Från årsskiftet. Utan infört index stannar avräkningen och säger vad som saknas."
RENEWED = "Gäller om avtalet har förlängts (P-GIL-3)."
GU_ENDS = "Gemensam utveckling har ingen regel om förlängning (A33)."
#: What the text leaves without a day: charge and clause.
WITHOUT_DAY = (
    ("hired_staff", "OB-UPP-D4"), ("hospital_attendance", "OB-SLU-3"), ("development_fund", "P-EKO-UM-1"),
)  # fmt: skip
INDEXED = (
    ("equipment_rate", "MT-B1-3"), ("hired_staff_rate", "OB-UPP-D5"), ("liaison_rate", "SH-EKO-4"),
    ("supplement", "TB-GRU-3"),
)  # fmt: skip
PUBLISHED = (("VPI", "MT-B1-3"), ("OPI", "SH-EKO-4"))
MONTHS = ("januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
          "november", "december")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """Something that is due on a day.

    Attributes:
        day: The day.
        title: What.
        clause: By which clause.
        note: What more a reader must know.
        done: Whether it is settled: an issued line exists.
        settles: The charge and the month that it settles; None where nothing is settled.
    """

    day: date
    title: str
    clause: str
    note: str = ""
    done: bool = False
    settles: Issued | None = None

    @property
    def uid(self) -> str:
        """Its name in a calendar: the same each time, for as long as the clause says the same day."""
        what = "-".join(map(str, self.settles)) if self.settles else self.title.split(" ", 1)[0].lower()
        return f"{self.clause.lower()}-{self.day:%Y%m%d}-{what}@samverka"


def due(on_from: date, on_to: date, edition: Edition, issued: Collection[Issued] = ()) -> list[Due]:
    """What is due from one day to another, both included, in order of day.

    Args:
        on_from: The first day.
        on_to: The last one.
        edition: Whose days.
        issued: The charges and months that are settled.
    """
    every = [*_by_year(on_from.year, on_to.year + 1, edition), *_terms(on_to, edition)]
    found = [one for one in every if on_from <= one.day <= on_to]
    return [_told(one, issued) for one in sorted(found, key=lambda one: (one.day, one.clause, one.title))]


def without_day(edition: Edition) -> list[tuple[str, str]]:
    """What the agreement settles without saying when: label and clause."""
    return [(edition.words.label(charge), clause) for charge, clause in WITHOUT_DAY]


def _told(one: Due, issued: Collection[Issued]) -> Due:
    """Marked where it is settled; a day that is none for work says which one lies before it."""
    note = one.note
    if one.settles and not is_working_day(one.day):
        note = f"{note} Inte en arbetsdag: sista arbetsdagen före är {_working_day_before(one.day)}.".lstrip()
    return replace(one, done=one.settles is not None and one.settles in issued, note=note)


def _working_day_before(day: date) -> date:
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def _by_year(first: int, last: int, edition: Edition) -> Iterator[Due]:
    label = edition.words.label
    for year in range(first, last + 1):
        for half in (f"{year}H1", f"{year}H2"):
            yield from _advance(Period.parse(half), edition)
        for month in range(1, 13):
            yield from _monthly(year, month, edition)
        if date(year, 1, 1) >= edition.valid_from:
            text = f"{label('supplement')} {year}: räkna {year - 1} års anslutna, jämför och fördela"
            yield Due(date(year, 3, 31), text, "TB-AVS-1", QUARTER, settles=("supplement", year * 100 + 3))
            for parameter, clause in INDEXED:
                yield Due(
                    date(year, 1, 1), f"{edition.parameters[parameter].label} räknas om för {year}", clause, NEW_YEAR
                )
        for series, clause in PUBLISHED:
            yield Due(date(year, 12, 15), f"{series} publiceras", clause, MID_DECEMBER)


def _advance(half: Period, edition: Edition) -> Iterator[Due]:
    """The fixed part, counted and invoiced before the half-year begins: MT-B1-1, MT-B1-1b."""
    if half.first < edition.valid_from:
        return
    month = half.first.year * 100 + half.first.month
    day, label = half.first - timedelta(days=1), edition.words.label("equipment_fixed")
    yield Due(day, f"{label}: räkna inventarier och fakturera {half.name}", "MT-B1-1", COUNTED,
              settles=("equipment_fixed", month))  # fmt: skip


def _monthly(year: int, month: int, edition: Edition) -> Iterator[Due]:
    """The variable part and the liaisons, month by month: MT-B1-2, SH-EKO-6."""
    first = date(year, month, 1)
    if first < edition.valid_from:
        return
    day, label, when = add_months(first, 1) - timedelta(days=1), edition.words.label, f"{MONTHS[month - 1]} {year}"
    yield Due(day, f"{label('equipment_variable')}: fakturera {when}", "MT-B1-2", MONTHLY,
              settles=("equipment_variable", year * 100 + month))  # fmt: skip
    yield Due(day, f"{label('liaison')}: fakturera {when}, syncentralen och hörcentralen var för sig", "SH-EKO-6",
              MONTHLY, settles=("liaison", year * 100 + month))  # fmt: skip


def _terms(on_to: date, edition: Edition) -> Iterator[Due]:
    """The last day of notice and the last day of each term; after the first one as if it were renewed."""
    ends, note = edition.valid_to, GU_ENDS
    months, years = (int(edition.number(name, ends)) for name in ("notice_months", "renewal_years"))
    while last_day_of_notice(ends, months) <= on_to:
        yield Due(last_day_of_notice(ends, months), f"Sista dag att säga upp avtalet till {ends}", "P-GIL-2", note)
        yield Due(ends, f"Giltighetstiden går ut; förlängs {years} år om ingen har sagt upp i tid", "P-GIL-1", note)
        ends, note = renewal(ends, years)[1], f"{RENEWED} {GU_ENDS}"

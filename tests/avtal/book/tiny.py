"""A tiny edition made by hand: one price that follows an index, one plain number, one rule."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from avtal.book.clauses import Clause
from avtal.book.edition import Edition
from avtal.book.indices import IndexValue, Series
from avtal.book.parameters import DatedValue, IndexClause, Parameter
from avtal.book.readings import Choice, Chosen, Reading, fixed
from avtal.explain import Words
from avtal.language.expression import Expression, ceil_div
from avtal.language.facts import Facts, FactSet, whole
from avtal.language.rule import rule
from avtal.money import Rounding

CHECKED = date(2026, 1, 2)
FACTS = Facts(FactSet(whole("minutes")))


@rule("X-1")
def hours(facts: Facts) -> Expression:
    """Every started hour."""
    return ceil_div(facts.minutes, 60)


def rate(*values: DatedValue) -> Parameter:
    """A price per hour, 100 kr in 2025 unless other values are given, that follows the index CPI."""
    size = Chosen({"krona": 100, "ore": 1}, "Q1")
    index = IndexClause("CPI", "X-2", fixed(()), size, fixed(False), 2026, Rounding.HALF_UP)
    first = DatedValue(date(2025, 1, 1), 10_000, "decided", date(2025, 1, 1), "1:1", CHECKED)
    return Parameter("rate", "Pris", "öre/tim", ("X-1",), values or (first,), index)


def question(default: str = "krona") -> Reading:
    """How the price is rounded."""
    options = {"krona": "Hel krona.", "ore": "Öre.", "none": "Aldrig."}
    return Reading("Q1", "Hur?", ("X-1",), "Oklart.", options, default, ("krona", "ore"), "parterna", "Enklast.")


def cpi(year: int, percent: str, published: date, status: str = "definitive") -> IndexValue:
    """One published value of the index."""
    return IndexValue("CPI", year, Decimal(percent), status, published, f"CPI {year}")  # type: ignore[arg-type]


def tiny() -> Edition:
    """The edition, built anew."""
    return Edition(
        code="tiny",
        title="Litet avtal å ä ö",
        valid_from=date(2025, 1, 1),
        valid_to=date(2025, 12, 31),
        parties=("REGION", "A"),
        documents={"X": "Ett dokument"},
        clauses={"X-1": Clause("X-1", "Påbörjad timme.", "1:1"), "X-2": Clause("X-2", "Index.", "1:2")},
        parameters={
            "rate": rate(),
            "share": Parameter(
                "share", "Andel", "%", ("X-1",),
                (DatedValue(date(2025, 1, 1), Decimal("12.50"), "expected", date(2025, 2, 1), "1:3", CHECKED),),
            ),
        },
        series={"CPI": Series("CPI", "Prisindex", "SCB", fixed(0), False, fixed(True))},
        indices=(cpi(2026, "3.2", date(2025, 12, 15)),),
        readings={"Q1": question()},
        words=Words({"hours": "Timmar"}, {"hours": "tim"}, {"A": "A kommun"}, frozenset({"b", "a"})),
        rules={"hours": hours},
        trees={"work.hours": hours(FACTS)},
        methods={"fund": "halves, 1"},
        choices=(Choice("Q1", "ore", "parterna", date(2025, 3, 1), "§ 1"),),
        known_at=date(2026, 6, 30),
    )  # fmt: skip

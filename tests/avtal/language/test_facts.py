"""What may be stated: every kind of fact, what it lets in, and the exact words with which it refuses the rest."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from avtal.language.expression import Kind
from avtal.language.facts import (
    Fact,
    FactError,
    Facts,
    FactSet,
    Parameters,
    boolean,
    clock,
    code,
    day,
    decimal,
    kronor,
    minutes,
    name_of,
    whole,
)

FACTS = {
    "agreed": boolean("agreed"),
    "start": clock("start"),
    "work": minutes("work"),
    "persons": whole("persons", low=-5, high=100),
    "wage": kronor("wage"),
    "hours": decimal("hours", high=10),
    "level": code("level", "primary", "specialised"),
    "action": code("action"),
    "on": day("on"),
}

ALLOWED = {
    "agreed": "true eller false",
    "start": "ett klockslag som 16:30",
    "work": "ett heltal från 0 till 1440",
    "persons": "ett heltal från -5 till 100",
    "wage": "ett tal från 0 till 1000000000 med högst 2 decimaler",
    "hours": "ett tal från 0 till 10 med högst 4 decimaler",
    "level": "en av primary, specialised",
    "action": "en kod av a-z, 0-9 och understreck",
    "on": "ett datum som finns, från 2000-01-01 till 2099-12-31",
}


@pytest.mark.parametrize(
    ("name", "stated", "value"),
    [
        ("agreed", True, True),
        ("agreed", False, False),
        ("start", "00:00", 0),
        ("start", "16:30", 990),
        ("start", "23:59", 1439),
        ("work", 0, 0),
        ("work", "1440", 1440),
        ("work", Decimal("60.0"), 60),
        ("persons", -5, -5),
        ("persons", "-5", -5),
        ("persons", 100, 100),
        ("wage", 640, 64_000),
        ("wage", "640,50", 64_050),
        ("wage", Decimal("0.01"), 1),
        ("wage", "1000000000", 10**11),
        ("hours", "0.0001", 1),
        ("hours", "1,5", 15_000),
        ("hours", 10, 100_000),
        ("level", "primary", "primary"),
        ("action", "daisy_training", "daisy_training"),
        ("action", "a" * 61, "a" * 61),
        ("on", "2024-02-29", date(2024, 2, 29)),
    ],
)
def test_what_is_of_the_type_is_read_as_the_rules_value(name: str, stated: Any, value: object) -> None:
    """Kronor become öre, hours whole parts, a time of day minutes from midnight."""
    read = FACTS[name].read(stated)
    assert (read, type(read)) == (value, type(value))


FULL_WIDTH = "\N{FULLWIDTH DIGIT SIX}\N{FULLWIDTH DIGIT ZERO}"
NUMBERS = ["NaN", "nan", "Infinity", "-Infinity", "1e2", "1E+2", FULL_WIDTH, "", " 1", "1 ", "+1", "01", "1.", ".5",
           "1_000", "1 000", "0x10", "--1", "²", True, False, 1.0, 60.5, float("nan"), Decimal("NaN"),
           Decimal("Infinity"), Decimal("1E+2"), [], {}, b"1", "1" * 5000]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "stated"),
    [
        *((name, stated) for name in ("work", "persons", "wage", "hours") for stated in NUMBERS),
        *(("agreed", stated) for stated in (0, 1, "true", "ja", "", [], 1.0)),
        *(("start", stated) for stated in ("24:00", "9:30", "09:60", "0930", "09:30:00", "09:30\n", FULL_WIDTH + ":00",
                                           990, True, "")),
        ("work", -1),
        ("work", 1441),
        ("work", "0.5"),
        ("persons", -6),
        ("persons", 101),
        ("persons", Decimal("0.1")),
        ("wage", "-0.01"),
        ("wage", "0.001"),
        ("wage", "1000000000.01"),
        ("hours", "0.00001"),
        ("hours", "10.0001"),
        *(("level", stated) for stated in ("Primary", "tertiary", "", "primary ", 1, True, ["primary"])),
        *(("action", stated) for stated in ("Daisy", "1st", "_a", "å", "a b", "a-b", "a" * 62, "a\n", "", 1)),
        *(("on", stated) for stated in ("2025-02-29", "2026-13-01", "2026-00-10", "0000-01-01", "2026-1-1", "20260101",
                                        "2026-W01-1", "2026-01-01T00:00", "2026-01-01\n", "", 20260101,
                                        date(2026, 1, 1), True)),
    ],
)  # fmt: skip
def test_what_is_not_of_the_type_is_refused_in_words(name: str, stated: Any) -> None:
    """The error names the fact and says what is allowed, whatever was stated."""
    with pytest.raises(FactError) as error:
        FACTS[name].read(stated)
    assert str(error.value) == f"{name}: {ALLOWED[name]}"
    assert (error.value.fact, error.value.allowed) == (name, ALLOWED[name])


@pytest.mark.parametrize("fact", FACTS.values(), ids=lambda fact: fact.name)
def test_nothing_stated_is_unknown(fact: Fact) -> None:
    """An absent value is neither false nor zero."""
    assert fact.read(None) is None


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**11))
def test_every_ore_survives_the_way_in(ore: int) -> None:
    """Kronor with two decimals, comma or dot, give back exactly their öre."""
    text = f"{ore // 100}.{ore % 100:02d}"
    wage = FACTS["wage"]
    assert wage.read(text) == wage.read(text.replace(".", ",")) == wage.read(Decimal(text)) == ore


@settings(deadline=None)
@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)))
def test_every_date_survives_the_way_in(on: date) -> None:
    """A date in ISO form is that date."""
    assert FACTS["on"].read(on.isoformat()) == on


@pytest.mark.parametrize("on", ["1999-12-31", "2100-01-01", "0001-01-01", "9999-12-31"])
def test_a_date_lies_in_this_century(on: str) -> None:
    """A day outside it is a slip of the hand, and would break the arithmetic of days."""
    with pytest.raises(FactError):
        FACTS["on"].read(on)


@settings(deadline=None)
@given(st.one_of(st.text(), st.floats(), st.integers(), st.binary(), st.lists(st.none())))
def test_a_fact_gives_a_value_of_its_kind_or_refuses(stated: Any) -> None:
    """Whatever is stated, no other error escapes and no value of another kind comes out."""
    kinds = {Kind.BOOL: bool, Kind.INT: int, Kind.CODE: str, Kind.DATE: date}
    for fact in FACTS.values():
        try:
            value = fact.read(stated)
        except FactError:
            continue
        assert type(value) is kinds[fact.kind]


def test_all_faults_are_given_at_once_beside_what_could_be_read() -> None:
    """Reading a case gives values by name and every fault; what is absent is unknown."""
    declared = FactSet(boolean("agreed"), minutes("work"), day("on"), whole("total", derived=True))
    values, faults = declared.read({"agreed": "ja", "work": 30, "total": 7, "more": 1})
    assert values == {"work": 30, "on": None}
    assert [str(fault) for fault in faults] == ["agreed: true eller false"]


def test_derived_facts_are_declared_but_never_stated() -> None:
    """Derived facts are among the names, not among those that a case may state."""
    declared = FactSet(boolean("agreed"), boolean("undated", derived=True), whole("total", derived=True))
    assert tuple(declared) == ("agreed", "undated", "total")
    assert declared.stated() == ("agreed",)
    assert len(declared) == 3
    assert declared["undated"].derived


def test_a_recorder_gives_one_node_for_each_fact() -> None:
    """The same name is the same node, by attribute and by key."""
    facts = Facts(FactSet(boolean("from"), whole("n", low=-1)))
    assert facts["from"] is facts["from"]
    assert facts.n is facts["n"]
    assert (facts.n.op, facts.n.name, facts.n.natural) == ("fact", "n", False)


def test_an_undeclared_fact_is_an_error_that_lists_the_declared() -> None:
    """A slip of the pen in a rule is found when the rule is built."""
    facts = Facts(FactSet(boolean("agreed"), whole("n")))
    with pytest.raises(AttributeError) as error:
        facts.agred  # noqa: B018  # the look-up is what is tested
    assert str(error.value) == "no fact 'agred'; declared are: agreed, n"


def test_parameters_are_looked_up_on_their_day() -> None:
    """The recorder's day goes into each parameter's node; another day makes another recorder."""
    on = Facts(FactSet(day("on"))).on
    numbers = Parameters({"rate": Kind.INT, "allowed": Kind.BOOL}, on)
    assert (numbers.rate.op, numbers.rate.name, numbers.rate.kind) == ("parameter", "rate", Kind.INT)
    assert numbers.rate.args == (on,)
    assert numbers.rate is numbers.rate
    assert numbers.allowed.kind is Kind.BOOL
    assert numbers.on(date(2027, 1, 1)).rate.args[0].payload == date(2027, 1, 1)


def test_an_undeclared_parameter_is_an_error_that_lists_the_declared() -> None:
    """A charge declares the parameters that its rules use."""
    numbers = Parameters({"rate": Kind.INT, "limit": Kind.INT}, Facts(FactSet(day("on"))).on)
    with pytest.raises(AttributeError) as error:
        numbers.rates  # noqa: B018  # the look-up is what is tested
    assert str(error.value) == "no parameter 'rates'; declared are: rate, limit"


def test_texts_are_remembered_only_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    """A file of ever new texts is read right, and does not fill the memory."""
    monkeypatch.setattr("avtal.language.facts._REMEMBERED", 2)
    declared = FactSet(whole("items"))
    read = [declared.read({"items": str(n)})[0]["items"] for n in (1, 2, 3, 1, 3)]
    assert read == [1, 2, 3, 1, 3]
    assert len(declared._texts) <= 2


def test_a_name_is_in_the_users_own_words() -> None:
    """Any short text on one line; not an empty one, not one that is padded, broken or endless."""
    fact = name_of("listed_health_centre")
    assert fact.read("Hälsocentral Åre (filial)") == "Hälsocentral Åre (filial)"
    for wrong in ("", " Åre", "Åre\nBerg", "x" * 81, 7):
        with pytest.raises(FactError, match="listed_health_centre: ett namn på högst 80 tecken"):
            fact.read(wrong)

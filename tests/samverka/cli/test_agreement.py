"""``samverka agreement`` and ``check``: the agreement itself, and what is open, doubtful or missing in it."""

from __future__ import annotations

import re

import pytest

from avtal.editions.jamtland_2026 import QUESTIONS, edition
from avtal.language.analyse import Findings
from samverka.cli import findings
from tests.samverka.conftest import Cli


@pytest.mark.parametrize(
    ("what", "ids", "head"),
    [
        ("clauses", list(edition().clauses), "Id"),
        ("parameters", list(edition().parameters), "Namn"),
        ("readings", list(edition().readings), "Id"),
    ],
)
def test_a_list_has_every_entry_once(cli: Cli, what: str, ids: list[str], head: str) -> None:
    """One line for each, in the edition's order, under a heading."""
    ran = cli("agreement", what)
    first, _, *rows = ran.out.splitlines()
    assert (ran.code, ran.err, first.split()[0]) == (0, "", head)
    assert [row.split()[0] for row in rows] == ids


@pytest.mark.parametrize("what", ["clauses", "parameters", "readings"])
def test_every_entry_can_be_shown_whole(cli: Cli, what: str) -> None:
    """Each clause, parameter and reading by its id, without hard spaces."""
    for id_ in getattr(edition(), what):
        ran = cli("agreement", what, id_)
        assert (ran.code, ran.err, ran.out.split()[0]) == (0, "", id_)
        assert "\N{NO-BREAK SPACE}" not in ran.out


def test_ob_upp_d4_a_clause_leads_to_its_rule_parameter_and_readings(cli: Cli) -> None:
    """Summary, source document, and everything that carries it out."""
    assert cli("agreement", "clauses", "OB-UPP-D4").out.splitlines()[:6] == [
        "OB-UPP-D4  Inhyrd personal dagtid ersätts med 640 kr för varje påbörjad timme i 2025 års nivå.",
        "Källa: 001:1006, Överenskommelse hälso- och sjukvård i ordinärt boende",
        "Regler:",
        "  day_minutes: Därav kl. 08–17",
        "  day_compensation: Timersättning dagtid",
        "Parametrar:",
    ]


def test_a_parameter_shows_value_source_and_what_its_index_lacks(cli: Cli) -> None:
    """640 kr/tim with its line in the document, the series, and that the step to 2026 is not entered."""
    text = cli("agreement", "parameters", "hired_staff_rate").out
    assert "2025-01-01   640,00 kr/tim  beslutat  001:1006" in text
    assert "Räknas upp med VPI (Vårdprisindex), OB-UPP-D5." in text
    assert "2026: Indexvärde VPI för indexår 2025, steget till prisår 2026, saknas (OB-UPP-D5, OB-UPP-D4)." in text


def test_p_eko_um_1_a_plain_parameter_shows_no_index(cli: Cli) -> None:
    """Half in per cent, with its clauses; with no series there is nothing to wait for."""
    text = cli("agreement", "parameters", "region_percent").out
    assert ("50 %" in text, "P-EKO-UM-1" in text, "Räknas upp" in text) == (True, True, False)


def test_a03_a_reading_shows_every_option_and_marks_the_one_in_force(cli: Cli) -> None:
    """The arrow stands at the option that is used, and who decides is named."""
    text = cli("agreement", "readings", "A03").out
    assert (
        "  → edge: Varje person utanför närmaste gräns räknas.\n    mean: Avvikelsen räknas från medeltalet 149."
        in text
    )
    assert (
        "Gäller: edge (standardval, ej bekräftat av parterna). Avgörs av länsövergripande tjänstepersonsarena." in text
    )


def test_an_option_that_no_rule_follows_says_so(cli: Cli) -> None:
    """What is written down as an option but not computed is marked."""
    partly = next(r for r in edition().readings.values() if set(r.options) - set(r.computed))
    assert "(räknas inte av programmet)" in cli("agreement", "readings", partly.id).out


@pytest.mark.parametrize(
    ("what", "asked", "near"), [("clauses", "OB-zzz", "OB-"), ("parameters", "qzzz", ""), ("readings", "A0zzz", "A")]
)
def test_an_unknown_id_names_those_that_are_near(cli: Cli, what: str, asked: str, near: str) -> None:
    """Exit code 2, one line, at most twelve others."""
    ran = cli("agreement", what, asked)
    assert (ran.code, ran.out, len(ran.faults)) == (2, "", 1)
    named = ran.err.strip().removeprefix(f"{asked}: finns inte; det finns ").split(", ")
    assert 0 < len(named) <= 12
    assert set(named) <= set(getattr(edition(), what))
    assert all(name.startswith(near) for name in named)


def test_the_check_is_clean_and_says_what_is_open_and_missing(cli: Cli) -> None:
    """Every table without overlaps or dead rows and how that is known; every reading; the index steps 2026 lacks."""
    ran = cli("check")
    assert (ran.code, ran.err) == (0, "")
    text = ran.out
    assert text.splitlines()[0].split("  ")[0] == "Beslutstabell"
    rows = {line.split()[0]: re.split(r"\s{2,}", line)[1:] for line in text.split("Bevisat:")[0].splitlines()[2:]}
    shown = {place: how for place, (how, *_) in rows.items()}
    tried = {place: how for place, how in shown.items() if how != "bevisat"}
    assert list(tried) == ["hired_staff.status", "liaison.status"]
    assert all(re.fullmatch(r"prövat i 50 000 av [\d ]{6,} fall", how) for how in tried.values())
    assert {f"{one.name}.{table.name}" for one in QUESTIONS.values() for table in one.tables()} < set(shown)
    assert {tuple(numbers) for _, *numbers in rows.values()} == {("0", "0", "0", "0")}
    assert "  liaison.status: fall prövas eftersom villkor räknas fram ur insats, administration och " in text
    assert text.count("men att inga rader säger emot varandra är bevisat") == 2
    count = len(edition().readings)
    assert f"Öppna läsningar: {count} av {count}" in text
    assert all(f"\n{id_}  " in text for id_ in edition().readings)
    missing = text.split("Saknas före nästa avräkning\n")[1].split("\n\n")[0].splitlines()
    assert all(" saknas (" in line for line in missing)
    assert missing[0].startswith(
        "  Timpris för inhyrd personal: Indexvärde VPI för indexår 2025, steget till prisår 2026"
    )


@pytest.mark.parametrize(
    ("found", "code"),
    [
        (Findings("t.status", overlaps=("rang 1 ger både a och b",)), 2),
        (Findings("t.status", unreachable=("rad 2 avgör aldrig",)), 2),
        (Findings("t.status", gaps=("inget villkor sant",), unknown=("okänt",), dormant=("rad 3",)), 0),
        (Findings("t.status", proved=False, computed=("minutes",), undecided=("rang 1: kan inte uteslutas",)), 0),
    ],
    ids=["overlap", "dead row", "told", "undecided"],
)
def test_an_overlap_fails_the_check(cli: Cli, monkeypatch: pytest.MonkeyPatch, found: Findings, code: int) -> None:
    """The broken twin: an edition whose tables overlap or have dead rows ends with exit code 2; a gap is only told."""
    monkeypatch.setattr(findings, "analyse", lambda *_: found)
    ran = cli("check")
    assert ran.code == code
    told = (*found.overlaps, *found.unreachable, *found.gaps, *found.unknown, *found.dormant, *found.undecided)
    assert all(f"  t.status: {text}" in ran.out for text in told)
    assert "är bevisat" not in ran.out

"""Short texts about a case hold nothing that says who the person is."""

from __future__ import annotations

import unicodedata

import pytest

from samverka.care.guard import person_in, short_text
from samverka.care.services import FIGURES, LETTERS, case_number
from samverka.core.errors import Refused

PERSONS = (
    "191212121212", "19121212-1212", "121212-1212", "121212+1212", "1212121212", "19 12 12 12-12 12", "1912 1212 1212",
    "född 1912-12-12", "19121212", "121212", "191272121212", "19121212\N{EN DASH}1212",
    "\N{FULLWIDTH DIGIT ONE}\N{FULLWIDTH DIGIT NINE}1212121212", "19121212-TF12",
    "1912.12.12/1212", "pnr:19121212 - 1212.", "1912121212", "199001019802",
)  # fmt: skip
PHONES = ("070-123 45 67", "0701234567", "+46 70 123 45 67", "063-14 75 00", "(063) 147500", "0046701234567")
EMAILS = ("anna@exempel.se", "anna (at) exempel.se", "anna snabel-a exempel.se", "Anna.Berg@exempel", "a @ b")
DIARY = ("RS/489/2025", "dnr RS/4890/2025.", "489/2025, 490/2025", "KS 2025/12345", "HSN-2025-00489", "dnr 2025/489")
FINE = (
    "", "stort behov av trygghet", "14 dagar, 2 gånger per dag", "från 2026", "vecka 27", "CFS 7", "§ 12",
    "kl 08:30",
    "3 besök à 45 minuter", "klausul OB-ANS-FLEX2", "A23 gäller, 12 månader",
)  # fmt: skip


@pytest.mark.parametrize("text", [*PERSONS, *PHONES, *EMAILS])
def test_what_says_who_somebody_is_is_refused(text: str) -> None:
    """A personal identity number however it is set apart, a day of birth, a phone number, an e-mail address."""
    assert person_in(unicodedata.normalize("NFKC", text)) != ""
    with pytest.raises(Refused, match="Skriv aldrig något som pekar ut en person"):
        short_text(f"se {text} tack")


@pytest.mark.parametrize("text", FINE)
def test_what_is_no_person_is_kept(text: str) -> None:
    """Days, times, numbers of the agreement."""
    assert short_text(text) == text


@pytest.mark.parametrize("text", DIARY)
def test_a_documents_number_is_kept_where_a_document_is_named(text: str) -> None:
    """A source is asked for with its number in the register; elsewhere the same figures are refused, as they were."""
    assert short_text(f"rapporten, {text}", cites=True) == f"rapporten, {text}"
    with pytest.raises(Refused, match="Skriv aldrig något som pekar ut en person"):
        short_text(f"rapporten, {text}")


@pytest.mark.parametrize("text", [*PERSONS, *PHONES, *EMAILS, "20121212", "2012-12-12", "20121212-1234", "RS 121212"])
def test_a_person_is_refused_in_a_source_too(text: str) -> None:
    """Also beside a document's number: only that number is set aside."""
    with pytest.raises(Refused, match="Skriv aldrig något som pekar ut en person"):
        short_text(f"dnr RS/489/2025, se {text} tack", cites=True)


@pytest.mark.parametrize("text", ["a" * 161, "a\u200bb", "a\x00b", "a\u202eb"])
def test_what_hides_is_refused(text: str) -> None:
    """Too long, or with signs that do not show."""
    with pytest.raises(Refused, match="högst 160 tecken"):
        short_text(text)


def test_a_text_is_one_line() -> None:
    """Trimmed, its blanks single."""
    assert short_text("  två \n rader\t här ") == "två rader här"


def test_a_cases_number_is_no_number_of_a_person() -> None:
    """So that a case can be named in a text; and it holds no signs that are taken for each other."""
    assert not set(LETTERS) & set("IOQSZBGLAEUY")
    assert not set(FIGURES) & set("01")
    for _ in range(200):
        assert short_text(case_number())

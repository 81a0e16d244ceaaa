"""Reading the duties: every key known, every clause there, no empty text."""

from __future__ import annotations

import importlib
import re
from importlib.resources import files
from itertools import count
from pathlib import Path

import pytest

from avtal.book.duties import TRACKS, Duty, load_duties
from avtal.book.load import BookError
from avtal.editions.jamtland_2026 import duties, edition

COUNTY = "avtal.editions.jamtland_2026"
NUMBER = count()
STRANGER = "P-GEM-" + "44"  # in two parts, since every id that the tests name must exist
SEEDS = sorted((Path(__file__).parents[4] / "shared" / "seeds").glob("00?_*.txt"))


def test_the_county_has_285_duties_each_at_its_place() -> None:
    """In the documents' order, each with a clause of the edition, a source and a sentence."""
    found = duties()
    assert [duty.id for duty in found] == [f"OBL-{n:03d}" for n in range(1, 286)]
    for duty in found:
        assert duty.clause in edition().clauses
        assert re.fullmatch(r"00[1-4]:[1-9][0-9]*", duty.source)
        assert duty.summary.endswith(".")
        assert duty.track in TRACKS
    assert sum(duty.track == "kalender" for duty in found) == 77


def test_a_duty_says_who_what_towards_whom_and_when() -> None:
    """The third duty of the principles."""
    assert duties()[2] == Duty(
        "OBL-003", "P-GEM-6", "001:97", "Se till att anlitade utförare följer beslutat samverkansavtal.",
        "Region och kommun", "styrning", "händelse", "anlitade vård- och omsorgsgivare", "avtal med utförare",
        "vid varje utföraravtal + årlig kontroll (förslag)",
    )  # fmt: skip


@pytest.mark.skipif(not SEEDS, reason="the source documents are not beside this checkout")
def test_no_duty_copies_the_documents_sentences() -> None:
    """Seven words in a row are nowhere the documents' own."""
    source = _plain(" ".join(seed.read_text(encoding="utf-8") for seed in SEEDS))
    copied = []
    for duty in duties():
        words = _plain(duty.summary).split()
        copied += [duty.id for n in range(len(words) - 6) if " ".join(words[n : n + 7]) in source]
    assert copied == []


def _plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.lower()).strip()


FAULTS = {
    r'^clause = "P-GEM-4"': (
        'klausul = "P-GEM-4"',
        ("[OBL-001] klausul: unknown or absent; the keys are clause, source, summary, actor, area, track, towards, "
        "sets_off, recurs, deadline"),
    ),
    r'clause = "P-GEM-4"': (f'clause = "{STRANGER}"', f"[OBL-001] {STRANGER}: does not exist"),
    r'^track = "löpande"': ('track = "ibland"', "[OBL-001] ibland: does not exist"),
    r'^actor = "Region"': ('actor = ""', "[OBL-001] actor: text that is not empty"),
    r'^area = "klinisk"': ("area = 1", "[OBL-001] area: text that is not empty"),
}  # fmt: skip


@pytest.mark.parametrize("pattern", FAULTS)
def test_a_fault_in_the_duties_names_place_and_what_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pattern: str
) -> None:
    """An unknown key, a clause or a track that does not exist, and an empty text are refused."""
    replacement, message = FAULTS[pattern]
    name = f"duties_for_test_{next(NUMBER)}"
    folder = tmp_path / name
    folder.mkdir()
    folder.joinpath("__init__.py").touch()
    text = files(COUNTY).joinpath("obligations.toml").read_text(encoding="utf-8")
    changed, replaced = re.subn(pattern, replacement, text, count=1, flags=re.MULTILINE)
    assert replaced
    folder.joinpath("obligations.toml").write_text(changed, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    with pytest.raises(BookError) as refused:
        load_duties(name, edition().clauses)
    assert str(refused.value) == f"obligations.toml: {message}"

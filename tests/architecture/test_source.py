"""What the project promises of its own source, checked and not only said."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from avtal.editions.jamtland_2026 import edition
from tests.architecture.source import ROOT, clauses_named, clock_reads, float_uses, python_files, tree

CEILING = 400


def test_no_file_is_longer_than_the_ceiling() -> None:
    """No Python file has more than 400 lines."""
    long = {
        str(p): n
        for p in python_files("src", "tests", "benchmarks")
        if (n := len(p.read_text().splitlines())) > CEILING
    }
    assert long == {}


@pytest.mark.parametrize("path", list(python_files("src/avtal")), ids=lambda path: path.stem)
def test_avtal_has_no_float(path: Path) -> None:
    """Money and shares are exact: avtal neither writes, names nor makes a float."""
    assert float_uses(tree(path)) == []


def test_the_float_check_sees_a_float() -> None:
    """The check above catches its broken twin: a literal, a call and an annotation."""
    assert sorted(float_uses(ast.parse("a = 0.5\nb = float(c)\nd: float"))) == [1, 2, 3]


@pytest.mark.parametrize("path", list(python_files("src")), ids=lambda path: f"{path.parent.name}.{path.stem}")
def test_no_clock_is_read(path: Path) -> None:
    """A day is always an argument; nothing in the source reads the clock."""
    assert clock_reads(tree(path)) == []


def test_the_clock_check_sees_a_clock() -> None:
    """The check above catches its broken twin."""
    assert clock_reads(ast.parse("date.today()\nx = datetime.now()")) == [1, 2]


def test_every_clause_id_that_is_named_exists() -> None:
    """Every clause id in code, data, tests and documents is one of the agreement's."""
    known = {clause for full in edition().clauses for clause in [full, *sections(full)]}
    files = [p for folder in ("src", "tests", "docs", "benchmarks", "examples") for p in (ROOT / folder).rglob("*")]
    texts = [p for p in [*files, *ROOT.glob("*.md")] if p.suffix in {".py", ".toml", ".md", ".css", ".csv"}]
    named = {str(p.relative_to(ROOT)): clauses_named(p.read_text(encoding="utf-8")) - known - MADE_UP for p in texts}
    assert {place: ids for place, ids in named.items() if ids} == {}


MADE_UP = {"".join(id_) for id_ in (("OB-", "FINNS-INTE"), ("OB-", "UPP-D44"), ("OB-", "UPP-D55"), ("OB-", "ANS-3c"),
                                    ("OB-", "ANS-3d"), ("TB-", "GRU-9"), ("P", "-1"))}  # fmt: skip


def sections(clause: str) -> list[str]:
    """The sections a clause stands in: OB-UPP and OB for OB-UPP-D4."""
    parts = clause.split("-")
    return ["-".join(parts[:n]) for n in range(2, len(parts))]


def test_the_clause_check_sees_an_unknown_clause() -> None:
    """The check above catches its broken twin."""
    assert clauses_named("enligt OB-UPP-D4 och OB-" + "FINNS-INTE") == {"OB-UPP-D4", "OB-" + "FINNS-INTE"}


def test_importing_avtal_loads_no_third_party_module() -> None:
    """``import avtal`` and the edition load only the standard library."""
    code = (
        "import sys, avtal, avtal.settlement, avtal.bulk, avtal.editions.jamtland_2026 as e; e.edition();"
        "print(sorted({m.partition('.')[0] for m in sys.modules} - set(sys.stdlib_module_names) - {'avtal'}))"
    )
    bare = {"__main__", "_virtualenv", "sitecustomize", "usercustomize"}
    loaded = ast.literal_eval(
        subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    )
    assert [
        name
        for name in loaded
        if name not in bare and not name.startswith(("_distutils", "__editable__", "_sysconfigdata"))
    ] == []


def test_no_line_names_a_machine_or_a_package_host() -> None:
    """The repository names no path of a machine and no package registry's host."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    words = ["/" + "work/", "/" + "root/", "/" + "home/", "py" + "pi.org", "python" + "hosted", "npm" + "js."]
    found = [
        (name, word)
        for name in listed.split("\0")
        if name and (ROOT / name).is_file()
        for word in words
        if word in (ROOT / name).read_text(encoding="utf-8", errors="replace")
    ]
    assert found == []


def test_the_traceability_document_is_fresh() -> None:
    """docs/traceability.md is what ``make docs`` writes today."""
    from tests.architecture.traceability import DOCUMENT, document

    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: make docs"


def test_the_readme_shows_the_true_output() -> None:
    """Every output in README.md is what the command prints today."""
    from tests.architecture.readme import DOCUMENT, document

    assert DOCUMENT.read_text(encoding="utf-8") == document(), "run: make docs"

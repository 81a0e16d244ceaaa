"""The operations page names every variable that the settings read, and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[3]


def test_every_variable_of_the_environment_is_on_the_page() -> None:
    """In its table, with the settings' own default where that is a number."""
    settings = (ROOT / "src/samverka/settings.py").read_text(encoding="utf-8")
    page = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    table = page.partition("## Environment")[2].partition("\n## ")[0]
    read = re.findall(r'environment\.\w+\(\s*"([A-Z_]+)"', settings)
    assert len(read) > 20
    rows = [re.findall(r"`([A-Z_]+)`", line.split("|")[1]) for line in table.split("\n") if line.startswith("| `")]
    assert sorted(name for row in rows for name in row) == sorted(read)
    for name, number in re.findall(r'environment\.whole\("([A-Z_]+)", (\d+)', settings):
        assert f"| `{name}` | {number} |" in table

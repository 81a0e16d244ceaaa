"""The command line in this process, and folders of files made up for a test."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from samverka.cli.main import main

EXAMPLE = Path(__file__).parents[2] / "examples" / "jamtland-2025-h2"


@dataclass(frozen=True)
class Ran:
    """What a command left: its exit code and both streams."""

    code: int
    out: str
    err: str

    @property
    def faults(self) -> list[str]:
        """The lines on standard error."""
        return self.err.splitlines()


Cli = Callable[..., Ran]


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run a command; ``stdin`` is what it reads. A traceback fails the test, whatever it asserts."""

    def run(*argv: str | Path, stdin: str | bytes = b"") -> Ran:
        given = stdin.encode() if isinstance(stdin, str) else stdin
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
        capsys.readouterr()
        try:
            code = main([str(arg) for arg in argv])
        except SystemExit as stop:
            code = int(str(stop.code))
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return Ran(code, out, err)

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Make a folder of files: ``folder(assignments="event_id,...")``; bytes are written as they are."""

    def make(**files: str | bytes) -> Path:
        made = tmp_path / "in"
        made.mkdir()
        for name, text in files.items():
            content = text.encode() if isinstance(text, str) else text
            (made / f"{name}.csv").write_bytes(content)
        return made

    return make


@pytest.fixture
def settle(cli: Cli, tmp_path: Path) -> Callable[..., Ran]:
    """Settle a folder into ``out`` beside it."""

    def run(folder: Path, period: str = "2025H2", *more: str) -> Ran:
        return cli("settle", folder, "--period", period, "--out", tmp_path / "out", *more)

    return run


@pytest.fixture
def jamtland(db: None) -> None:
    """The county's parties, in the database."""
    from tests.samverka.platform import county

    county()

"""The command line itself: Swedish help and faults, exit codes from a real process, and readers that stop reading."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from samverka.cli import main as module
from tests.samverka.conftest import EXAMPLE, Cli

SAMVERKA = str(Path(sys.executable).with_name("samverka"))
COMMANDS = ("price", "explain", "settle", "agreement", "check")


def process(*argv: str | Path, stdin: str = "", **env: str) -> subprocess.CompletedProcess[str]:
    """Run the console script."""
    variables = {**os.environ, **env}
    return subprocess.run(
        [SAMVERKA, *map(str, argv)], input=stdin, capture_output=True, env=variables, encoding="utf-8", check=False
    )


@pytest.mark.parametrize("argv", [[], *([one] for one in COMMANDS)])
def test_help_is_swedish(cli: Cli, argv: list[str]) -> None:
    """No English word of argparse is left, and the exit codes are explained."""
    ran = cli(*argv, "--help")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("användning: samverka")
    assert "visa den här hjälpen" in ran.out
    assert "Slutkoder: 0 allt gick bra, 2 fel i indata, 3 något" in ran.out
    assert not [word for word in ("usage", "options", "positional", "show this", "exit") if word in ran.out]


@pytest.mark.parametrize(
    ("argv", "message"),
    [
        ([], "samverka: dessa argument behövs: KOMMANDO. Se samverka --help."),
        (["settle"], "samverka settle: dessa argument behövs: MAPP, --period, --out. Se samverka settle --help."),
        (["settle", "x", "--period"], "samverka settle: --period: ett värde behövs. Se samverka settle --help."),
        (["check", "--bogus"], "samverka: okända argument: --bogus. Se samverka --help."),
        (["check", "--help=x"], "samverka check: -h/--help: tar inget värde ('x'). Se samverka check --help."),
        (["settle", "x", "--p"], "samverka settle: --p: ett värde behövs. Se samverka settle --help."),
    ],
)
def test_a_wrong_command_line_is_told_in_swedish(cli: Cli, argv: list[str], message: str) -> None:
    """One line, exit code 2, nothing on standard output."""
    ran = cli(*argv)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == f"{message}\n" or argv[-1] == "--p"


def test_an_unknown_command_names_those_there_are(cli: Cli) -> None:
    """What there is to choose from, in Swedish."""
    ran = cli("setle")
    assert (ran.code, len(ran.faults)) == (2, 1)
    assert ran.err.startswith("samverka: KOMMANDO: setle finns inte; välj bland ")
    assert all(name in ran.err for name in COMMANDS)
    assert "finns inte; välj bland" in cli("agreement", "foo").err


def test_exit_codes_of_the_process(tmp_path: Path) -> None:
    """0, 2 and 3 from the console script, without a traceback."""
    good, bad, missing = (
        process("price", "supplement", stdin=text)
        for text in ('{"affiliated": 150, "level": 2024}', '{"affiliated": -1}', '{"affiliated": 150, "year": 2026}')
    )
    assert [one.returncode for one in (good, bad, missing)] == [0, 2, 3]
    assert '"amount": "3735428.00"' in good.stdout
    assert not [one for one in (good, bad, missing) if "Traceback" in one.stderr]
    settled = process("settle", EXAMPLE, "--period", "2025H2", "--out", tmp_path / "out")
    assert (settled.returncode, settled.stderr) == (0, "")
    assert (tmp_path / "out" / "lines.csv").exists()
    assert process("settle", tmp_path / "none", "--period", "2025H2", "--out", tmp_path / "two").returncode == 2


def test_another_locale_is_no_obstacle() -> None:
    """Swedish letters, lines and arrows are UTF-8 also where the terminal says Latin-1."""
    ran = process("agreement", "readings", "A03", PYTHONIOENCODING="latin-1", LC_ALL="C")
    assert (ran.returncode, ran.stderr) == (0, "")
    assert "→ edge: Varje person utanför närmaste gräns räknas." in ran.stdout


@pytest.mark.parametrize("argv", ["agreement clauses", "check", "agreement readings"])
def test_a_reader_that_stops_reading_is_no_fault(argv: str) -> None:
    """``| head -1`` ends quietly."""
    ran = subprocess.run(
        ["bash", "-c", f"set -o pipefail; '{SAMVERKA}' {argv} | head -1"],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (ran.returncode, ran.stderr, ran.stdout.count("\n")) == (0, "", 1)


@pytest.mark.parametrize(
    ("command", "code", "told"),
    [
        ("decide care <&-", 2, "-: kan inte läsas: den är stängd\n"),
        ("agreement clauses >&-", 2, "kan inte skriva: den är stängd\n"),
        ("agreement nothing 2>&-", 2, ""),
        ("agreement clauses <&- 2>&- >/dev/null", 0, ""),
    ],
)
def test_a_stream_that_is_closed_is_told_in_one_line(command: str, code: int, told: str) -> None:
    """As under a timer that closes what it does not read; what was not written is never a good end."""
    ran = subprocess.run(["bash", "-c", f"'{SAMVERKA}' {command}"], capture_output=True, encoding="utf-8", check=False)
    assert (ran.returncode, ran.stdout, ran.stderr) == (code, "", told)


def test_ctrl_c_ends_quietly(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 130 and nothing printed; a usual end is the command's own code."""

    def interrupted(_: Any) -> int:
        raise KeyboardInterrupt

    for command, code in ((interrupted, 130), (lambda _: 3, 3)):
        monkeypatch.setattr(module, "main", command)
        with pytest.raises(SystemExit) as ended:
            module.run()
        assert ended.value.code == code
    assert capsys.readouterr() == ("", "")

"""The command line ``samverka``: the agreement's commands and the site's. Swedish for users; exit codes 0, 2 and 3."""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from samverka.cli.swedish import speak_swedish
from samverka.reason import reason

GOOD, BAD_INPUT, MISSING = 0, 2, 3

EPILOG = "Slutkoder: 0 allt gick bra, 2 fel i indata, 3 något som parterna ska föra in saknas."
EPILOG_OF_OPERATIONS = "Slutkoder: 0 allt gick bra, 2 fel i indata, 3 något stämmer inte."


class _Parser(argparse.ArgumentParser):
    """Argparse in Swedish, one line for a fault."""

    def error(self, message: str) -> None:  # type: ignore[override]  # exits, as argparse's own does
        self.exit(BAD_INPUT, f"{self.prog}: {message}. Se {self.prog} --help.\n")


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    speak_swedish()
    top = _Parser(prog="samverka", description="Samverkansavtalet som går att räkna med.", epilog=EPILOG)
    commands = top.add_subparsers(dest="command", required=True, metavar="KOMMANDO", parser_class=_Parser)

    price = commands.add_parser("price", help="prissätt fall: JSON-rader in, JSON-rader ut", epilog=EPILOG)
    explain = commands.add_parser("explain", help="visa varför ett fall fick sitt belopp eller ansvar", epilog=EPILOG)
    charges = "t.ex. hired_staff, equipment_fixed, supplement"
    price.add_argument("charge", metavar="AVGIFT", help=charges)
    explain.add_argument("charge", metavar="AVGIFT|FRÅGA", help=f"{charges}; eller care, product, matter")
    for one in (price, explain):
        one.add_argument("file", nargs="?", default="-", metavar="FIL", help="fil med JSON-rader; standard är stdin")

    decide = commands.add_parser("decide", help="avgör ansvar: JSON-rader in, JSON-rader ut", epilog=EPILOG)
    decide.add_argument("question", metavar="FRÅGA", help="care (vård), product (produkt) eller matter (annat)")
    decide.add_argument("file", nargs="?", default="-", metavar="FIL", help="fil med JSON-rader; standard är stdin")

    settle = commands.add_parser("settle", help="avräkna en mapp med CSV-filer för en period", epilog=EPILOG)
    settle.add_argument("folder", metavar="MAPP")
    settle.add_argument("--period", required=True, metavar="PERIOD", help="2025H2, 2026-03 eller 2026")
    settle.add_argument("--out", required=True, metavar="UTMAPP", help="hit skrivs lines.csv och explanations.html")

    check = commands.add_parser("check", help="granska reglerna: luckor, överlapp, öppna läsningar", epilog=EPILOG)
    check.add_argument("--tables", metavar="MAPP", help="skriv alla beslut som tabeller (CSV och en sida) i mappen")
    check.add_argument(
        "--value",
        action="append",
        default=[],
        metavar="days_guideline=30",
        help="med --tables: skillnaden mot en utgåva där en siffra är en annan; kan upprepas",
    )

    for one in (price, explain, decide, settle, check):
        one.add_argument(
            "--reading",
            action="append",
            default=[],
            metavar="A03=mean",
            help="räkna med en annan läsning; kan upprepas",
        )
        one.add_argument("--as-known", metavar="DATUM", help="räkna med det som var känt den dagen, som 2026-03-31")

    agreement = commands.add_parser("agreement", help="visa klausuler, parametrar och läsningar", epilog=EPILOG)
    agreement.add_argument("what", choices=("clauses", "parameters", "readings"), metavar="clauses|parameters|readings")
    agreement.add_argument("id", nargs="?", metavar="ID", help="visa bara den, i sin helhet")

    _site(commands)
    _operations(commands)
    return top


def _site(commands: argparse._SubParsersAction[_Parser]) -> None:
    """The commands of the web platform."""
    serve = commands.add_parser("serve", help="kör webbplatsen och dess bakgrundsarbete", epilog=EPILOG)
    serve.add_argument(
        "--processes",
        type=_processes,
        default=1,
        metavar="ANTAL",
        help="webbprocesser, 1-64; fler än en bara på PostgreSQL",
    )
    demo = commands.add_parser("demo", help="kör webbplatsen med ett län av exempeldata", epilog=EPILOG)
    demo.add_argument("--folder", default="build/site", metavar="MAPP", help="där exemplets databas och nycklar ligger")
    demo.add_argument(
        "--only-prepare", action="store_true", help="gör länet och visa kontona, men kör inte webbplatsen"
    )
    for one in (serve, demo):
        one.add_argument("--bind", default="127.0.0.1:8000", metavar="ADRESS:PORT")


def _processes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= 64):
        raise argparse.ArgumentTypeError(f"tillåtet är ett heltal från 1 till 64, inte {text}")
    return int(text)


def _operations(commands: argparse._SubParsersAction[_Parser]) -> None:
    """The commands of whoever runs the site: the journal's, and backup."""
    from samverka.cli import backup, county, journal  # they name this module's exit codes

    def add(name: str, *, help: str) -> _Parser:  # noqa: A002  # argparse's own name for it
        one = commands.add_parser(name, help=help, epilog=EPILOG_OF_OPERATIONS)
        one.add_argument(
            "--folder", metavar="MAPP", help="en demonstrations mapp, som build/site, i stället för miljön"
        )
        return one

    for one in (county, journal, backup):
        one.register(add)


def main(argv: Sequence[str]) -> int:
    """Run one command and give its exit code."""
    options = parser().parse_args(argv)
    if options.command not in {"demo", "settle"} and getattr(options, "folder", None):
        from samverka.cli.site import use_demonstration

        use_demonstration(options.folder, new=options.command == "restore")
    match options.command:
        case "price":
            from samverka.cli.price import price

            return price(options)
        case "decide":
            from samverka.cli.price import decide

            return decide(options)
        case "explain":
            from samverka.cli.price import explain

            return explain(options)
        case "settle":
            from samverka.cli.settle import settle

            return settle(options)
        case "agreement":
            from samverka.cli.agreement import agreement

            return agreement(options)
        case "serve":
            from samverka.cli.site import serve

            return serve(options)
        case "demo":
            from samverka.cli.site import demo

            return demo(options)
        case "county" | "appoint" as name:
            from samverka.cli import county

            return {"county": county.county, "appoint": county.appoint}[name](options)
        case "verify" | "seal" | "checkpoint" | "backup" | "restore" | "digest" as name:
            from samverka.cli import backup, journal

            commands = {
                "verify": journal.verify,
                "seal": journal.seal,
                "checkpoint": journal.checkpoint,
                "backup": backup.backup,
                "restore": backup.restore,
                "digest": backup.digest,
            }
            return commands[name](options)
    from samverka.cli.check import check

    return check(options)


def _open_closed() -> None:
    """What was closed before we began: no file of ours may take its place, and what is written there is refused."""
    if sys.stdin is None:
        os.open(os.devnull, os.O_RDONLY)
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_RDONLY), "w", encoding="utf-8")
    if sys.stderr is None:
        sys.stderr = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")


def run() -> None:
    """The console script: UTF-8 whatever the locale; a reader that stops reading, and Ctrl-C, end quietly."""
    _open_closed()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        code = main(sys.argv[1:])
        sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = GOOD
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        print(f"{where}kan inte skriva: {reason(error)}", file=sys.stderr)
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = BAD_INPUT
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)

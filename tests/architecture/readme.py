"""The outputs that README.md shows, made anew by running the commands. Run as a module to write them in."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.architecture.source import ROOT

DOCUMENT = ROOT / "README.md"

CASE = '{"from": "BERG", "to": "REGION", "date": "2025-10-01", "start": "16:30", "end": "18:15", "profession": "nurse", "principal_level": "primary"}'  # noqa: E501  # one line of JSON, as a user types it
LATER = CASE.replace("2025-10-01", "2026-10-01")
KEPT = ("payer", "rate", "billable_minutes", "hours", "amount", "status", "clauses", "readings")

COMMANDS = {
    "price": f"echo '{CASE}' | .venv/bin/samverka price hired_staff",
    "explain": f"echo '{CASE}' | .venv/bin/samverka explain hired_staff",
    "missing": f"echo '{LATER}' | .venv/bin/samverka price hired_staff",
}


def samverka(*arguments: str, stdin: str = "") -> str:
    """What a command prints, on either stream."""
    command = [sys.executable, "-c", "from samverka.cli.main import run; run()", *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout + done.stderr


def outputs() -> dict[str, str]:
    """Each block's text as it is today."""
    import json

    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "settle")
        settled = samverka("settle", "examples/jamtland-2025-h2", "--period", "2025H2", "--out", out)
    answer = json.loads(samverka("price", "hired_staff", stdin=CASE))
    kept = {key: answer[key] for key in KEPT}
    short = json.dumps(kept, ensure_ascii=False).removesuffix("}") + ", ...}"
    return {
        "settle": settled.replace(out, "build/settle"),
        "price": f"$ {COMMANDS['price']}\n{short}\n",
        "explain": f"$ {COMMANDS['explain']}\n{samverka('explain', 'hired_staff', stdin=CASE)}",
        "missing": f"$ {COMMANDS['missing']}\n{samverka('price', 'hired_staff', stdin=LATER)}",
    }


def document() -> str:
    """README.md with today's outputs."""
    text = DOCUMENT.read_text(encoding="utf-8")
    for name, output in outputs().items():
        block = re.compile(rf"(<!-- {name} -->\n```\w+\n).*?(```\n<!-- /{name} -->)", re.DOTALL)
        text = block.sub(lambda match, output=output: match[1] + output + match[2], text)
    return text


if __name__ == "__main__":
    DOCUMENT.write_text(document(), encoding="utf-8")

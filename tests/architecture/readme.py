"""The outputs that README.md shows, made anew by running the commands. Run as a module to write them in."""

from __future__ import annotations

import json
import os
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

PERSON = '{"registered_in": "BERG", "housing": "ordinary", "place": "home", "profession": "nurse", "palliative_team": false, "safe_at_home": true, "self_care_possible": false, "digital_considered": true, "frequent": true, "continuous": true, "days": 30, "cfs": 6, "can_reach_health_centre": false, "barrier": "illness"}'  # noqa: E501  # the same
DECIDED = ("responsible", "performer", "physician", "criteria", "status", "flags", "missing", "clauses", "readings")

COMMANDS = {
    "price": f"echo '{CASE}' | .venv/bin/samverka price hired_staff",
    "explain": f"echo '{CASE}' | .venv/bin/samverka explain hired_staff",
    "api": f"curl -s localhost:8000/api/v1/decisions/care -H 'Content-Type: application/json' -d '{PERSON}'",
    "missing": f"echo '{LATER}' | .venv/bin/samverka price hired_staff",
}


def samverka(*arguments: str, stdin: str = "") -> str:
    """What a command prints, on either stream."""
    command = [sys.executable, "-c", "from samverka.cli.main import run; run()", *arguments]
    done = subprocess.run(command, input=stdin, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout + done.stderr


#: Asks the API as a browser's or a system's request reaches it; with no database, nothing has been entered by anybody.
ASK = """
import sys, django
django.setup()
from django.test import Client
from samverka.agreements.book import build
from samverka.agreements.county import base
from samverka.care import api
api.book_now = lambda: build(base(), ())
sent = sys.stdin.read()
print(Client().post("/api/v1/decisions/care", sent, content_type="application/json").content.decode())
"""


def asked(body: str) -> str:
    """What the API answers."""
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}
    command = [sys.executable, "-c", ASK]
    done = subprocess.run(command, input=body, capture_output=True, text=True, check=True, cwd=ROOT, env=environment)
    return done.stdout


def _short(answer: dict[str, object], kept: tuple[str, ...]) -> str:
    """Some of an answer, as JSON that shows there is more."""
    return json.dumps({key: answer[key] for key in kept}, ensure_ascii=False).removesuffix("}") + ", ...}"


def outputs() -> dict[str, str]:
    """Each block's text as it is today."""
    with tempfile.TemporaryDirectory() as folder:
        out = str(Path(folder) / "settle")
        settled = samverka("settle", "examples/jamtland-2025-h2", "--period", "2025H2", "--out", out)
    priced = _short(json.loads(samverka("price", "hired_staff", stdin=CASE)), KEPT)
    decided = _short(json.loads(asked(PERSON)), DECIDED)
    return {
        "settle": settled.replace(out, "build/settle"),
        "price": f"$ {COMMANDS['price']}\n{priced}\n",
        "api": f"$ {COMMANDS['api']}\n{decided}\n",
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

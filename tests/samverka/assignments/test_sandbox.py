"""The sandbox stops what takes too much, and it is the limit that does: with a larger one the same file ends well."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any

import pytest

from samverka.core.errors import Refused
from samverka.core.sandbox import MEGABYTE, Exceeded, Limits, run_limited

RUN = "runpy:run_path"
ENDS_WELL = "\nimport json, os, sys\nprint(json.dumps({'value': 1}), flush=True)\nos._exit(0)\n"

HUNGRY = "kept = [bytes(1_000_000) for _ in range(400)]"
BUSY = "import time\nwhile time.process_time() < 2: pass"
SLOW = "import time\ntime.sleep(1.5)"
WIDE = "from pathlib import Path\nPath('wide').write_bytes(bytes(3_000_000))"


@pytest.fixture
def script(tmp_path: Path) -> Any:
    """A file that is a program: what a library led astray by a file could do."""

    def make(text: str) -> Path:
        path = tmp_path / "table.csv"
        path.write_text(text + ENDS_WELL)
        return path

    return make


@pytest.mark.parametrize(
    ("text", "limit", "tight", "wide"),
    [
        (HUNGRY, "memory", Limits(memory=200 * MEGABYTE), Limits(memory=1000 * MEGABYTE)),
        (BUSY, "cpu", Limits(cpu=1), Limits(cpu=10)),
        (SLOW, "time", Limits(seconds=0.7), Limits(seconds=20)),
        (WIDE, "crash", Limits(output=1_000_000), Limits(output=10_000_000)),
    ],
    ids=["memory", "cpu", "time", "files"],
)
def test_the_limit_is_what_stops_it(script: Any, text: str, limit: str, tight: Limits, wide: Limits) -> None:
    """Stopped under the limit with its reason; the same program under a wider one gives its value."""
    path = script(text)
    with pytest.raises(Exceeded) as stopped:
        run_limited(RUN, path, tight)
    assert stopped.value.limit == limit
    assert run_limited(RUN, path, wide) == 1


def test_an_answer_may_be_no_longer_than_allowed(tmp_path: Path) -> None:
    """The path itself is the answer: too long for four bytes, short enough for a thousand."""
    with pytest.raises(Exceeded) as stopped:
        run_limited("builtins:str", tmp_path, Limits(output=4))
    assert stopped.value.limit == "output"
    assert run_limited("builtins:str", tmp_path, Limits(output=1000)) == str(tmp_path)


@pytest.mark.parametrize(
    "text", ["import os\nos.abort()", "raise KeyError('x')", "import os\nos.kill(os.getpid(), 11)"]
)
def test_a_broken_process_is_one_refusal(script: Any, text: str) -> None:
    """Whatever it dies of, the server gets a message for the user."""
    with pytest.raises(Refused, match="Filen är skadad och kan inte läsas"):
        run_limited(RUN, script(text))


def test_the_child_knows_no_secrets(script: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of the server's environment it gets nothing."""
    monkeypatch.setenv("SAMVERKA_SECRET_KEY", "kanariefågel")
    told = "import os, json\nprint(json.dumps({'value': dict(os.environ)}), flush=True)\nos._exit(0)"
    seen = run_limited(RUN, script(told))
    assert "kanariefågel" not in json.dumps(seen, ensure_ascii=False)
    assert not [name for name in seen if name.startswith(("SAMVERKA", "DATABASE", "DJANGO"))]
    assert "SAMVERKA_SECRET_KEY" in os.environ


def test_a_child_that_is_stopped_is_gone(script: Any) -> None:
    """No process is left, and nobody waits longer than the limit says."""
    path, began = script("import time, os\nopen('pid', 'w').write(str(os.getpid()))\ntime.sleep(60)"), time.monotonic()
    with pytest.raises(Exceeded):
        run_limited(RUN, path, Limits(seconds=3))
    assert time.monotonic() - began < 30
    pid = int((path.parent / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)

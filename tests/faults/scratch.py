"""Databases that a fault may spoil: made once, put back as they were for every point, on DATABASE_URL's engine."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.db import connection

if TYPE_CHECKING:
    import psycopg


class Scratch:
    """Makes, copies and drops databases by name, and points Django's connection at one of them."""

    def __init__(self, label: str) -> None:
        self.label = label
        self.home = connection.settings_dict["NAME"]
        self.made: set[str] = set()

    def use(self, name: str) -> None:
        """Let Django's next connection go to a database."""
        connection.close()
        connection.settings_dict["NAME"] = self.place(name)

    def place(self, name: str) -> str:
        """What the engine calls the database."""
        raise NotImplementedError

    def make(self, name: str) -> None:
        """An empty database."""
        raise NotImplementedError

    def copy(self, source: str, name: str) -> None:
        """A database with what another holds; nothing may be connected to either."""
        raise NotImplementedError

    def spare(self, source: str, name: str) -> None:
        """A copy that can be put back as it was."""
        raise NotImplementedError

    def restore(self, source: str, name: str) -> None:
        """Put a spare back as it was; who is still connected to it is thrown out."""
        raise NotImplementedError

    def drop(self, *names: str) -> None:
        """Remove databases, whoever is connected."""
        raise NotImplementedError


class SqliteScratch(Scratch):
    """A file for each."""

    def place(self, name: str) -> str:
        """Beside the database that the settings name."""
        return str(Path(self.home).with_name(f"{self.label}-{name}.sqlite3"))

    def make(self, name: str) -> None:
        """The file comes with its first connection."""
        self.drop(name)
        self.made.add(name)

    def copy(self, source: str, name: str) -> None:
        """Copy the file; its last connection has written the log into it."""
        self.make(name)
        shutil.copyfile(self.place(source), self.place(name))

    def spare(self, source: str, name: str) -> None:
        """A copy like any other."""
        self.copy(source, name)

    def restore(self, source: str, name: str) -> None:
        """Copy the file again."""
        self.copy(source, name)

    def drop(self, *names: str) -> None:
        """Remove the files."""
        for name in names:
            for end in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    Path(self.place(name) + end).unlink()


#: Written by a copy of its own at the start, so that it can be put back table by table: a new database takes too long.
PRISTINE = "pristine"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename"
OTHERS = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)


class PostgresScratch(Scratch):
    """A database of the server for each."""

    def place(self, name: str) -> str:
        """Labelled, so that runs beside each other do not meet."""
        return f"{self.label}_{name}"

    def make(self, name: str) -> None:
        """From the server's empty template."""
        self._create(name, "template0")

    def copy(self, source: str, name: str) -> None:
        """PostgreSQL copies the template's files."""
        self._create(name, self.place(source))

    def spare(self, source: str, name: str) -> None:
        """A copy in which every table is kept a second time."""
        self._create(name, self.place(source))
        with self._connected(self.place(name)) as order:
            order.execute(f"CREATE SCHEMA {PRISTINE}")
            for [table] in order.execute(TABLES).fetchall():
                order.execute(f'CREATE TABLE {PRISTINE}."{table}" AS TABLE public."{table}"')

    def restore(self, source: str, name: str) -> None:  # noqa: ARG002  # a spare knows its source
        """Empty and fill every table, past its triggers."""
        with self._connected(self.place(name)) as order:
            order.execute(OTHERS)
            refill = [
                f'DELETE FROM public."{table}"; '
                f'INSERT INTO public."{table}" OVERRIDING SYSTEM VALUE SELECT * FROM {PRISTINE}."{table}"'
                for [table] in order.execute(TABLES).fetchall()
            ]
            order.execute("; ".join(["SET session_replication_role = replica", *refill]))

    def drop(self, *names: str) -> None:
        """Remove the databases."""
        with self._connected(self.home) as order:
            for name in names:
                order.execute(f'DROP DATABASE IF EXISTS "{self.place(name)}" WITH (FORCE)')

    def _create(self, name: str, template: str) -> None:
        self.drop(name)
        with self._connected(self.home) as order:
            order.execute(f'CREATE DATABASE "{self.place(name)}" TEMPLATE "{template}"')
        self.made.add(name)

    def _connected(self, database: str) -> psycopg.Connection[Any]:
        import psycopg

        return psycopg.connect(os.environ["DATABASE_URL"], dbname=database, autocommit=True)


@contextmanager
def scratch(label: str) -> Iterator[Scratch]:
    """The scratch databases of a run, for the connection's engine; dropped at the end."""
    made = (SqliteScratch if connection.vendor == "sqlite" else PostgresScratch)(label)
    try:
        yield made
    finally:
        connection.close()
        made.drop(*made.made)
        connection.settings_dict["NAME"] = made.home

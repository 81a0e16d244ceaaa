"""A backup into an empty database of the same version: all of it, and found equal, or nothing."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from importlib.metadata import version
from io import TextIOWrapper
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from django.core.exceptions import ValidationError
from django.core.management.color import no_style
from django.db import DatabaseError, connection, transaction
from django.db.models.sql import InsertQuery

from samverka.backup.dump import FORM, MANIFEST, applied
from samverka.backup.tables import FILLED_BY_MIGRATE, Digest, Table, tables
from samverka.core import triggers
from samverka.journal.chain import seal
from samverka.settlement.triggers import INSERTS

AT_ONCE = 500


class BadBackup(Exception):
    """Why nothing was restored, in Swedish."""


def restore(file: Path) -> dict[str, Any]:
    """Fill an empty, migrated database with a backup, and give its manifest.

    Raises:
        BadBackup: The file is damaged, from another version, or the database is not empty. Nothing is changed.
    """
    try:
        with ZipFile(file) as archive:
            manifest = _manifest(archive)
            _refuse_other_version(manifest)
            _refuse_filled()
            with transaction.atomic():
                _fill(archive, manifest)
    except (BadZipFile, zlib.error, EOFError, KeyError, UnicodeDecodeError) as fault:
        raise BadBackup(f"{file}: filen är skadad eller avkapad. Inget är återställt.") from fault
    except (ValueError, TypeError, ValidationError, DatabaseError) as fault:
        reason = str(fault).partition("\n")[0]
        raise BadBackup(f"{file}: innehållet går inte att läsa in ({reason}). Inget är återställt.") from fault
    seal(thorough=True)  # what a transaction that ran during the backup had held back
    return manifest


def _manifest(archive: ZipFile) -> dict[str, Any]:
    found = json.loads(archive.read(MANIFEST))
    if not isinstance(found, dict) or found.get("format") != FORM:
        raise BadBackup(f"{archive.filename}: är ingen säkerhetskopia av formatet ”{FORM}”. Inget är återställt.")
    return found


def _refuse_other_version(manifest: dict[str, Any]) -> None:
    """The database must have been through the same migrations as the one that was backed up."""
    columns = {name: one["columns"] for name, one in manifest["tables"].items()}
    if manifest["migrations"] == applied() and columns == {table.name: table.columns for table in tables()}:
        return
    raise BadBackup(
        f"Säkerhetskopian är gjord med version {manifest['version']} och databasen här har version "
        f"{version('samverka')}: tabellerna är inte desamma. Återställ med den version som gjorde kopian och "
        "uppgradera sedan. Inget är återställt."
    )


def _refuse_filled() -> None:
    for table in tables():
        if table.name not in FILLED_BY_MIGRATE and table.rows.exists():
            raise BadBackup(
                f"Databasen är inte tom: tabellen {table.name} har rader. Återställ till en ny databas som bara är "
                "migrerad. Inget är återställt."
            )


def _fill(archive: ZipFile, manifest: dict[str, Any]) -> None:
    """Every row of every table; then the tables' own digests must be the manifest's."""
    found = tables()
    triggers.drop(connection, *INSERTS)
    triggers.run(connection, *(f'DELETE FROM "{name}"' for name in FILLED_BY_MIGRATE))
    for table in found:
        digest, said = Digest(), manifest["tables"][table.name]
        with archive.open(f"tables/{table.name}.jsonl") as member:
            text = TextIOWrapper(member, encoding="utf-8", newline="\n")
            _insert(table, digest.passing(line.removesuffix("\n") for line in text))
        if (digest.rows, digest.hex) != (said["rows"], said["sha256"]):
            raise BadBackup(f"{archive.filename}: tabellen {table.name} är ändrad eller skadad. Inget är återställt.")
    triggers.run(connection, *connection.ops.sequence_reset_sql(no_style(), [table.model for table in found]))
    connection.check_constraints()
    triggers.make(connection, *INSERTS)
    for table in found:
        if table.digest().hex != manifest["tables"][table.name]["sha256"]:
            raise BadBackup(f"Tabellen {table.name} blev inte densamma i databasen. Inget är återställt.")


def _insert(table: Table, found: Iterator[str]) -> None:
    """Rows as they were: no default, no time of now, no signal."""
    while block := [table.row(line) for line in islice(found, AT_ONCE)]:
        step = connection.ops.bulk_batch_size(table.written, block)
        for start in range(0, len(block), step):
            query = InsertQuery(table.model)
            query.insert_values(table.written, block[start : start + step], raw=True)
            query.get_compiler(connection=connection).execute_sql()

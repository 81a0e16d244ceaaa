"""A backup: a ZIP file of one text for each table and a manifest, read at one moment while the site serves."""

from __future__ import annotations

import json
import os
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from samverka.backup.tables import Digest, tables, total
from samverka.journal.chain import seal
from samverka.journal.snapshot import snapshot

FORM = "samverka backup 1"
MANIFEST = "manifest.json"


def backup(file: Path, *, at: datetime) -> dict[str, Any]:
    """Write the database to a file that only its owner may read, and give the manifest.

    The file appears when it is whole; what is there already is not written over.

    Raises:
        FileExistsError: The file is there.
    """
    if file.exists():
        raise FileExistsError(file)
    seal()
    half = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        with os.fdopen(os.open(half, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600), "w+b") as stream:
            with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=3) as archive, snapshot():
                manifest = _written(archive, at)
            stream.flush()
            os.fsync(stream.fileno())
        os.link(half, file)  # unlike a rename it never replaces another file
    finally:
        half.unlink(missing_ok=True)
    return manifest


def _written(archive: ZipFile, at: datetime) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for table in tables():
        digest = Digest()
        with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as member:
            for line in digest.passing(table.lines()):
                member.write(line.encode() + b"\n")
        found[table.name] = {"columns": table.columns, "rows": digest.rows, "sha256": digest.hex}
    manifest = {
        "format": FORM,
        "version": version("samverka"),
        "journal": settings.JOURNAL_NAME,
        "made": at.isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": applied(),
        "tables": found,
        "sha256": total({name: one["sha256"] for name, one in found.items()}),
    }
    archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def applied() -> list[str]:
    """The migrations that the database has been through."""
    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def digests() -> dict[str, str]:
    """The digest of every table, at one moment."""
    with snapshot():
        return {table.name: table.digest().hex for table in tables()}

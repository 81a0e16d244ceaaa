"""Which tables there are, and a row as text that is the same on both databases."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

#: Who is signed in just now: secrets of browsers, which nobody is to find in a file. Everyone signs in again.
LEFT_OUT = frozenset({"django_session", "usersessions_usersession"})
#: Filled by ``migrate`` itself in an empty database, so replaced by what the backup says.
FILLED_BY_MIGRATE = ("auth_permission", "django_content_type")
#: Columns that mean something only on the server where they were written.
LOCAL = {"journal_entry": frozenset({"xid"})}

Model = type[models.Model]


@dataclass(frozen=True, slots=True)
class Table:
    """A table, as its model knows it.

    Attributes:
        name: Its name in the database.
        model: Its model.
        fields: Its columns in the model's order, without those that mean something only here.
        written: Those and the others, which a restored row gets the model's own value for.
        rows: All of its rows.
        numbered: Whether its primary key is a number.
    """

    name: str
    model: Model
    fields: tuple[models.Field[Any, Any], ...]
    written: tuple[models.Field[Any, Any], ...]
    rows: models.QuerySet[Any]
    numbered: bool

    @property
    def columns(self) -> list[str]:
        """The columns' names."""
        return [str(field.column) for field in self.fields]

    def lines(self) -> Iterator[str]:
        """The rows, a line of JSON each, in order of the primary key."""
        names = [field.attname for field in self.fields]
        found = map(line_of, self.rows.order_by("pk").values_list(*names).iterator(chunk_size=5000))
        # numbers have one order everywhere; texts are sorted by each database in its own way
        return found if self.numbered else iter(sorted(found))

    def row(self, line: str) -> models.Model:
        """A row again."""
        values = json.loads(line)
        if not isinstance(values, list) or len(values) != len(self.fields):
            raise ValueError(line[:100])
        return self.model(
            **{field.attname: field.to_python(one) for field, one in zip(self.fields, values, strict=True)}
        )

    def digest(self) -> Digest:
        """The digest of the rows as they are."""
        found = Digest()
        for _ in found.passing(self.lines()):
            pass
        return found


def tables() -> list[Table]:
    """Every table, by name."""
    found = []
    for model in apps.get_models(include_auto_created=True):
        known = model._meta  # Django's documented way to ask a model about itself
        if not known.managed or known.proxy or known.swapped or known.db_table in LEFT_OUT:
            continue
        local = LOCAL.get(known.db_table, frozenset())
        written = tuple(one for one in known.local_concrete_fields if not one.generated)
        fields = tuple(one for one in written if one.column not in local)
        rows = model._base_manager.all()  # the same: every row, whatever the model's own manager hides
        numbered = isinstance(known.pk, models.IntegerField | models.ForeignKey)
        found.append(Table(known.db_table, model, fields, written, rows, numbered))
    return sorted(found, key=lambda table: table.name)


def line_of(row: Iterable[Any]) -> str:
    """One row."""
    return json.dumps([_plain(value) for value in row], ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat(timespec="microseconds")
        case bytes() | memoryview():
            return b64encode(bytes(value)).decode()
        case timedelta():
            return f"{value / timedelta(seconds=1):f}"
        case None | bool() | int() | float() | str() | list() | dict():
            return value
        case Decimal():
            return f"{value:f}"
    return str(value)  # days, times and UUIDs have one text each


class Digest:
    """SHA-256 of a table's lines as they pass."""

    def __init__(self) -> None:
        self.rows = 0
        self._found = hashlib.sha256()

    def passing(self, found: Iterable[str]) -> Iterator[str]:
        """The lines, noted."""
        for line in found:
            self.rows += 1
            self._found.update(line.encode() + b"\n")
            yield line

    @property
    def hex(self) -> str:
        """The digest so far."""
        return self._found.hexdigest()


def total(each: dict[str, str]) -> str:
    """One digest of every table's."""
    return hashlib.sha256("".join(f"{name} {each[name]}\n" for name in sorted(each)).encode()).hexdigest()

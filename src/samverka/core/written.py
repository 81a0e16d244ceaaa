"""Queries that every page asks: Django writes such a query once, which takes ten times as long as to run it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Expression, Field, QuerySet


class Given(Expression):
    """A value of a query that is not known when the query is written."""

    def __init__(self, name: str, field: Field[Any, Any]) -> None:
        super().__init__(output_field=field)
        self.name = name

    def as_sql(self, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        """A place for the value, and in the value's stead who knows how to find it."""
        return "%s", (self,)

    def of(self, values: dict[str, Any]) -> Any:
        """The value as the database takes it."""
        return self.output_field.get_db_prep_value(values[self.name], connection)


class Written:
    """A query over ``values_list`` in which ``Given`` stands for what differs between one asking and the next."""

    def __init__(self, query: Callable[[], QuerySet[Any, tuple[Any, ...]]]) -> None:
        self._query = query
        self._written = cache(self._write)

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows, for these values."""
        sql, places, read = self._written(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(sql, [one.of(values) if isinstance(one, Given) else one for one in places])
            return read(cursor.fetchall())

    def _write(self, _vendor: str) -> tuple[str, list[Any], Callable[[Any], list[tuple[Any, ...]]]]:
        compiler = self._query().query.get_compiler(connection=connection)
        sql, places = compiler.as_sql()
        changes = compiler.get_converters([column for column, *_ in compiler.select[: compiler.col_count]])
        return sql, places, lambda rows: list(map(tuple, compiler.apply_converters(rows, changes)))

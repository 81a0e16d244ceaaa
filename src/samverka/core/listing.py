"""Lists: sorted, filtered, paged by key, and the same rows as CSV and XLSX (docs/adr/0012-own-lists.md)."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from samverka.core import keyset
from samverka.core.cells import FIXED, NUMBERS, shown
from samverka.core.files import csv_response, xlsx_response
from samverka.core.filters import Applied, Filter, applied

__all__ = ["Column", "Filter", "Listing", "Page"]

OWN = ("sort", "after", "before", "format")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a list and of its files.

    Attributes:
        key: Its name in the address.
        label: Its heading.
        value: From a row to a value.
        kind: ``text``, ``code`` (a short text that is not broken over lines), ``tag``, ``example``, ``money`` (öre),
            ``count``, ``number`` (decimal), ``date``, ``datetime`` or ``month`` (202507).
        sort: The model field that the heading sorts by, or none.
        link: From a row to an address, or to nothing.
    """

    key: str
    label: str
    value: Callable[[Any], Any]
    kind: str = "text"
    sort: str = ""
    link: Callable[[Any], str | None] | None = None


@dataclass(slots=True)
class Page:
    """A list as a template shows it."""

    name: str
    table: SafeString
    filters: list[Applied]
    kept: list[tuple[str, str]]
    previous: str
    next: str
    csv: str
    xlsx: str
    rows: list[Any]
    clear: str

    @property
    def filtered(self) -> bool:
        """Whether any filter is on."""
        return any(one.given for one in self.filters)

    @property
    def faults(self) -> bool:
        """Whether a filter could not be understood."""
        return any(one.fault for one in self.filters)


class Listing:
    """A list: its columns, its filters and its order, the key of a column or a model field, ``-`` for largest first.

    ``tie`` is the order of rows that are equal in what they are sorted by: a field that no two rows share, a random one
    if nothing is said. ``reads`` are the fields that columns and links read, where they read nothing else: rows are
    then tuples that have these fields alone, which takes a third of the time of models.
    """

    def __init__(
        self,
        name: str,
        columns: Sequence[Column],
        filters: Sequence[Filter] = (),
        order: str = "-date",
        tie: str = "",
        reads: Sequence[str] = (),
    ) -> None:
        self.name, self.columns, self.filters, self.order = name, tuple(columns), tuple(filters), order
        self.tie, self.reads = tie, tuple(reads)
        keys = [*(one.key for one in self.filters), *OWN]
        if len(set(keys)) < len(keys):
            raise ValueError(f"{name}: two fields with one name among {keys}")
        self._sorts = {column.key: column.sort for column in columns if column.sort}
        self._cells = [
            (
                column,
                mark_safe(  # noqa: S308  # escaped in place
                    f'<td data-label="{html.escape(column.label)}"{_class(column.kind)}>'
                ),
            )
            for column in self.columns
        ]

    def response(
        self, request: HttpRequest, queryset: QuerySet[Any], template: str, context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """The list in a template, as ``page``; or with ``?format=csv`` or ``xlsx`` its file."""
        form = request.GET.get("format")
        if form in {"csv", "xlsx"}:
            _, rows = self._asked(queryset, request.GET)
            rows = self._order(request.GET, rows)[0].ordered(rows)
            write = csv_response if form == "csv" else xlsx_response
            return write(self.name, self.columns, rows.iterator(chunk_size=2000))
        return render(request, template, {**(context or {}), "page": self.page(request, queryset)})

    def page(self, request: HttpRequest, queryset: QuerySet[Any]) -> Page:
        """One page of the list, by one query."""
        given = request.GET
        filters, rows = self._asked(queryset, given)
        order, key = self._order(given, rows)
        found = keyset.page(rows, order, after=given.get("after", ""), before=given.get("before", ""))
        own = {one.key for one in self.filters}
        return Page(
            name=self.name,
            table=self._table(found.rows, given, key, descending=order.descending),
            filters=filters,
            kept=[(k, v) for k, vs in given.lists() if k not in own and k not in OWN[1:] for v in vs],
            previous=_address(given, before=found.before) if found.before else "",
            next=_address(given, after=found.after) if found.after else "",
            csv=_address(given, format="csv"),
            xlsx=_address(given, format="xlsx"),
            rows=found.rows,
            clear=_address(given, without=own),
        )

    def _asked(self, queryset: QuerySet[Any], given: QueryDict) -> tuple[list[Applied], QuerySet[Any]]:
        """The filters as they are given, and the rows that pass."""
        filters, rows = applied(self.filters, queryset, given)
        return filters, rows.values_list(*self.reads, named=True) if self.reads else rows

    def _order(self, given: QueryDict, rows: QuerySet[Any]) -> tuple[keyset.Order, str]:
        """The order that is asked for, or the list's own; and the key of its column, if it has one."""
        asked = given.get("sort", "")
        if asked.removeprefix("-") not in self._sorts:
            asked = self.order
        name = asked.removeprefix("-")
        path = self._sorts.get(name, name)
        key = name if name in self._sorts else next((k for k, sort in self._sorts.items() if sort == path), "")
        return keyset.order_of(rows, path, descending=asked.startswith("-"), tie=self.tie), key

    def _table(self, rows: list[Any], given: QueryDict, key: str, *, descending: bool) -> SafeString:
        """The table as HTML, put together here because a template takes ten times as long over it."""
        if not rows:
            return SafeString()
        parts = ['<table class="list"><thead><tr>']
        parts += [self._heading(column, given, key, descending=descending) for column in self.columns]
        parts.append("</tr></thead><tbody>")
        for row in rows:
            parts.append("<tr>")
            for column, start in self._cells:
                text = shown(column.kind, column.value(row))
                link = column.link(row) if column.link else None
                parts += (start, f'<a href="{html.escape(link)}">{text}</a></td>' if link else f"{text}</td>")
            parts.append("</tr>")
        parts.append("</tbody></table>")
        return mark_safe("".join(parts))  # noqa: S308  # every part is escaped where it is made

    @staticmethod
    def _heading(column: Column, given: QueryDict, key: str, *, descending: bool) -> str:
        number = " class=number" if column.kind in NUMBERS else ""
        label = html.escape(column.label)
        if not column.sort:
            return f'<th scope="col"{number}>{label}</th>'
        now = column.key == key
        aria = f' aria-sort="{"descending" if descending else "ascending"}"' if now else ""
        to = f"-{column.key}" if now and not descending else column.key
        address = html.escape(_address(given, sort=to))
        return f'<th scope="col"{number}{aria}><a href="{address}">{label}</a></th>'


def _class(kind: str) -> str:
    """The class of a kind's cells."""
    return " class=number" if kind in NUMBERS else " class=fixed" if kind in FIXED else ""


def _address(given: QueryDict, without: Collection[str] = (), **more: str) -> str:
    """This list's address with something else in it, on its first page unless ``more`` says which."""
    gone = {"after", "before", "format", *without, *more}
    kept = [(name, value) for name, values in given.lists() if name not in gone for value in values]
    return f"?{urlencode([*kept, *more.items()])}"

"""Paging by key: a page begins after (or before) a row's own value and id, so that no row is skipped or shown twice."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import F, Field, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP

from samverka.core.fields import field_of

SIZE = 25


@dataclass(frozen=True, slots=True)
class Slice:
    """A page's rows, and the keys of the pages beside it (empty where there is none)."""

    rows: list[Any]
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Order:
    """A field to sort by, which way, and what parts rows that are equal there.

    Attributes:
        path: A model field, a path over relations, or an annotation.
        descending: Whether the largest comes first.
        field: The field that the path leads to.
        tie: A field that no two rows share. ``public_id`` where the model has one, so that no address shows a count of
            rows; else the primary key; or what the list says.
    """

    path: str
    descending: bool
    field: Field[Any, Any]
    tie: str

    def ordered(self, rows: QuerySet[Any], *, backwards: bool = False) -> QuerySet[Any]:
        """The rows in this order, rows without a value last; or exactly the other way round."""
        down = self.descending != backwards
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        options: dict[str, Any] = nulls if self.field.null else {}
        by = F(self.path).desc(**options) if down else F(self.path).asc(**options)
        return rows.order_by(by, f"-{self.tie}" if down else self.tie)

    def beyond(self, value: Any, tie: Any, *, backwards: bool = False) -> Q:
        """What comes after the row with this value and id; or before it."""
        side = "lt" if self.descending != backwards else "gt"
        further = Q(**{f"{self.tie}__{side}": tie})
        if value is None:  # rows without a value stand last
            inside = Q(**{f"{self.path}__isnull": True}) & further
            return inside | Q(**{f"{self.path}__isnull": False}) if backwards else inside
        found = Q(**{f"{self.path}__{side}": value}) | (Q(**{self.path: value}) & further)
        return found | Q(**{f"{self.path}__isnull": True}) if self.field.null and not backwards else found

    def key(self, row: Any) -> str:
        """The row's place in this order, for an address."""
        value = _reach(row, self.path)
        text = None if value is None else str(self.field.get_prep_value(value))
        packed = json.dumps([text, str(_reach(row, self.tie))], ensure_ascii=False, separators=(",", ":"))
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")

    def place(self, key: str) -> tuple[Any, Any] | None:
        """What a key says; None where it is no key of this order, as when an address was written by hand."""
        try:
            value, tie = json.loads(base64.urlsafe_b64decode(key + "=" * (-len(key) % 4)))
            if "\x00" in f"{value}{tie}" or not isinstance(tie, str) or (value is None and not self.field.null):
                return None
            found = None if value is None else self.field.to_python(value)
        except (ValueError, TypeError, ValidationError):  # also what is no base64, no UTF-8 and no JSON
            return None
        return None if found is None and value is not None else (found, tie)


def order_of(rows: QuerySet[Any], path: str, *, descending: bool, tie: str = "") -> Order:
    """The order by a field of the rows."""
    names = {field.name for field in rows.model._meta.get_fields()}  # Django's documented API
    return Order(path, descending, field_of(rows, path), tie or ("public_id" if "public_id" in names else "pk"))


def page(rows: QuerySet[Any], order: Order, *, after: str = "", before: str = "", size: int = SIZE) -> Slice:
    """One page, by one query: the first, the one after a key or the one before a key."""
    key, backwards = (before, True) if before else (after, False)
    place = order.place(key) if key else None
    if place is None:
        backwards = False
    else:
        rows = rows.filter(order.beyond(*place, backwards=backwards))
    found = list(order.ordered(rows, backwards=backwards)[: size + 1])
    more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Slice([])
    earlier, later = (more, True) if backwards else (place is not None, more)
    return Slice(found, order.key(found[0]) if earlier else "", order.key(found[-1]) if later else "")


def _reach(row: Any, path: str) -> Any:
    """The value at the end of a path, in a model or in a row of ``values()`` or of a named ``values_list()``."""
    if isinstance(row, dict):
        return row[path]
    if isinstance(row, tuple):
        return getattr(row, path)
    for name in path.split(LOOKUP_SEP):
        row = None if row is None else getattr(row, name)
    return row

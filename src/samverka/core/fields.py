"""Which model field a path or a lookup leads to, as lists sort and filter by it."""

from __future__ import annotations

import copy
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, QuerySet
from django.db.models.constants import LOOKUP_SEP


def field_of(rows: QuerySet[Any], lookup: str) -> Field[Any, Any]:
    """The field that ``date__gte`` or ``proposal__period`` leads to; ``null`` where anything on the way may be missing.

    Raises:
        FieldDoesNotExist: It leads to none, or ends in a relation.
    """
    model: Any = rows.model
    found: Any = None
    null = False
    for name in lookup.split(LOOKUP_SEP):
        if found is None and name in rows.query.annotations:
            found, model, null = rows.query.annotations[name].output_field, None, True
            continue
        if model is None:
            break  # what is left is a comparison: gte, icontains
        meta = model._meta  # Django's documented API
        found = meta.pk if name == "pk" else meta.get_field(name)
        null, model = null or found.null, found.related_model
    if found is None or model is not None:
        raise FieldDoesNotExist(f"{lookup}: a list sorts and filters by a field, not by a relation")
    if null and not found.null:
        found = copy.copy(found)
        found.null = True
    return found  # type: ignore[no-any-return]  # Django's fields are untyped on the way here

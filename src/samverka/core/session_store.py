"""Sessions in the database as Django keeps them; only to read one is our own, since every request does."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends import db
from django.db.models import CharField, DateTimeField, QuerySet
from django.utils import timezone

from samverka.core.written import Given, Written


class SessionStore(db.SessionStore):
    """Django's own, read by a query that is written once."""

    def load(self) -> dict[str, Any]:
        """What the session holds; nothing, and a new key when it is saved, where there is none that has not expired."""
        found = _held.rows(key=self.session_key, now=timezone.now())
        if not found:
            self._session_key = None
            return {}
        ((held,),) = found
        return self.decode(held)


@Written
def _held() -> QuerySet[Any, tuple[Any, ...]]:
    now = Given("now", DateTimeField())
    mine = SessionStore.get_model_class().objects.filter(session_key=Given("key", CharField()), expire_date__gt=now)
    return mine.values_list("session_data")

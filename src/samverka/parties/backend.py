"""Who signs in is found by allauth; who is signed in, by one query that is written once, since every request asks."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.db import connection
from django.db.models import IntegerField, QuerySet

from samverka.core.written import Given, Written
from samverka.parties.models import User


class Accounts(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """allauth's, with its own way to read a user."""

    def get_user(self, user_id: int) -> User | None:
        """The user, unless the account is closed."""
        found = [User.from_db(connection.alias, _COLUMNS, row) for row in _user.rows(id=user_id)]
        return next(filter(self.user_can_authenticate, found), None)


_COLUMNS = [field.attname for field in User._meta.concrete_fields]  # Django's documented API


@Written
def _user() -> QuerySet[Any, tuple[Any, ...]]:
    return User.objects.filter(id=Given("id", IntegerField())).values_list(*_COLUMNS)

"""The forms of signing in, with the word for an e-mail address that the rest of the site uses; and who is in."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

ADDRESS = "E-post"


class SignIn(LoginForm):  # type: ignore[misc]  # allauth has no types
    """E-mail and password."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["login"].label = ADDRESS


class NewPassword(ResetPasswordForm):  # type: ignore[misc]  # allauth has no types
    """The address that a link for choosing a new password goes to."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["email"].label = ADDRESS


def who_is_in(request: HttpRequest) -> str:
    """A mark for who is signed in and acts as what: a page knows by it whether it still is the same."""
    actor = getattr(request, "actor", None)
    acts = f"{actor.party} {actor.role}" if actor else ""
    return salted_hmac("samverka.web.sign_in", f"{request.user.pk} {acts}", algorithm="sha256").hexdigest()[:16]

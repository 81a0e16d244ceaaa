"""The forms of signing in, with the word for an e-mail address that the rest of the site uses."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm, ResetPasswordForm

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

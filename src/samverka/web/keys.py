"""Forms of security keys: allauth's own, with the one label that its Swedish catalogue does not reach."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm

NAME = "Namn"


class AddKey(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A new key and what to call it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = NAME


class RenameKey(EditWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """What to call a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = NAME

"""Secrets at rest: sealed with a key that comes from SECRET_KEY, so that a copy of the database does not hold them."""

from __future__ import annotations

import logging
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from samverka.core.errors import Refused

log = logging.getLogger(__name__)
PURPOSE = b"samverka.parties.sealing"


def seal(secret: str) -> str:
    """The secret, unreadable without SECRET_KEY."""
    return _keys().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str:
    """The secret again.

    Raises:
        Refused: It was sealed with another SECRET_KEY, which is not among SECRET_KEY_FALLBACKS.
    """
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        log.error("a sealed secret cannot be opened: its key is not in SAMVERKA_SECRET_KEY_FALLBACKS")  # noqa: TRY400  # no trace: it says nothing more
        raise Refused("Hemligheten kan inte läsas: SECRET_KEY är bytt. Ange hemligheten igen.") from None


def seal_anew(sealed: str) -> str | None:
    """The same secret under SECRET_KEY: as it is where it is so already; nothing where no key of ours opens it."""
    try:
        secret = _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
    try:
        MultiFernet(_fernets()[:1]).decrypt(sealed.encode())
    except InvalidToken:
        return seal(secret)
    return sealed


def _keys() -> MultiFernet:
    return MultiFernet(_fernets())


def _fernets() -> list[Fernet]:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [Fernet(urlsafe_b64encode(_derived(one))) for one in secrets]


def _derived(secret: str | bytes) -> bytes:
    key = secret if isinstance(secret, bytes) else secret.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key)

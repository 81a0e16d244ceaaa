"""Secrets at rest: sealed with a key that comes from SECRET_KEY, so that a copy of the database does not hold them."""

from __future__ import annotations

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from samverka.core.errors import Refused

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
        raise Refused("Hemligheten kan inte läsas: SECRET_KEY är bytt. Ange hemligheten igen.") from None


def _keys() -> MultiFernet:
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(urlsafe_b64encode(_derived(one))) for one in secrets])


def _derived(secret: str | bytes) -> bytes:
    key = secret if isinstance(secret, bytes) else secret.encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(key)

"""Signed checkpoints: where the chain ends, at a time. Each party keeps them and can hold them against the system."""

from __future__ import annotations

from datetime import datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.db import transaction

from samverka.core.acting import Actor
from samverka.core.errors import Refused
from samverka.journal.chain import last, seal_committed
from samverka.journal.models import Checkpoint

FORM = "samverka checkpoint 1"


def sign(actor: Actor | None, *, at: datetime) -> Checkpoint:
    """Seal all that is committed and sign the chain's end; an end that is signed already is not signed again.

    What a transaction holds back that does not end within ``chain.PATIENCE`` is not under it.
    Without an actor it is the system itself, by the clock.

    It is about the journal and changes nothing else, so it is no entry of its own.

    Raises:
        Refused: There is no key, or nothing to sign: no entry, or none whose turn has come.
    """
    if actor:
        actor.must("administer")
    key = _private()
    held = seal_committed()
    with transaction.atomic():
        end = last()
        if not end.seq:
            raise Refused(
                f"Inget finns att underteckna än: {waits(held)} Försök igen om en stund."
                if held
                else "Journalen är tom: det finns inget att underteckna."
            )
        made = Checkpoint.objects.filter(count=end.seq, key=public_key()).first()
        if made:
            return made
        text = f"{FORM}\n{settings.JOURNAL_NAME}\n{end.seq}\n{end.chain.hex()}\n{at.isoformat(timespec='seconds')}\n"
        return Checkpoint.objects.create(
            count=end.seq, chain=end.chain, at=at, text=text, signature=key.sign(text.encode()), key=public_key()
        )


def waits(count: int) -> str:
    """How many entries have no place in the chain yet, and why, as a sentence."""
    entries = "En post väntar på sin plats" if count == 1 else f"{count} poster väntar på sin plats"
    return f"{entries} i kedjan tills något som började före har avslutats."


def file_of(checkpoint: Checkpoint) -> str:
    """A checkpoint as it is downloaded: its text, and the signature of exactly that."""
    return f"{checkpoint.text}signature {bytes(checkpoint.signature).hex()}\n"


def public_key() -> str:
    """The key that others check with, as 64 hexadecimal digits; empty where nothing is signed."""
    return _private().public_key().public_bytes_raw().hex() if settings.SIGNING_KEY else ""


def known_keys() -> set[str]:
    """The public key now, and those of earlier days."""
    return {public_key(), *settings.EARLIER_PUBLIC_KEYS} - {""}


def _private() -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.SIGNING_KEY))
    except ValueError:
        raise Refused(
            "SAMVERKA_SIGNING_KEY saknas eller är inte 64 hexadecimala tecken: kontrollpunkter kan inte undertecknas."
        ) from None

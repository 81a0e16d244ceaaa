"""After another secret key: what the former one sealed is sealed anew, so that the former one can be let go."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import transaction

from samverka.parties.models import IdentityProvider
from samverka.parties.sealing import seal_anew

#: Where a second factor keeps what is sealed.
SEALED = ("secret", "seed")


@transaction.atomic
def reseal() -> tuple[int, int]:
    """Seal anew what was sealed with a former key: how many were, and how many no key of ours opens."""
    done = closed = 0
    for provider in IdentityProvider.objects.select_for_update().exclude(sealed_secret=""):
        match seal_anew(provider.sealed_secret):
            case None:
                closed += 1
            case anew if anew != provider.sealed_secret:
                IdentityProvider.objects.filter(pk=provider.pk).update(sealed_secret=anew)
                done += 1
    for factor in Authenticator.objects.select_for_update():
        for name in SEALED:
            sealed = factor.data.get(name)
            match seal_anew(sealed) if sealed else "":
                case None:
                    closed += 1
                case anew if sealed and anew != sealed:
                    factor.data[name] = anew
                    factor.save(update_fields=["data"])
                    done += 1
    return done, closed

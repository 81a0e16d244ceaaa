"""Organisation numbers: ten digits with a check digit, shown as NNNNNN-NNNN (the Swedish tax agency's form)."""

from __future__ import annotations

from stdnum.exceptions import ValidationError
from stdnum.se import orgnr

from samverka.core.errors import Refused


def organisation_number(text: str) -> str:
    """The number in its usual form.

    >>> organisation_number("2321000214")
    '232100-0214'

    Raises:
        Refused: It is no such number, or it is a person's: legal persons have a third digit of at least 2.
    """
    compact = orgnr.compact(text.strip())
    if not (compact.isascii() and compact.isdigit() and len(compact) == 10):
        raise Refused("Organisationsnumret ska ha tio siffror, som 232100-0214.")
    if compact[2] < "2":
        raise Refused("Numret är ett personnummer. Personnummer förs inte in här: lämna fältet tomt.")
    try:
        orgnr.validate(compact)
    except ValidationError:
        raise Refused(f"Organisationsnumret {text.strip()} stämmer inte: kontrollera siffrorna.") from None
    return orgnr.format(compact)

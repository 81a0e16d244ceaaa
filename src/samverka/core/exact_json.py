"""JSON from outside: exact numbers, no double keys, no half characters; what is wrong is said in Swedish."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Any

LONGEST_KEY = 200
LONGEST_NUMBER = 40


class NotJson(ValueError):
    """The text is not JSON as it may be: the message says what and where."""


def read_json(text: str, *, unread: Callable[[str], Any], constant: Callable[[str], Any]) -> Any:
    """The value that a text says: whole numbers as int, others as Decimal.

    Args:
        text: The text.
        unread: What stands for a number with an exponent, or longer than is read.
        constant: What stands for NaN and Infinity; it may refuse them.

    Raises:
        NotJson: It is not JSON, names a key twice, or holds half a character.
    """
    try:
        found = _decoder(unread, constant).decode(text)
        if "\\ud" in text.lower():
            json.dumps(found, ensure_ascii=False, default=str).encode()
    except UnicodeEncodeError:
        raise NotJson("ett halvt tecken, som \\ud800 utan sin andra hälft") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"inte JSON (tecken {error.pos + 1})") from None
    except RecursionError:
        raise NotJson("för djupt nästlad") from None
    return found


@lru_cache(maxsize=8)
def _decoder(unread: Callable[[str], Any], constant: Callable[[str], Any]) -> json.JSONDecoder:
    """Made once: to make one takes as long as to read a short text with it."""

    def exact(said: str) -> Any:
        return unread(said) if "e" in said.lower() or len(said) > LONGEST_NUMBER else Decimal(said)

    def whole(said: str) -> Any:
        return int(said) if len(said) <= LONGEST_NUMBER else unread(said)

    return json.JSONDecoder(parse_int=whole, parse_float=exact, parse_constant=constant, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if max(map(len, found), default=0) > LONGEST_KEY:
        raise NotJson(f"en nyckel är längre än {LONGEST_KEY} tecken")
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        double = next(key for key in keys if keys.count(key) > 1)
        raise NotJson(f"{double}: nyckeln står flera gånger")
    return found

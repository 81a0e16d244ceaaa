"""The duties that follow from a decision, as rules say them and as an answer tells them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from avtal.language.expression import Expression

_JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Task:
    """A duty that follows from a decision.

    Attributes:
        name: Its name; the edition's words say it in Swedish.
        who: The role that has it: a party, or somebody whom the words name.
        when: The rule that says when it follows, a step that names its clauses.
        should: Whether the text recommends it and does not demand it (A52).
    """

    name: str
    who: str
    when: Expression
    should: bool = False


class Duty(dict[str, Any]):
    """A duty as an answer tells it, with its text in JSON, as UTF-8."""

    __slots__ = ("text",)

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told)
        self.text = _JSON.encode(told).encode()

"""A county of a few numbers: ``Values`` for the tests of the language, without any edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from avtal.book.missing import MissingValue
from avtal.explain import Step
from avtal.language.expression import Value

History = tuple[tuple[date, Value | None], ...]


@dataclass
class FakeValues:
    """Dated parameters by name, and the option chosen for each reading; counts what is looked up."""

    dated: Mapping[str, History] = field(default_factory=dict)
    chosen: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def parameter(self, name: str, day: date) -> Step:
        """The value in force, or ``MissingValue``."""
        self.asked.append(name)
        value = next((value for since, value in reversed(self.dated[name]) if since <= day), None)
        if value is None:
            raise MissingValue(f"{name} {day}", ("X-1",), "Parterna beslutar.")
        return Step(name, value, "parameter", ("P-1",), source=f"the table of {name}")

    def history(self, name: str) -> History:
        """First days and values."""
        return self.dated[name]

    def reading(self, name: str) -> Step:
        """The chosen option, always the same step."""
        return self.__dict__.setdefault("steps", {}).setdefault(name, Step(name, self.chosen[name], "reading"))


def since(*values: tuple[str, Value | None]) -> History:
    """A history from ISO days."""
    return tuple((date.fromisoformat(day), value) for day, value in values)

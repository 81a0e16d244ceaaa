"""How a value came about: a tree of steps, each with its value, clauses, source and reading, as text, JSON or HTML."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any, Literal, TypeAlias

from avtal.money import kronor, swedish

Shown: TypeAlias = bool | int | str | date | Decimal | None
StepKind = Literal["rule", "step", "fact", "parameter", "index", "reading", "note"]

HARD_SPACE = "\N{NO-BREAK SPACE}"


@dataclass(slots=True, eq=False)
class Step:
    """One step of an explanation. Nobody changes one once it is made; frozen, it would cost four times as much to make.

    Attributes:
        name: The English name; the edition's words give the Swedish label and the unit.
        value: What the step gave; None is unknown.
        kind: What sort of step it is.
        clauses: The clauses it carries out.
        source: Where a parameter's or an index's value comes from.
        note: What more a reader must know: a status, an option that was chosen.
        steps: The steps it rests on.
    """

    name: str
    value: Shown = None
    kind: StepKind = "step"
    clauses: tuple[str, ...] = ()
    source: str = ""
    note: str = ""
    steps: tuple[Step, ...] = ()

    def walk(self) -> Iterator[Step]:
        """This step and all below it, from the top."""
        yield self
        for step in self.steps:
            yield from step.walk()

    def whole(self) -> int:
        """The value of a step that gives a whole number: öre, minutes, persons.

        Raises:
            ValueError: It gives something else.
        """
        return int(str(self.value))

    def all_clauses(self) -> tuple[str, ...]:
        """Every clause named in the tree, in order of appearance."""
        return tuple(dict.fromkeys(clause for step in self.walk() for clause in step.clauses))

    def readings(self) -> tuple[str, ...]:
        """Every reading that was used, sorted."""
        return tuple(sorted({step.name for step in self.walk() if step.kind == "reading"}))

    def parameters(self) -> tuple[str, ...]:
        """Every parameter that was used, in order of appearance."""
        return tuple(dict.fromkeys(step.name for step in self.walk() if step.kind == "parameter"))

    def notes(self) -> tuple[str, ...]:
        """Every note on a parameter or an index in the tree, sorted: the statuses that must show."""
        return tuple(sorted({step.note for step in self.walk() if step.note and step.kind in ("parameter", "index")}))


@dataclass(frozen=True, slots=True)
class Words:
    """An edition's words for its users: English name -> Swedish label, unit of a number, name of a code."""

    labels: Mapping[str, str]
    units: Mapping[str, str]
    codes: Mapping[str, str]
    hidden: frozenset[str] = frozenset()

    def shows(self, step: Step) -> bool:
        """Whether readers see a step: derived facts only where they matter."""
        return bool(step.value) or step.name not in self.hidden

    def label(self, name: str) -> str:
        """The Swedish label; the name itself where the edition has none (a clause, a reading)."""
        return self.labels.get(name, name)

    def code(self, code: str) -> str:
        """The Swedish name of a code: a municipality, a status, a profession."""
        party = code.removeprefix("MUNICIPALITY:")
        return self.codes.get(party, party)

    def unit(self, name: str) -> str:
        """The unit of a named number; empty for a plain one."""
        return self.units.get(name, "")

    def show(self, name: str, value: Shown) -> str:
        """A value as a Swedish reader expects it, with its unit."""
        match value:
            case None:
                return "okänt"
            case bool():
                return "ja" if value else "nej"
            case date():
                return value.isoformat()
            case Decimal():
                return _comma(value) + _suffix(self.unit(name))
            case int():
                return self._count(self.unit(name), value)
        return self.code(value)

    def _count(self, unit: str, value: int) -> str:
        if unit == "öre":
            return swedish(value)
        if unit == "öre/tim":
            return swedish(value) + "/tim"
        if unit == "0,0001 tim":
            return f"{_comma(Decimal(value) / 10_000)}{HARD_SPACE}tim"
        if unit == "klockslag":
            return f"{value // 60:02d}.{value % 60:02d}"
        return f"{value:,}".replace(",", HARD_SPACE) + _suffix(unit)


def _comma(value: Decimal) -> str:
    return f"{value.normalize():f}".replace(".", ",")


def _suffix(unit: str) -> str:
    return f"{HARD_SPACE}{unit}" if unit else ""


def _heading(step: Step, words: Words) -> str:
    match step.kind:
        case "reading":
            return f"{step.name} {words.label(step.name)}"
        case "note":
            return words.label(step.name)
    return f"{words.label(step.name)}: {words.show(step.name, step.value)}"


def _remarks(step: Step, words: Words) -> str:
    parts = [", ".join(step.clauses), step.source, words.code(step.note) if step.note else ""]
    return "; ".join(part for part in parts if part)


_BELOW = {"": "", "├─ ": "│  ", "└─ ": "   "}


def as_text(step: Step, words: Words) -> str:
    """The explanation as an indented list, for a terminal or an e-mail; a step that came before is not spelled out."""
    lines: list[str] = []
    before: set[int] = set()

    def write(step: Step, lead: str, branch: str) -> None:
        remarks = _remarks(step, words)
        again = id(step) in before and bool(step.steps)
        note = "  (se ovan)" if again else f"  [{remarks}]" if remarks else ""
        lines.append(f"{lead}{branch}{_heading(step, words)}{note}")
        before.add(id(step))
        below = [] if again else [child for child in step.steps if words.shows(child)]
        for left, child in zip(reversed(range(len(below))), below, strict=True):
            write(child, lead + _BELOW[branch], "├─ " if left else "└─ ")

    write(step, "", "")
    return "\n".join(lines)


def as_json(step: Step, words: Words) -> dict[str, Any]:
    """The explanation as plain JSON values; money in kronor, with two decimals."""
    value: Any = step.value
    unit = words.unit(step.name)
    if isinstance(value, int) and not isinstance(value, bool) and unit.startswith("öre"):
        value, unit = kronor(value), unit.replace("öre", "kr")
    elif isinstance(value, date):
        value = value.isoformat()
    elif isinstance(value, Decimal):
        value = f"{value:f}"
    return {
        "name": step.name,
        "label": words.label(step.name),
        "kind": step.kind,
        "value": value,
        "shown": words.show(step.name, step.value),
        "unit": unit,
        "clauses": list(step.clauses),
        "source": step.source,
        "note": step.note,
        "steps": [as_json(child, words) for child in step.steps],
    }


def as_html(step: Step, words: Words, before: set[int] | None = None) -> str:
    """The explanation as a nested list, one fragment to put in a page; a step that came before is not spelled out."""
    before = set() if before is None else before
    again = id(step) in before and bool(step.steps)
    before.add(id(step))
    remarks = "se ovan" if again else _remarks(step, words)
    small = f" <small>{escape(remarks)}</small>" if remarks else ""
    items = [] if again else [as_html(child, words, before) for child in step.steps if words.shows(child)]
    below = f"<ul>{''.join(items)}</ul>" if items else ""
    return f'<li class="{step.kind}">{escape(_heading(step, words))}{small}{below}</li>'


class Told(Step):
    """A step that is made once and told often: it remembers what it says, and what is named below it."""

    __slots__ = ("_below", "_text", "clauses_below", "head", "notes_below", "readings_below")

    #: A longer text is joined anew each time from those that it consists of, so that memory does not fill with them.
    LONGEST = 4_000

    def __init__(
        self,
        name: str,
        value: Shown = None,
        kind: StepKind = "step",
        clauses: tuple[str, ...] = (),
        source: str = "",
        note: str = "",
        steps: tuple[Told, ...] = (),
        *,
        words: Words,
        head: bytes = b"",
    ) -> None:
        super().__init__(name, value, kind, clauses, source, note)
        #: What comes before the steps in JSON: the same for every step of that name, kind, source, note and value.
        self.head = head or json.dumps(as_json(self, words), ensure_ascii=False).removesuffix("]}").encode()
        self.steps = self._below = steps
        self._text = b""
        self.clauses_below = dict.fromkeys(clauses)
        self.readings_below = {name} if kind == "reading" else set()
        self.notes_below = {note} if note and kind in ("parameter", "index") else set()
        for step in steps:
            self.clauses_below |= step.clauses_below
            if step.readings_below:
                self.readings_below |= step.readings_below
            if step.notes_below:
                self.notes_below |= step.notes_below

    def all_clauses(self) -> tuple[str, ...]:
        """Every clause named in the tree, in order of appearance."""
        return tuple(self.clauses_below)

    def readings(self) -> tuple[str, ...]:
        """Every reading that was used, sorted."""
        return tuple(sorted(self.readings_below))

    def notes(self) -> tuple[str, ...]:
        """Every note on a parameter or an index in the tree, sorted."""
        return tuple(sorted(self.notes_below))

    def json(self) -> bytes:
        """What ``as_json`` gives, as UTF-8."""
        if self._text:
            return self._text
        text = b"%b%b]}" % (self.head, b", ".join([step.json() for step in self._below]))
        if len(text) <= self.LONGEST:
            self._text = text
        return text

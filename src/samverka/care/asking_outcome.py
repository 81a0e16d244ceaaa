"""The answer on one page: who, on what ground, who pays, what is uncertain, and what must be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from avtal.book.answer import Answer
from avtal.explain import Step
from samverka.care.asking import Interview
from samverka.care.asking_fields import Fields
from samverka.care.asking_standing import Turn

HIRED = ":hired"
STATES = {True: "uppfyllt", False: "inte uppfyllt", None: "okänt"}
NOT_KNOWN = "uppgifter saknas"
#: So many facts are named that something hangs on.
MOST_NAMED = 4
#: Answers that name nobody.
LEFT_TO_PEOPLE = ("MANUAL", "UNREGULATED")


@dataclass(frozen=True, slots=True)
class Line:
    """Something about the answer, by name."""

    label: str
    text: str
    clauses: tuple[str, ...] = ()
    fact: str = ""


@dataclass(frozen=True, slots=True)
class ReadingUsed:
    """A reading that the answer rests on: what it says, whether the parties chose it, what another would give."""

    id: str
    title: str
    says: str
    note: str
    others: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A duty that follows."""

    label: str
    who: str
    should: bool
    clauses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Why:
    """A step of the explanation, in words."""

    kind: str
    label: str
    shown: str
    clauses: tuple[str, ...]
    note: str
    below: tuple[Why, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer as it is shown."""

    headline: str
    ground: str
    settled: bool
    people_decide: bool
    lines: tuple[Line, ...]
    money: tuple[Line, ...]
    criteria: tuple[Line, ...]
    flexible: tuple[Line, ...]
    flags: tuple[str, ...]
    readings: tuple[ReadingUsed, ...]
    missing: tuple[Line, ...]
    decisive: tuple[Line, ...]
    tasks: tuple[Task, ...]
    why: tuple[Why, ...]


class Telling:
    """Puts a question's answers into words."""

    def __init__(self, interview: Interview, fields: Fields) -> None:
        self.interview = interview
        self.fields = fields
        self.words = interview.edition.words

    def outcome(self, turn: Turn, answer: Answer) -> Outcome:
        """The whole answer in words."""
        before: set[int] = set()
        interview, told = self.interview, answer.fields
        entrance = interview.entrance
        main = told[interview.question.main]
        return Outcome(
            headline=self._headline(main, turn),
            ground=self._ground(answer),
            settled=main is not None,
            people_decide=main in LEFT_TO_PEOPLE,
            lines=(*self._lines(entrance.outputs, told, turn, always=True), *self._lines(entrance.more, told, turn)),
            money=tuple(self._money(told, turn)),
            criteria=tuple(self._criteria(told)),
            flexible=self._flexible(told),
            flags=tuple(_capital(self.words.code(flag)) for flag in answer.flags),
            readings=tuple(self._readings(turn, answer)),
            missing=tuple(self._fact(name) for name in answer.missing),
            decisive=tuple(self._fact(name) for name in turn.decisive),
            tasks=tuple(self._tasks(told)),
            why=tuple(self._why(step, before) for step in answer.explanation.steps),
        )

    def _headline(self, main: str | None, turn: Turn) -> str:
        if main is None:
            return " eller ".join(_capital(one) for one in turn.forming)
        return _capital(self.party(main))

    def party(self, named: str) -> str:
        """A party, a unit or a role as it is read."""
        if named.endswith(HIRED):
            return f"{self.words.code(named.removesuffix(HIRED))}, som inhyrd personal"
        return self.words.code(named)

    def _ground(self, answer: Answer) -> str:
        """One plain sentence: by the status, else by the rule that held."""
        grounds = self.interview.entrance.grounds
        status = str(answer.fields.get("status", ""))
        if status in grounds:
            return grounds[status]
        main = next(iter(answer.explanation.steps), None)
        if main is None or main.value is None:
            return f"{_capital(NOT_KNOWN)}."
        held = [step.name for step in main.steps if step.kind == "step" and step.value is True]
        clauses = [clause for step in main.steps for clause in step.clauses]
        if held:
            return f"{self.words.label(held[-1])}."
        return self.interview.edition.clauses[clauses[0]].summary if clauses else ""

    def _lines(
        self, names: tuple[str, ...], told: Mapping[str, Any], turn: Turn, *, always: bool = False
    ) -> Iterator[Line]:
        """Fields by name; of one that is not known, what it hangs on that nobody asks for."""
        for name in names:
            value = told.get(name)
            if isinstance(value, list) and (not value or value == [told.get("performer")]):
                continue  # it says no more than the line before
            hangs = self._hangs_on(name, turn) if value is None and name != self.interview.question.main else ""
            if value is not None or hangs or always:
                yield Line(self.words.label(name), hangs or self._shown(name, value))

    def _hangs_on(self, name: str, turn: Turn) -> str:
        if name not in self.interview.shown:
            return ""
        live = self.interview.outlook.view(turn.standing.case, turn.standing.passed).live([name])
        facts = [_small(self.fields.label(fact)) for fact in turn.further if fact in live]
        listed = facts if len(facts) <= MOST_NAMED else [*facts[: MOST_NAMED - 1], "fler uppgifter"]
        return f"beror på: {', '.join(listed)}" if listed else ""

    def _shown(self, name: str, value: Any) -> str:
        match value:
            case None:
                return NOT_KNOWN if self.interview.question.main == name else "framgår inte"
            case bool():
                return "ja" if value else "nej"
            case list():
                return ", ".join(_capital(self.party(one)) for one in value)
        if name == "charge":
            return self.words.label(value)
        return _capital(self.party(str(value)))

    def _money(self, told: Mapping[str, Any], turn: Turn) -> Iterator[Line]:
        yield from self._lines(self.interview.entrance.money, told, turn)
        if told.get("compensation") and told.get("hourly_charge") is not None:
            yield Line(self.words.label("hourly_charge"), "ja" if told["hourly_charge"] else "nej")
        invoice = told.get("invoice")
        if invoice:
            amount = invoice["amount"]
            cost = f"{amount.replace('.', ',')} kr" if amount else "beloppet framgår när kostnaderna är angivna"
            parties = f"{self.party(invoice['from']) if invoice['from'] else 'kommunen'} fakturerar"
            yield Line(self.words.label("invoice"), f"{_capital(parties)} {self.party(invoice['to'])}: {cost}")

    def _criteria(self, told: Mapping[str, Any]) -> Iterator[Line]:
        trees = self.interview.question.trees
        for number, met in enumerate(told.get("criteria") or (), 1):
            tree = trees[f"criterion_{number}"]
            yield Line(_capital(self.words.label(tree.name).partition(": ")[2]), STATES[met], tree.clauses)

    def _flexible(self, told: Mapping[str, Any]) -> tuple[Line, ...]:
        if not told.get("flexibility_possible"):
            return ()
        return tuple(Line("", text, (clause,)) for clause, text in self.interview.entrance.flexible)

    def _readings(self, turn: Turn, answer: Answer) -> Iterator[ReadingUsed]:
        edition = self.interview.edition
        others = self.interview.question.alternatives(turn.standing.stated, edition, answer)
        for id_ in answer.explanation.readings():
            reading, chosen = edition.readings[id_], edition.reading(id_)
            lines = tuple(
                Line(reading.options[option], "; ".join(self._changes(fields)))
                for option, fields in others.get(id_, {}).items()
            )
            yield ReadingUsed(id_, reading.title, chosen.source, chosen.note, lines)

    def _changes(self, fields: Mapping[str, Any]) -> Iterator[str]:
        """What another option would give, as far as it is one of the answer's main lines."""
        entrance = self.interview.entrance
        told = (*entrance.outputs, *entrance.more, *entrance.money, "flexibility_possible")
        shown = [name for name in told if name in fields and not isinstance(fields[name], list)]
        for name in shown:
            yield f"{self.words.label(name)}: {self._shown(name, fields[name])}"
        if not shown:
            yield "Ändrar bara andra delar av svaret"

    def _why(self, step: Step, before: set[int]) -> Why:
        """The explanation, each step spelled out the first time it comes."""
        again = id(step) in before and bool(step.steps)
        before.add(id(step))
        below = () if again else tuple(self._why(one, before) for one in step.steps if self.words.shows(one))
        label = self.words.label(step.name)
        shown = "" if step.kind in ("note", "reading") else self.words.show(step.name, step.value)
        note = "se ovan" if again else step.note and self.words.code(step.note)
        if step.kind == "reading":
            label = f"{step.name} {label}"
        return Why(step.kind, label, shown, step.clauses, note, below)

    def _fact(self, name: str) -> Line:
        return Line(self.fields.label(name), self.interview.words[name].ask, fact=name)

    def _tasks(self, told: Mapping[str, Any]) -> Iterator[Task]:
        for one in told["checklist"]:
            who = _capital(self.party(one["who"]))
            yield Task(one["label"], who, one["should"], tuple(one["clauses"]))


def _small(text: str) -> str:
    return f"{text[:1].lower()}{text[1:]}"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

"""The answer on one page: who, on what ground, who pays, what is uncertain, and what must be done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from avtal.book.answer import Answer
from avtal.explain import Step
from avtal.language.expression import Value
from samverka.care.asking import Interview
from samverka.care.asking_fields import Fields
from samverka.care.asking_standing import Turn
from samverka.core.cells import small

HIRED = ":hired"
STATES = {True: "uppfyllt", False: "inte uppfyllt", None: "okänt"}
NOT_KNOWN = "uppgifter saknas"
NOT_SAID = "framgår inte av texten"
#: So many facts are named that something hangs on.
MOST_NAMED = 4
#: So many answers that are still possible are named.
MOST_POSSIBLE = 6
#: What stands before the headline where there is no answer yet.
NOT_SETTLED = "Det saknas uppgifter. Möjligt är"
#: Answers that name nobody, and the text where what is possible is listed.
LEFT_TO_PEOPLE = ("MANUAL", "UNREGULATED")
OR_PEOPLE = "eller så avgörs det av människor"
#: Answers that are no party: what the text says instead.
FREE = "FREE"
NO_PARTY = ("UNCHANGED", FREE, "INDIVIDUAL_AGREEMENT", "SEPARATE_AGREEMENT")
#: What an output comes to that names nothing.
SILENT = ("none", False)
#: Where no sum follows from the answer: why, or what there may be instead.
NO_MONEY = "Svaret ger ingen ersättning eller faktura mellan parterna."
NO_MONEY_YET = "Som det är angivet blir det ingen ersättning eller faktura. Det kan ändras av:"
MONEY_NOT_KNOWN = "Uppgifter saknas: om det blir ersättning eller faktura går inte att säga än."
MONEY_BY_PEOPLE = "Texten säger inte vem som betalar. Det hör till det som parterna behöver komma överens om."
MONEY_BY_HIRE = "Ingen ersättning följer av svaret. Utför kommunens personal insatsen som inhyrd betalas den per timme."
HIRE, HIRE_CLAUSE = "agree_on_hire", "OB-UPP-D4"


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
class May:
    """Duties that may follow too, and the facts that they hang on."""

    facts: tuple[Line, ...]
    tasks: tuple[Task, ...]


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
    reasons: tuple[Line, ...]
    settled: bool
    lead: str
    lines: tuple[Line, ...]
    money: tuple[Line, ...]
    no_money: Line
    criteria: tuple[Line, ...]
    flexible: tuple[Line, ...]
    flags: tuple[str, ...]
    readings: tuple[ReadingUsed, ...]
    missing: tuple[Line, ...]
    decisive: tuple[Line, ...]
    tasks: tuple[Task, ...]
    may: tuple[May, ...]
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
        found = interview.found(interview.question.main, turn.standing)
        settled = main is not None or (found is not None and len(turn.forming) == 1)  # a role, of which nobody is known
        return Outcome(
            headline=self._headline(main, turn),
            ground=self._ground(answer),
            reasons=tuple(self._reasons(answer)),
            settled=settled,
            lead=_lead(found) if settled else NOT_SETTLED,
            lines=(*self._lines(entrance.outputs, told, turn, always=True), *self._lines(entrance.more, told, turn)),
            money=tuple(self._money(told, turn)),
            no_money=self._no_money(told, turn),
            criteria=tuple(self._criteria(told)),
            flexible=self._flexible(told),
            flags=tuple(_capital(self.words.code(flag)) for flag in answer.flags),
            readings=tuple(self._readings(turn, answer)),
            missing=tuple(self._fact(name) for name in answer.missing),
            decisive=tuple(self._fact(name) for name in turn.decisive),
            tasks=tuple(self._task(one) for one in told["checklist"]),
            may=tuple(self._may(told, turn)) if settled else (),
            why=tuple(self._why(step, before) for step in answer.explanation.steps),
        )

    def _headline(self, main: str | None, turn: Turn) -> str:
        if main is None:
            return self._possible(turn.forming)
        return _capital(self.party(main))

    def _possible(self, forming: tuple[str, ...]) -> str:
        """What may come, in one line."""
        people = [one for one in forming if one == self.words.code("MANUAL")]
        named = [one for one in forming if one not in people]
        if len(forming) > MOST_POSSIBLE or not named:
            return "Flera svar är möjliga" if named else NOT_KNOWN.capitalize()
        *first, last = named
        told = f"{', '.join(first)} eller {last}" if first else last
        return f"{_capital(told)}, {OR_PEOPLE}" if people else _capital(told)

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

    def _reasons(self, answer: Answer) -> Iterator[Line]:
        """What the main answer rests on, without what lies below it, and its ground in the clause's words."""
        for main in answer.explanation.steps[:1]:
            for step in main.steps:
                if step.kind == "step":
                    yield Line(self.words.label(step.name), self.words.show(step.name, step.value), step.clauses)
                elif step.clauses:
                    ground = self.interview.edition.clauses[step.clauses[0]].summary
                    yield Line(self.words.label(step.name), ground, step.clauses)

    def _lines(
        self, names: tuple[str, ...], told: Mapping[str, Any], turn: Turn, *, always: bool = False
    ) -> Iterator[Line]:
        """Fields by name; of one that is not known, what it hangs on that nobody asks for."""
        for name in names:
            value = told.get(name)
            if isinstance(value, list) and (not value or value == [told.get("performer")]):
                continue  # it says no more than the line before
            if name == "charge" and told.get("payer") == FREE:
                continue  # there is no amount
            hangs = self._hangs_on(name, turn) if value is None and name != self.interview.question.main else ""
            if value is not None or hangs or always:
                yield Line(self.words.label(name), hangs or self._told(name, value, turn))

    def _hangs_on(self, name: str, turn: Turn) -> str:
        if name not in self.interview.shown:
            return ""
        listed = self._facts_of(name, turn.further, turn)
        return f"beror på: {', '.join(listed)}" if listed else ""

    def _facts_of(self, output: str, among: tuple[str, ...], turn: Turn) -> list[str]:
        """Which facts of some an output hangs on: as many as can be taken in."""
        live = self.interview.outlook.view(turn.standing.case, turn.standing.passed).live([output])
        facts = [small(self.fields.label(fact)) for fact in among if fact in live]
        return facts if len(facts) <= MOST_NAMED else [*facts[: MOST_NAMED - 1], "fler uppgifter"]

    def _told(self, name: str, value: Any, turn: Turn) -> str:
        """A field in words; of one that has no value, whether facts are missing or the text is silent."""
        if value is not None:
            return self._shown(name, value)
        found = self.interview.found(name, turn.standing)
        if found is None:
            return NOT_KNOWN
        return NOT_SAID if found in SILENT else _capital(self.party(str(found)))  # a role of which nobody is known

    def _shown(self, name: str, value: Any) -> str:
        match value:
            case None:
                return "ingen" if name in self.interview.entrance.money else NOT_KNOWN
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

    def _no_money(self, told: Mapping[str, Any], turn: Turn) -> Line:
        """What is said where there is no line about money; a question about who pays says it itself."""
        if not self.interview.entrance.money:
            return Line("", "")
        outputs = [name for name in self.interview.entrance.money if told[name] is None]
        if told[self.interview.question.main] in LEFT_TO_PEOPLE:
            return Line("", MONEY_BY_PEOPLE)
        if any(self.interview.found(name, turn.standing) is None for name in (self.interview.question.main, *outputs)):
            return Line("", MONEY_NOT_KNOWN)
        if told["invoice"] is None and (hangs := self._facts_of("invoiced", (*turn.decisive, *turn.further), turn)):
            return Line("", f"{NO_MONEY_YET} {', '.join(hangs)}.")
        duties = [one["duty"] for one in (*told["checklist"], *told["checklist_open"])]
        hired = any(one.endswith(HIRED) for one in told.get("possible_performers", ()))
        return Line("", MONEY_BY_HIRE, (HIRE_CLAUSE,)) if hired or HIRE in duties else Line("", NO_MONEY)

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
        steps = () if again else sorted(step.steps, key=lambda one: one.kind == "reading")  # what was open comes last
        below = tuple(self._why(one, before) for one in steps if self.words.shows(one))
        label = self.words.label(step.name)
        shown = "" if step.kind in ("note", "reading") else self.words.show(step.name, step.value)
        note = "se ovan" if again else step.note and self.words.code(step.note)
        if step.kind == "reading":
            label = f"{step.name} {label}"
        return Why(step.kind, label, shown, step.clauses, note, below)

    def _fact(self, name: str) -> Line:
        return Line(self.fields.label(name), self.interview.words[name].ask, fact=name)

    def _may(self, told: Mapping[str, Any], turn: Turn) -> Iterator[May]:
        """The duties that may follow, by what they hang on: facts that can be stated, or that were passed by."""
        by: dict[tuple[str, ...], list[Task]] = {}
        for one in told["checklist_open"]:
            by.setdefault(self.interview.tells(f"task {one['duty']}", one["missing"], turn.standing), []).append(
                self._task(one)
            )
        for facts, tasks in by.items():
            yield May(tuple(self._fact(name) for name in facts), tuple(tasks))

    def _task(self, one: Mapping[str, Any]) -> Task:
        return Task(one["label"], _capital(self.party(one["who"])), one["should"], tuple(one["clauses"]))


def _lead(main: Value | None) -> str:
    """What stands before the headline of an answer."""
    if main in LEFT_TO_PEOPLE:
        return "Texten pekar inte ut någon"
    return "Avtalet säger" if main in NO_PARTY else "Avtalet pekar ut"


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"

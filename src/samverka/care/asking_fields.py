"""One fact as a question on the page: its words, what may be chosen, and the clause that it comes from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from avtal.book.clauses import Clause
from avtal.language.expression import Kind
from samverka.care.asking import Interview
from samverka.care.asking_standing import PASSED, TRUTHS, Standing

#: How a fact is answered: by one of a few choices, a whole number, an amount, a day or a name.
CHOICES, NUMBER, AMOUNT, DAY, NAME = "choices", "number", "amount", "day", "name"
#: So many choices without headings at the most stand one by one; more of them are a list to choose from.
MOST_IN_SIGHT = 12


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose."""

    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """Choices under one heading, which is closed unless something in it is chosen; the first one is open."""

    heading: str
    choices: tuple[Choice, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A question as it is put.

    Attributes:
        name: The fact.
        ask: The question.
        more: What whoever answers may need to know.
        clause: The clause it comes from, whose summary is the hint.
        kind: How it is answered.
        groups: Heading -> choices; one heading without a name for most.
        value: What was sent before, for what is written.
        passed: Whether it was passed by before.
        unit: The unit of a number.
        fault: What is wrong with what was sent.
    """

    name: str
    ask: str
    more: str
    clause: Clause | None
    kind: str
    groups: Mapping[str, tuple[Choice, ...]]
    value: str
    passed: bool
    unit: str
    fault: str

    @property
    def id(self) -> str:
        """Where the summary of faults leads."""
        return f"id_{self.name}"

    @property
    def listed(self) -> tuple[Group, ...]:
        """The choices by heading."""
        first = next(iter(self.groups), "")
        return tuple(
            Group(heading, choices, heading == first or any(choice.chosen for choice in choices))
            for heading, choices in self.groups.items()
        )

    @property
    def long(self) -> bool:
        """Whether there is too much to choose from to be seen at once."""
        return any(not group.heading and len(group.choices) > MOST_IN_SIGHT for group in self.listed)

    @property
    def truth(self) -> bool:
        """Whether it is answered by yes or no."""
        return [choice.value for choices in self.groups.values() for choice in choices] == list(TRUTHS)

    @property
    def clause_ids(self) -> tuple[str, ...]:
        """The clause's id, for a link."""
        return (self.clause.id,) if self.clause else ()

    @property
    def described(self) -> str:
        """The ids of what says more about the field."""
        hint = [f"{self.id}-hint"] if self.clause or self.more else []
        return " ".join([*hint, *([f"{self.id}-fault"] if self.fault else [])])


class Fields:
    """The fields of an interview: the words are looked up once."""

    def __init__(self, interview: Interview) -> None:
        self.interview = interview
        self.words = interview.edition.words
        self._clauses = _clauses(interview)

    def page(self, names: Iterable[str], standing: Standing) -> tuple[Field, ...]:
        """The questions of a page; a clause that several share is shown with the first."""
        found: list[Field] = []
        for field in (self.field(name, standing) for name in names):
            told = any(field.clause is other.clause for other in found)
            found.append(replace(field, clause=None) if told else field)
        return tuple(found)

    def label(self, name: str) -> str:
        """A fact as a statement."""
        return self.interview.words[name].label or self.words.label(name)

    def field(self, name: str, standing: Standing) -> Field:
        """A fact as a question, with what was sent before."""
        words, fact = self.interview.words[name], self.interview.question.facts[name]
        sent = standing.raw.get(name, "")
        kind = self.kind(name)
        groups = self._groups(name, sent, standing) if kind == CHOICES else {}
        clause = None if any(groups) else self._clauses.get(name)  # a long list is of many clauses
        unit = "" if kind in (CHOICES, DAY, NAME) else self.words.unit(name).replace("öre", "kr")
        return Field(
            name, words.ask, words.more, clause, kind, groups, "" if sent == PASSED else sent,
            sent == PASSED, unit, standing.faults.get(fact.name, ""),
        )  # fmt: skip

    def kind(self, name: str) -> str:
        """How a fact is answered."""
        fact = self.interview.question.facts[name]
        if fact.kind is Kind.DATE:
            return DAY
        if fact.own_words:
            return NAME
        if fact.kind is Kind.INT and not self.interview.words[name].levels:
            return AMOUNT if fact.scale > 1 else NUMBER
        return CHOICES

    def shown(self, name: str, sent: str, standing: Standing) -> str:
        """An answer as a reader expects it."""
        if sent == PASSED:
            return "vet inte"
        if self.kind(name) == CHOICES:
            return next((label for value, label in self._labels(name) if value == sent), sent)
        value = standing.case.get(name)
        return sent if value is None else self.words.show(name, value)

    def _groups(self, name: str, sent: str, standing: Standing) -> dict[str, tuple[Choice, ...]]:
        labels = dict(self._offered(name, standing))
        headings = self.interview.entrance.headings
        groups = {heading: [code for code in codes if code in labels] for heading, codes in headings.items()}
        placed = {code for codes in groups.values() for code in codes}
        if not placed:
            groups = {}
        rest = [code for code in labels if code not in placed]
        if rest:
            groups["Övrigt" if placed else ""] = rest
        return {
            heading: tuple(Choice(code, _capital(labels[code]), code == sent) for code in codes)
            for heading, codes in groups.items() if codes
        }  # fmt: skip

    def _offered(self, name: str, standing: Standing) -> Iterable[tuple[str, str]]:
        """The choices that go with what is known: work on another's behalf is for who answers for the care."""
        hirer = standing.case.get("responsible_party")
        labels = self._labels(name)
        if name == "assignment" and hirer:
            return [(value, label) for value, label in labels if value.endswith(f">{hirer}")]
        return labels

    def _labels(self, name: str) -> list[tuple[str, str]]:
        fact, words = self.interview.question.facts[name], self.interview.words[name]
        if fact.kind is Kind.BOOL:
            return [(sent, sent) for sent in TRUTHS]
        if words.levels:
            return [(str(number), f"{number} – {label}") for number, label in enumerate(words.levels, fact.low)]
        return [(code, self._code(code)) for code in fact.values or words.options]

    def _code(self, code: str) -> str:
        performer, sign, hirer = code.partition(">")
        if sign:
            return f"{self.words.code(performer)} utför åt {self.words.code(hirer)}"
        return self.words.code(code)


def _capital(label: str) -> str:
    return f"{label[:1].upper()}{label[1:]}"


def _clauses(interview: Interview) -> dict[str, Clause]:
    """Fact -> the clause that is its hint: the one that the words name, else the first one of the closest rule.

    A rule of the main answers comes before one that only raises a flag or sets a duty.
    """
    question, clauses = interview.question, interview.edition.clauses
    main = [question.trees[output] for output in question.asked]
    rest = [*question.trees.values(), *question.flag_trees.values(), *(task.when for task in question.task_list)]
    closest: dict[str, str] = {}
    for trees in (main, rest):
        nodes = {id(node): node for tree in trees for node in tree.walk() if node.op == "step" and node.clauses}
        rules = sorted(((node.facts(), node.clauses) for node in nodes.values()), key=lambda rule: len(rule[0]))
        for facts, (first, *_) in rules:
            closest = {**dict.fromkeys(facts, first), **closest}
    named = {name: words.clause for name, words in interview.words.items() if words.clause}
    return {name: clauses[id_] for name, id_ in {**closest, **named}.items()}

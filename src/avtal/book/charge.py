"""A charge of the agreement: what may be stated and how it is priced, one case with reasons or a whole table."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any

from avtal import money
from avtal.book.answer import Answer, BadFacts, party, standing_flags
from avtal.book.edition import Edition
from avtal.book.inquiry import Inquiry
from avtal.book.missing import MissingValue
from avtal.book.stated import Rate, Stated
from avtal.explain import Step
from avtal.language.evaluate import Case, Evaluation, next_question
from avtal.language.expression import Expression, Kind, Value
from avtal.language.facts import FactError, Facts, FactSet, Parameters
from avtal.language.rule import Decision

Outputs = Mapping[str, Expression]
Build = Callable[[Facts, Parameters], Outputs]
Prepare = Callable[[Stated, dict[str, "Value | None"], list[FactError]], None]


class Charge(Inquiry):
    """One charge by name; ``price`` answers one case."""

    def price(self, stated: Stated, edition: Edition) -> Answer:
        """The amount of one case, with its reasons: see ``ask``."""
        return self.ask(stated, edition)

    def _other(self, stated: Stated, edition: Edition) -> Any:
        """The amount in kronor; ``manual``; the shares where a sum is shared; None where a number is missing."""
        try:
            other = self.price(stated, edition)
        except MissingValue:
            return None
        if other.shares:
            return {name: money.kronor(share) for name, share in other.shares.items()}
        return "manual" if other.fields.get("status") == "manual" else other.fields.get("amount")


def nothing_derived(stated: Stated, values: dict[str, Value | None], faults: list[FactError]) -> None:
    """For a charge or a question that derives no facts."""


@dataclass(frozen=True)
class EventCharge(Charge):
    """A charge priced event by event, by one tree for each output: alone with explanation, or in bulk.

    Attributes:
        name: Its name on the command line.
        facts: What an event may state, and what is derived from it.
        parameters: The dated parameters that its rules use, looked up on the event's ``date``.
        outputs: From recorders to trees: ``status``, ``amount``, ``payer``, ``payee``, ``quantity`` and what it shows.
        flags: From recorders to conditions.
        decisions: From recorders to the decision tables that the build-time check enumerates.
        shown: The answer's keys beside ``amount`` and ``status``.
        required: The columns that a row of a settlement's file must fill.
        unit: What its quantity counts: ``tim``, ``st``.
        scale: How many parts of the quantity make one unit.
        rate: Its hourly price, if any.
        derive: Fills in derived facts, and adds faults that only show when facts are held together.
    """

    name: str
    facts: FactSet
    parameters: tuple[str, ...]
    outputs: Build
    flags: Build
    decisions: Callable[[Facts, Parameters], Sequence[Decision]]
    shown: tuple[str, ...]
    required: tuple[str, ...]
    unit: str
    scale: int = 1
    rate: Rate | None = None
    derive: Prepare = nothing_derived

    @cached_property
    def recorders(self) -> tuple[Facts, Parameters]:
        """What the rules are called with."""
        facts = Facts(self.facts)
        return facts, Parameters(dict.fromkeys(self.parameters, Kind.INT), facts.date)

    @cached_property
    def trees(self) -> Outputs:
        """The outputs' trees, built once."""
        return self.outputs(*self.recorders)

    @cached_property
    def flag_trees(self) -> Outputs:
        """The flags' conditions, built once."""
        return self.flags(*self.recorders)

    @property
    def billed(self) -> Expression:
        """Who is sent the invoice: the unit of the payer that the text names, else the payer."""
        return self.trees.get("invoice_to", self.trees["payer"])

    def tables(self) -> Sequence[Decision]:
        """Its decision tables."""
        return self.decisions(*self.recorders)

    def keys(self) -> tuple[str, ...]:
        """The facts that a case may state, and the price's own keys."""
        return (*self.facts.stated(), *(self.rate.keys() if self.rate else ()))

    def case(self, stated: Stated) -> Case:
        """The facts of an event as the trees need them, derived ones filled in.

        Raises:
            BadFacts: A value is not what is allowed.
        """
        values, faults = self.facts.read(stated)
        if not faults:
            self.derive(stated, values, faults)
        if faults:
            raise BadFacts(faults)
        return values

    def answer(self, stated: Stated, edition: Edition) -> Answer:
        """Evaluate the outputs' trees for one event, with explanation and flags."""
        if self.rate:
            edition = self.rate.apply(stated, edition)
        case = self.case(stated)
        run = Evaluation(case, edition)
        status, amount = run.result(self.trees["status"]), run.result(self.trees["amount"])
        manual = status.value == "manual"
        fields: dict[str, Any] = {name: self._show(run, name, edition) for name in self.shown}
        if manual:  # nobody knows yet how much of it will be charged
            fields |= dict.fromkeys({"billable_minutes", "hours"} & fields.keys())
        fields["amount"] = None if amount.value is None or manual else money.kronor(int(str(amount.value)))
        fields["status"] = status.value
        explanation = replace(amount.explanation, value=None if manual else amount.value)
        flags = [name for name, tree in self.flag_trees.items() if run.result(tree).value is True]
        on = case.get("date") if "date" in stated else None
        flags += standing_flags(explanation, on if isinstance(on, date) else None, edition)
        missing = tuple(name for name in amount.missing if not self.facts[name].derived)
        question = next_question(self.trees["amount"], case, edition, self.facts) if missing else None
        return Answer(fields, explanation, tuple(flags), missing, next_question=question)

    def _show(self, run: Evaluation, name: str, edition: Edition) -> Any:
        try:
            value = run.result(self.trees[name]).value
        except MissingValue:  # shown only: the amount itself did not need it
            return None
        if isinstance(value, int) and edition.words.unit(name).startswith("öre"):
            return money.kronor(value)
        return party(value, edition) if isinstance(value, str) else value


@dataclass(frozen=True)
class TableCharge(Charge):
    """A charge computed once for a whole: a sum that is shared by exact weights.

    Attributes:
        name: Its name on the command line.
        stated: The keys that a case may state.
        method: The computation's name and version; it goes into the edition's fingerprint.
        compute: From what is stated, and the edition, to the answer.
        key: The reading about how the sum is shared, where the parties decide that.
        counted_by: The readings by which a number was counted before it was stated.
    """

    name: str
    stated: tuple[str, ...]
    method: str
    compute: Callable[[Stated, Edition], Answer]
    key: str = ""
    counted_by: tuple[str, ...] = ()

    def keys(self) -> tuple[str, ...]:
        """The keys that its computation reads."""
        return self.stated

    def answer(self, stated: Stated, edition: Edition) -> Answer:
        """Compute the whole and its shares."""
        return self.compute(stated, edition)

    def alternatives(self, stated: Stated, edition: Edition, answer: Answer) -> dict[str, dict[str, Any]]:
        """What other options would have given; None where they would have counted another number than is stated."""
        found = super().alternatives(stated, edition, answer)
        return {name: dict.fromkeys(other) if name in self.counted_by else other for name, other in found.items()}


def missing_facts(name: str, *facts: str) -> Answer:
    """The answer where facts are missing: no amount, the facts by name, and the first of them to ask for."""
    steps = tuple(Step(fact, None, "fact") for fact in facts)
    return Answer({"amount": None}, Step(name, None, "rule", steps=steps), missing=facts, next_question=facts[0])


def share_steps(
    shares: Mapping[str, int], weights: Mapping[str, int | Fraction | Decimal], weight: str
) -> tuple[Step, ...]:
    """Each share as a step that rests on its weight, named ``weight``: a count, or per cent."""
    return tuple(
        Step(name, share, "step", steps=(Step(weight, exact_number(weights[name]), "fact"),))
        for name, share in shares.items()
    )


def exact_number(value: int | Fraction | Decimal) -> int | Decimal:
    """A weight as it is shown: a whole number, or a decimal with at most six places."""
    exact = Fraction(value)
    if exact.denominator == 1:
        return int(exact)
    return round(Decimal(exact.numerator) / Decimal(exact.denominator), 6).normalize()


def read_facts(facts: FactSet, stated: Stated, faults: Sequence[FactError] = ()) -> dict[str, Any]:
    """Every stated fact, or all faults at once.

    Raises:
        BadFacts: At least one is not what is allowed.
    """
    values, found = facts.read(stated)
    if found or faults:
        raise BadFacts([*faults, *found])
    return values

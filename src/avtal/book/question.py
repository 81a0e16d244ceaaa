"""A question of responsibility: what may be stated, what is proposed, what must be done; one case with its reasons.

The agreement proposes and people decide (A22). Unknown is never false: where an answer depends on a fact that is not
stated it is unknown, and the answer says which fact.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from itertools import compress
from typing import Any

from avtal.book.answer import Answer, BadFacts, standing_flags
from avtal.book.charge import Outputs, Prepare, nothing_derived
from avtal.book.checklist import Duty, Task
from avtal.book.edition import Edition
from avtal.book.inquiry import Inquiry
from avtal.book.missing import MissingValue
from avtal.book.stated import Stated
from avtal.book.worked import Option, Worked
from avtal.explain import Step, Told
from avtal.language.citing import Speaks, cited
from avtal.language.evaluate import Case, Evaluation, next_question
from avtal.language.expression import Kind, Value
from avtal.language.facts import Facts, FactSet, Parameters
from avtal.language.possible import possible
from avtal.language.reasons import reasons
from avtal.language.rule import Decision
from avtal.language.together import Row

Found = Mapping[str, "Value | None"]

#: The fields that are made of the duties: those that follow, and those that may.
CHECKLISTS = ("checklist", "checklist_open")

#: So many duties of one question are kept; then it begins anew.
MOST_DUTIES = 4_096
#: A reading, an option of it, the fields under it, and what tells which facts are missing then.
Another = tuple[str, str, dict[str, Any], Callable[[], Sequence[str]]]

_JSON = json.JSONEncoder(ensure_ascii=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided(Answer):
    """An answer with what it was worked out from."""

    case: Case
    row: Row


def nothing_silent(_: Facts) -> Speaks:
    """Every document speaks of every case."""
    return {}


@dataclass(frozen=True)
class Question(Inquiry):
    """A question that is decided case by case, by one tree for each output.

    Attributes:
        name: Its name on the command line and in the API.
        facts: What a case may state, in order of asking, and what is derived from it.
        parameters: The dated parameters that its rules use, looked up on the derived fact ``day``.
        outputs: From recorders to trees, the main answer first.
        asked: The outputs whose missing facts are asked for, in order.
        present: From the outputs' values, the case and the edition to the answer's fields; parties are named.
        party: How an answer names a role for a case; None where the facts do not tell who it is.
        role_facts: The fact that tells which party a role is.
        flags: From facts and outputs to conditions.
        tasks: From facts and outputs to the duties that follow.
        decisions: From recorders to the decision tables that the build-time check enumerates.
        priced: The output that, where it holds, has ``present`` ask a charge of the edition.
        speaks: From facts to the documents and clauses that do not speak of every case, and when they do: a step cites
            those that do, where it has any.
        derive: Fills in derived facts, and adds faults that only show when facts are held together.
    """

    name: str
    facts: FactSet
    parameters: tuple[str, ...]
    outputs: Callable[[Facts, Parameters], Outputs]
    asked: tuple[str, ...]
    present: Callable[[Found, Case, Edition], dict[str, Any]]
    party: Callable[[Value | None, Case], str | None]
    role_facts: Mapping[str, str]
    flags: Callable[[Facts, Outputs], Outputs]
    tasks: Callable[[Facts, Outputs], Sequence[Task]]
    decisions: Callable[[Facts, Parameters], Sequence[Decision]]
    priced: str = ""
    speaks: Callable[[Facts], Speaks] = nothing_silent
    derive: Prepare = nothing_derived

    @cached_property
    def recorders(self) -> tuple[Facts, Parameters]:
        """What the rules are called with."""
        facts = Facts(self.facts)
        return facts, Parameters(dict.fromkeys(self.parameters, Kind.INT), facts.day)

    @cached_property
    def trees(self) -> Outputs:
        """The outputs' trees, built once."""
        return self.outputs(*self.recorders)

    @cached_property
    def flag_trees(self) -> Outputs:
        """The flags' conditions, built once."""
        return self.flags(self.recorders[0], self.trees)

    @cached_property
    def task_list(self) -> tuple[Task, ...]:
        """The duties that may follow, built once."""
        return tuple(self.tasks(self.recorders[0], self.trees))

    @cached_property
    def own_words(self) -> tuple[str, ...]:
        """The facts that are names in the user's own words."""
        return tuple(name for name in self.facts.stated() if self.facts[name].own_words)

    @cached_property
    def speaking(self) -> Speaks:
        """When the documents and clauses speak that do not always, built once."""
        return self.speaks(self.recorders[0])

    @cached_property
    def _beside(self) -> dict[frozenset[str], dict[str, tuple[str, ...]]]:
        """The same without what is silent, as far as it has been asked for."""
        return {}

    @cached_property
    def beside(self) -> dict[str, tuple[str, ...]]:
        """The outputs that are told beside the asked ones, with their clauses."""
        return {name: tree.clauses for name, tree in self.trees.items() if name not in self.asked and tree.clauses}

    @property
    def main(self) -> str:
        """The output that is the answer."""
        return self.asked[0]

    def tables(self) -> Sequence[Decision]:
        """Its decision tables."""
        return self.decisions(*self.recorders)

    def keys(self) -> tuple[str, ...]:
        """The facts that a case may state."""
        return self.facts.stated()

    def case(self, stated: Stated, edition: Edition) -> Case:
        """The facts of a case as the trees need them, derived ones filled in; without a date the agreement's first day.

        Raises:
            BadFacts: A value is not what is allowed, or does not go with the others.
        """
        values, faults = self.facts.read(stated)
        if not faults:
            values["day"] = values.get("date") or edition.valid_from
            self.derive(stated, values, faults)
        if faults:
            raise BadFacts(faults)
        return values

    def worked(self, edition: Edition) -> Worked:
        """Its trees worked out together for an edition, which keeps them."""
        found: Worked | None = edition.kept.get(self.name)
        if found is None:
            conditions = [*self.flag_trees.values(), *(task.when for task in self.task_list)]
            found = edition.kept[self.name] = Worked(
                self.name, self.trees, conditions, self.asked, self.facts, edition, self.speaking
            )
        return found

    def answer(self, stated: Stated, edition: Edition) -> Answer:
        """What the agreement proposes for one case, with reasons, flags, missing facts and the duties that follow."""
        case, worked = self.case(stated, edition), self.worked(edition)
        try:
            row = worked.row(case)
        except MissingValue:
            return self.interpreted(case, edition)
        found = worked.found(row)
        lacks = {name: worked.missing(name, row) for name in self.asked}
        missing = self._missing({name: (found[name], lacks[name]) for name in self.asked}, case)
        fields = self.present(found, case, edition)
        states, silent = worked.states(row), worked.silent(row)
        flags = list(compress(self.flag_trees, states))  # the duties' states come after theirs
        duties = states[len(self.flag_trees) :]
        lacking = worked.lacking(row)[len(self.flag_trees) :] if None in duties else ()
        fields |= self._duties(duties, lacking, case, edition, silent)
        explanation = worked.reasons(fields[self.main], row)
        flags += self._standing(explanation, case, edition)
        first = (worked.next(case, row, lacks) or missing[0]) if missing else None
        grounds = self._grounds(fields, silent)
        return Decided(
            fields, explanation, tuple(flags), missing, next_question=first, grounds=grounds, case=case, row=row
        )

    def interpreted(self, case: Case, edition: Edition) -> Answer:
        """The same answer by the interpreter.

        Raises:
            MissingValue: The case needs a number that nobody has entered.
        """
        run = Evaluation(case, edition)
        run.silent = silent = frozenset(key for key, tree in self.speaking.items() if run.value(tree, {}) is False)
        results = {name: run.result(tree) for name, tree in self.trees.items()}
        found = {name: result.value for name, result in results.items()}
        missing = self._missing({name: (results[name].value, results[name].missing) for name in self.asked}, case)
        fields = self.present(found, case, edition)
        duties = [run.result(one.when) for one in self.task_list]
        lacking = [self._in_order(result.missing) for result in duties]
        fields |= self._duties([result.value for result in duties], lacking, case, edition, silent)
        flags = [name for name, tree in self.flag_trees.items() if run.value(tree, {})]
        steps = tuple(reasons(run, self.trees[name]) for name in self.asked)
        explanation = Step(self.name, fields[self.main], "rule", steps=steps)
        flags += self._standing(explanation, case, edition)
        first, grounds = self.next(case, edition, missing), self._grounds(fields, silent)
        return Answer(fields, explanation, tuple(flags), missing, next_question=first, grounds=grounds)

    def _standing(self, explanation: Step, case: Case, edition: Edition) -> tuple[str, ...]:
        on = case.get("date")
        return standing_flags(explanation, on if isinstance(on, date) else None, edition)

    def _grounds(self, fields: Mapping[str, Any], silent: frozenset[str]) -> tuple[str, ...]:
        """The clauses of what is told beside the asked outputs, where it says something, and of the duties."""
        beside = self._beside.get(silent)
        if beside is None:
            beside = self._beside[silent] = {name: cited(clauses, silent) for name, clauses in self.beside.items()}
        found = [clause for name, clauses in beside.items() if fields.get(name) for clause in clauses]
        for duty in fields["checklist"]:
            found += duty["clauses"]
        return tuple(found)

    def _missing(self, asked: Mapping[str, tuple[Value | None, tuple[str, ...]]], case: Case) -> tuple[str, ...]:
        """The facts that the asked outputs lack, and those that would tell which party a role is."""
        facts: dict[str, None] = {}
        for value, missing in asked.values():
            facts |= dict.fromkeys(missing)
            role = self.role_facts.get(str(value))
            if role and self.party(value, case) is None:
                facts[role] = None
        return tuple(fact for fact in facts if not self.facts[fact].derived)

    def next(self, case: Case, edition: Edition, missing: Sequence[str]) -> str | None:
        """The missing fact to ask for first: for the main answer, then for the others; None if none is missing."""
        if not missing:
            return None
        questions = (next_question(self.trees[name], case, edition, self.facts) for name in self.asked)
        return next((one for one in questions if one is not None), missing[0])

    def forming(self, stated: Stated, edition: Edition) -> tuple[str | None, ...]:
        """Every main answer that is still possible, as parties; a role whose party is not known yet is None."""
        case = self.case(stated, edition)
        return tuple(dict.fromkeys(self.party(one, case) for one in possible(self.trees[self.main], case, edition)))

    def _duties(
        self,
        states: Sequence[Value | None],
        lacking: Sequence[tuple[str, ...]],
        case: Case,
        edition: Edition,
        silent: frozenset[str],
    ) -> dict[str, Any]:
        """The duties that follow, and those that may: unknown is never false, so these say which facts would tell."""
        follow = [self._task(number, case, edition, silent) for number, state in enumerate(states) if state]
        may = [
            self._task(number, case, edition, silent, lacking[number])
            for number, state in enumerate(states)
            if state is None
        ]
        return {"checklist": follow, "checklist_open": may}

    def _in_order(self, names: Container[str]) -> tuple[str, ...]:
        """Facts in order of asking, without those that nobody states."""
        return tuple(name for name in self.facts.stated() if name in names)

    def _task(
        self,
        number: int,
        case: Case,
        edition: Edition,
        silent: frozenset[str],
        missing: tuple[str, ...] | None = None,
    ) -> Duty:
        """A duty as the answer tells it; one that was made before is given again, so nobody may change it."""
        task = self.task_list[number]
        who = self.party(task.who, case) or task.who
        kept: dict[Any, Duty] = edition.kept.setdefault(("duties", self.name), {})
        key = number, who, silent, missing
        made = kept.get(key)
        if made is None:
            if len(kept) >= MOST_DUTIES:
                kept.clear()
            told = {
                "duty": task.name,
                "label": edition.words.label(task.name),
                "who": who,
                "should": task.should,
                "clauses": list(cited(task.when.clauses, silent)),
            }
            made = kept[key] = Duty(told if missing is None else {**told, "missing": list(missing)})
        return made

    def alternatives(self, stated: Stated, edition: Edition, answer: Answer) -> dict[str, dict[str, Any]]:
        """What every other option of a reading that mattered would change; options that change nothing are left out.

        Where an option leaves a field unknown that is known now, or its party, it names the facts that are missing.
        """
        found: dict[str, dict[str, Any]] = {}
        for name, option, fields, lacking in self._others(stated, edition, answer):
            changed = {field: value for field, value in fields.items() if value != answer.fields[field]}
            missing = lacking() if None in changed.values() else ()
            if set(missing) - set(answer.missing):
                changed["missing"] = list(missing)
            if changed:
                found.setdefault(name, {})[option] = changed
        return found

    def _others(self, stated: Stated, edition: Edition, answer: Answer) -> list[Another]:
        """The fields under every other option of a reading that mattered."""
        if isinstance(answer, Decided):
            with suppress(MissingValue):  # an option may need a number that nobody has entered: the interpreter tells
                return self._redone(edition, answer)
        return [
            (name, option, fields, partial(tuple, lacking))
            for name, options in super().alternatives(stated, edition, answer).items()
            for option, (fields, lacking) in options.items()
        ]

    def _redone(self, edition: Edition, answer: Decided) -> list[Another]:
        """The same by what was worked out for the answer."""
        worked, case = self.worked(edition), answer.case
        now = worked.outputs_of(answer.row)
        # where the outputs are the same, so is what is presented, unless a charge of the other edition prices it
        known = () if self.priced and worked.found(answer.row)[self.priced] else now

        def lacking(option: Option, found: Found) -> tuple[str, ...]:
            missing = worked.missing_under(option, case)
            return self._in_order(self._missing({name: (found[name], missing[name]) for name in self.asked}, case))

        return [
            (name, option.name, self.present(found, case, option.edition), partial(lacking, option, found))
            for name in answer.explanation.readings()
            for option, found in worked.others(name, answer.row, known)
        ]

    def _other(self, stated: Stated, edition: Edition) -> Any:
        """The fields as they would be, and what would be missing; duties are left out, since they follow from them."""
        answer = self.ask(stated, edition)
        fields = {name: value for name, value in answer.fields.items() if name not in CHECKLISTS}
        return fields, self._in_order(answer.missing)

    def told(self, stated: Stated, edition: Edition) -> bytes:
        """The whole answer as JSON in UTF-8, with what the other readings would give; raises what ``ask`` does."""
        answer = self.ask(stated, edition)
        if not isinstance(answer.explanation, Told):
            return super().told(stated, edition)
        head = self._head(answer.head(edition))
        others = _JSON.encode(self.alternatives(stated, edition, answer)).encode()
        return b'%b, "explanation": %b, "alternatives": %b}' % (head, answer.explanation.json(), others)

    def _head(self, head: dict[str, Any]) -> bytes:
        """All but the explanation as JSON, without its end; what each duty says is kept with it."""
        duties: dict[str, list[Duty]] = {name: head[name] for name in CHECKLISTS}
        told = _JSON.encode({**head, **dict.fromkeys(CHECKLISTS, 0)})[:-1].encode()
        parts: list[bytes] = []
        for name, here in duties.items():  # in the order that the fields have
            before, mark, told = told.partition(b'"%b": 0' % name.encode())
            parts += (before, mark[:-1], b"[", b", ".join([one.text for one in here]), b"]")
        return b"".join((*parts, told))

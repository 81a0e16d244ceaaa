"""The next question to put, and what the answer can still be: from the rules' trees, with no flow written by hand.

A fact is asked for while the answer misses it and the trees' outlook says that it can make a difference. What a person
does not know is passed by: it stays unknown, and what then can change nothing is not asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from avtal.book.answer import Answer, BadFacts
from avtal.book.asked import Asked, Entrance
from avtal.book.edition import Edition
from avtal.book.missing import MissingValue
from avtal.book.question import Question
from avtal.language.expression import Kind, Value, choose
from avtal.language.facts import FactConflict, FactError
from avtal.language.outlook import Outlook, View
from samverka.care.asking_rules import boundaries, outcomes, pivots, shown_outputs, small_steps
from samverka.care.asking_standing import DAY, PASSED, TRUTHS, Facts, Raw, Standing, Turn

#: The rule that is tried both ways.
PIVOT = "pivot"
#: So few facts are tried one by one to tell what is still possible.
FEW = 8


class Interview:
    """One question of an edition, ready to be put to a person."""

    def __init__(self, question: Question, edition: Edition, asked: Asked) -> None:
        self.question = question
        self.edition = edition
        self.words = asked.facts
        self.entrance: Entrance = asked.entrances[question.name]
        trees = {name: question.trees[name] for name in shown_outputs(question, edition)}
        for name, gate in self.entrance.gates.items():
            trees[name] = choose((~question.trees[gate]).is_true(), False, question.trees[name])
        tasks = {f"task {task.name}": task.when for task in question.task_list}
        flags = {f"flag {name}": tree for name, tree in question.flag_trees.items()}
        steps = {f"step {number}": step for number, step in enumerate(small_steps(question))}
        self.steps = {name: frozenset(step.facts()) for name, step in steps.items()}
        pivot = dict(zip((PIVOT,), pivots(question), strict=False))
        self.outlook = Outlook({**trees, **tasks, **flags, **steps, **pivot}, edition)
        self.shown = tuple(trees)
        self.decided = (*trees, *tasks)
        self.flags = tuple(flags)
        #: The facts that tell which documents speak of the case: the clauses that are cited hang on them.
        self.spoken_of = frozenset(fact for tree in question.speaking.values() for fact in tree.facts())
        self.warned = tuple(f"flag {name}" for name in self.entrance.warned)
        self._outcomes = outcomes(question.trees[question.main])
        self._probes = {name: self._boundaries(name) for name in question.facts.stated()}

    # -- what is said -----------------------------------------------------------------------------------

    def read(self, raw: Raw) -> Standing:
        """What was sent, as facts; what is not of its type is a fault, and is kept as it was sent."""
        declared = self.question.facts
        stated: dict[str, Any] = {}
        faults: dict[str, str] = {}
        case: Facts = dict.fromkeys(declared)
        for name, sent in raw.items():
            if sent == PASSED:
                continue
            value: Any = TRUTHS.get(sent, sent) if declared[name].kind is Kind.BOOL else sent
            try:
                case[name] = declared[name].read(value)
                stated[name] = value
            except FactError as fault:
                faults[name] = self._told(fault)
        case["day"] = case.get(DAY) or self.edition.valid_from
        return Standing(dict(raw), stated, case, faults)

    def _told(self, fault: FactError) -> str:
        """What is wrong, as a sentence."""
        fact = self.question.facts[fault.fact]
        if isinstance(fault, FactConflict):
            return f"{fault.allowed[:1].upper()}{fault.allowed[1:]}."
        if fact.kind is Kind.BOOL or (fact.kind is Kind.CODE and not fact.own_words):
            return "Välj ett av alternativen."
        return f"Ange {fault.allowed}."

    def turn(self, standing: Standing) -> Turn:
        """What to ask next. A fault that only shows when facts are held together is added to the standing's."""
        faults = dict(standing.faults)
        try:
            kept, dropped = self._needed(standing)
            answer = self.question.ask(kept.stated, self.edition)
        except BadFacts as bad:
            faults |= {fault.fact: self._told(fault) for fault in bad.faults}
        except MissingValue as absent:
            faults[DAY] = str(absent)
        if faults:
            return Turn(replace(standing, faults=faults), {}, None, (), (), 0, (), ())
        said, view = self._view(kept, said_only=True), self._view(kept)
        missing = self._missing(kept, answer, said)
        page = self._page(kept, said, missing)
        live = self._live(kept, view)
        rest = [name for name in self._open(kept) if name not in missing and self._in_place(name, kept)]
        decisive = tuple(name for name in rest if name in view.live(self.question.asked))
        further = tuple(
            name for name in rest if name not in decisive and (name in live or self._raises_a_flag(name, kept))
        )
        forming = self.forming(kept)
        return Turn(kept, dropped, answer, page, forming, self._at_most(kept, page), decisive, further)

    def _needed(self, standing: Standing) -> tuple[Standing, dict[str, str]]:
        """Without what has become irrelevant, the last answer first, until all that is left counts.

        One at a time: of two answers that give the same, one stays.
        """
        dropped: dict[str, str] = {}
        kept = standing
        while True:
            for name in reversed(kept.raw):
                without = self._without(kept, name)
                if name != DAY and not self._matters(name, kept, without):
                    break
            else:
                return kept, {name: sent for name, sent in dropped.items() if sent != PASSED}
            dropped[name], kept = kept.raw[name], without

    def _without(self, standing: Standing, name: str) -> Standing:
        return self.read({other: sent for other, sent in standing.raw.items() if other != name})

    def _matters(self, name: str, standing: Standing, without: Standing) -> bool:
        view = self._view(without)
        if name in self.spoken_of or name in self._live(without, view) or self._raises_a_flag(name, without):
            return True
        named = {value for output in self.shown for value in view.possible(output)}
        party = self.question.party
        return any(party(value, standing.case) != party(value, without.case) for value in named if value is not None)

    # -- what is open -----------------------------------------------------------------------------------

    def _view(self, standing: Standing, *, said_only: bool = False) -> View:
        return self.outlook.view(standing.case, standing.passed, said_only=said_only)

    def _if(self, standing: Standing, name: str, answer: Value | None) -> Standing:
        """As if a fact were answered; None passes it by."""
        raw = {**standing.raw, name: PASSED if answer is None else ""}
        return replace(standing, raw=raw, case={**standing.case, name: answer})

    def _open(self, standing: Standing) -> Iterator[str]:
        """What has neither been answered nor passed by, in order of asking."""
        return (name for name in self.question.facts.stated() if name not in standing.raw)

    def _live(self, standing: Standing, view: View) -> frozenset[str]:
        """What can still change an output, a duty, how a party is named or a field of the answer."""
        together = {
            fact for one in self.entrance.together if one.value in view.possible(one.output) for fact in one.facts
        }
        return view.live(self.decided) | self._roles(standing, view, self.shown) | together

    def _roles(self, standing: Standing, view: View, outputs: Iterable[str]) -> frozenset[str]:
        """The facts that would tell which party a possible role is."""
        roles, party = self.question.role_facts, self.question.party
        possible = {value for output in outputs for value in view.possible(output)}
        return frozenset(
            roles[str(value)] for value in possible if str(value) in roles and party(value, standing.case) is None
        )

    def _raises_a_flag(self, name: str, standing: Standing) -> bool:
        """Whether an answer would raise a flag by itself."""
        now = self._view(standing)
        flags = [flag for flag in self.flags if name in now.live([flag])]
        if not flags:
            return False
        views = [self._view(self._if(standing, name, answer)) for answer in self.probes(name)]
        return any(view.possible(flag) == (True,) for view in views for flag in flags)

    def _in_place(self, name: str, standing: Standing) -> bool:
        """Whether what the question takes for granted has been said."""
        return all(standing.case[other] == value for other, value in self.words[name].takes.items())

    def probes(self, name: str) -> tuple[Value, ...]:
        """The answers that can make a difference."""
        return self._probes[name]

    def _boundaries(self, name: str) -> tuple[Value, ...]:
        words, fact = self.words[name], self.question.facts[name]
        if words.levels:
            return tuple(range(fact.low, fact.high + 1))
        return words.options or boundaries(self.question, name, self.edition)

    def forming(self, standing: Standing) -> tuple[str, ...]:
        """The main answers that are still possible, in the rules' order, as they are named."""
        ordered = sorted(self.possible(standing), key=lambda value: (value in ("MANUAL", None), self._rank(value)))
        return tuple(dict.fromkeys(self.named(value, standing) for value in ordered))

    def possible(self, standing: Standing) -> set[Value | None]:
        """The main answers that are still possible; what was passed by may be so or so.

        What one outlook does not see, that two conditions exclude each other, shows when the rule that most facts meet
        in is taken to hold and not to; and once few facts are left, when each of them is given.
        """
        main = self.question.main
        view = self.outlook.view(standing.case, said_only=True)
        found, live = set(view.possible(main)), view.live([main])
        if len(found) > 1 and PIVOT in self.outlook:
            truths = [None if one is None else bool(one) for one in view.possible(PIVOT)]
            taken = (self.outlook.view(standing.case, said_only=True, taken={PIVOT: truth}) for truth in truths)
            found &= {value for view in taken for value in view.possible(main)}
        for name in live if len(found) > 1 and len(live) <= FEW else ():
            views = (self.outlook.view({**standing.case, name: one}, said_only=True) for one in self.probes(name))
            found &= {value for view in views for value in view.possible(main)}
        return found

    def found(self, output: str, standing: Standing) -> Value | None:
        """What an output comes to on what has been said; None is unknown."""
        view = self.outlook.view(standing.case, self.question.facts)
        return next(iter(view.possible(output))) if output in self.shown else None

    def tells(self, tree: str, missing: Iterable[str], standing: Standing) -> tuple[str, ...]:
        """The facts, of those that a tree misses, that tell more of it when they are stated."""
        live = self.outlook.view(standing.case).live([tree])
        return tuple(name for name in missing if name in live and self._in_place(name, standing))

    def _rank(self, value: Value | None) -> int:
        return self._outcomes.index(value) if value in self._outcomes else len(self._outcomes)

    def named(self, value: Value | None, standing: Standing) -> str:
        """A main answer as it is named: the party, or the role where it is not known which party that is."""
        words = self.edition.words
        region, *_ = self.edition.parties
        if value is None:
            return words.code("facts_missing")
        if value == region:
            return words.label(region)  # short: there is one
        return words.code(self.question.party(value, standing.case) or str(value))

    # -- what to ask ------------------------------------------------------------------------------------

    def _missing(self, standing: Standing, answer: Answer, view: View) -> tuple[str, ...]:
        """The answer's missing facts that are worth asking for, and what a warning hangs on alone."""
        asked = self.question.asked
        live, warned = view.live(asked) | self._roles(standing, view, asked), self._warned(view)
        wanted = [name for name in answer.missing if name in live]
        wanted += [name for name in self.question.facts.stated() if name in warned and name not in wanted]
        return tuple(name for name in wanted if name not in standing.raw and self._in_place(name, standing))

    def _warned(self, view: View, beside: frozenset[str] = frozenset()) -> frozenset[str]:
        """The facts that by themselves, or with others that are asked for as it is, would raise a warning."""
        found: set[str] = set()
        for flag in self.warned:
            live = view.live([flag])
            if True in view.possible(flag) and len(live - beside) <= 1:
                found |= live
        return frozenset(found)

    def _page(self, standing: Standing, view: View, missing: tuple[str, ...]) -> tuple[str, ...]:
        first = self._first(standing, view, missing)
        return self.together(first, missing) if first else ()

    def _first(self, standing: Standing, view: View, missing: tuple[str, ...]) -> str | None:
        """What was begun is finished; then what most often settles the main answer; then the other answers.

        What a warning hangs on comes next to what it warns of; what tells of health after what does not.
        """
        last = next(reversed(standing.raw), "")
        begun = {fact for name, facts in self.steps.items() if last in facts for fact in view.live([name])}
        warned = self._warned(view)
        pools = [[name for name in missing if name in begun], [name for name in missing if name in warned]]
        pools += [[name for name in missing if name in view.live([output])] for output in self.question.asked]
        pool = next((pool for pool in pools if pool), list(missing))
        pool = [name for name in pool if not self.words[name].health] or pool
        return max(pool, key=lambda name: (self._settles(name, standing), -missing.index(name)), default=None)

    def _settles(self, name: str, standing: Standing) -> int:
        """The share of answers, in thousandths, that settle the main answer."""
        answers = self.probes(name)
        views = (self._view(self._if(standing, name, answer), said_only=True) for answer in answers)
        return sum(view.settled(self.question.main) for view in views) * 1000 // len(answers)

    def together(self, name: str, among: Iterable[str]) -> tuple[str, ...]:
        """A fact with those of its closest rule, where all of them are short questions: one page."""
        if not self.is_short(name):
            return (name,)
        for facts in sorted(self.steps.values(), key=len):
            short = {fact for fact in facts if fact in self.words and self.is_short(fact)}
            if name in short and len(short) > 1:
                wanted = short & {name, *among}
                return tuple(fact for fact in self.question.facts.stated() if fact in wanted)
        return (name,)

    def is_short(self, name: str) -> bool:
        """Whether a question is a yes or no, or a number: a list has a page of its own."""
        kind = self.question.facts[name].kind
        return kind is Kind.BOOL or (kind is Kind.INT and not self.words[name].levels)

    def _at_most(self, standing: Standing, page: tuple[str, ...]) -> int:
        """The most questions that can be left, whatever is answered to the next one."""
        if not page:
            return 0
        first, *_ = page
        return 1 + max(self._left(self._if(standing, first, answer)) for answer in (*self.probes(first), None))

    def _left(self, standing: Standing) -> int:
        view, asked = self._view(standing, said_only=True), self.question.asked
        live = view.live(asked) | self._roles(standing, view, asked)
        live |= self._warned(view, live)
        return sum(name not in standing.raw and self._may_be_put(name, standing) for name in live)

    def _may_be_put(self, name: str, standing: Standing) -> bool:
        """Whether what the question takes for granted has been said, or may still be."""
        takes = self.words[name].takes
        return all(other not in standing.raw or standing.case[other] == value for other, value in takes.items())

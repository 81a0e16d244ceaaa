"""Entries about a person's care: in full for who works with cases, and without number or step for everybody else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.urls import reverse

from samverka.core.acting import MAY, Actor, Role
from samverka.journal import personal
from samverka.journal.models import Entry
from samverka.journal.words import ACTIONS, action_words
from tests.samverka.journal.entries import made, seal_all
from tests.samverka.platform import actor, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("jamtland")]
NUMBER, CASE, PERSON = "CDFH-2345", "arendets-id", "personens-id"
CLOSED = "avslutade ett ärende"
WORKING = [role for role in Role if "care" in MAY[role]]
OTHERS = [role for role in Role if "care" not in MAY[role]]


@pytest.fixture
def entries() -> list[Entry]:
    """A case that the region ended, somebody in its register, and a check of its access log."""
    who = actor("REGION", Role.APPROVER)
    return [
        *made(who=who, parties=("REGION",), action="care.close", subject=CASE, before={"state": "active"},
              after={"state": "closed", "case": NUMBER}),
        *made(who=who, parties=("REGION",), action="care.register_affiliation", subject=PERSON),
        *made(who=who, parties=("REGION",), action="care.draw_check", subject="kontrollens-id",
              after={"since": "2026-07-01"}),
    ]  # fmt: skip


def reader(role: Role) -> Actor:
    """Somebody of the region, or an auditor."""
    return actor("" if role == Role.AUDITOR else "REGION", role)


def everywhere(who: Actor, entries: list[Entry]) -> str:
    """The list with its filters' answers, its file, each entry and the copy of the journal."""
    client, found = signed_in(who), []
    seal_all()
    for address in (
        reverse("journal:list"), reverse("journal:list") + "?format=csv", reverse("journal:export"),
        *(reverse("journal:entry", args=[one.pk]) for one in entries),
    ):  # fmt: skip
        answer: Any = client.get(address)
        assert answer.status_code == 200
        body = b"".join(answer.streaming_content) if answer.streaming else answer.content
        found.append(body.decode())
    return "".join(found)


@pytest.mark.parametrize("role", WORKING)
def test_who_works_with_cases_is_told_number_and_step(role: Role, entries: list[Entry]) -> None:
    """As before."""
    told = everywhere(reader(role), entries)
    assert all(word in told for word in (NUMBER, CASE, CLOSED, "registrerade en anslutning"))


@pytest.mark.parametrize("role", OTHERS)
def test_who_works_with_no_cases_is_told_neither(role: Role, entries: list[Entry]) -> None:
    """That somebody worked with a case, when; no number, no step, no state, no id; checks of the log in full."""
    told = everywhere(reader(role), entries)
    page = told.partition("<table")[2]
    assert not [word for word in (NUMBER, CASE, PERSON, CLOSED, "registrerade en anslutning") if word in page]
    assert "arbetade med ett ärende" in page
    assert "arbetade med en anslutning" in page
    assert "stickprov från 2026-07-01" in page


def test_what_is_hidden_cannot_be_asked_for(entries: list[Entry]) -> None:
    """Neither by the step nor by the id: no row answers, and no choice offers it."""
    client = signed_in(reader(Role.AUDITOR))
    for query in ("action=care.close", f"subject={CASE}"):
        page = client.get(f"{reverse('journal:list')}?{query}").content.decode()
        assert '<td data-label="Vad">' not in page
        assert ">avslutade ett ärende</option>" not in page
    page = client.get(reverse("journal:list") + "?action=care.a_case").content.decode()
    assert page.count('<td data-label="Vad">arbetade med ett ärende</td>') == 1


def test_the_copy_of_the_journal_has_the_leaf_alone(entries: list[Entry]) -> None:
    """As of what is between others: the chain can be computed all the same."""
    seal_all()
    answer: Any = signed_in(reader(Role.AUDITOR)).get(reverse("journal:export"))
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()[1:]]
    assert len(lines) == Entry.objects.count()
    assert [set(line) for line in lines[-3:]] == [{"n", "leaf"}, {"n", "leaf"}, {"n", "leaf", "body"}]


def test_the_twin_that_hides_nothing_is_caught(entries: list[Entry], monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: everybody counts as working with cases."""
    monkeypatch.setattr(personal, "hidden_from", lambda _: False)
    assert NUMBER in everywhere(reader(Role.ADMINISTRATOR), entries)


def test_every_action_of_cases_is_open_or_hidden() -> None:
    """What is open and what is of the register is recorded somewhere; the rest is a case's, a new one too."""
    assert {*personal.OPEN, *personal.AFFILIATIONS} <= set(ACTIONS)
    assert set(personal.HIDDEN).isdisjoint(ACTIONS)
    assert [action_words(name) for name in personal.HIDDEN] == [
        "arbetade med ett ärende", "arbetade med en anslutning"
    ]  # fmt: skip

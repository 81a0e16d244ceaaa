"""What an entry is about: words that a person recognises, and a link only where the reader may go."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from samverka.agreements.models import EnteredKind
from samverka.assignments.kinds import KINDS
from samverka.core.acting import Actor, Role
from samverka.journal.models import Entry
from samverka.journal.subjects import BASES, OWN_PAGES, PAGES, WORK, page_of, subject_words
from samverka.journal.words import ACTIONS
from samverka.settlement.models import BasisKind
from tests.faults.ground import attested, hired
from tests.samverka.journal.entries import made
from tests.samverka.platform import actor, signed_in

NOTHING: dict[str, Any] = {"before": None, "after": None}


def says(action: str, after: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    """An entry about the thing x1."""
    return {"action": action, "subject": "x1", "clauses": [], "before": None, "after": after, **more}


def entered(kind: str, **payload: Any) -> dict[str, Any]:
    """A proposed value."""
    return says("agreements.propose", {"kind": kind, "payload": payload}, clauses=["OB-UPP-D4"])


WORK_1 = says("assignments.register", {"charge": "hired_staff", "event_id": "H-7", "stated": {"date": "2026-03-09"}})
PROPOSED = says("settlement.propose", {"period": "2026H1", "corrections": False})
ISSUED = {"invoices": [{"number": "BERG-2026-1"}, {"number": "BERG-2026-2"}, {"number": "BERG-2026-3"}]}


@pytest.mark.parametrize(
    ("entry", "first", "words"),
    [
        (WORK_1, WORK_1, "inhyrd personal H-7"),
        (says("assignments.register", {**WORK_1["after"], "event_id": ""}), NOTHING, "inhyrd personal 2026-03-09"),
        (says("assignments.import", {"file": "mars.csv", "charge": "liaison"}), NOTHING, "fil mars.csv"),
        (entered("index", series="VPI", index_year=2025), NOTHING, "index VPI för 2025"),
        (entered("parameter", name="p", since="2026-01-01"), NOTHING, "villkor i OB-UPP-D4 från 2026-01-01"),
        (entered("normal_range", since="2026-01-01"), NOTHING, "normalvariation från 2026-01-01"),
        (entered("factors", year=2026), NOTHING, "vikter i trefaktormodellen för 2026"),
        (entered("development_key", since="2026-01-01"), NOTHING, "nyckel för utvecklingsmedel från 2026-01-01"),
        (entered("reading", reading="A71"), NOTHING, "läsning A71"),
        (says("agreements.approve", {"state": "approved"}), entered("reading", reading="A71"), "läsning A71"),
        (says("agreements.approve", {"state": "approved"}), NOTHING, "infört värde x1"),
        (says("settlement.approve", {"state": "approved"}), PROPOSED, "avräkning 2026H1"),
        (says("settlement.propose", {"period": "2026H1", "corrections": True}), NOTHING, "rättelser 2026H1"),
        (says("settlement.issue", ISSUED), NOTHING, "faktura BERG-2026-1 till BERG-2026-3"),
        (says("settlement.issue", {"invoices": ISSUED["invoices"][:1]}), NOTHING, "faktura BERG-2026-1"),
        (says("settlement.credit", {"number": "BERG-2026-4"}), NOTHING, "kreditfaktura BERG-2026-4"),
        (says("settlement.propose_credit", {"invoice": "BERG-2026-1"}), NOTHING, "kreditering av BERG-2026-1"),
        (says("settlement.approve_basis", {"kind": "supplement", "period": "2026"}), NOTHING,
         "underlag anslutna personer 2026"),
        (says("settlement.recheck", {"lines": 0}, subject="BERG"), NOTHING, "fakturor från BERG"),
        (says("settlement.renew_feed", subject="feed-1"), NOTHING, "kalenderadress"),
        (says("care.open", {"case": "BERG-2026-1"}), NOTHING, "ärende BERG-2026-1"),
        (says("care.judge", {"number": 1}), says("care.draw_check", {"since": "2026-01-01"}),
         "stickprov från 2026-01-01"),
        (says("parties.rename", {"name": "Nya Berg"}, before={"name": "Berg"}), NOTHING, "part Nya Berg"),
        (says("parties.close_unit", {"name": "Hemsjukvård"}), NOTHING, "enhet Hemsjukvård"),
        (says("parties.create_arena", {"name": "Forum"}), NOTHING, "arena Forum"),
        (says("parties.vacate_seat", {"body": "Nämnden"}), NOTHING, "organ Nämnden"),
        (says("parties.invite", {"role": "approver"}), NOTHING, f"roll {Role.APPROVER.label}"),
        (says("parties.let_go", before={"identity_provider": "berg"}), NOTHING, "konto i partens inloggning berg"),
        (says("parties.set_identity_provider", {"issuer": "https://a.se"}), NOTHING, "partens inloggning https://a.se"),
        (says("other.thing"), NOTHING, "x1"),
    ],
)  # fmt: skip
def test_an_entry_is_named_by_what_a_person_knows(entry: dict[str, Any], first: dict[str, Any], words: str) -> None:
    """From what it says itself, else from the first entry about the same thing; the id where neither says."""
    assert subject_words(entry, first) == words


def test_every_action_has_more_than_an_id() -> None:
    """A new app or action needs its words; those of pages are actions that there are."""
    assert [action for action in ACTIONS if subject_words(says(action), NOTHING) == "x1"] == []
    assert {*PAGES, *OWN_PAGES} <= set(ACTIONS)


def test_what_lies_above_is_what_it_is_taken_for() -> None:
    """Charges and their addresses, bases and kinds of values are those of the apps that have them."""
    assert {charge: slug for charge, (_, slug) in WORK.items()} == {kind.model.charge: kind.slug for kind in KINDS}
    assert set(BASES) == set(BasisKind.values)
    assert [kind for kind in EnteredKind.values if subject_words(entered(kind), NOTHING) == "infört värde x1"] == []


def test_only_the_own_party_is_led_to_what_others_may_not_read() -> None:
    """A proposal is its issuer's, though its payers see that it was issued; work is both parties', a file one's."""
    issued = says("settlement.issue", ISSUED)
    assert page_of(issued, issued, own=True) == ("settlement:proposal", ["x1"])
    assert page_of(issued, issued, own=False) is None
    assert page_of(says("assignments.attest", {"charge": "liaison"}), WORK_1, own=False) == (
        "assignments:work", ["ombud", "x1"],
    )  # fmt: skip
    assert page_of(says("assignments.import", {"file": "a.csv", "charge": "liaison"}), NOTHING, own=True) is None
    assert page_of(says("settlement.credit"), NOTHING, own=False) == ("settlement:invoice", ["x1"])
    assert page_of(says("parties.invite"), NOTHING, own=True) is None


@pytest.mark.django_db
def test_the_first_entry_is_one_that_the_reader_sees(jamtland: None) -> None:
    """What only the issuer's own entry says is not told to the payer; the issuer and the auditor read it."""
    berg, region, auditor = (actor("BERG", Role.READER), actor("REGION", Role.READER), actor("", Role.AUDITOR))
    made(who=berg, parties=("BERG",), action="settlement.propose", subject="p1", after=PROPOSED["after"])
    made(who=berg, parties=("BERG", "REGION"), action="settlement.approve", subject="p1", after={"state": "approved"})

    def shown(who: Actor) -> str:
        return signed_in(who).get(reverse("journal:list"), {"subject": "p1"}).content.decode()

    page = reverse("settlement:proposal", args=["p1"])
    for who in (berg, auditor):
        assert shown(who).count(f'<a href="{page}">avräkning 2026H1</a>') == 2
    assert "2026H1" not in shown(region)
    assert page not in shown(region)
    assert "avräkning p1" in shown(region)


@pytest.mark.django_db
def test_the_link_leads_to_the_thing(jamtland: None) -> None:
    """Work that was registered and attested: both its parties and the auditor come to its page."""
    work = attested(hired("BERG", "REGION", "2026-03-09", 45, 1), event_id="H-7")
    page = reverse("assignments:work", args=["inhyrd-personal", work.public_id])
    entry = Entry.objects.get(action="assignments.attest")
    for who in (actor("BERG", Role.READER), actor("REGION", Role.READER), actor("", Role.AUDITOR)):
        client = signed_in(who)
        assert f'<a href="{page}">inhyrd personal H-7</a>' in client.get(reverse("journal:list")).content.decode()
        html = client.get(reverse("journal:entry", args=[entry.pk])).content.decode()
        assert f'<a href="{page}">inhyrd personal H-7</a>' in html
        assert work.public_id in html
        assert client.get(page).status_code == 200

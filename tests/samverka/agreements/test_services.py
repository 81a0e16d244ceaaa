"""Proposing and ruling: four eyes, nothing twice, nothing changed afterwards, one entry in the journal each."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction

from samverka.agreements.models import Entered, Ruling, Snapshot
from samverka.agreements.payloads import BadPayload
from samverka.agreements.selectors import book_now
from samverka.agreements.services import propose_value, rule_on, snapshot
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.journal.append_only import protect, unprotect
from samverka.journal.models import Entry, EntryParty
from tests.samverka.agreements.entering import DAY, OPI, PAYLOADS, RATE, READING, VPI, approved, proposed
from tests.samverka.platform import AT, actor

pytestmark = pytest.mark.usefixtures("jamtland")

TABLES = ("agreements_entered", "agreements_ruling", "agreements_snapshot")


def entries(action: str) -> list[dict[str, Any]]:
    """What the journal tells of an action."""
    return [json.loads(entry.body) for entry in Entry.objects.filter(action=action)]


@pytest.mark.parametrize("kind", PAYLOADS)
def test_every_kind_is_proposed_by_one_and_approved_by_another(kind: str) -> None:
    """The value, who (party and role), when; the ruling by somebody else; one entry each, which all parties see."""
    made = approved(kind)
    assert (made.kind, made.party, made.role, made.proposed_at) == (kind, "REGION", "registrar", AT)
    assert (made.document, made.document_date, made.example) == ("Prov § 1", DAY, False)
    ruling = made.ruling
    assert (ruling.approved, ruling.party, ruling.role, ruling.ruled_at) == (True, "BERG", "approver", AT)
    [told], [ruled] = entries("agreements.propose"), entries("agreements.approve")
    assert (told["subject"], told["after"]["payload"], told["party"]) == (made.public_id, made.payload, "REGION")
    assert (ruled["subject"], ruled["before"], ruled["after"]) == (
        made.public_id, {"state": "proposed"}, {"state": "approved"},
    )  # fmt: skip
    assert told["clauses"] == ruled["clauses"] != []
    seen = EntryParty.objects.filter(entry__action__startswith="agreements.").values_list("party", flat=True)
    assert list(seen) == ["*", "*"]


def test_a_proposal_counts_for_nothing_until_it_is_approved() -> None:
    """Proposed and declined values are not in the book."""
    made = proposed("index")
    assert book_now().entered == ()
    rule_on(actor("BERG", Role.APPROVER), made, approved=False, reason="fel tabell", at=AT)
    assert book_now().entered == ()
    [told] = entries("agreements.decline")
    assert (told["why"], told["after"]) == ("fel tabell", {"state": "declined"})


def test_nobody_rules_on_an_own_proposal() -> None:
    """Not even in another role, for another party: the person is the same."""
    made = proposed("index")
    same = actor("REGION", Role.REGISTRAR)
    other_hat = type(same)(same.user, "BERG", Role.APPROVER)
    with pytest.raises(Refused, match="Du har själv föreslagit värdet"):
        rule_on(other_hat, made, approved=True, reason="", at=AT)
    assert Ruling.objects.count() == 0


def test_a_colleague_of_the_same_party_may_rule() -> None:
    """It is two persons that are asked for, not two parties."""
    rule_on(actor("REGION", Role.APPROVER), proposed("index"), approved=True, reason="", at=AT)
    assert book_now().value("hired_staff_rate", date(2026, 3, 1)) == 66_000


@pytest.mark.parametrize("role", [Role.READER, Role.APPROVER, Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_a_registrar_proposes(role: Role) -> None:
    """The role decides; nothing is kept."""
    with pytest.raises(PermissionDenied):
        propose_value(
            actor("" if role == Role.AUDITOR else "BERG", role), kind="index", payload=VPI, document="x",
            document_date=DAY, example=False, at=AT,
        )  # fmt: skip
    assert Entered.objects.count() == 0


@pytest.mark.parametrize("role", [Role.READER, Role.REGISTRAR, Role.ADMINISTRATOR, Role.AUDITOR])
def test_only_an_approver_rules(role: Role) -> None:
    """The role decides; nothing is kept."""
    made = proposed("index")
    with pytest.raises(PermissionDenied):
        rule_on(actor("" if role == Role.AUDITOR else "BERG", role), made, approved=True, reason="", at=AT)
    assert Ruling.objects.count() == 0


def test_a_value_is_ruled_on_once() -> None:
    """The second ruling is refused, whatever it says."""
    made = approved("index")
    with pytest.raises(Refused, match="redan beslutat"):
        rule_on(actor("ARE", Role.APPROVER), made, approved=False, reason="nej", at=AT)
    assert Ruling.objects.count() == 1


def test_declining_needs_a_reason() -> None:
    """Spaces are none."""
    made = proposed("index")
    for reason in ("", "  ", "x" * 301):
        with pytest.raises(Refused, match="Ange ett skäl till avslaget"):
            rule_on(actor("BERG", Role.APPROVER), made, approved=False, reason=reason, at=AT)


def test_the_same_value_does_not_wait_twice() -> None:
    """Once ruled on it may be proposed again."""
    made = proposed("index")
    with pytest.raises(Refused, match="redan föreslaget"):
        proposed("index", {**VPI, "percent": "3.20"})
    rule_on(actor("BERG", Role.APPROVER), made, approved=False, reason="fel", at=AT)
    assert proposed("index").pk != made.pk


@pytest.mark.parametrize(
    ("kind", "payload", "more", "field"),
    [
        ("index", {**VPI, "published": "2026-07-02"}, {}, "published"),
        ("reading", {**READING, "decided": "2026-07-02"}, {}, "decided"),
        ("index", VPI, {"document_date": date(2026, 7, 2)}, "document_date"),
        ("index", VPI, {"document": " "}, "document"),
        ("index", VPI, {"document": "x" * 301}, "document"),
        ("index", {**VPI, "percent": "mycket"}, {}, "percent"),
    ],
)
def test_what_has_not_happened_or_is_not_written_is_refused(
    kind: str, payload: dict[str, Any], more: dict[str, Any], field: str
) -> None:
    """Nobody enters a publication or a decision of tomorrow, nor a value without its document."""
    with pytest.raises(BadPayload) as refused:
        proposed(kind, payload, **more)
    assert list(refused.value.faults) == [field]
    assert Entered.objects.count() == 0


def test_the_days_are_those_in_stockholm() -> None:
    """Half past midnight on 2 July in Stockholm is still 1 July in UTC: what is dated that day is not in the future."""
    late = AT.replace(hour=22, minute=30)
    assert proposed("index", {**VPI, "published": "2026-07-02"}, at=late, document_date=date(2026, 7, 2))


def test_a_correction_takes_the_wrong_value_out_once_it_is_approved() -> None:
    """A mistyped day of publication would win over the right one; the correction replaces it."""
    wrong = approved("index", {**VPI, "percent": "9.9", "published": "2026-01-15"})
    right = proposed("index", VPI, replaces=wrong)
    assert book_now().value("hired_staff_rate", date(2026, 3, 1)) == 70_300
    rule_on(actor("BERG", Role.APPROVER), right, approved=True, reason="", at=AT)
    assert book_now().value("hired_staff_rate", date(2026, 3, 1)) == 66_000


def test_only_an_approved_value_of_the_same_kind_is_corrected_and_once() -> None:
    """Its correction can be corrected in turn."""
    waiting, price, wrong = proposed("index", OPI), approved("parameter"), approved("index")
    for other in (waiting, price):
        with pytest.raises(Refused, match="Bara ett godkänt värde av samma slag kan rättas"):
            proposed("index", {**VPI, "percent": "1"}, replaces=other)
    one, two = (proposed("index", {**VPI, "percent": text}, replaces=wrong) for text in ("1", "2"))
    rule_on(actor("BERG", Role.APPROVER), one, approved=True, reason="", at=AT)
    with pytest.raises(Refused, match="redan rättat"):
        rule_on(actor("BERG", Role.APPROVER), two, approved=True, reason="", at=AT)
    with pytest.raises(Refused, match="redan rättat"):
        proposed("index", {**VPI, "percent": "3"}, replaces=wrong)
    assert proposed("index", {**VPI, "percent": "3"}, replaces=one)


def test_a_change_and_its_entry_are_kept_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the journal fails, neither the value nor its ruling is kept."""
    made = proposed("index")

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("journal")

    monkeypatch.setattr("samverka.agreements.services.record", fails)
    with pytest.raises(RuntimeError, match="journal"):
        proposed("parameter", RATE)
    with pytest.raises(RuntimeError, match="journal"):
        rule_on(actor("BERG", Role.APPROVER), made, approved=True, reason="", at=AT)
    assert (Entered.objects.count(), Ruling.objects.count()) == (1, 0)


def attempt(statement: str) -> int:
    """Run it, give how many rows it struck, and leave everything as it was."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        struck: int = cursor.rowcount
        transaction.set_rollback(True)
    return struck


@pytest.mark.parametrize(
    ("table", "attack"),
    [
        ("agreements_entered", "UPDATE agreements_entered SET payload = '{}'"),
        ("agreements_entered", "DELETE FROM agreements_entered"),
        ("agreements_ruling", "UPDATE agreements_ruling SET reason = 'annat'"),
        ("agreements_ruling", "DELETE FROM agreements_ruling"),
        ("agreements_snapshot", "UPDATE agreements_snapshot SET edition = 'annan'"),
        ("agreements_snapshot", "DELETE FROM agreements_snapshot"),
    ],
)
def test_what_is_entered_is_never_changed_or_deleted(table: str, attack: str) -> None:
    """UPDATE and DELETE are refused; the twin without triggers lets the same attack through."""
    approved("index")
    snapshot(book_now())
    with pytest.raises(IntegrityError, match="append-only"):
        attempt(attack)
    unprotect(connection, table)
    assert attempt(attack) == 1
    protect(connection, table)


@pytest.mark.parametrize("table", TABLES)
def test_what_is_entered_is_never_emptied(table: str) -> None:
    """TRUNCATE, which PostgreSQL has beside DELETE."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE: DELETE is tried above")
    with pytest.raises(IntegrityError, match="append-only"):
        attempt(f"TRUNCATE {table} CASCADE")


def test_a_book_is_kept_once() -> None:
    """The same book again is the same row; another book is another."""
    first = approved("index")
    one, again = snapshot(book_now()), snapshot(book_now())
    assert one.pk == again.pk
    assert (one.entered, one.edition) == ([first.pk], "jamtland_2026")
    second = approved("parameter", at=AT + timedelta(minutes=1))
    assert snapshot(book_now()).entered == [first.pk, second.pk]
    assert Snapshot.objects.count() == 2

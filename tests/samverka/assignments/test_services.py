"""Registering, changing, attesting, returning: who may, when, and what the journal keeps of it."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, connection, transaction

from samverka.assignments import guards
from samverka.assignments.checks import BadWork
from samverka.assignments.kinds import BY_CHARGE, case_of, stated_of
from samverka.assignments.locked import lock, unlock
from samverka.assignments.models import HiredStaff, State, Work
from samverka.assignments.selectors import waiting_for, work_for
from samverka.assignments.services import attest, change, register, send_back, take_back, withdraw
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.journal.models import Entry
from tests.samverka.assignments.work import EVENING, GOOD, approver, attested, registered, registrar
from tests.samverka.platform import AT, ON, actor

pytestmark = pytest.mark.usefixtures("jamtland")


def last_entry() -> dict[str, Any]:
    """What the journal was told last."""
    told: dict[str, Any] = json.loads(Entry.objects.latest("id").body)
    return told


@pytest.mark.parametrize("charge", GOOD)
def test_registered_work_holds_the_charges_facts(charge: str) -> None:
    """Every column is the case's value, derived facts too, and what was stated gives the same case again."""
    work = registered(charge)
    found = type(work)._default_manager.get(pk=work.pk)
    case = BY_CHARGE[charge].charge.case(GOOD[charge][1])
    assert case_of(found) == case
    assert BY_CHARGE[charge].charge.case(stated_of(found)) == case
    day = date.fromisoformat(GOOD[charge][1]["date"])
    assert (found.month, found.date, found.state) == (day.year * 100 + day.month, day, State.REGISTERED)


@pytest.mark.parametrize(
    ("charge", "performer", "payer"),
    [
        ("hired_staff", "BERG", "REGION"),
        ("liaison", "BERG", "REGION"),
        ("hospital_attendance", "BERG", "REGION"),
        ("equipment_variable", "REGION", "BERG"),
    ],
)
def test_the_performer_is_paid_and_another_party_pays(charge: str, performer: str, payer: str) -> None:
    """OB-UPP-D4, SH-EKO-3, OB-SLU-3, MT-B1-2: who performs and who pays, as the charge has it."""
    work = registered(charge)
    assert (work.performer, work.payer_party) == (performer, payer)


def test_ob_upp_d4_is_registered_by_its_performer_only() -> None:
    """Krokom cannot register what Berg did, and a reader cannot register at all."""
    with pytest.raises(Refused, match="Bara den part som har utfört"):
        register(registrar("KROKOM"), charge="hired_staff", stated=EVENING, at=AT)
    with pytest.raises(PermissionDenied):
        register(actor("BERG", Role.READER), charge="hired_staff", stated=EVENING, at=AT)
    assert HiredStaff.objects.count() == 0


def test_faults_are_named_by_fact() -> None:
    """Every fault at once, each with what is allowed."""
    stated = {**EVENING, "start": "25:00", "date": "2025-02-30", "profession": None, "shoes": "1"}
    with pytest.raises(BadWork) as bad:
        register(registrar(), charge="hired_staff", stated=stated, source="=1+1", at=AT)
    assert bad.value.faults == {
        "source": "tillåtet är en text som inte börjar med =, +, - eller @",
        "shoes": "finns inte för det här arbetet",
        "profession": "ska vara ifylld",
        "date": "tillåtet är ett datum som finns, från 2000-01-01 till 2099-12-31",
        "start": "tillåtet är ett klockslag som 16:30",
    }


def test_an_outcome_that_cannot_be_known_is_refused_with_what_is_missing() -> None:
    """Time that nobody stated is not zero: the minutes are asked for, and nothing is registered."""
    stated = {name: value for name, value in EVENING.items() if name != "end"}
    with pytest.raises(BadWork) as bad:
        register(registrar(), charge="hired_staff", stated=stated, at=AT)
    assert bad.value.faults["work_minutes"] == "ska vara ifylld: utfallet beror på den"
    with pytest.raises(BadWork) as bad:
        register(registrar(), charge="hired_staff", stated={**stated, "travel_minutes": "20"}, at=AT)
    assert bad.value.faults == {"travel_combined": "ska vara ifylld: utfallet beror på den"}
    assert HiredStaff.objects.count() == 0


def test_a_price_that_nobody_has_entered_is_no_fault_of_the_work() -> None:
    """OB-UPP-D5: VPI for 2026 is not published, and the work of 2026 is registered all the same."""
    assert registered(stated={**EVENING, "date": "2026-10-01"}, on=date(2026, 10, 1)).month == 202610


def test_unknown_stays_unknown() -> None:
    """A71: what nobody said of Storsjögläntan is NULL, and the derived fact says that nobody said it."""
    work = HiredStaff.objects.get(pk=registered().pk)
    assert (work.palliative_team, work.affiliation_unsaid, work.by_clock) == (None, True, True)


def test_a_number_is_the_performers_own() -> None:
    """The same number twice with one performer is refused; another performer may have it too."""
    registered(event_id="B-1")
    with pytest.raises(BadWork) as bad:
        registered(event_id="B-1")
    assert bad.value.faults == {"event_id": "B-1 är redan registrerat hos er"}
    other = register(
        registrar("KROKOM"), charge="hired_staff", stated={**EVENING, "from": "KROKOM"}, event_id="B-1", at=AT
    )
    assert (other.event_id, HiredStaff.objects.count()) == ("B-1", 2)


def test_each_change_is_one_entry() -> None:
    """Registered, changed, returned, changed, attested, taken back, returned, withdrawn: eight entries, one each."""
    before = Entry.objects.count()
    work = registered(event_id="B-1")
    work = change(registrar(), work, stated={**EVENING, "end": "18:30"}, at=AT)
    work = send_back(approver(), work, reason="Fel tid", at=AT)
    assert (work.state, work.reason) == (State.RETURNED, "Fel tid")
    work = change(registrar(), work, stated=EVENING, at=AT)
    assert (work.state, work.reason) == (State.REGISTERED, "")
    work = attest(approver(), work, at=AT)
    assert (work.state, work.attested_by, work.attested_at) == (State.ATTESTED, approver().user, AT)
    work = take_back(approver(), work, reason="Fel rad", at=AT)
    assert (work.state, work.attested_by, work.attested_at) == (State.REGISTERED, None, None)
    work = send_back(approver(), work, reason="Fel vecka", at=AT)
    work = withdraw(registrar(), work, reason="Dubblett", at=AT)
    assert (work.state, work.reason, work.revision) == (State.WITHDRAWN, "Dubblett", 7)
    told = [entry.action for entry in Entry.objects.order_by("id")[before:]]
    assert told == [f"assignments.{verb}" for verb in (
        "register", "change", "send_back", "change", "attest", "take_back", "send_back", "withdraw")]  # fmt: skip
    assert {entry.subject for entry in Entry.objects.order_by("id")[before:]} == {work.public_id}
    assert sorted(Entry.objects.latest("id").parties.values_list("party", flat=True)) == ["BERG", "REGION"]


def test_a_change_keeps_what_was_stated_before() -> None:
    """The journal has both, so that nothing is lost."""
    change(registrar(), registered(event_id="B-1"), stated={**EVENING, "end": "18:30"}, at=AT)
    told = last_entry()
    assert (told["before"]["stated"]["end"], told["after"]["stated"]["end"]) == ("18:15", "18:30")
    assert (told["clauses"], told["party"], told["role"]) == (["OB-UPP-D4"], "BERG", "registrar")


def test_another_party_attests() -> None:
    """The performer cannot attest its own work, nor a third party, nor the payer's registrar."""
    work = registered()
    for other in ("BERG", "KROKOM"):
        with pytest.raises(Refused, match="Bara den part som betalar"):
            attest(approver(other), work, at=AT)
    with pytest.raises(PermissionDenied):
        attest(registrar("REGION"), work, at=AT)


def test_nobody_attests_what_they_registered_themselves() -> None:
    """Four eyes: a person who acts for both parties registers or attests, not both."""
    from samverka.core.acting import Actor

    work = registered()
    with pytest.raises(Refused, match="är registrerat av dig"):
        attest(Actor(registrar().user, "REGION", Role.APPROVER), work, at=AT)
    assert attest(approver(), work, at=AT).state == State.ATTESTED


def test_what_was_changed_after_it_was_read_is_not_attested() -> None:
    """The approver's copy is older than the performer's change: refused; read anew it is attested."""
    read = registered()
    change(registrar(), read, stated={**EVENING, "end": "23:00"}, at=AT)
    with pytest.raises(Refused, match="har ändrats sedan du läste det"):
        attest(approver(), read, at=AT)
    assert attest(approver(), HiredStaff.objects.get(pk=read.pk), at=AT).state == State.ATTESTED


@pytest.mark.parametrize("verb", ["change", "withdraw", "attest"])
def test_attested_work_is_locked(verb: str) -> None:
    """Neither its performer nor its payer can change, withdraw or attest it again."""
    work = attested()
    calls = {
        "change": lambda: change(registrar(), work, stated=EVENING, at=AT),
        "withdraw": lambda: withdraw(registrar(), work, reason="x", at=AT),
        "attest": lambda: attest(approver(), work, at=AT),
    }
    with pytest.raises(Refused, match="är attesterad"):
        calls[verb]()


def test_settled_work_stays_attested(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a settlement holds is not unlocked; without its answer, the twin, the same calls unlock it."""
    work = attested()
    with monkeypatch.context() as asked:
        asked.setattr(guards, "_asked", [])
        guards.register_settled(lambda model, ids: set(ids) if model is HiredStaff else set())
        for call in (send_back, take_back):
            with pytest.raises(Refused, match="är med i en avräkning"):
                call(approver(), work, reason="Fel", at=AT)
        assert HiredStaff.objects.get().state == State.ATTESTED
    monkeypatch.setattr(guards, "_asked", [])
    assert take_back(approver(), work, reason="Fel", at=AT).state == State.REGISTERED


def test_a_reason_is_needed_and_short() -> None:
    """The other party reads it."""
    work = registered()
    for reason in ("", "  ", "x" * 301, "a\0b"):
        with pytest.raises(Refused):
            send_back(approver(), work, reason=reason, at=AT)
    assert HiredStaff.objects.get().state == State.REGISTERED


def test_the_payer_of_registered_work_stays() -> None:
    """Somebody else may have read it: another payer means withdrawing it."""
    with pytest.raises(BadWork) as bad:
        change(registrar(), registered(), stated={**EVENING, "to": "KROKOM"}, at=AT)
    assert "återkalla" in bad.value.faults["to"]


def test_both_parties_see_work_and_nobody_else() -> None:
    """Berg and the region see it, an auditor too; Krokom does not, and withdrawn work is still seen."""
    registered()
    seen = {party: work_for(actor(party, Role.READER), HiredStaff).count() for party in ("BERG", "REGION", "KROKOM")}
    assert seen == {"BERG": 1, "REGION": 1, "KROKOM": 0}
    assert work_for(actor("", Role.AUDITOR), HiredStaff).count() == 1


def test_what_waits_is_told_to_who_can_do_it() -> None:
    """The region's approver has one to attest; after the return Berg's registrar has one to change."""
    work = registered()
    assert [(one.text, one.count) for one in waiting_for(approver(), ON)] == [
        ("Inhyrd personal: 1 väntar på er attest", 1)
    ]
    assert waiting_for(registrar(), ON) == []
    send_back(approver(), work, reason="Fel", at=AT)
    assert [(one.text, one.count) for one in waiting_for(registrar(), ON)] == [
        ("Inhyrd personal: 1 återsänd till er", 1)
    ]
    assert waiting_for(actor("", Role.AUDITOR), ON) == []


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [({"performer": "REGION"}, "paid_by_another"), ({"state": State.ATTESTED}, "attested_by_somebody")],
)
def test_the_database_says_no(fields: dict[str, Any], constraint: str) -> None:
    """A payer that performs, and an attestation by nobody, are refused whatever wrote them."""
    work: Work = registered()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        HiredStaff.objects.filter(pk=work.pk).update(**fields)


def test_the_database_locks_what_is_attested() -> None:
    """However it is written: no fact changes, not even on the way back to returned; without the trigger it would."""
    rows = HiredStaff.objects.filter(pk=attested().pk)
    for fields in ({"stretch_minutes": 600}, {"end": None, "state": State.RETURNED}, {"state": State.ATTESTED}):
        with pytest.raises(DatabaseError, match="attested work is locked"), transaction.atomic():
            rows.update(**fields)
    try:
        unlock(connection)
        assert rows.update(stretch_minutes=600) == 1
        assert rows.update(stretch_minutes=105) == 1
    finally:
        lock(connection)
    assert rows.update(state=State.RETURNED, attested_by=None, attested_at=None) == 1
    assert rows.update(stretch_minutes=600) == 1


def test_every_part_left_out_or_stated_gives_the_same_case_again() -> None:
    """A68: zero stated alone, some parts, all parts, none with a clock time: the same case by what was stated."""
    base = {name: value for name, value in EVENING.items() if name != "end"}
    cases = [
        {**base, "work_minutes": "0"},
        {**base, "work_minutes": "45", "admin_minutes": "0"},
        {**base, "work_minutes": "45", "admin_minutes": "5", "report_minutes": "0", "travel_minutes": "0"},
        EVENING,
    ]
    for stated in cases:
        work = HiredStaff.objects.get(pk=registered(stated=stated).pk)
        assert BY_CHARGE["hired_staff"].charge.case(stated_of(work)) == case_of(work)

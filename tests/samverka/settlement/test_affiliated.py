"""The supplement takes its number of persons from the region's register, else from its attested number: TB-AVS-1."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from samverka.care import services_affiliation as care
from samverka.care.models.log import AccessEntry
from samverka.core import clock
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.core.triggers import drop
from samverka.settlement import affiliated, basis
from samverka.settlement.models import Basis, ProposalState
from samverka.settlement.triggers import RULES
from tests.samverka.care import affiliations
from tests.samverka.care.test_affiliations import read_newly
from tests.samverka.platform import AT, ON, actor, signed_in
from tests.samverka.settlement.county import approver, entered, proposed, registrar
from tests.samverka.settlement.pages import send
from tests.samverka.settlement.test_issue import FACTORS

pytestmark = pytest.mark.usefixtures("jamtland")
ADDRESS = reverse("settlement:new_basis", args=["supplement"])
FIELDS = {"year": "2026", "counted_on": "2026-02-10", "source": "påhittat exempel"}


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of the tests' world."""
    monkeypatch.setattr(clock, "now", lambda: AT)
    monkeypatch.setattr(clock, "today", lambda: ON)


def registered(number: int | str, **more: Any) -> Basis:
    """A basis for 2026 that states a number."""
    told = {"kind": "supplement", "period": "2026", "month": 202603, "source": "påhittat", "example": False, "at": AT}
    return basis.register_basis(registrar("REGION"), stated={"affiliated": str(number)}, **{**told, **more})


def three_persons(*, example: bool = False) -> None:
    """Two of 2025, one of them carried over, and one of 2026."""
    affiliations.person("2024-11-02", "2025-01-05", example=example)
    affiliations.person("2025-02-01", "2025-02-28")
    affiliations.person("2026-01-01", "-")


def steps(found: Basis) -> list[tuple[str, Any]]:
    """What a basis keeps of how its number came about: the number, then what it rests on."""
    told = found.explanation
    assert told is not None
    assert told["clauses"] == ["TB-AVS-1"]
    return [(told["name"], told["value"]), *((one["name"], one["value"]) for one in told["steps"])]


def browser(role: Role = Role.REGISTRAR, party: str = "REGION") -> Client:
    """Somebody's."""
    return signed_in(actor(party, role))


def test_a12_the_number_is_the_registers_of_the_year_before_by_the_reading_in_force() -> None:
    """Two persons in 2025 by any day; one where only newly affiliated count (A11)."""
    three_persons()
    found = registered(2)
    assert steps(found) == [("affiliated", 2), ("counted_year", "2025"), ("A11", "any_day")]
    assert found.stated == {"affiliated": "2", "year": "2026"}
    read_newly()
    with pytest.raises(Refused, match=r"registret ger 1\. Underlaget anger 2\."):
        registered(2)
    assert steps(registered(1))[-1] == ("A11", "newly_affiliated")


def test_without_a_register_the_attested_number_counts() -> None:
    """With the document that it stands in."""
    with pytest.raises(Refused, match="Antalet anslutna personer 2025 saknas"):
        registered(171)
    affiliations.attested(2025, 171)
    found = registered(171)
    assert steps(found) == [("affiliated", 171), ("counted_year", "2025"), ("A11", "any_day")]
    assert found.explanation is not None
    assert (found.explanation["kind"], found.explanation["source"]) == ("fact", "påhittad sammanställning")


def test_an_unattested_number_does_not_count() -> None:
    """One person's word is not enough."""
    care.enter_number(registrar("REGION"), year=2025, number=171, source="påhittat", at=AT)
    with pytest.raises(Refused, match="saknas"):
        registered(171)


def test_where_both_differ_one_is_chosen_and_the_other_is_told() -> None:
    """Neither is taken in silence: who registers states which, and the basis keeps both."""
    three_persons()
    affiliations.attested(2025, 171)
    assert steps(registered(2)) == [
        ("affiliated", 2), ("counted_year", "2025"), ("attested_number", 171), ("A11", "any_day"),
    ]  # fmt: skip
    assert steps(registered(171)) == [
        ("affiliated", 171), ("counted_year", "2025"), ("register_number", 2), ("A11", "any_day"),
    ]  # fmt: skip
    with pytest.raises(Refused, match=r"registret ger 2, det intygade antalet är 171\. Underlaget anger 3"):
        registered(3)


def test_the_page_asks_which_of_two_numbers_counts() -> None:
    """Both are shown, none is marked; sent without a choice nothing is computed."""
    three_persons()
    affiliations.attested(2025, 171)
    client = browser()
    page = client.get(ADDRESS).content.decode()
    assert "Registret och det intygade antalet skiljer sig" in page
    assert "2 enligt registret" in page
    assert "171 enligt intygat antal: påhittad sammanställning" in page
    assert "checked" not in page
    assert send(client, ADDRESS, **FIELDS, step="preview")[0] == 422
    assert send(client, ADDRESS, **FIELDS, affiliated="3", step="preview")[0] == 422
    assert send(client, ADDRESS, **FIELDS, affiliated="171", step="save")[0] == 302
    assert Basis.objects.get().stated["affiliated"] == "171"


def test_the_page_takes_the_only_number_and_saves_what_was_seen() -> None:
    """The register changes between the preview and saving: what was not seen is not saved."""
    three_persons()
    client = browser()
    assert send(client, ADDRESS, **FIELDS, step="preview")[0] == 200
    affiliations.person("2025-07-01", "2025-07-02")
    status, page = send(client, ADDRESS, **FIELDS, affiliated="2", step="save")
    assert (status, "registret ger 3. Det har ändrats sedan du såg det" in page) == (422, True)
    assert send(client, ADDRESS, **FIELDS, affiliated="3", step="save")[0] == 302
    assert steps(Basis.objects.get())[0] == ("affiliated", 3)


def test_a_year_that_is_not_over_is_not_settled_by() -> None:
    """2027 rests on 2026, which goes on."""
    three_persons()
    with pytest.raises(Refused, match="Året 2026 är inte slut"):
        registered(1, period="2027", month=202703)
    status, page = send(browser(), ADDRESS, **{**FIELDS, "year": "2027"}, step="preview")
    assert (status, "Året 2026 är inte slut" in page) == (422, True)


def test_a_made_up_person_makes_the_basis_an_example() -> None:
    """Whoever registers it need not know."""
    three_persons(example=True)
    assert registered(2).example
    care.withdraw_number(registrar("REGION"), affiliations.attested(2025, 5, example=True), reason="prov", at=AT)
    affiliations.attested(2025, 171)
    assert not registered(171).example


def test_a_basis_is_not_approved_when_the_register_says_something_else() -> None:
    """Registered, then a person more: it is withdrawn and registered again."""
    three_persons()
    found = registered(2)
    affiliations.person("2025-07-01", "2025-07-02")
    with pytest.raises(Refused, match=r"registret ger 3\. Underlaget räknades med 2"):
        basis.approve_basis(approver("REGION"), found, at=AT)
    again = registered(3)
    assert basis.approve_basis(approver("REGION"), again, at=AT).state == "approved"


def test_the_region_is_told_when_the_register_has_changed_and_nobody_else() -> None:
    """An approved basis stays; who keeps the register sees that it says something else now, others could guess days."""
    three_persons()
    found = basis.approve_basis(approver("REGION"), registered(2), at=AT)
    address = reverse("settlement:basis", args=[found.public_id])
    affiliations.person("2025-07-01", "2025-07-02")
    lines = AccessEntry.objects.count()
    told = {
        (party, role): "registret ger 3" in browser(role, party).get(address).content.decode()
        for party, role in (("REGION", Role.READER), ("REGION", Role.ADMINISTRATOR), ("BERG", Role.APPROVER),
                            ("", Role.AUDITOR))
    }  # fmt: skip
    assert [who for who, sees in told.items() if sees] == [("REGION", Role.READER)]
    page = browser(Role.READER, "BERG").get(address).content.decode()
    assert "Så räknades antalet" in page
    assert "A11" in page
    assert AccessEntry.objects.count() == lines, "a number shows nobody"


def test_a_number_counted_by_another_reading_is_not_charged_by_this_one() -> None:
    """The parties choose another A11 after the approval: its amount would be explained by another one."""
    entered("factors", {"year": "2024", **FACTORS})
    affiliations.person("2023-11-02", "2023-12-05")
    found = basis.approve_basis(approver("REGION"), registered(1, period="2024", month=202503), at=AT)
    assert proposed("BERG", "2025H1").state == ProposalState.PROPOSED
    read_newly()
    stopped = proposed("ARE", "2025H1")
    assert stopped.state == ProposalState.FAILED
    assert "Underlag för anslutna personer 2024, räknat som A11 nu läses, saknas (TB-AVS-1)" in stopped.message
    basis.withdraw_basis(approver("REGION"), found, reason="A11 läses på annat sätt", at=AT)
    again = registered(1, period="2024", month=202503)
    basis.approve_basis(approver("REGION"), again, at=AT)
    assert proposed("ARE", "2025H1").state == ProposalState.PROPOSED


def test_how_a_number_came_about_is_frozen_with_its_basis() -> None:
    """The database refuses another explanation of an approved basis; without its trigger it would take it."""
    three_persons()
    found = basis.approve_basis(approver("REGION"), registered(2), at=AT)

    def rewrite() -> None:
        with transaction.atomic():
            Basis.objects.filter(pk=found.pk).update(explanation={"name": "affiliated"})

    with pytest.raises(IntegrityError, match="basis_frozen"):
        rewrite()
    with transaction.atomic():
        drop(connection, next(rule for rule in RULES if rule.name == "basis_frozen"))
        rewrite()
        transaction.set_rollback(True)


def test_the_digest_covers_how_the_number_came_about() -> None:
    """The same number from register and from a document are two digests."""
    affiliations.attested(2025, 1)
    by_document = registered(1)
    affiliations.person("2025-02-01", "2025-02-02")
    assert by_document.digest != registered(1).digest


def test_the_year_is_counted_by_the_day_in_stockholm() -> None:
    """Half past eleven at night in UTC on the last day of the year is another year there."""
    affiliations.attested(2025, 171)
    late = AT.replace(year=2025, month=12, day=31, hour=23, minute=30)
    assert affiliated.count_of({"year": 2026, "affiliated": 171}, late).number == 171
    with pytest.raises(Refused, match="inte slut"):
        affiliated.count_of({"year": 2026, "affiliated": 171}, late.replace(hour=22))
    assert affiliated.counted_before(2026).year == date(2025, 1, 1).year

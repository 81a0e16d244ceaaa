"""Registering what shared sums rest on, in the browser: numbers or a list, a preview, another person's approval."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from samverka.core import clock
from samverka.core.acting import Role
from samverka.settlement.models import Basis
from tests.samverka.agreements.entering import approved as entered
from tests.samverka.care import affiliations
from tests.samverka.platform import ON, actor, signed_in
from tests.samverka.settlement.county import COUNTS, index
from tests.samverka.settlement.pages import ITEM_LIST, send, text

pytestmark = pytest.mark.usefixtures("jamtland")
EQUIPMENT = reverse("settlement:new_basis", args=["equipment_fixed"])
SOURCE = {"source": "Inventariesystemet 2026-06-30", "example": "on"}
FIXED = {"half_year": "2026H2", **{f"count_{name}": count for name, count in COUNTS.items()}, **SOURCE}
HARD = "\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def _july(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first of July 2026 for ever."""
    monkeypatch.setattr(clock, "today", lambda: ON)


def registrar() -> Client:
    """The region's registrar."""
    return signed_in(actor("REGION", Role.REGISTRAR))


def test_eight_numbers_are_previewed_then_registered_then_approved_by_another() -> None:
    """923 items at 1 159 kr an hour: 130 155,70 kr, Berg's share 7 050,68; nothing is saved before it is said so."""
    index("3.2")
    client = registrar()
    status, page = send(client, EQUIPMENT, **FIXED, step="preview")
    assert status == 200
    assert f"130{HARD}155,70{HARD}kr" in page
    assert "Så räknades det" in page
    assert not Basis.objects.exists()
    status, address = send(client, EQUIPMENT, **FIXED, step="save")
    assert status == 302
    made = Basis.objects.get()
    assert (made.period, made.month, made.example, str(made.counted_on)) == ("2026H2", 202607, True, "2026-06-30")
    assert made.stated == {"half_year": "2026H2", "counts": COUNTS}
    page = text(client, address)
    assert "En annan person ska godkänna" in page
    assert made.digest in page
    approver = signed_in(actor("REGION", Role.APPROVER))
    assert send(approver, reverse("settlement:approve_basis", args=[made.public_id])) == (302, address)
    assert Basis.objects.get().state == "approved"


def test_a_pasted_list_is_counted_and_kept() -> None:
    """Two in Berg, one in Östersund by its name; the list is on the page and in its file."""
    client = registrar()
    fields = {"half_year": "2026H2", "rows": ITEM_LIST, **SOURCE}
    status, page = send(client, EQUIPMENT, **fields, step="preview")
    assert status == 200
    assert "Beloppet kan inte delas än" in page, "no index is entered"
    status, address = send(client, EQUIPMENT, **fields, step="save")
    assert status == 302
    made = Basis.objects.get()
    assert made.stated["counts"] == {**dict.fromkeys(COUNTS, "0"), "BERG": "2", "OSTERSUND": "1"}
    assert made.listed[1] == {"municipality": "OSTERSUND", "item": "PUMP-2", "label": "Säng; höj- och sänkbar"}
    assert "Infusionspump" in text(client, address)
    csv = text(client, reverse("settlement:basis_list_file", args=[made.public_id, "csv"]))
    assert csv.splitlines()[1] == "Bergs kommun;PUMP-1;Infusionspump"
    assert client.get(reverse("settlement:basis_list_file", args=[made.public_id, "pdf"])).status_code == 404


def test_an_uploaded_list_comes_back_as_text_to_be_saved() -> None:
    """What was read of the file stands in the form, so that saving needs no second upload."""
    client = registrar()
    file = SimpleUploadedFile("lista.csv", ITEM_LIST.encode())
    fields: dict[str, Any] = {"half_year": "2026H2", **SOURCE}
    status, page = send(client, EQUIPMENT, **fields, file=file, step="preview")
    assert status == 200
    assert "OSTERSUND;PUMP-2;&quot;Säng; höj- och sänkbar&quot;" in page


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ("municipality;item\nGOTLAND;PUMP-1\n", "kommunen ska vara en av"),
        ("municipality;item\nBERG;PUMP-1\nBERG;PUMP-1\n", "Rad 3: inventariet PUMP-1 står redan i listan."),
        ("municipality;item\nBERG\n", "1 kolumner; rubrikraden har 2"),
        ("kommun;nummer\nBERG;PUMP-1\n", "okänd kolumn"),
        ("municipality;item\n", "Listan har inga rader"),
        ("municipality;item\nBERG;\n", "ska vara ifylld"),
    ],
)
def test_a_list_with_faults_is_refused_with_its_line(rows: str, told: str) -> None:
    """Strictly read: the message says what and where; nothing is saved, and no sums are shown of it either."""
    index("3.2")
    for step in ("preview", "save"):
        status, page = send(registrar(), EQUIPMENT, half_year="2026H2", rows=rows, **SOURCE, step=step)
        assert (status, told in page, "Vad underlaget ger" in page) == (422, True, False), step
    assert not Basis.objects.exists()


def test_a_count_is_not_of_a_day_that_has_not_come() -> None:
    """Neither one that is said, nor the last day before a half-year that is far off; the day before that is allowed."""
    ahead = {**FIXED, "half_year": "2027H1"}
    for fields, told in (
        ({**FIXED, "counted_on": "2026-07-02"}, "Räknat den: tillåtet är i dag (2026-07-01) eller tidigare."),
        (ahead, "Räknat den: sista dagen före halvåret, 2026-12-31, har inte varit än."),
    ):
        status, page = send(registrar(), EQUIPMENT, **fields, step="save")
        assert (status, told in page) == (422, True), page
    assert send(registrar(), EQUIPMENT, **ahead, counted_on="2026-07-01", step="save")[0] == 302


def test_a_list_and_numbers_that_disagree_are_refused() -> None:
    """A count beside the list must be the list's."""
    fields = {"half_year": "2026H2", "rows": ITEM_LIST, "count_BERG": "3", **SOURCE}
    status, page = send(registrar(), EQUIPMENT, **fields, step="preview")
    assert status == 422
    assert "Bergs kommun: listan har 2 inventarier, angivet är 3." in page


def test_a_number_that_is_left_out_is_not_zero() -> None:
    """Unknown is never zero: each municipality is said, and the fault leads to its field."""
    fields = {key: value for key, value in FIXED.items() if key != "count_RAGUNDA"}
    status, page = send(registrar(), EQUIPMENT, **fields, step="save")
    assert status == 422
    assert "Ragunda kommun: ange antalet, 0 om inga finns." in page
    assert 'href="#id_count_RAGUNDA"' in page


def test_an_empty_form_names_every_number_beside_the_source() -> None:
    """One look tells all that is to be filled in."""
    fields = {key: "" if key.startswith("count_") or key == "source" else value for key, value in FIXED.items()}
    _, page = send(registrar(), EQUIPMENT, **fields, step="save")
    assert "Källa: ska vara ifylld." in page
    assert page.count("kommun: ange antalet, 0 om inga finns.") == 8


def test_the_same_form_twice_registers_once() -> None:
    """A double click is answered with the first one's page."""
    client = registrar()
    fields = {**FIXED, "step": "save", "once": "6f1a0a86-6f0a-4b3e-9c55-0d6f4d1c0001"}
    first, second = (client.post(EQUIPMENT, fields) for _ in range(2))
    assert first["Location"] == second["Location"]
    assert Basis.objects.count() == 1


def test_affiliated_persons_of_last_year_set_this_years_supplement() -> None:
    """171 persons: two outside the range; without the model it says who decides, and saving is allowed."""
    index("2.0", series="LPIK", year="2025", published="2025-10-01", status="forecast")
    index("2.0", series="LPIK", year="2026", published="2025-10-01", status="forecast")
    address = reverse("settlement:new_basis", args=["supplement"])
    fields = {"year": "2026", "counted_on": "2026-02-10", **SOURCE}
    client = registrar()
    status, page = send(client, address, **fields, step="preview")
    assert (status, "Antalet anslutna personer 2025 saknas (TB-AVS-1)" in page) == (422, True)
    affiliations.attested(2025, 171)
    status, page = send(client, address, **fields, step="preview")
    assert status == 200
    assert "det intygade antalet är 171" in page
    fields["affiliated"] = "171"
    assert "Beslutad fördelning mellan kommunerna" in page
    assert "Beslutas av" in page
    assert "Personer utanför normalvariationen" in page
    entered("factors")
    _, page = send(client, address, **fields, step="preview")
    assert "Strömsunds kommun" in page
    assert send(client, address, **fields, step="save")[0] == 302
    made = Basis.objects.get()
    assert (made.period, made.month, made.stated) == ("2026", 202603, {"affiliated": "171", "year": "2026"})


def test_development_money_is_settled_in_the_decisions_month() -> None:
    """250 000 kr decided on 12 February: half is the region's; kronor may be written with spaces and a comma."""
    entered("development_key")
    address = reverse("settlement:new_basis", args=["development_fund"])
    fields = {"decided_on": "2026-02-12", "amount": "250 000,00", **SOURCE}
    client = registrar()
    status, page = send(client, address, **fields, step="preview")
    assert status == 200
    assert f"125{HARD}000,00{HARD}kr" in page
    assert f"15{HARD}625,00{HARD}kr" in page
    status, address = send(client, address, **fields, step="save")
    assert status == 302
    assert f"<dd>250{HARD}000,00{HARD}kr</dd>" in text(client, address)
    made = Basis.objects.get()
    assert (made.party, made.period, made.month, made.stated) == ("FUND", "2026", 202602, {"amount": "250000,00"})


def test_the_national_share_is_by_inhabitants() -> None:
    """Made-up inhabitants: a quarter of the amount is the region's; a region twice is refused."""
    address = reverse("settlement:new_basis", args=["national_share"])
    rows = "region;population\nREGION;100 000\nPROVREGIONEN;300 000\n"
    fields = {"year": "2026", "amount": "1000", "counted_on": "2025-12-31", **SOURCE}
    client = registrar()
    status, page = send(client, address, **fields, populations=rows, step="preview")
    assert status == 200
    assert f"250,00{HARD}kr" in page
    status, page = send(client, address, **fields, populations=rows + "REGION;1\n", step="save")
    assert status == 422
    assert "En region står flera gånger." in page
    status, address = send(client, address, **fields, populations=rows, step="save")
    assert status == 302
    assert f"PROVREGIONEN: 300{HARD}000</li>" in text(client, address)
    assert Basis.objects.get().stated["populations"] == {"REGION": "100000", "PROVREGIONEN": "300000"}


def test_a_municipality_registers_none() -> None:
    """The list offers it nothing, and the form refuses it; an unknown kind is not found."""
    client = signed_in(actor("BERG", Role.REGISTRAR))
    assert "Registrera nytt" not in text(client, reverse("settlement:bases"))
    assert client.get(EQUIPMENT).status_code == 403
    assert client.get(reverse("settlement:new_basis", args=["annat"])).status_code == 404


def test_a_basis_is_withdrawn_with_a_reason() -> None:
    """By its keeper; without a reason nothing happens; a reader and another party are refused."""
    client = registrar()
    send(client, EQUIPMENT, **FIXED, step="save")
    made = Basis.objects.get()
    address = reverse("settlement:withdraw_basis", args=[made.public_id])
    assert send(client, address, reason="")[0] == 422
    assert signed_in(actor("REGION", Role.READER)).get(address).status_code == 403
    assert send(client, address, reason="Fel lista") == (302, reverse("settlement:bases"))
    assert Basis.objects.get().state == "withdrawn"


def test_who_registered_cannot_approve_by_the_page() -> None:
    """Four eyes, in words on the page."""
    from samverka.parties.models import Membership, Party
    from tests.samverka.platform import SINCE

    who = actor("REGION", Role.REGISTRAR)
    send(signed_in(who), EQUIPMENT, **FIXED, step="save")
    region = Party.objects.get(code="REGION")
    second = Membership.objects.create(user=who.user, party=region, role=Role.APPROVER, since=SINCE)
    client = signed_in(who)
    session = client.session
    session["acting"] = second.public_id
    session.save()
    address = reverse("settlement:approve_basis", args=[Basis.objects.get().public_id])
    assert "Du har själv registrerat underlaget" in text(client, address)
    status, page = send(client, address)
    assert status == 409
    assert "En annan person ska godkänna" in page
    assert Basis.objects.get().state == "registered"

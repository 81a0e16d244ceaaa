"""The pages: a form that asks what matters, its live price, attestation, and who sees what."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from samverka.assignments.kinds import KINDS
from samverka.assignments.models import HiredStaff, Liaison, State
from samverka.assignments.services import change, send_back
from samverka.core import clock
from samverka.core.acting import Role
from tests.samverka.assignments.work import EVENING, GOOD, approver, attested, once, registered, registrar
from tests.samverka.platform import AT, ON, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")

NEW = "/arbete/inhyrd-personal/nytt/"
PRICE = "/arbete/inhyrd-personal/pris/"
FILLED = {"to": "REGION", "date": "2025-10-01", "start": "16:30", "how": "end", "end": "18:15", "profession": "nurse",
          "principal_level": "primary", "palliative_team": ""}  # fmt: skip


def text(response: Any) -> str:
    """A page's words without tags, hard spaces as spaces."""
    found = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", found.replace("\N{NO-BREAK SPACE}", " "))


@pytest.fixture
def berg() -> Client:
    """Berg's registrar."""
    return signed_in(registrar())


def test_ob_upp_d4_a_form_is_filled_in_and_registered(berg: Client) -> None:
    """From the empty form to registered work in one post, with a number of its own; a double click adds nothing."""
    assert "Vem bad om hjälpen?" in text(berg.get(NEW))
    key = once()
    answer = berg.post(NEW, {**FILLED, **key})
    work = HiredStaff.objects.get()
    assert answer["Location"] == reverse("assignments:work", args=["inhyrd-personal", work.public_id])
    assert (work.from_party, work.to_party, work.stretch_minutes, work.example) == ("BERG", "REGION", 105, False)
    assert re.fullmatch(r"A-[a-z2-9]{8}", work.event_id)
    assert berg.post(NEW, {**FILLED, **key})["Location"] == answer["Location"]
    assert HiredStaff.objects.count() == 1


def test_the_live_price_is_avtals_with_its_reasons(berg: Client) -> None:
    """640 kronor, and why: clause, parameter, reading; nothing is registered by asking."""
    page = text(berg.post(PRICE, FILLED))
    assert "640,00 kr" in page
    assert "Så räknades det" in page
    assert "OB-UPP-D4" in page
    assert "Timpris för inhyrd personal" in page
    assert HiredStaff.objects.count() == 0


def test_the_live_price_says_what_is_missing(berg: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fact by its name; a number of the parties with who publishes it, and that the work can be registered."""
    assert "Priset visas när detta är ifyllt: slut." in text(berg.post(PRICE, {**FILLED, "end": ""}))
    page = text(berg.post(PRICE, {**FILLED, "how": "minutes"}))
    assert "Priset visas när detta är ifyllt: insats." in page
    page = text(berg.post(PRICE, {**FILLED, "profession": "", "start": ""}))
    assert "Priset visas när detta är ifyllt: början, yrke." in page
    monkeypatch.setattr(clock, "today", lambda: date(2026, 10, 1))
    page = text(berg.post(PRICE, {**FILLED, "date": "2026-10-01"}))
    assert "Indexvärde VPI för indexår 2025, steget till prisår 2026, saknas" in page
    assert "Arbetet kan registreras ändå" in page


def test_manual_work_has_no_price(berg: Client) -> None:
    """A19: the evening of a physician is decided by people."""
    page = text(berg.post(PRICE, {**FILLED, "profession": "physician"}))
    assert "Beloppet avgörs av människor Att se på" in page
    assert "kväll eller natt av annat yrke än sjuksköterska är inte reglerat (A19)" in page


def test_faults_stand_at_their_fields(berg: Client) -> None:
    """In Swedish, with what is allowed, and nothing that was filled in is lost."""
    answer = berg.post(NEW, {**FILLED, "date": "2025-02-30", "profession": "", **once()})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert form.errors["date"] == ["Tillåtet är ett datum som finns, från 2000-01-01 till 2099-12-31."]
    assert form.errors["profession"] == ["Ska vara ifylld."]
    assert 'value="16:30"' in answer.content.decode()
    assert HiredStaff.objects.count() == 0


def test_work_that_has_not_been_done_is_refused_while_it_is_typed(
    berg: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The day after is refused at its field, by the live price too, and when work is changed; today is not."""
    monkeypatch.setattr(clock, "today", lambda: ON)
    tomorrow = {**FILLED, "date": "2026-07-02"}
    told = "tillåtet är i dag (2026-07-01) eller tidigare"
    assert f"Priset kan inte räknas. Datum: {told}." in text(berg.post(PRICE, tomorrow))
    answer = berg.post(NEW, {**tomorrow, **once()})
    assert (answer.status_code, answer.context["form"].errors) == (422, {"date": [f"T{told[1:]}."]})
    assert HiredStaff.objects.count() == 0
    assert berg.post(NEW, {**FILLED, "date": "2026-07-01", **once()}).status_code == 302
    address = reverse("assignments:change", args=["inhyrd-personal", HiredStaff.objects.get().public_id])
    assert berg.post(address, {**tomorrow, **once()}).status_code == 422
    assert str(HiredStaff.objects.get().date) == "2026-07-01"


def test_no_time_at_all_is_one_fault(berg: Client) -> None:
    """Where the form asks for it: at the end, or at the first of the parts; a shared trip is asked for by itself."""
    by_minutes = {**FILLED, "how": "minutes"}
    for filled, faults in (
        ({**FILLED, "end": ""}, {"end": ["Ska vara ifylld."]}),
        (by_minutes, {"work_minutes": ["Ska vara ifylld, eller en annan del av tiden."]}),
        (
            {**by_minutes, "travel_minutes": "20"},
            {"travel_combined": [
                "Ska vara ifylld: utfallet beror på den."
            ]},
        ),
    ):  # fmt: skip
        assert berg.post(NEW, {**filled, **once()}).context["form"].errors == faults


def test_only_the_fields_that_matter_are_asked(berg: Client) -> None:
    """An end, or minutes with the question of a shared trip; the actions are those of the liaison's kind."""
    names = re.findall(r'name="([a-z_]+)"', berg.get(NEW).content.decode())
    assert "end" in names
    assert "work_minutes" not in names
    assert "from" not in names
    drawn = berg.post("/arbete/inhyrd-personal/falt/", {**FILLED, "how": "minutes"}).content.decode()
    names = re.findall(r'name="([a-z_]+)"', drawn)
    assert {"work_minutes", "travel_minutes", "travel_combined"} <= set(names)
    assert "end" not in names
    assert 'value="16:30"' in drawn
    drawn = berg.post("/arbete/ombud/falt/", {"kind": "hearing"}).content.decode()
    assert "hearing_aid_care_training" in drawn
    assert "daisy_training" not in drawn


def test_everything_works_without_scripts(berg: Client) -> None:
    """The button for fields and price shows both and saves nothing."""
    answer = berg.post(NEW, {**FILLED, "how": "minutes", "work_minutes": "45", "look": "1", **once()})
    assert answer.status_code == 200
    assert "640,00 kr" in text(answer)
    assert 'name="travel_combined"' in answer.content.decode()
    assert HiredStaff.objects.count() == 0


def test_three_answers_where_a_fact_may_be_unknown(berg: Client) -> None:
    """Yes, no, don't know: the last is not stated; what the settlement needs has two answers."""
    page = berg.get("/arbete/sluten-vard/nytt/").content.decode()
    assert len(re.findall(r'name="written_agreement"', page)) == 2
    page = berg.get(NEW).content.decode()
    assert len(re.findall(r'name="palliative_team"', page)) == 3
    berg.post(NEW, {**FILLED, "palliative_team": "nej", **once()})
    assert HiredStaff.objects.get().palliative_team is False


def test_numbers_are_written_as_people_do(berg: Client) -> None:
    """2 418,75 with its space is the same amount."""
    filled = {"date": "2025-12-02", "written_agreement": "ja", "wage_cost": "2 418,75", "travel_cost": "96"}
    berg.post("/arbete/sluten-vard/nytt/", {**filled, **once()})
    from samverka.assignments.models import HospitalAttendance

    work = HospitalAttendance.objects.get()
    assert (work.wage_cost, work.travel_cost, work.travel_time_pay, work.component_absent) == (241_875, 9_600, 0, True)


@pytest.mark.parametrize("slug", [kind.slug for kind in KINDS])
def test_a_party_is_offered_what_it_may_perform(slug: str) -> None:
    """MT-B1-2 is the region's, liaison and attendance the municipalities', hired staff anybody's."""
    found = {
        party: signed_in(registrar(party)).get(f"/arbete/{slug}/nytt/").status_code for party in ("BERG", "REGION")
    }
    assert (
        found
        == {
            "inhyrd-personal": {"BERG": 200, "REGION": 200},
            "ombud": {"BERG": 200, "REGION": 403},
            "sluten-vard": {"BERG": 200, "REGION": 403},
            "medicinsk-teknik": {"BERG": 403, "REGION": 200},
        }[slug]
    )


def test_work_is_changed_with_what_it_said(berg: Client) -> None:
    """The form of returned work shows its reason and its facts; sent again it waits for attestation."""
    work = registered("liaison", event_id="B-1")
    send_back(approver(), work, reason="Fel datum", at=AT)
    address = reverse("assignments:change", args=["ombud", work.public_id])
    page = berg.get(address)
    assert "Återsänt: Fel datum" in text(page)
    filled = {name: value for name, value in page.context["form"].initial.items() if isinstance(value, str)}
    assert berg.post(address, {**filled, "date": "2025-10-15", **once()}).status_code == 302
    changed = Liaison.objects.get()
    assert (str(changed.date), changed.state, changed.reason, changed.work_minutes) == (
        "2025-10-15",
        "registered",
        "",
        50,
    )


def test_work_is_attested_as_it_was_read() -> None:
    """The page carries a revision: an older one is refused with the page as it is now."""
    work = registered()
    change(registrar(), work, stated={**EVENING, "end": "19:00"}, at=AT)
    client, address = signed_in(approver()), reverse("assignments:attest", args=["inhyrd-personal", work.public_id])
    answer = client.post(address, {"revision": "0", **once()})
    assert (answer.status_code, HiredStaff.objects.get().state) == (409, State.REGISTERED)
    assert "har ändrats sedan du läste det" in text(answer)
    assert client.post(address, {"revision": "1", **once()}).status_code == 302
    assert HiredStaff.objects.get().state == State.ATTESTED


def test_many_are_attested_at_once() -> None:
    """Two of three ticked; sums are shown before and after; an unknown one attests nothing."""
    works = [registered(event_id=f"B-{number}") for number in (1, 2, 3)]
    client, address = signed_in(approver()), "/arbete/inhyrd-personal/attestera/"
    page = text(client.get(address))
    assert "Bergs kommun debiteras 3 0 1 920,00 kr" in page
    picked = [f"{work.public_id}:{work.revision}" for work in works[:2]]
    answer = client.post(address, {"work": [*picked, "zzzz:0"], **once()})
    assert (answer.status_code, HiredStaff.objects.filter(state=State.ATTESTED).count()) == (409, 0)
    assert "väntar inte längre på attest" in text(answer)
    answer = client.post(address, {"work": picked, **once()}, follow=True)
    assert "2 attesterade, tillsammans 1 280,00 kr" in text(answer)
    assert sorted(HiredStaff.objects.filter(state=State.ATTESTED).values_list("event_id", flat=True)) == ["B-1", "B-2"]


def test_all_that_is_shown_is_attested_by_one_button() -> None:
    """What came after the page was shown is not among it; one that was changed since stops them all."""
    works = [registered(event_id=f"B-{number}") for number in (1, 2)]
    client, address = signed_in(approver()), "/arbete/inhyrd-personal/attestera/"
    page = client.get(address).content.decode()
    assert "Attestera alla 2 som visas" in page
    shown = re.findall(r'name="shown" value="([^"]+)"', page)
    assert shown == [f"{work.public_id}:0" for work in works]
    assert f'<a href="/arbete/inhyrd-personal/{works[0].public_id}/">B-1</a>' in page
    change(registrar(), works[1], stated={**EVENING, "end": "19:00"}, at=AT)
    assert client.post(address, {"shown": shown, "all": "1", **once()}).status_code == 409
    assert HiredStaff.objects.filter(state=State.ATTESTED).count() == 0
    shown = re.findall(r'name="shown" value="([^"]+)"', client.get(address).content.decode())
    registered(event_id="B-3")
    told = text(client.post(address, {"shown": shown, "all": "1", **once()}, follow=True))
    assert "2 attesterade, tillsammans 1 280,00 kr" in told
    assert HiredStaff.objects.get(state=State.REGISTERED).event_id == "B-3"
    assert "som visas</button>" not in client.get(address).content.decode()


def test_what_is_picked_stays_picked_when_it_is_refused() -> None:
    """One of two is gone: the other is still ticked."""
    works = [registered(event_id=f"B-{number}") for number in (1, 2)]
    answer = signed_in(approver()).post(
        "/arbete/inhyrd-personal/attestera/", {"work": [f"{works[0].public_id}:0", "zzzz:0"], **once()}
    )
    assert answer.content.decode().count(" checked>") == 1


def test_what_has_no_price_is_said_to_have_none() -> None:
    """An index that nobody has entered, and an evening that people decide: a dash for their sums, and how many."""
    later = date(2026, 10, 1)
    unpriced = registered(event_id="B-1", stated={**EVENING, "date": "2026-10-01"}, on=later)
    manual = registered(event_id="B-2", stated={**EVENING, "start": "18:00", "end": "20:00", "profession": "physician"})
    priced = registered(event_id="B-3")
    client, address = signed_in(approver()), "/arbete/inhyrd-personal/attestera/"
    page = text(client.get(address))
    assert "Bergs kommun avgörs av människor 1 1 –" in page
    assert "Summa 640,00 kr" in page

    def sent(*works: Any) -> str:
        picked = [f"{work.public_id}:0" for work in works]
        return text(client.post(address, {"work": picked, **once()}, follow=True))

    assert "1 attesterad, varav 1 utan pris. " in sent(manual)
    assert "2 attesterade, varav 1 utan pris, tillsammans 640,00 kr" in sent(unpriced, priced)


def test_one_that_cannot_be_attested_stops_them_all() -> None:
    """A changed one among them: nothing is attested."""
    first, second = registered(event_id="B-1"), registered(event_id="B-2")
    change(registrar(), second, stated={**EVENING, "end": "19:00"}, at=AT)
    picked = [f"{first.public_id}:0", f"{second.public_id}:0"]
    answer = signed_in(approver()).post("/arbete/inhyrd-personal/attestera/", {"work": picked, **once()})
    assert (answer.status_code, HiredStaff.objects.filter(state=State.ATTESTED).count()) == (409, 0)


@pytest.mark.parametrize(
    ("name", "who", "state"),
    [("return", "REGION", "returned"), ("take_back", "REGION", "registered"), ("withdraw", "BERG", "withdrawn")],
)
def test_a_reason_is_asked_for(name: str, who: str, state: str) -> None:
    """Without one nothing is done; with one it is, and the page says so."""
    work = attested() if name == "take_back" else registered()
    client = signed_in(registrar(who) if who == "BERG" else approver(who))
    address = reverse(f"assignments:{name}", args=["inhyrd-personal", work.public_id])
    assert client.get(address).status_code == 200
    assert client.post(address, {"reason": " ", **once()}).status_code == 422
    assert client.post(address, {"reason": "Fel vecka", **once()}).status_code == 302
    assert HiredStaff.objects.get().state == state


@pytest.mark.parametrize("charge", GOOD)
def test_an_outsider_gets_404(charge: str) -> None:
    """Krokom sees neither the page nor any action of work between Berg and the region; both parties do."""
    work = registered(charge)
    slug = {kind.model.charge: kind.slug for kind in KINDS}[charge]
    args = [slug, work.public_id]
    page = reverse("assignments:work", args=args)
    for party, status in (("BERG", 200), ("REGION", 200), ("KROKOM", 404)):
        assert signed_in(actor(party, Role.READER)).get(page).status_code == status
    assert signed_in(registrar("KROKOM")).get(reverse("assignments:change", args=args)).status_code == 404
    outsider = signed_in(approver("KROKOM"))
    assert outsider.post(reverse("assignments:attest", args=args), {"revision": "0", **once()}).status_code == 404
    assert outsider.get(reverse("assignments:return", args=args)).status_code == 404
    assert "B-" not in text(signed_in(actor("KROKOM", Role.READER)).get(f"/arbete/{slug}/"))


def test_an_auditor_reads_work_without_persons() -> None:
    """Role and party, never a name, a user name or an address."""
    work = attested()
    page = signed_in(actor("", Role.AUDITOR)).get(reverse("assignments:work", args=["inhyrd-personal", work.public_id]))
    assert page.status_code == 200
    for who in (registrar(), approver()):
        assert who.user.username not in page.content.decode()
        assert who.user.email not in page.content.decode()


def test_a_list_is_filtered_and_taken_as_a_file(berg: Client) -> None:
    """By state, month and party; the file has the same rows."""
    registered(event_id="B-1")
    attested(event_id="B-2", stated={**EVENING, "date": "2025-11-01"})
    page = text(berg.get("/arbete/inhyrd-personal/?state=attested&month=2025-11"))
    assert "B-2" in page
    assert "B-1" not in page
    answer = berg.get("/arbete/inhyrd-personal/?format=csv&state=registered")
    rows = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert rows[1] == "B-1;2025-10-01;Bergs kommun;Region Jämtland Härjedalen;väntar på attest;exempel"


def test_a_page_of_25_takes_few_queries(berg: Client, django_assert_max_num_queries: Any) -> None:
    """At most five beside who is signed in."""
    for number in range(26):
        registered(event_id=f"B-{number}")
    berg.get("/arbete/inhyrd-personal/")
    with django_assert_max_num_queries(5):
        assert berg.get("/arbete/inhyrd-personal/").status_code == 200


def test_an_unknown_kind_is_404(berg: Client) -> None:
    """Addresses that name nothing."""
    for address in ("/arbete/skor/", "/arbete/skor/nytt/", "/arbete/ombud/mall.exe", "/arbete/ombud/abc/"):
        assert berg.get(address).status_code == 404

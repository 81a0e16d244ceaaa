"""Reading a file of work in, page by page; and the pages of the work that came by it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from samverka.assignments.cells import allowed_in, choices_in
from samverka.assignments.kinds import BY_CHARGE, KINDS, WorkKind
from samverka.assignments.models import Batch, HiredStaff
from samverka.assignments.selectors import waiting_for
from samverka.assignments.words import label
from samverka.core import clock
from samverka.core.acting import Role
from tests.samverka.assignments.test_pages import text
from tests.samverka.assignments.work import GOOD, approver, once, registrar
from tests.samverka.platform import ON, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")

IMPORT = "/arbete/inhyrd-personal/importera/"
HEAD = "event_id;from;to;date;start;profession;principal_level;end;example"
CODES = "B-1;BERG;REGION;2025-10-01;16:30;nurse;primary;18:15;ja"
WORDS = "B-2;Bergs kommun;region jämtland härjedalen;2025-10-01;16.30;Sjuksköterska;primärvård;18.15;ja"


@pytest.fixture
def berg(monkeypatch: pytest.MonkeyPatch) -> Client:
    """Berg's registrar, on the first of July 2026."""
    monkeypatch.setattr(clock, "today", lambda: ON)
    return signed_in(registrar())


def send(client: Client, *rows: str, name: str = "arbete.csv") -> str:
    """Read a file of hired staff in; the address of what it adds."""
    file = SimpleUploadedFile(name, "\n".join([HEAD, *rows]).encode())
    return str(client.post(IMPORT, {"file": file, **once()})["Location"])


def approve(client: Client, address: str) -> str:
    """Approve what is shown; what is told."""
    seen = client.get(address).context["found"].mark
    return text(client.post(address, {"seen": seen, **once()}, follow=True))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_the_page_says_how_a_file_is_filled_in(kind: WorkKind, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every column in Swedish, with what is allowed and an example; the file is not optional."""
    monkeypatch.setattr(clock, "today", lambda: ON)
    client = signed_in(registrar(GOOD[kind.model.charge][0]))
    page = client.get(f"/arbete/{kind.slug}/importera/").content.decode()
    assert "Fil (frivilligt)" not in text(client.get(f"/arbete/{kind.slug}/importera/"))
    for name in kind.columns:
        assert f'<code>{name}</code></td><td data-label="Vad">{label(name)}</td>' in page
        shown = ", ".join(f"{word} (<code>{one}</code>)" for word, one in choices_in(kind, name))
        assert f'<td data-label="Tillåtet">{shown or allowed_in(kind, name)}</td>' in page
    assert label("example") == "Exempel"


def test_ob_upp_d4_what_is_allowed_is_told_with_words_and_codes() -> None:
    """Codes with their words, times and days by an example."""
    told = {name: allowed_in(BY_CHARGE["hired_staff"], name) for name in BY_CHARGE["hired_staff"].columns}
    assert told["principal_level"] == "primärvård (primary), specialiserad vård (specialised)"
    assert told["profession"].startswith("sjuksköterska (nurse), ")
    assert (told["start"], told["date"]) == ("ett klockslag som 16.30", "en dag som 2026-03-09, i dag eller tidigare")
    assert allowed_in(BY_CHARGE["liaison"], "action").startswith("träning på hemorten, t.ex. Daisyspelare (daisy")


def test_words_and_codes_mean_the_same(berg: Client) -> None:
    """A row in Swedish words with 16.30 is the same work as one in codes with 16:30."""
    assert "Filen är inläst: 2 nya, 0 ändrade, 0 oförändrade." in approve(berg, send(berg, CODES, WORDS))
    by_code, by_word = HiredStaff.objects.order_by("event_id")
    told = ("from_party", "to_party", "start", "end", "profession", "principal_level")
    assert [getattr(by_word, name) for name in told] == [getattr(by_code, name) for name in told]
    assert (by_word.profession, by_word.start) == ("nurse", 990)
    assert "1 ny, 0 ändrade, 2 oförändrade." in approve(berg, send(berg, CODES, WORDS, CODES.replace("B-1", "B-3")))


def test_a_code_that_is_none_is_told_with_those_there_are(berg: Client) -> None:
    """A misspelt profession, a day that has not been, an action that means nothing: none is registered."""
    page = text(berg.get(send(berg, CODES.replace("nurse", "nurce"), WORDS.replace("2025-10-01", "2026-07-02"))))
    assert (
        "&#x27;nurce&#x27; är fel; tillåtet är sjuksköterska (nurse), arbetsterapeut (occupational_therapist)" in page
    )
    assert "&#x27;2026-07-02&#x27; är fel; tillåtet är i dag (2026-07-01) eller tidigare" in page
    assert "Godkänn och registrera" not in page
    liaison = ("event_id,kind,municipality,date,patient_responsibility,action,agreed,work_minutes\n"
               "B-1,syn,Bergs kommun,2025-10-14,kommunen,läs-tvv,ja,50")  # fmt: skip
    file = SimpleUploadedFile("ombud.csv", liaison.encode())
    page = text(berg.get(berg.post("/arbete/ombud/importera/", {"file": file, **once()})["Location"]))
    assert "&#x27;läs-tvv&#x27; är fel; tillåtet är träning på hemorten" in page


def test_a_new_row_is_shown_with_its_facts_and_price(berg: Client) -> None:
    """As the work's own page tells them: time, profession, outcome and amount, or that there is no price."""
    manual = (
        CODES.replace("B-1", "B-4").replace("16:30", "18:30").replace("18:15", "19:15").replace("nurse", "physician")
    )
    page = text(berg.get(send(berg, WORDS, manual)))
    facts = "Början: 16.30; Slut: 18.15; Yrke: sjuksköterska; "
    assert facts in page
    assert "debiteras 640,00 kr" in page
    assert "avgörs av människor –" in page


def test_what_was_too_early_yesterday_can_be_registered_today(berg: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file is held against the day on which it is looked at, not that on which it was read in."""
    address = send(berg, CODES.replace("2025-10-01", "2026-07-02"))
    assert berg.get(address).context["found"].mark == "0-0-0-1"
    monkeypatch.setattr(clock, "today", lambda: date(2026, 7, 2))
    assert "1 ny" in approve(berg, address)


def test_a_file_with_faults_is_not_said_to_wait_for_approval(berg: Client) -> None:
    """Its page says that it has faults; that of a good file says that it waits."""
    pages = [text(berg.get(send(berg, rows))) for rows in (CODES, CODES.replace("nurse", "nurce"))]
    assert ["väntar på godkännande" in page for page in pages] == [True, False]
    assert ["har fel" in page for page in pages] == [False, True]


def test_an_empty_file_is_called_empty(berg: Client) -> None:
    """Of its size there is nothing to be said."""
    answer = berg.post(IMPORT, {"file": SimpleUploadedFile("tom.csv", b""), **once()})
    assert (answer.status_code, answer.context["form"].errors["file"]) == (422, ["Filen är tom."])


def waiting(client_of: str = "BERG") -> list[tuple[str, str]]:
    """What the front page tells a registrar of files, and where it leads."""
    return [(one.text, one.address) for one in waiting_for(registrar(client_of), ON) if "fil" in one.text]


def test_faulty_files_are_told_apart_and_listed(berg: Client) -> None:
    """One leads to itself, many to a list; a file that is put away waits no longer, and others see nothing of it."""
    good = send(berg, CODES)
    bad = send(berg, CODES.replace("nurse", "nurce"), name="fel.csv")
    assert waiting() == [("1 fil väntar på godkännande", good), ("1 fil har fel: rätta eller lägg undan", bad)]
    send(berg, WORDS.replace("16.30", "25.30"), WORDS.replace("primärvård", "vård"), name="fler.csv")
    many = ("2 filer har fel: rätta eller lägg undan", "/arbete/filer/?state=staged")
    assert waiting() == [("1 fil väntar på godkännande", good), many]
    page = text(berg.get(many[1]))
    for name, faults in (("arbete.csv", 0), ("fel.csv", 1), ("fler.csv", 2)):
        assert re.search(rf"{name} Inhyrd personal \S+ \S+ väntar på godkännande {faults} ", page), name
    berg.post(bad, {"discard": "1", **once()})
    assert waiting()[1][0] == "1 fil har fel: rätta eller lägg undan"
    assert re.search("fel.csv Inhyrd personal .* undanlagd 1 ", text(berg.get("/arbete/filer/?state=refused")))
    assert waiting("KROKOM") == []
    assert "arbete.csv" not in text(signed_in(registrar("KROKOM")).get("/arbete/filer/"))
    assert signed_in(actor("", Role.AUDITOR)).get("/arbete/filer/").status_code == 403


@pytest.fixture
def imported(berg: Client) -> HiredStaff:
    """Work that came by a file and is approved."""
    approve(berg, send(berg, CODES))
    return HiredStaff.objects.get()


def page_of(work: HiredStaff, name: str = "work") -> str:
    """The address of its page, or of what is done with it."""
    return reverse(f"assignments:{name}", args=["inhyrd-personal", work.public_id])


@pytest.mark.parametrize("party", ["BERG", "REGION"])
def test_work_that_came_by_a_file_has_its_page(imported: HiredStaff, party: str) -> None:
    """For both its parties, and for each role: with what it states, its price, and that it was read from a file."""
    for role in (Role.READER, Role.REGISTRAR, Role.APPROVER):
        page = signed_in(actor(party, role)).get(page_of(imported))
        assert page.status_code == 200
        assert "640,00 kr" in text(page)
        assert re.search("Vad som har hänt Inläst ur fil .* av Bergs kommun", text(page))
    assert page.context["history"]
    assert signed_in(actor("KROKOM", Role.READER)).get(page_of(imported)).status_code == 404
    auditor = signed_in(actor("", Role.AUDITOR)).get(page_of(imported))
    assert (auditor.status_code, registrar().user.username in text(auditor)) == (200, False)


def test_work_that_came_by_a_file_for_several_payers_has_its_page(berg: Client) -> None:
    """The file's entry is for its own party only: the payer reads that the work was registered, and when."""
    approve(berg, send(berg, CODES, CODES.replace("B-1", "B-2").replace("REGION", "KROKOM")))
    assert Batch.objects.get().state == "approved"
    for work in HiredStaff.objects.all():
        page = text(signed_in(actor(work.payer_party, Role.READER)).get(page_of(work)))
        assert "Vad som har hänt Bergs kommun registrerade arbetet" in page
        assert "Inläst ur fil" in text(berg.get(page_of(work)))


def test_work_that_came_by_a_file_is_returned_changed_attested_and_withdrawn(
    berg: Client, imported: HiredStaff
) -> None:
    """By its pages, as any other work; each page shows what has happened so far."""
    payer = signed_in(approver())

    def post(client: Client, name: str, **said: Any) -> str:
        answer = client.post(page_of(imported, name), {**said, **once()}, follow=True)
        imported.refresh_from_db()
        return f"{answer.status_code} {imported.state} {text(answer)}"

    assert post(payer, "return", reason="Fel tid").startswith("200 returned")
    form = berg.get(page_of(imported, "change")).context["form"]
    filled = {name: value for name, value in form.initial.items() if isinstance(value, str)}
    assert (filled["profession"], filled["end"]) == ("nurse", "18:15")
    told = post(berg, "change", **{**filled, "end": "18:45"})
    assert told.startswith("200 registered")
    assert re.search("Ändrat .* Återsänt .* Inläst ur fil", told)
    assert post(payer, "attest", revision=str(imported.revision)).startswith("200 attested")
    assert post(payer, "take_back", reason="Fel rad").startswith("200 registered")
    assert post(berg, "withdraw", reason="Dubblett").startswith("200 withdrawn")


def test_every_page_of_work_is_named_after_the_site(berg: Client, imported: HiredStaff) -> None:
    """The title says what the page is and ends with the site's name."""
    staged = send(berg, WORDS)
    for address in ("/arbete/", "/arbete/inhyrd-personal/", "/arbete/nytt/", "/arbete/inhyrd-personal/nytt/", IMPORT,
                    "/arbete/filer/", staged, page_of(imported), page_of(imported, "change"),
                    page_of(imported, "withdraw")):  # fmt: skip
        assert re.search("<title>[^<]+ – Samverka</title>", berg.get(address).content.decode()), address
    for address in ("/arbete/inhyrd-personal/attestera/", page_of(imported, "return")):
        assert " – Samverka</title>" in signed_in(approver()).get(address).content.decode(), address

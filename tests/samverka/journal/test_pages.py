"""The journal's pages: each party sees its own and the common entries, and names only of its own people."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from samverka.core.acting import Actor, Role
from samverka.journal import verifier
from samverka.journal.models import Checkpoint, Entry
from tests.samverka.journal.entries import made, older_transaction, seal_all
from tests.samverka.platform import AT, actor, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("jamtland")]


@pytest.fixture
def berg() -> Actor:
    """A registrar of Berg."""
    return actor("BERG", Role.REGISTRAR)


@pytest.fixture
def entries(berg: Actor) -> list[Entry]:
    """One that Berg made and shares with the region, one of the region's own, one of Bräcke's own."""
    return [
        *made(
            who=berg, parties=("BERG", "REGION"), action="assignments.change", why="Fel minuter",
            clauses=("OB-UPP-D4",),
            before={"work_minutes": 60, "state": "registered"}, after={"work_minutes": 61, "state": "registered"},
        ),
        *made(who=actor("REGION", Role.APPROVER), parties=("REGION",), action="settlement.reject",
              subject="hemligt-r"),
        *made(who=actor("BRACKE", Role.REGISTRAR), parties=("BRACKE",), action="assignments.stage",
              subject="hemligt-b"),
    ]  # fmt: skip


def page(who: Actor, name: str, *args: object) -> str:
    """A page as somebody sees it."""
    answer = signed_in(who).get(reverse(f"journal:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_party_sees_its_own_and_the_common_entries(entries: list[Entry], berg: Actor) -> None:
    """In Swedish words, with reason and clause; nothing of what is between others."""
    html = page(berg, "list")
    assert "ändrade arbete" in html
    assert "Fel minuter" in html
    assert "OB-UPP-D4" in html
    assert "lade upp en part" in html
    assert "hemligt" not in html
    assert "hemligt-r" in page(actor("REGION", Role.READER), "list")


def test_an_auditor_sees_every_entry_and_no_person(entries: list[Entry], berg: Actor) -> None:
    """Role and party instead of a name, on the list, on the page and in the files."""
    auditor = actor("", Role.AUDITOR)
    html = page(auditor, "list") + page(auditor, "entry", entries[0].pk) + page(auditor, "list") + "".join(
        signed_in(auditor).get(reverse("journal:list"), {"format": "csv"}).getvalue().decode()
    )  # fmt: skip
    assert "hemligt-r" in html
    assert "hemligt-b" in html
    assert "registrerare" in html
    assert berg.user.username not in html
    assert berg.user.email not in html


def test_a_name_is_shown_to_the_own_party_alone(entries: list[Entry], berg: Actor) -> None:
    """A colleague sees who it was; the other party of the same entry sees the role."""
    colleague, region = actor("BERG", Role.READER, 2), actor("REGION", Role.READER)
    for name, args in (("list", ()), ("entry", (entries[0].pk,))):
        assert berg.user.username in page(colleague, name, *args)
        assert berg.user.username not in page(region, name, *args)
        assert "registrerare" in page(region, name, *args)


def test_somebody_elses_entry_is_not_there(entries: list[Entry], berg: Actor) -> None:
    """404, as for one that does not exist."""
    client = signed_in(berg)
    for number in (entries[1].pk, entries[2].pk, 10**12):
        assert client.get(reverse("journal:entry", args=[number])).status_code == 404


def test_an_entry_shows_what_changed_and_its_place(entries: list[Entry], berg: Actor) -> None:
    """Before beside after, only what differs is marked; the leaf and the chain where it stands."""
    seal_all()
    html = page(berg, "entry", entries[0].pk)
    assert "<del>60</del>" in html
    assert "<ins>61</ins>" in html
    assert '<td data-label="Efter">registrerat</td>' in html
    entry = Entry.objects.select_related("seal").get(pk=entries[0].pk)
    assert bytes(entry.leaf).hex() in html
    assert bytes(entry.seal.chain).hex() in html


def test_an_entry_that_waits_says_so(monkeypatch: pytest.MonkeyPatch, berg: Actor) -> None:
    """It has no place yet."""
    monkeypatch.setattr("samverka.journal.services.seal", lambda: 0)
    (entry,) = made()
    assert "Posten väntar på sin plats" in page(berg, "entry", entry.pk)


def test_checkpoints_are_signed_by_an_administrator_and_read_by_all(entries: list[Entry], berg: Actor) -> None:
    """What is downloaded is what the downloaded verifier finds right; others may not sign."""
    administrator = actor("OSTERSUND", Role.ADMINISTRATOR)
    seal_all()
    assert signed_in(berg).post(reverse("journal:sign")).status_code == 403
    assert signed_in(administrator).post(reverse("journal:sign")).status_code == 302
    made_ = Checkpoint.objects.get()
    assert bytes(made_.chain).hex() in page(berg, "checkpoints")
    assert made_.key in page(berg, "checkpoints")
    client = signed_in(berg)
    file = client.get(reverse("journal:checkpoint", args=[made_.pk]))
    assert file["Content-Disposition"] == f'attachment; filename="kontrollpunkt-{made_.count}.txt"'
    export = client.get(reverse("journal:export")).getvalue().decode()
    assert "hemligt" not in export
    tool: dict[str, object] = {"__name__": "downloaded"}
    exec(client.get(reverse("journal:verifier")).content.decode(), tool)
    said = tool["verify"](export.splitlines(), [("k.txt", file.content.decode())], bytes.fromhex(made_.key))  # type: ignore[operator]
    assert said.startswith(f"Journalen stämmer: {made_.count} poster i obruten kedja.")
    assert client.get(reverse("journal:checkpoint", args=[made_.pk + 1])).status_code == 404


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite's writers take turns")
def test_who_signs_is_told_what_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that a running transaction holds back is not under the checkpoint, and that is said."""
    monkeypatch.setattr("samverka.journal.chain.PATIENCE", 0.1)
    client = signed_in(actor("OSTERSUND", Role.ADMINISTRATOR))
    made()
    seal_all()
    with older_transaction():
        made()
        html = client.post(reverse("journal:sign"), follow=True).content.decode()
    assert "är undertecknad." in html
    assert "En post väntar på sin plats i kedjan tills något som började före har avslutats." in html
    seal_all()
    assert "väntar på sin plats" not in client.post(reverse("journal:sign"), follow=True).content.decode()


def test_without_a_key_the_page_says_so(settings: object, berg: Actor) -> None:
    """And signing is refused in words."""
    settings.SIGNING_KEY = ""  # type: ignore[attr-defined]
    assert "ingen nyckel att underteckna med" in page(berg, "checkpoints")
    answer = signed_in(actor("OSTERSUND", Role.ADMINISTRATOR)).post(reverse("journal:sign"), follow=True)
    assert "SAMVERKA_SIGNING_KEY saknas" in answer.content.decode()


def test_a_page_of_the_list_takes_few_questions(berg: Actor) -> None:
    """Sixty entries: one question for the rows, whatever they show."""
    made(60, who=berg, parties=("BERG",), at=AT)
    client = signed_in(berg)
    client.get(reverse("journal:list"))
    with CaptureQueriesContext(
        connection,
    ) as asked:
        assert client.get(reverse("journal:list")).status_code == 200
    assert len([query for query in asked if "journal_entry" in query["sql"]]) == 1
    assert len(asked) <= 5


def test_the_verifier_that_is_downloaded_is_the_one_that_is_tested(berg: Actor) -> None:
    """Byte for byte."""
    assert page(berg, "verifier") == Path(verifier.__file__).read_text(encoding="utf-8")

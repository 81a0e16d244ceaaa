"""Files of work: staged, shown as a difference, approved as a whole; the same again adds nothing."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samverka.agreements.selectors import book_now
from samverka.assignments import files, intake
from samverka.assignments.cells import STILL_THERE
from samverka.assignments.kinds import BY_CHARGE, KINDS, WorkKind
from samverka.assignments.models import Batch, HiredStaff, Liaison, State
from samverka.assignments.services import attest, change, send_back, withdraw
from samverka.core import clock
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.core.uploads import Table, read_upload
from samverka.journal.models import Entry
from tests.samverka.assignments.work import EVENING, GOOD, approver, once, registered, registrar
from tests.samverka.platform import AT, ON, actor, signed_in

pytestmark = pytest.mark.usefixtures("jamtland")

HIRED = BY_CHARGE["hired_staff"]
IMPORT = "/arbete/inhyrd-personal/importera/"
HEAD = "event_id,from,to,date,start,profession,principal_level,end,example"
ROW = "B-{},BERG,REGION,2025-10-01,16:30,nurse,primary,{},ja"


def sheet(*rows: str, head: str = HEAD) -> bytes:
    """A file of hired staff."""
    return "\n".join([head, *rows]).encode()


def read(content: bytes, kind: WorkKind = HIRED, name: str = "arbete.csv") -> Table:
    """A file as the sandbox reads it."""
    needed = ("event_id", *kind.charge.required)
    return read_upload(SimpleUploadedFile(name, content), needed, kind.columns[len(needed) :])


def stage(content: bytes, kind: WorkKind = HIRED, party: str = "BERG") -> Batch:
    """A staged file, as it is kept."""
    made = intake.stage(registrar(party), charge=kind.model.charge, table=read(content, kind), at=AT)
    return Batch.objects.get(pk=made.pk)


def difference(batch: Batch) -> intake.Difference:
    """The file held against what is registered now."""
    return intake.examine(BY_CHARGE[batch.charge], batch.party, batch, book_now().edition, on=ON)


def approve(batch: Batch) -> intake.Difference:
    """Approve what is shown now."""
    return intake.approve(registrar(batch.party), batch, seen=difference(batch).mark, at=AT)


def test_a_file_is_registered_as_a_whole() -> None:
    """Two rows, two pieces of work, and one entry that holds the file's digest; nothing before it is approved."""
    batch = stage(sheet(ROW.format(1, "18:15"), ROW.format(2, "18:30")))
    assert HiredStaff.objects.count() == 0
    before = Entry.objects.count()
    assert approve(batch).mark == "2-0-0-0"
    works = HiredStaff.objects.order_by("event_id")
    assert [(one.event_id, one.stretch_minutes, one.example, one.batch_id) for one in works] == [
        ("B-1", 105, True, batch.pk),
        ("B-2", 120, True, batch.pk),
    ]
    [entry] = Entry.objects.order_by("id")[before:]
    told = json.loads(entry.body)
    assert (told["action"], told["after"]["digest"], told["after"]["new"]) == ("assignments.import", batch.digest, 2)
    assert sorted(entry.parties.values_list("party", flat=True)) == ["BERG", "REGION"]


def test_the_same_file_twice_adds_nothing() -> None:
    """Neither staged again once approved, nor approved again; staged twice it is the same stage."""
    content = sheet(ROW.format(1, "18:15"))
    batch = stage(content)
    assert stage(content) == batch
    approve(batch)
    with pytest.raises(Refused, match=r"Filen är redan inläst 2026-07-01\. Inget är tillagt\."):
        stage(content)
    with pytest.raises(Refused, match="Filen är inläst"):
        intake.approve(registrar(), batch, seen="1-0-0-0", at=AT)
    assert HiredStaff.objects.count() == 1


def test_another_file_with_the_same_rows_adds_nothing() -> None:
    """An unchanged row is counted as that; a blank line makes the file another one."""
    approve(stage(sheet(ROW.format(1, "18:15"))))
    found = approve(stage(sheet(ROW.format(1, "18:15"), "")))
    assert (found.mark, HiredStaff.objects.count()) == ("0-0-1-0", 1)


def test_a_row_changes_what_is_open_and_not_what_is_attested() -> None:
    """Registered and returned work is changed and sent again; attested and withdrawn work refuses the file."""
    works = {name: registered(event_id=f"B-{name}") for name in (1, 2, 3, 4)}
    send_back(approver(), works[2], reason="Fel tid", at=AT)
    batch = stage(sheet(ROW.format(1, "18:30"), ROW.format(2, "18:30"), ROW.format(3, "18:15"), ROW.format(5, "18:15")))
    found = approve(batch)
    assert found.mark == "1-2-1-0"
    assert list(
        HiredStaff.objects.order_by("event_id").values_list("event_id", "state", "stretch_minutes", "revision")
    ) == [
        ("B-1", "registered", 120, 1),
        ("B-2", "registered", 120, 2),
        ("B-3", "registered", 105, 0),
        ("B-4", "registered", 105, 0),
        ("B-5", "registered", 105, 0),
    ]
    told = json.loads(Entry.objects.latest("id").body)
    assert (told["before"]["B-2"]["stated"]["end"], told["after"]["changed"]["B-2"]["end"]) == ("18:15", "18:30")
    attest(approver(), works[3], at=AT)
    withdraw(registrar(), works[4], reason="Dubblett", at=AT)
    batch = stage(sheet(ROW.format(3, "18:45"), ROW.format(4, "18:45")))
    assert [told for _, _, told in difference(batch).refused] == [
        f"B-{number} är {state} och kan inte ändras; tillåtet är att ändra det som inte är attesterat"
        for number, state in ((3, "attesterad"), (4, "återkallad"))
    ]
    with pytest.raises(Refused, match="2 fel i filen"):
        approve(batch)


def test_what_changed_since_the_difference_was_shown_is_shown_again() -> None:
    """The same row was registered by hand meanwhile: the approval is refused."""
    batch = stage(sheet(ROW.format(1, "18:15")))
    seen = difference(batch).mark
    registered(event_id="B-1")
    with pytest.raises(Refused, match="Något har ändrats sedan skillnaden visades"):
        intake.approve(registrar(), batch, seen=seen, at=AT)


def test_a_number_that_was_registered_in_the_same_moment_is_no_fault_of_the_site(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another registered it between the examination and the writing: told as any other change, and nothing is kept."""
    batch = stage(sheet(ROW.format(1, "19:40"), ROW.format(2, "19:40")))
    before = difference(batch)
    registered(event_id="B-2")
    monkeypatch.setattr(intake, "examine", lambda *_, **__: before)
    with pytest.raises(Refused, match="ändrats"):
        intake.approve(registrar("BERG"), batch, seen=before.mark, at=AT)
    batch.refresh_from_db()
    assert (batch.state, HiredStaff.objects.count()) == ("staged", 1)


def test_each_fault_names_line_column_and_what_is_allowed() -> None:
    """As the folder to settle does; good rows do not go in alone."""
    rows = (
        ROW.format(1, "25:00"),
        ROW.format(2, "18:15").replace("BERG", "KROKOM"),
        ROW.format(3, "18:15").replace("nurse", ""),
        ROW.format(4, ""),
        ROW.format(5, "18:15"),
        ROW.format(5, "18:15"),
        ROW.format(6, "18:15").replace(",ja", ",kanske"),
        ROW.format("=1", "18:15").replace("B-=1", "=1"),
    )
    batch = stage(sheet(*rows))
    assert difference(batch).refused == [
        (2, "end", "'25:00' är fel; tillåtet är ett klockslag som 16:30"),
        (3, "from", "'KROKOM' är fel; tillåtet är arbete som ni har utfört; utförare är KROKOM"),
        (4, "profession", "ska vara ifylld"),
        *(
            (5, name, "ska vara ifylld: utfallet beror på den")
            for name in ("admin_minutes", "report_minutes", "travel_combined", "travel_minutes", "work_minutes")
        ),
        (7, "event_id", "B-5 står redan på rad 6; varje händelse har sitt eget nummer"),
        (8, "example", "'kanske' är fel; tillåtet är ja eller nej"),
        (9, "event_id", "'=1' är fel; tillåtet är en text som inte börjar med =, +, - eller @"),
    ]
    with pytest.raises(Refused, match="11 fel i filen"):
        approve(batch)
    assert HiredStaff.objects.count() == 0


def test_every_fault_of_a_row_is_told_at_once() -> None:
    """An answer that is none hides no other fault, and neither does another cell hide a day that has not come."""
    spoilt = "X,BERG,REGION,2026-13-05,9,nurse,primary,25:00,kanske"
    ahead = "Y,BERG,REGION,2027-01-05,16:30,doktor,primary,18:15,ja"
    found = difference(stage(sheet(spoilt, ahead))).refused
    assert [(line, column) for line, column, _ in found] == [
        (2, "date"), (2, "end"), (2, "example"), (2, "start"), (3, "date"), (3, "profession"),
    ]  # fmt: skip
    assert found[4][2] == f"'2027-01-05' är fel; tillåtet är i dag ({ON}) eller tidigare"


def test_a_file_is_put_away() -> None:
    """It is not registered, and may be read in again."""
    content = sheet(ROW.format(1, "18:15"))
    intake.discard(registrar(), stage(content), at=AT)
    assert approve(stage(content)).mark == "1-0-0-0"


def test_a_staged_file_is_its_partys_own() -> None:
    """Nobody else sees or approves it, not even the payer; an auditor does not either."""
    batch = stage(sheet(ROW.format(1, "18:15")))
    address = f"/arbete/fil/{batch.public_id}/"
    assert signed_in(registrar()).get(address).status_code == 200
    for other in (registrar("KROKOM"), registrar("REGION")):
        assert signed_in(other).get(address).status_code == 404
    assert signed_in(actor("", Role.AUDITOR)).get(address).status_code == 403
    with pytest.raises(Refused, match="Bara den part som läste in filen"):
        intake.approve(registrar("REGION"), batch, seen="1-0-0-0", at=AT)


def test_several_payers_read_nothing_of_each_other() -> None:
    """A file with work for two parties is told to its own party only; each sees its own work."""
    approve(stage(sheet(ROW.format(1, "18:15"), ROW.format(2, "16:45").replace("REGION", "KROKOM"))))
    assert list(Entry.objects.latest("id").parties.values_list("party", flat=True)) == ["BERG"]


def test_a_party_that_cannot_perform_reads_nothing_in() -> None:
    """SH-EKO-3 is for municipalities."""
    content = sheet(head=",".join(BY_CHARGE["liaison"].columns))
    with pytest.raises(Refused, match="Bara den part som har utfört arbetet"):
        stage(content, BY_CHARGE["liaison"], "REGION")


def test_a_file_goes_through_the_pages() -> None:
    """Uploaded, shown, approved; a fault stands at the field; the template has the columns."""
    client = signed_in(registrar())

    def send(content: bytes, name: str = "arbete.csv") -> Any:
        return client.post(IMPORT, {"file": SimpleUploadedFile(name, content), **once()})

    answer = send(b"\x00\x01", "arbete.exe")
    assert answer.context["form"].errors["file"] == ["Filen slutar på .exe; tillåtet är .csv och .xlsx."]
    answer = send(b"\x00\x01", "arbete")
    assert answer.context["form"].errors["file"] == ["Filen har ingen filändelse; tillåtet är .csv och .xlsx."]
    assert client.post(IMPORT, once()).context["form"].errors["file"] == ["Välj en fil som är högst 8 MB."]
    answer = send(sheet(ROW.format(1, "18:15")))
    assert answer.status_code == 302
    page = client.get(answer["Location"])
    assert page.context["found"].mark == "1-0-0-0"
    assert client.post(answer["Location"], {"seen": "9-0-0-0", **once()}).status_code == 409
    assert client.post(answer["Location"], {"seen": "1-0-0-0", **once()})["Location"] == "/arbete/inhyrd-personal/"
    assert HiredStaff.objects.count() == 1
    assert "B-1" in client.get("/arbete/inhyrd-personal/").content.decode()
    changed = send(sheet(ROW.format(1, "18:30")))
    assert "<del>18.15</del> <ins>18.30</ins>" in client.get(changed["Location"]).content.decode()


@pytest.mark.parametrize("form", files.FORMS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_a_template_is_a_file_that_can_be_read(kind: WorkKind, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its row to go by is refused until somebody has written a number of their own on it, and is then good work."""
    charge, party = kind.model.charge, GOOD[kind.model.charge][0]
    monkeypatch.setattr(clock, "today", lambda: ON)
    answer = signed_in(registrar(party)).get(f"/arbete/{kind.slug}/mall.{form}")
    table = read(content_of(answer), kind, f"mall.{form}")
    [(line, cells)] = table.rows
    assert table.faults == []
    batch = Batch(charge=charge, party=party, rows=table.rows)
    assert difference(batch).refused == [(line, "event_id", STILL_THERE)]
    batch.rows = [(line, {**cells, "event_id": "B-1"})]
    [row] = difference(batch).new
    assert (row.case["date"], row.example, row.payer) == (ON, True, "BERG" if party == "REGION" else "REGION")


def content_of(answer: Any) -> bytes:
    """An answer's bytes, sent at once or piece by piece."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


@pytest.mark.parametrize("form", files.FORMS)
@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.slug)
def test_what_is_registered_comes_back_unchanged(kind: WorkKind, form: str) -> None:
    """A party's rows as a file, read in again: each is unchanged."""
    charge = kind.model.charge
    registered(charge, event_id="Å-1", source='påhittat; med "tecken", och mellanslag')
    registered(charge, event_id="Å-2", example=False)
    party = GOOD[charge][0]
    content = content_of(signed_in(registrar(party)).get(f"/arbete/{kind.slug}/rader.{form}"))
    table = read(content, kind, f"rader.{form}")
    made = intake.stage(registrar(party), charge=charge, table=table, at=AT)
    assert difference(Batch.objects.get(pk=made.pk)).mark == "0-0-2-0"


PART = st.one_of(st.none(), st.integers(0, 300).map(str))
FLAG = st.sampled_from([None, True, False])
TEXT = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=20).map(str.strip)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.tuples(PART, PART, PART, PART),
    trip=FLAG,
    agreed=st.booleans(),
    note=TEXT,
    kind=st.sampled_from(["vision", "hearing"]),
)
def test_import_of_export_is_unchanged(
    *, parts: tuple[str | None, ...], trip: bool | None, agreed: bool, note: str, kind: str
) -> None:
    """Whatever parts, flags and notes are stated: the exported row states the same case and adds nothing."""
    names = ("work_minutes", "admin_minutes", "report_minutes", "travel_minutes")
    given_ = {**GOOD["liaison"][1], "kind": kind, "agreed": agreed, "special_trip": trip}
    given_ = {name: value for name, value in given_.items() if name not in names and value is not None}
    given_ |= {name: value for name, value in zip(names, parts, strict=True) if value is not None}
    Liaison.objects.all().delete()
    try:
        registered("liaison", stated=given_, source=note, event_id="B-1")
    except Refused:
        return  # what is not registered is not exported
    text = io.StringIO()
    csv.writer(text, delimiter=";").writerows(files.rows_of(BY_CHARGE["liaison"], Liaison.objects.all()))
    head, row = csv.reader(io.StringIO(text.getvalue()), delimiter=";")
    cells = {name: cell for name, cell in zip(head, row, strict=True) if cell}
    batch = Batch(charge="liaison", party="BERG", rows=[[2, cells]], faults=[])
    assert difference(batch).mark == "0-0-1-0"


def test_a_file_of_many_rows_takes_few_seconds() -> None:
    """Two thousand rows are staged, examined and written with few statements each."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    batch = stage(sheet(*(ROW.format(number, "18:15") for number in range(2000))))
    with CaptureQueriesContext(connection) as queries:
        approve(batch)
    assert HiredStaff.objects.count() == 2000
    assert len(queries) < 100  # one by one it would be thousands


def test_a_client_without_the_role_reads_nothing_in() -> None:
    """An approver does not register, by file neither."""
    client: Client = signed_in(approver("BERG"))
    assert client.get(IMPORT).status_code == 403
    assert client.post(IMPORT, once()).status_code == 403


def test_a_change_by_file_asks_for_a_new_reading() -> None:
    """What an approver read before the file changed it is not attested."""
    work = registered(event_id="B-1")
    approve(stage(sheet(ROW.format(1, "18:30"))))
    with pytest.raises(Refused, match="har ändrats"):
        attest(approver(), work, at=AT)
    assert HiredStaff.objects.get().state == State.REGISTERED
    assert change(registrar(), work, stated=EVENING, at=AT).revision == 2

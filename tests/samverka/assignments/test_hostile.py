"""Hostile files: each ends in one clear message within the limits, the server keeps its memory, the next one works."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from samverka.assignments.models import Batch, HiredStaff
from samverka.core.errors import Refused
from samverka.core.sandbox import MEGABYTE, Exceeded, Limits
from samverka.core.sheets.archive import DAMAGED, DOCTYPE, LOCKED, NAMES, NESTED, ORDER, PACKED
from samverka.core.sheets.reading import NO_TEXT, NO_WORKBOOK, OLD
from samverka.core.uploads import MOST, NO_FILE
from tests.samverka.assignments.made import (
    BOOK,
    GOOD,
    HEAD,
    MAIN,
    cell,
    locked,
    lying,
    read,
    row,
    sheet,
    workbook,
)  # fmt: skip
from tests.samverka.assignments.work import once, registrar
from tests.samverka.platform import signed_in

IMPORT = "/arbete/inhyrd-personal/importera/"
TIGHT = 64 * MEGABYTE
GROWTH = 48 * MEGABYTE  # of the server's peak; a file may be 8 MB and is held in pieces
LAUGHS = "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))


def named(made: Callable[[], bytes], told: str, name: str = "arbete.xlsx") -> Any:
    """A case: how the file is made, only when its test runs, what is told of it, and its name."""
    return pytest.param(made, name, told, id=made.__name__)


def sparse() -> bytes:
    """A sheet that claims to be 17 thousand million cells, with a cell in its last corner."""
    far = f'<row r="1048576">{cell("XFD1048576", "x")}</row>'
    return workbook(sheet(row(1, *HEAD), far, before='<dimension ref="A1:XFD1048576"/>'))


def far_column() -> bytes:
    """A cell in the last column."""
    return workbook(sheet(row(1, *HEAD), f'<row r="2">{cell("XFD2", "x")}</row>'))


def million_rows() -> bytes:
    """A million rows."""
    return workbook(sheet(*(f'<row r="{n}"><c r="A{n}"><v>{n % 10}</v></c></row>' for n in range(1, 10**6 + 1))))


def bomb() -> bytes:
    """A hundred and twenty megabytes of one letter in a cell."""
    return workbook(sheet(row(1, *HEAD), row(2, "A" * 120 * MEGABYTE)), level=9)


def lying_bomb() -> bytes:
    """The same bomb, said to be a kilobyte."""
    return lying(bomb(), "xl/worksheets/sheet1.xml", 1000)


def nested() -> bytes:
    """Elements in forty thousand levels."""
    return workbook(sheet("<row>" * 40_000 + "</row>" * 40_000))


def laughs() -> bytes:
    """Entities that would become gigabytes."""
    head = f'<!DOCTYPE sst [<!ENTITY a "ha">{LAUGHS}]>'
    return workbook(sheet(row(1, *HEAD)), strings=f'{head}<sst xmlns="{MAIN}"><si><t>&j;</t></si></sst>')


def outside_entity() -> bytes:
    """An entity that reads a file of the server."""
    head = '<!DOCTYPE worksheet [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    return workbook(head + sheet(row(1, "&x;")))


def wide_doctype() -> bytes:
    """A DOCTYPE in UTF-16, where a search for its bytes finds nothing."""
    return workbook(
        ('<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE a [<!ENTITY b "c">]>' + sheet()).encode("utf-16")
    )


def hidden_doctype() -> bytes:
    """A DOCTYPE in a part that is called a picture."""
    return workbook(sheet(row(1, *HEAD)), **{"xl/media/image1.png": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'})


def many_parts() -> bytes:
    """A thousand parts."""
    return workbook(sheet(row(1, *HEAD)), **{f"xl/media/{n}.bin": "x" for n in range(1000)})


def climbing_names() -> bytes:
    """A part that would be written outside the archive's own folder."""
    return workbook(sheet(row(1, *HEAD)), **{"../../etc/cron.d/x": "x"})


def encrypted_parts() -> bytes:
    """Parts that need a password."""
    return locked(workbook(sheet(row(1, *HEAD))))


def encrypted_workbook() -> bytes:
    """What Excel makes of a workbook with a password, and of an old one."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(4096)


def truncated() -> bytes:
    """Half a workbook."""
    whole = workbook(sheet(row(1, *HEAD), row(2, *GOOD)))
    return whole[: len(whole) // 2]


def backwards() -> bytes:
    """Rows in falling order, of which a reader could lose one."""
    return workbook(sheet(row(2, *GOOD), row(1, *HEAD)))


def great_row_number() -> bytes:
    """A row whose number is as great as numbers go."""
    return workbook(sheet(row(1, *HEAD), f'<row r="{"9" * 5000}"/>'))


def great_number() -> bytes:
    """A number of five thousand digits."""
    return workbook(sheet(row(1, *HEAD), f'<row r="2"><c r="A2"><v>{"9" * 5000}</v></c></row>'))


def lost_string() -> bytes:
    """A cell that points at a text that is not there."""
    return workbook(sheet(row(1, *HEAD), '<row r="2"><c r="A2" t="s"><v>99</v></c></row>'))


def two_sheets() -> bytes:
    """A second sheet that nobody would read."""
    more = BOOK.replace("</sheets>", '<sheet name="Blad2" sheetId="2" r:id="rId1"/></sheets>')
    return workbook(sheet(row(1, *HEAD)), book=more)


def renamed_exe() -> bytes:
    """A program with another name."""
    return b"MZ\x90\x00" + bytes(range(256)) * 40


def program_as_text() -> bytes:
    """The same, as CSV."""
    return renamed_exe()


def text_as_workbook() -> bytes:
    """CSV that is called a workbook."""
    return ",".join(HEAD).encode()


def workbook_as_text() -> bytes:
    """A workbook that is called CSV."""
    return workbook(sheet(row(1, *HEAD)))


def too_many_lines() -> bytes:
    """Twenty thousand good lines and one."""
    lines = (f"B-{n},BERG,REGION,2025-10-01,16:30,nurse,primary,18:15" for n in range(20_001))
    return "\n".join([",".join(HEAD), *lines]).encode()


def too_large() -> bytes:
    """A byte more than a file may have."""
    return b"x" * (MOST + 1)


REFUSED = [
    named(sparse, "Bladet har en rad 1048576; tillåtet är 20 000 under rubriken."),
    named(far_column, "Bladet har en cell XFD2 i kolumn 16384; tillåtet är 40."),
    named(million_rows, "Bladet har en rad 20002; tillåtet är 20 000 under rubriken."),
    named(bomb, PACKED),
    named(lying_bomb, DAMAGED),
    named(nested, NESTED),
    named(laughs, DOCTYPE),
    named(outside_entity, DOCTYPE),
    named(wide_doctype, DOCTYPE),
    named(hidden_doctype, DOCTYPE),
    named(many_parts, "Arbetsboken har 1006 delar; tillåtet är 500."),
    named(climbing_names, NAMES),
    named(encrypted_parts, LOCKED),
    named(encrypted_workbook, OLD),
    named(truncated, DAMAGED),
    named(backwards, ORDER),
    named(great_row_number, ORDER),
    named(great_number, DAMAGED),
    named(lost_string, DAMAGED),
    named(two_sheets, "Arbetsboken har 2 blad: Blad1, Blad2. Tillåtet är ett blad"),
    named(renamed_exe, NO_WORKBOOK),
    named(program_as_text, NO_TEXT, "arbete.csv"),
    named(text_as_workbook, NO_WORKBOOK),
    named(workbook_as_text, NO_TEXT, "arbete.csv"),
    named(too_many_lines, "Filen har fler än 20 000 rader.", "arbete.csv"),
    named(too_large, NO_FILE, "arbete.csv"),
]


@pytest.fixture
def steady() -> Iterator[None]:
    """The server's peak of memory during the test stays where it was."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak is measured from here
    before = _peak()
    yield
    assert _peak() - before < GROWTH


def _peak() -> int:
    [line] = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")]
    return int(line.split()[1]) * 1024


@pytest.mark.usefixtures("jamtland")
@pytest.mark.parametrize(("made", "name", "told"), REFUSED)
def test_a_hostile_file_is_one_message(
    made: Callable[[], bytes], name: str, told: str, request: pytest.FixtureRequest
) -> None:
    """One message at the field, within the time; nothing is kept, and the next request is answered."""
    content, client = made(), signed_in(registrar())
    client.get(IMPORT)
    request.getfixturevalue("steady")
    began = time.monotonic()
    answer = client.post(IMPORT, {"file": SimpleUploadedFile(name, content), **once()})
    assert time.monotonic() - began < 25
    assert answer.status_code == 422
    [message] = answer.context["form"].errors["file"]
    assert message.replace("\N{NO-BREAK SPACE}", " ").startswith(told)
    assert (Batch.objects.count(), HiredStaff.objects.count()) == (0, 0)
    assert client.get("/health").status_code == 200


def test_a_bomb_meets_one_limit_after_another() -> None:
    """Without the bound on packing it is stopped by memory; without that too it is read to its end."""
    content = workbook(sheet(row(1, *HEAD), row(2, "A" * 24 * MEGABYTE)), level=9)
    with pytest.raises(Refused, match="för stor när den packas upp"):
        read(content)
    with pytest.raises(Exceeded) as stopped:
        read(content, limits=Limits(memory=TIGHT), ratio=10**9)
    assert stopped.value.limit == "memory"
    [(line, _, told)] = read(content, ratio=10**9)["faults"]
    assert (line, told) == (2, "raden är längre än 65536 tecken")


def test_many_shared_strings_are_stopped_by_memory() -> None:
    """A hundred thousand long texts fit the archive's bounds and not the memory; with more memory they are read."""
    texts = "".join(f"<si><t>{f'{n:x}' * 60}</t></si>" for n in range(100_000))
    content = workbook(sheet(row(1, *HEAD), row(2, *GOOD)), strings=f'<sst xmlns="{MAIN}">{texts}</sst>')
    with pytest.raises(Exceeded) as stopped:
        read(content, limits=Limits(memory=TIGHT))
    assert stopped.value.limit == "memory"
    assert len(read(content)["rows"]) == 1


def test_a_good_workbook_fits_the_tight_memory() -> None:
    """So that it is the content, not the reader, that the two tests above stop."""
    assert len(read(workbook(sheet(row(1, *HEAD), row(2, *GOOD))), limits=Limits(memory=TIGHT))["rows"]) == 1


def test_a_sheet_without_bounds_would_be_read_to_its_corner() -> None:
    """The twin of the sparse sheet: a million rows are gone through before the cell in the corner is found."""
    with pytest.raises(Refused, match="Bladet har en rad 1048576"):
        read(sparse())
    wide = Limits(memory=2048 * MEGABYTE, cpu=60, seconds=60, output=1024 * MEGABYTE)
    [(line, _, told)] = read(sparse(), limits=wide, rows=2_000_000, columns=20_000)["faults"]
    assert (line, told) == (1_048_576, "16384 kolumner; rubrikraden har 8")


@pytest.mark.usefixtures("jamtland")
def test_a_file_name_never_becomes_a_path(tmp_path: Path) -> None:
    """A name that climbs is a name, and is shown without its climbing."""
    client = signed_in(registrar())
    content = f"{','.join(HEAD)}\n{','.join(GOOD)}".encode()
    sent = SimpleUploadedFile("arbete.csv", content)
    sent._name = "../../../tmp/kanin\u202egpj.csv"  # as a client that is no browser could call it
    answer = client.post(IMPORT, {"file": sent, **once()})
    assert answer.status_code == 302
    name = Batch.objects.get().file_name
    assert name.startswith("kanin")
    assert name.isprintable()


@pytest.mark.usefixtures("jamtland")
def test_a_file_that_grows_is_dropped_as_it_arrives(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Thirty megabytes never get to the reader; without the quota, the twin, the whole file does. Nothing is left."""
    from django.test import override_settings

    client, kept = signed_in(registrar()), []

    def seen(file: Any, *_: Any) -> Any:
        kept.append(file.size)
        raise Refused(NO_FILE)

    monkeypatch.setattr("samverka.assignments.views_files.read_upload", seen)
    sent = b"x" * 30 * MEGABYTE
    handlers = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    for chosen in (["samverka.core.uploads.Quota", *handlers], handlers):
        with override_settings(FILE_UPLOAD_HANDLERS=chosen, FILE_UPLOAD_TEMP_DIR=str(tmp_path)):
            answer = client.post(IMPORT, {"file": SimpleUploadedFile("stor.csv", sent), **once()})
        assert answer.context["form"].errors["file"] == [NO_FILE]
    gc.collect()
    assert kept == [len(sent)]
    assert list(tmp_path.iterdir()) == []

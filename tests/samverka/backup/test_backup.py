"""What goes out comes back the same, also into the other database; a bad file changes nothing."""

from __future__ import annotations

import json
import stat
import threading
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection

from samverka.backup import dump
from samverka.backup import restore as module
from samverka.backup.dump import MANIFEST, backup, digests
from samverka.backup.restore import BadBackup, restore
from samverka.backup.tables import LEFT_OUT, Table, line_of, tables, total
from samverka.care.models import AccessEntry, Case, Dispute, Move, Sampled
from samverka.core import triggers
from samverka.core.acting import Role
from samverka.journal.models import Entry, Seal
from samverka.journal.verify import verify
from samverka.parties.models import Party, User
from samverka.settlement.models import (
    Basis,
    Credit,
    Feed,
    Invoice,
    InvoicedEvent,
    InvoiceLine,
    Proposal,
    ProposalLine,
    ProposedEvent,
    Series,
)
from tests.samverka.journal.entries import made, seal_all
from tests.samverka.platform import AT, actor, signed_in

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("jamtland")]
#: The rows of a case in dispute with its log and a check of it, by table.
CARED = (Case, Dispute, Move, AccessEntry, Sampled)
CARE = {"care_case": 1, "care_dispute": 1, "care_move": 4, "care_accessentry": 5, "care_sampled": 1}
#: And of the settlement: two issuers' invoices, a credit note, what each line rests on.
SETTLED = (Proposal, ProposalLine, ProposedEvent, Invoice, InvoiceLine, InvoicedEvent, Credit, Series, Basis)


def empty() -> None:
    """The database as ``migrate`` leaves it."""
    call_command("flush", interactive=False, verbosity=0)


def changed(file: Path, member: str, change: Callable[[str], str | None]) -> None:
    """Write the file anew with one member changed, or left out."""
    with zipfile.ZipFile(file) as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in texts.items():
            new = change(text) if name == member else text
            if new is not None:
                archive.writestr(name, new)


def manifest(**fields: Any) -> Callable[[str], str]:
    """A manifest that says something else."""
    return lambda text: json.dumps({**json.loads(text), **fields})


def test_what_comes_back_is_the_same(settled: None, file: Path) -> None:
    """Digest for digest; the journal is whole, and goes on with new entries and numbers."""
    counts = {model: model.objects.count() for model in SETTLED}
    assert all(counts.values())
    before, places = digests(), list(Seal.objects.order_by("seq").values_list("entry_id", "chain"))
    empty()
    assert digests() != before
    said = restore(file)
    assert digests() == before
    assert said["sha256"] == total(before)
    assert {name: said["tables"][name]["rows"] for name in said["tables"] if name in CARE} == CARE
    assert {model._meta.db_table: model._base_manager.count() for model in CARED} == CARE
    assert {model: model.objects.count() for model in SETTLED} == counts
    assert list(Seal.objects.order_by("seq").values_list("entry_id", "chain")) == places
    (newer,) = made()
    seal_all()
    assert newer.pk > max(entry for entry, _ in places)
    assert (verify().sealed, verify().faults) == (len(places) + 1, [])
    assert signed_in(actor("BERG", Role.REGISTRAR)).get("/").status_code == 200
    Party.objects.create(code="NY", kind="municipality")


def test_the_digest_sees_every_kind_of_change(file: Path) -> None:
    """One letter, one öre, one key of JSON, a row more: each gives another digest."""
    before = total(digests())
    seen = {before}
    for change in (
        lambda: User.objects.filter(username__startswith="registrar1").update(first_name="Ä"),
        lambda: Proposal.objects.filter(period="2024H2").update(total=-(2**53)),
        lambda: Proposal.objects.update(steps_done=["a", "b"]),
        lambda: Feed.objects.update(party=""),
        lambda: Party.objects.create(code="NY", kind="municipality"),
        lambda: Case.unlogged.update(cfs=None),
    ):
        change()
        seen.add(total(digests()))
    assert len(seen) == 7


def test_only_its_owner_may_read_the_file(file: Path) -> None:
    """It holds password hashes; nobody's session is in it, and it never writes over another file."""
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
    assert names == {MANIFEST, *(f"tables/{table.name}.jsonl" for table in tables())}
    assert not names & {f"tables/{name}.jsonl" for name in LEFT_OUT}
    kept = file.read_bytes()
    with pytest.raises(FileExistsError):
        backup(file, at=AT)
    assert file.read_bytes() == kept
    assert list(file.parent.iterdir()) == [file]


def test_a_backup_that_cannot_be_written_leaves_no_file(filled: None, tmp_path: Path, monkeypatch: Any) -> None:
    """Neither half nor whole."""
    monkeypatch.setattr(dump, "total", lambda _: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        backup(tmp_path / "kopia.zip", at=AT)
    assert list(tmp_path.iterdir()) == []


def _written_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody writes an entry after the entries have been read and before what belongs to them."""

    def write() -> None:
        made()
        connection.close()

    usual = Table.lines

    def lines(table: Table) -> Any:
        if table.name == "journal_entryparty":
            thread = threading.Thread(target=write)
            thread.start()
            thread.join()
        return usual(table)

    monkeypatch.setattr(Table, "lines", lines)


def _loose(file: Path) -> set[int]:
    """Entries that rows of the backup refer to and that it does not hold."""
    with zipfile.ZipFile(file) as archive:
        rows = {
            name: [json.loads(line) for line in archive.read(f"tables/{name}.jsonl").decode().splitlines()]
            for name in ("journal_entry", "journal_entryparty")
        }
    return {row[1] for row in rows["journal_entryparty"]} - {row[0] for row in rows["journal_entry"]}


def test_it_is_one_moment_while_others_write(filled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing in it refers to what came later; the twin that reads without a snapshot tears an entry apart."""
    entries = Entry.objects.count()
    _written_meanwhile(monkeypatch)
    backup(tmp_path / "one.zip", at=AT)
    assert Entry.objects.count() == entries + 1
    assert _loose(tmp_path / "one.zip") == set()
    monkeypatch.setattr(dump, "snapshot", nullcontext)
    backup(tmp_path / "torn.zip", at=AT)
    assert len(_loose(tmp_path / "torn.zip")) == 1


def cut(file: Path) -> None:
    """The last third gone."""
    file.write_bytes(file.read_bytes()[: -file.stat().st_size // 3])


def flip(file: Path) -> None:
    """One byte of a table's text changed, its place in the archive left."""
    with zipfile.ZipFile(file) as archive:
        place = archive.getinfo("tables/journal_entry.jsonl").header_offset + 120
    content = bytearray(file.read_bytes())
    content[place] ^= 255
    file.write_bytes(bytes(content))


def edit(file: Path) -> None:
    """A row of a table changed by somebody who can pack a ZIP file."""
    changed(file, "tables/parties_party.jsonl", lambda text: text.replace('"BERG"', '"BÄRG"'))


def edit_with_digest(file: Path) -> None:
    """A row that refers to none, with a digest that agrees."""
    line = line_of([1, 99, "BERG"])
    with zipfile.ZipFile(file) as archive:
        said = json.loads(archive.read(MANIFEST))
    digest = module.Digest()
    list(digest.passing([line]))
    said["tables"]["journal_entryparty"] |= {"rows": 1, "sha256": digest.hex}
    changed(file, "tables/journal_entryparty.jsonl", lambda _: line + "\n")
    changed(file, MANIFEST, lambda _: json.dumps(said))


def member(name: str, change: Callable[[str], str | None]) -> Callable[[Path], None]:
    """That member of the file changed."""
    return lambda file: changed(file, name, change)


DAMAGED, UNREADABLE = "filen är skadad eller avkapad", "innehållet går inte att läsa in"
SEALS = "tables/journal_seal.jsonl"

#: What is wrong with a file, and what is said.
BAD: dict[str, tuple[Callable[[Path], Any], str]] = {
    "cut": (cut, DAMAGED),
    "no zip": (lambda file: file.write_text("hej"), DAMAGED),
    "flipped": (flip, DAMAGED),
    "edited": (edit, "tabellen parties_party är ändrad eller skadad"),
    "loose reference": (edit_with_digest, UNREADABLE),
    "no manifest": (member(MANIFEST, lambda _: None), DAMAGED),
    "torn manifest": (member(MANIFEST, lambda text: text[:99]), UNREADABLE),
    "other format": (member(MANIFEST, manifest(format="x 2")), "är ingen säkerhetskopia av formatet"),
    "other version": (member(MANIFEST, manifest(version="9.9", migrations=[])), "gjord med version 9.9"),
    "no table": (member(SEALS, lambda _: None), DAMAGED),
    "bad row": (member(SEALS, lambda _: "[1]\n"), UNREADABLE),
    "bad value": (
        member("tables/parties_partyname.jsonl", lambda text: text.replace("2026-01-01", "2026-13-01")),
        UNREADABLE,
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_changes_nothing(file: Path, name: str) -> None:
    """One message that says what is wrong; the empty database is as empty as it was."""
    spoil, sentence = BAD[name]
    spoil(file)
    empty()
    before = digests()
    with pytest.raises(BadBackup, match=sentence) as refused:
        restore(file)
    assert str(refused.value).endswith("Inget är återställt.")
    assert "\n" not in str(refused.value)
    assert digests() == before


def test_without_a_transaction_half_would_be_left(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin of the last one: what was read before the bad table stays."""
    changed(file, "tables/parties_unit.jsonl", lambda _: "[1]\n")
    empty()
    before = digests()
    monkeypatch.setattr(module.transaction, "atomic", nullcontext)
    with pytest.raises(BadBackup):
        restore(file)
    assert digests() != before
    triggers.make(connection, *module.INSERTS)  # they were taken away for good


def test_what_is_sealed_is_sealed_again(settled: None, file: Path) -> None:
    """While a backup is read in, sealed proposals take their lines; then no more."""
    empty()
    restore(file)
    line = ProposalLine.objects.filter(proposal__state="issued").first()
    assert line is not None
    line.pk, line.number = None, 99
    with pytest.raises(IntegrityError, match="line_sealed_insert"):
        line.save(force_insert=True)


def test_the_guards_of_what_is_sealed_would_stop_it(settled: None, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The broken twin: read in table by table with the guards in place, a sealed proposal refuses its own lines."""
    monkeypatch.setattr(module, "INSERTS", ())
    empty()
    with pytest.raises(BadBackup, match="line_sealed_insert"):
        restore(file)
    assert not Proposal.objects.exists()


def test_a_database_that_came_out_otherwise_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The rows are read again before they are kept; the twin that trusts its own writing keeps what is wrong."""
    usual = Table.row

    def row(table: Table, line: str) -> Any:
        found = usual(table, line)
        if isinstance(found, Proposal):
            found.total += 1
        return found

    monkeypatch.setattr(Table, "row", row)
    empty()
    with pytest.raises(BadBackup, match="Tabellen settlement_proposal blev inte densamma"):
        restore(file)
    assert not Proposal.objects.exists()


def test_only_an_empty_database_is_filled(file: Path) -> None:
    """One row anywhere is enough to refuse, and it is left as it is."""
    empty()
    Party.objects.create(code="NY", kind="municipality")
    with pytest.raises(BadBackup, match="Databasen är inte tom: tabellen parties_party har rader"):
        restore(file)
    assert Party.objects.count() == 1


def test_what_was_not_sealed_yet_is_sealed_after(filled: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that a running transaction held back gets its place when all is restored."""
    monkeypatch.setattr("samverka.journal.services.seal", lambda: 0)
    monkeypatch.setattr(dump, "seal", lambda: 0)
    made(2)
    sealed = Seal.objects.count()
    backup(tmp_path / "kopia.zip", at=AT)
    empty()
    restore(tmp_path / "kopia.zip")
    assert Seal.objects.count() == sealed + 2
    assert (verify().sealed, verify().faults) == (sealed + 2, [])

"""``verify`` finds everything that somebody who owns the database could do to the journal."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from samverka.core.errors import Refused
from samverka.journal import chain, checkpoints, verify
from samverka.journal.append_only import protect, unprotect
from samverka.journal.chain import link
from samverka.journal.models import Checkpoint, Entry, EntryParty, Seal
from samverka.journal.services import leaf_of
from tests.samverka.journal.conftest import database_owner
from tests.samverka.journal.entries import DEADLINE, made, made_unsealed, older_transaction, seal_all
from tests.samverka.platform import AT

pytestmark = pytest.mark.django_db(transaction=True)
postgres_only = pytest.mark.skipif("connection.vendor != 'postgresql'", reason="SQLite's writers take turns")
OTHER_KEY = "22" * 32


def signed_beside() -> int:
    """How many entries a checkpoint signed in a thread of its own has."""
    try:
        return checkpoints.sign(None, at=AT).count
    finally:
        connection.close()


@pytest.fixture
def journal(monkeypatch: pytest.MonkeyPatch) -> list[Entry]:
    """Six entries, of which the first four are under a checkpoint; read two by two, so that places 2 and 3 part."""
    monkeypatch.setattr("samverka.journal.snapshot.BLOCK", 2)
    first = made(4, parties=("BERG", "REGION"))
    seal_all()
    checkpoints.sign(None, at=AT)
    rest = made(2)
    seal_all()
    return first + rest


def entry_at(seq: int) -> Entry:
    """The entry in a place of the chain."""
    return Entry.objects.get(seal__seq=seq)


def rewritten() -> None:
    """Give every leaf and the whole chain anew, so that they agree with the texts as they are now."""
    end = chain.START
    for seal in Seal.objects.order_by("seq"):
        leaf = leaf_of(seal.entry.body)
        Entry.objects.filter(pk=seal.entry_id).update(leaf=leaf)
        end = link(end, leaf)
        Seal.objects.filter(pk=seal.pk).update(chain=end)


def edit() -> None:
    """Another text."""
    entry = entry_at(3)
    Entry.objects.filter(pk=entry.pk).update(body=entry.body.replace("subject-3", "subject-9"))


def edit_with_leaf() -> None:
    """Another text, and the leaf that it should have."""
    edit()
    Entry.objects.filter(seal__seq=3).update(leaf=leaf_of(entry_at(3).body))


def edit_and_rewrite() -> None:
    """Another text, and everything after it made to agree, columns too."""
    edit_with_leaf()
    Entry.objects.filter(seal__seq=3).update(subject="subject-9")
    rewritten()


def cut() -> None:
    """The last three entries gone with their places."""
    gone = list(Seal.objects.filter(seq__gt=3).values_list("entry_id", flat=True))
    Seal.objects.filter(seq__gt=3).delete()
    EntryParty.objects.filter(entry__in=gone).delete()
    Entry.objects.filter(pk__in=gone).delete()


def remove_entry() -> None:
    """An entry gone, its place left."""
    gone = entry_at(2).pk
    EntryParty.objects.filter(entry=gone).delete()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry WHERE id = %s", [gone])


def remove_place() -> None:
    """A place gone, its entry left."""
    Seal.objects.filter(seq=2).delete()


def unseal() -> None:
    """The last place gone, an entry before it left unsealed: as after a sealer that missed one."""
    last, before = (Seal.objects.get(seq=seq) for seq in (6, 5))
    entry = last.entry_id
    Seal.objects.filter(seq__gte=5).delete()
    Seal.objects.create(
        seq=5, entry_id=entry, chain=link(Seal.objects.get(seq=4).chain, Entry(leaf=last.entry.leaf).leaf)
    )
    assert before.entry_id < entry


def move() -> None:
    """Two entries that change places."""
    (one, two) = (Seal.objects.get(seq=seq) for seq in (2, 3))
    Seal.objects.filter(seq__in=(2, 3)).delete()
    Seal.objects.create(seq=2, entry_id=two.entry_id, chain=one.chain)
    Seal.objects.create(seq=3, entry_id=one.entry_id, chain=two.chain)


def column(**values: Any) -> Callable[[], None]:
    """A column that says something else than the text."""
    return lambda: (Entry.objects.filter(seal__seq=2).update(**values), None)[1]


def hide() -> None:
    """An entry that a party no longer sees."""
    EntryParty.objects.filter(entry__seal__seq=2, party="BERG").delete()


def show() -> None:
    """An entry that another party sees as well."""
    EntryParty.objects.create(entry=entry_at(2), party="BRACKE")


def checkpoint(**values: Any) -> Callable[[], None]:
    """A checkpoint that was changed."""
    return lambda: (Checkpoint.objects.update(**values), None)[1]


def forge() -> None:
    """A checkpoint that agrees with everything but was signed by somebody else."""
    Checkpoint.objects.all().delete()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.conf.settings.SIGNING_KEY", OTHER_KEY)
        checkpoints.sign(None, at=AT)


def mute(name: str, value: Any) -> Callable[[pytest.MonkeyPatch], None]:
    """A twin of ``verify`` without one of its checks."""
    return lambda patch: patch.setattr(verify, name, value)


class TrustsLeaves:
    """A hash that says of a text whatever its leaf says: the twin that does not look at texts."""

    @staticmethod
    def sha256(text: bytes) -> Any:
        """A leaf from the table."""
        if text[:1] == b"\0":
            body = text[1:].decode()
            return type("Known", (), {"digest": lambda _: bytes(Entry.objects.get(body=body).leaf)})()
        return hashlib.sha256(text)


class TrustsChain:
    """A hash that leaves the chain as it is stored."""

    places: int = 0

    def sha256(self, text: bytes) -> Any:
        """A chain from the table, place by place."""
        if text[:1] == b"\1":
            self.places += 1
            stored = bytes(Seal.objects.get(seq=self.places).chain)
            return type("Known", (), {"digest": lambda _: stored})()
        return hashlib.sha256(text)


NOTHING = dict.fromkeys((True, False), "SELECT 1 WHERE 1 = 0")
NO_CHECKPOINTS = mute("_CHECKPOINTS", "SELECT count, chain, text, signature, key FROM journal_checkpoint WHERE 1 = 0")
ONE_SEAL = mute("_SEALS", verify._SEALS.replace("ORDER", "WHERE seq < 2 ORDER"))
ANY_KEY = mute("known_keys", lambda: set(Checkpoint.objects.values_list("key", flat=True)))

#: What is done to the journal, what verify says of it, and the twin that would not notice.
ATTACKS: dict[str, tuple[Callable[[], None], str, Callable[[pytest.MonkeyPatch], None]]] = {
    "edit": (edit, "Post 3 är ändrad: dess text", mute("hashlib", TrustsLeaves)),
    "edit with leaf": (edit_with_leaf, "Kedjan är bruten vid post 3", mute("hashlib", TrustsChain())),
    "move": (move, "Kedjan är bruten vid post 2", mute("hashlib", TrustsChain())),
    "rewrite": (edit_and_rewrite, "vid post 4: kedjan är en annan", NO_CHECKPOINTS),
    "cut": (cut, "vid post 4: kedjan slutar vid post 3", NO_CHECKPOINTS),
    "remove entry": (remove_entry, "Post 2 i kedjan finns inte", ONE_SEAL),
    "remove place": (remove_place, "Post 2 saknas i kedjan: efter 1 kommer 3", mute("_chain", lambda *_: {})),
    "unseal": (unseal, "har ingen plats i kedjan", mute("_unsealed", lambda *_, **__: None)),
    "party column": (column(party="BRACKE"), "säger kolumnerna något annat", mute("_COLUMNS", NOTHING)),
    "user column": (column(user="somebody"), "säger kolumnerna något annat", mute("_COLUMNS", NOTHING)),
    "action column": (column(action="parties.rename"), "säger kolumnerna något annat", mute("_COLUMNS", NOTHING)),
    "subject column": (column(subject="other"), "säger kolumnerna något annat", mute("_COLUMNS", NOTHING)),
    "request column": (column(request="0123"), "säger kolumnerna något annat", mute("_COLUMNS", NOTHING)),
    "time column": (column(at=AT + timedelta(days=1)), "säger kolumnerna något annat", mute("_COLUMNS", NOTHING)),
    "hide": (hide, "visas för andra parter", mute("_PARTIES", NOTHING)),
    "show": (show, "visas för andra parter", mute("_PARTIES", NOTHING)),
    "checkpoint chain": (checkpoint(chain=b"x" * 32), "texten säger något annat", NO_CHECKPOINTS),
    "checkpoint count": (checkpoint(count=3), "texten säger något annat", NO_CHECKPOINTS),
    "checkpoint signature": (checkpoint(signature=b"x" * 64), "underskriften stämmer inte", NO_CHECKPOINTS),
    "forge": (forge, "nyckeln är inte systemets", ANY_KEY),
}  # fmt: skip


def test_a_whole_journal_is_found_whole(journal: list[Entry]) -> None:
    """Six sealed, one checkpoint, no fault; an older checkpoint key is known if it is listed."""
    report = verify.verify()
    assert report == verify.Report(sealed=6, now=0, waiting=0, checkpoints=1, faults=[])


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_done_to_it_is_found(journal: list[Entry], name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One sentence that names the place; the twin without the check says that all is well."""
    attack, sentence, twin = ATTACKS[name]
    with database_owner():
        attack()
    report = verify.verify()
    assert any(sentence in fault for fault in report.faults), report
    twin(monkeypatch)
    assert not [fault for fault in verify.verify().faults if sentence in fault]


def test_a_transaction_that_has_begun_verifies_what_it_wrote(journal: list[Entry]) -> None:
    """It sees its own entries, as waiting where its turn has not come, and its own damage."""
    with transaction.atomic():
        made()
        report = verify.verify()
        assert (report.sealed + report.waiting, report.checkpoints, report.faults) == (7, 1, [])
        with database_owner():
            edit()
        assert verify.verify().faults == ["Post 3 är ändrad: dess text stämmer inte med sitt fingeravtryck."]
        transaction.set_rollback(True)


def test_lost_triggers_are_found(journal: list[Entry]) -> None:
    """Although nothing has been done to the entries yet."""
    unprotect(connection, "journal_entry")
    assert verify.verify().faults == ["Tabellen journal_entry går att ändra: dess spärrar saknas."]
    protect(connection, "journal_entry")
    assert verify.verify().faults == []


def test_what_was_left_unsealed_is_sealed_first() -> None:
    """A server that stopped between commit and seal is no fault; it is told how many were sealed now."""
    made_unsealed(3)
    assert verify.verify() == verify.Report(sealed=3, now=3)
    assert verify.verify() == verify.Report(sealed=3)


@postgres_only
def test_what_a_running_transaction_holds_back_is_no_fault() -> None:
    """It waits for its turn, and is counted as waiting."""
    with older_transaction():
        made()
        report = verify.verify()
    assert report == verify.Report(waiting=1)


def test_an_end_is_signed_once_and_only_with_a_key(journal: list[Entry], settings: Any) -> None:
    """The same end gives the same checkpoint; no key, or nothing to sign, is refused in words."""
    one, two = (checkpoints.sign(None, at=AT + timedelta(days=day)) for day in (1, 2))
    assert (one.pk, one.count, Checkpoint.objects.count()) == (two.pk, 6, 2)
    assert one.text.split("\n")[:3] == ["samverka checkpoint 1", settings.JOURNAL_NAME, "6"]
    earlier = checkpoints.public_key()
    settings.SIGNING_KEY = OTHER_KEY
    assert len(verify.verify().faults) == 2
    settings.EARLIER_PUBLIC_KEYS = [earlier]
    assert (verify.verify().checkpoints, verify.verify().faults) == (2, [])
    for key in ("", "zz", "11"):
        settings.SIGNING_KEY = key
        with pytest.raises(Refused, match="SAMVERKA_SIGNING_KEY saknas eller är inte 64"):
            checkpoints.sign(None, at=AT)


def test_an_empty_journal_is_whole_and_not_signed() -> None:
    """Nothing is wrong with nothing."""
    assert verify.verify() == verify.Report()
    with pytest.raises(Refused, match="Journalen är tom"):
        checkpoints.sign(None, at=AT)


@postgres_only
def test_who_signs_waits_for_what_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry held back for a moment is under the checkpoint; a twin without patience signs without it."""
    made_unsealed()
    for patience, count in ((0, 1), (DEADLINE, 5)):
        monkeypatch.setattr(chain, "PATIENCE", patience)
        with ThreadPoolExecutor(1) as pool, older_transaction():
            made()
            signing = pool.submit(signed_beside)
            until = time.monotonic() + (DEADLINE if patience == 0 else 0.3)
            while time.monotonic() < until and not signing.done():
                time.sleep(0.01)
            assert signing.done() is (patience == 0)
        assert signing.result() == count


@postgres_only
def test_what_cannot_be_signed_yet_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """An entry that is held back longer than anyone waits: not that the journal is empty."""
    monkeypatch.setattr(chain, "PATIENCE", 0.1)
    with older_transaction():
        made()
        with pytest.raises(Refused, match="Inget finns att underteckna än: En post väntar på sin plats i kedjan"):
            checkpoints.sign(None, at=AT)
    assert checkpoints.waits(2).startswith("2 poster väntar på sin plats")

"""A party's copy of the journal against signed checkpoints, by the one file that anyone can run anywhere."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest

from samverka.core.acting import Actor, Role
from samverka.journal import checkpoints, selectors, verifier
from samverka.journal.chain import START, link
from samverka.journal.services import leaf_of
from tests.samverka.journal.entries import made, seal_all
from tests.samverka.platform import AT

pytestmark = pytest.mark.django_db(transaction=True)
SOURCE = Path(verifier.__file__).read_text(encoding="utf-8")
BERG = Actor(None, "BERG", Role.READER)


class Copy:
    """What a party has at home: the export's lines, checkpoints as files, the key it once noted."""

    def __init__(self) -> None:
        made(2, parties=("BERG",))
        made(2, parties=("BRACKE", "REGION"))
        seal_all()
        older = checkpoints.sign(None, at=AT)
        made(2)
        seal_all()
        newer = checkpoints.sign(None, at=AT + timedelta(days=1))
        made(1, parties=("REGION",))
        seal_all()
        self.lines = list(selectors.export_for(BERG))
        self.files = [("ny.txt", checkpoints.file_of(newer)), ("gammal.txt", checkpoints.file_of(older))]
        self.key = checkpoints.public_key()

    def verified(self, tool: ModuleType = verifier) -> str:
        """What the verifier says, right or wrong."""
        try:
            return str(tool.verify(self.lines, self.files, bytes.fromhex(self.key)))
        except tool.Fault as fault:
            return str(fault)

    def change(self, place: int, **fields: object) -> None:
        """Other fields in an entry's line."""
        self.lines[place] = json.dumps({**json.loads(self.lines[place]), **fields}) + "\n"

    def head(self, **fields: object) -> None:
        """Other fields in the first line."""
        self.change(0, **fields)


@pytest.fixture
def copy() -> Copy:
    """Seven entries: four under an older checkpoint, six under a newer, one not yet signed."""
    return Copy()


def test_a_whole_copy_is_found_whole(copy: Copy) -> None:
    """Both checkpoints agree, and what nobody has signed yet is told."""
    assert copy.verified().split("\n") == [
        "Journalen stämmer: 7 poster i obruten kedja.",
        "gammal.txt: stämmer, 4 poster undertecknade 2026-07-01T08:00:00+00:00.",
        "ny.txt: stämmer, 6 poster undertecknade 2026-07-02T08:00:00+00:00.",
        "De 1 sista posterna är ännu inte undertecknade av någon av kontrollpunkterna.",
    ]


def test_only_what_is_the_partys_own_is_readable(copy: Copy) -> None:
    """Its own entries and everybody's have their text; of others the leaf alone, which is salted."""
    entries = [json.loads(line) for line in copy.lines[1:]]
    assert [("body" in entry) for entry in entries] == [True, True, False, False, True, True, False]
    assert all(entry.keys() == {"n", "leaf"} for entry in entries if "body" not in entry)
    assert json.loads(copy.lines[0])["party"] == "BERG"
    everything = [json.loads(line) for line in selectors.export_for(Actor(None, "", Role.AUDITOR))][1:]
    assert all("body" in entry for entry in everything)
    assert len({entry["leaf"] for entry in everything}) == 7


def edit(copy: Copy) -> None:
    """Another text for an entry."""
    body = json.loads(copy.lines[2])["body"]
    copy.change(2, body=body.replace("subject-2", "subject-9"))


def edit_with_leaf(copy: Copy) -> None:
    """Another text with the leaf that it should have: as when the system had rewritten its whole chain."""
    edit(copy)
    copy.change(2, leaf=leaf_of(json.loads(copy.lines[2])["body"]).hex())


def replace_other(copy: Copy) -> None:
    """Another leaf for an entry that is somebody else's, between the two checkpoints."""
    copy.change(5, leaf="ab" * 32, body=None)


def cut(copy: Copy) -> None:
    """The end cut off below a checkpoint, with a first line that agrees."""
    del copy.lines[6:]
    copy.head(count=5)


def cut_unsigned(copy: Copy) -> None:
    """The end cut off above the checkpoints."""
    del copy.lines[7:]


def remove(copy: Copy) -> None:
    """An entry gone."""
    del copy.lines[3]
    copy.head(count=6)


def remove_and_renumber(copy: Copy) -> None:
    """An entry gone, and the others moved up."""
    remove(copy)
    for place in range(3, 7):
        copy.change(place, n=place)


def swap(copy: Copy) -> None:
    """Two entries that change places and numbers."""
    copy.lines[1], copy.lines[2] = copy.lines[2], copy.lines[1]
    copy.change(1, n=1)
    copy.change(2, n=2)


def forge(copy: Copy) -> None:
    """A checkpoint of a rewritten journal, signed with another key."""
    edit_with_leaf(copy)
    end = START
    for line in copy.lines[1:7]:
        end = link(end, bytes.fromhex(json.loads(line)["leaf"]))
    lines = copy.files[0][1].split("\n")
    lines[3] = end.hex()
    copy.files = [("ny.txt", "\n".join(lines))]


def other_time(copy: Copy) -> None:
    """A checkpoint that says another time than was signed."""
    copy.files[0] = ("ny.txt", copy.files[0][1].replace("2026-07-02", "2026-07-03"))


def other_journal(copy: Copy) -> None:
    """A copy of another system's journal."""
    copy.head(origin="annat.exempel.se")


CHAIN = "if chain != expected"
SIGNATURE = "if not signed("

#: What is done, the sentence that says so, and the check that a twin of the verifier lacks.
ATTACKS: dict[str, tuple[Callable[[Copy], None], str, str]] = {
    "edit": (edit, "Post 2: texten stämmer inte med sitt fingeravtryck.", "if body is not None and hashlib.sha256"),
    "rewrite": (edit_with_leaf, "gammal.txt: kedjan vid post 4 är en annan än den som undertecknades", CHAIN),
    "replace": (replace_other, "Någon av posterna efter post 4 till och med 6 är ändrad", CHAIN),
    "swap": (swap, "gammal.txt: kedjan vid post 4 är en annan", CHAIN),
    "cut": (cut, "ny.txt: 6 poster undertecknades 2026-07-02T08:00:00+00:00, men journalen slutar vid post 5.",
            "if waiting:\n        (_"),
    "cut unsigned": (cut_unsigned, "säger sig ha 7 poster men slutar vid post 6. Slutet är avkapat.",
                     "if count != promised"),
    "remove": (remove, "Post 3 saknas: där den skulle stå står post 4. En post är borttagen.", "if found != number"),
    "renumber": (remove_and_renumber, "gammal.txt: kedjan vid post 4 är en annan", CHAIN),
    "forge": (forge, "ny.txt: underskriften är inte gjord med nyckeln.", SIGNATURE),
    "other time": (other_time, "ny.txt: underskriften är inte gjord med nyckeln.", SIGNATURE),
    "other journal": (other_journal, "gäller journalen localhost, inte annat.exempel.se.", "if whose != origin"),
}  # fmt: skip


@pytest.mark.parametrize("name", ATTACKS)
def test_what_is_done_to_it_is_found(copy: Copy, name: str) -> None:
    """One clear sentence; a twin of the verifier without the check does not say it."""
    attack, sentence, check = ATTACKS[name]
    attack(copy)
    assert sentence in copy.verified()
    assert SOURCE.count(check) == 1
    twin = ModuleType("twin")
    exec(compile(SOURCE.replace(check, check.replace("if ", "if False and ", 1)), "twin", "exec"), twin.__dict__)
    assert sentence not in copy.verified(twin)


@pytest.mark.parametrize(
    ("line", "text", "sentence"),
    [
        (0, "{}", "Den första filen är ingen journal från Samverka."),
        (0, "[1]", "Den första filen är ingen journal från Samverka."),
        (0, "", "Den första filen är ingen journal från Samverka."),
        (2, "{", "Post 2: raden går inte att läsa. Filen är skadad."),
        (2, '{"n":2,"leaf":"xx"}', "Post 2: raden går inte att läsa. Filen är skadad."),
        (2, "7", "Post 2: raden går inte att läsa. Filen är skadad."),
    ],
)
def test_a_damaged_copy_is_told(copy: Copy, line: int, text: str, sentence: str) -> None:
    """Which line, and never an exception of Python's."""
    copy.lines[line] = text + "\n"
    assert copy.verified() == sentence


@pytest.mark.parametrize("text", ["", "samverka checkpoint 1\n", "a\nb\nc\nd\ne\nsignature 00\n"])
def test_a_file_that_is_no_checkpoint_is_told(copy: Copy, text: str) -> None:
    """By its name."""
    copy.files = [("x.txt", text)]
    assert copy.verified() == "x.txt: är ingen kontrollpunkt från Samverka."
    copy.files = [("x.txt", "samverka checkpoint 1\no\nmany\nzz\nt\nsignature 00\n")]
    assert copy.verified() == "x.txt: kontrollpunkten går inte att läsa."


def test_it_runs_alone(copy: Copy, tmp_path: Path) -> None:
    """The file by itself, with a Python that sees nothing but its own library: exit codes 0, 3 and 2."""

    def run(*argv: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-S", "-X", "utf8", "verifier.py", *argv]
        return subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False, encoding="utf-8")

    (tmp_path / "verifier.py").write_text(SOURCE, encoding="utf-8")
    for name, text in copy.files:
        (tmp_path / name).write_text(text.replace("\n", "\r\n"), encoding="utf-8")  # as some mail programs leave it
    (tmp_path / "journal.jsonl").write_text("".join(copy.lines), encoding="utf-8")
    files = ("journal.jsonl", "ny.txt", "gammal.txt")
    good = run(*files, "--key", copy.key)
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.startswith("Journalen stämmer: 7 poster i obruten kedja.\n")
    other_key = run(*files, "--key", "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a")
    assert (other_key.returncode, other_key.stdout) == (3, "")
    assert "förfalskad eller ändrad" in other_key.stderr
    for argv in ([], [*files], [*files, "--key", "zz"], [*files, "--key", "ff" * 32],
                 ["none", "ny.txt", "--key", copy.key], ["ny.txt", "ny.txt", "--key", copy.key]):  # fmt: skip
        ran = run(*argv)
        assert (ran.returncode, ran.stdout) == (2, "")
        assert "Traceback" not in ran.stderr


KEY = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"  # RFC 8032, test 1


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["none", "kp", "--key", KEY], "none: filen finns inte eller går inte att läsa."),
        (["text", ".", "--key", KEY], ".: filen finns inte eller går inte att läsa."),
        (["text", "binary", "--key", KEY], "En av filerna är inte text i UTF-8, och kommer då inte så från Samverka."),
        (["text", "text", "--key", KEY[:-1]], "--key: nyckeln är 64 hexadecimala tecken."),
        (
            ["text", "text", "--key", "02" * 32],
            "--key: det är ingen nyckel. Något tecken är fel: skriv av den en gång till.",
        ),
    ],
)
def test_what_cannot_be_read_is_told_in_swedish(
    argv: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line, exit code 2, nothing of the system's own English."""
    monkeypatch.chdir(tmp_path)
    Path("text").write_text("text", encoding="utf-8")
    Path("kp").write_text("kp", encoding="utf-8")
    Path("binary").write_bytes(bytes([0xED, 0xFF]))
    assert verifier.main(argv) == 2
    assert capsys.readouterr() == ("", f"{told}\n")

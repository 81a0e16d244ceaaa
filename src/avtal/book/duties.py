"""The agreement's duties: who shall do what, towards whom, when and how often. No amount rests on them.

So they are not in the edition, whose fingerprint says what can change a result.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files

from avtal.book.clauses import Clause
from avtal.book.load import BookError, Table, check_keys, check_known, read_toml

FILE = "obligations.toml"
#: How a duty can be followed up: a day that comes, an event that sets it off, always, or frame text.
TRACKS = ("kalender", "händelse", "löpande", "ram")


@dataclass(frozen=True, slots=True)
class Duty:
    """One duty, in our own words.

    Attributes:
        id: Like ``OBL-001``.
        clause: The clause that it stands in.
        source: Seed document and line.
        summary: What shall be done.
        actor: Who shall do it.
        area: The field it belongs to: klinisk, ekonomi and so on.
        track: One of ``TRACKS``.
        towards: Towards whom; empty where the text does not say.
        sets_off: What sets it off.
        recurs: How often.
        deadline: By when.
    """

    id: str
    clause: str
    source: str
    summary: str
    actor: str
    area: str
    track: str
    towards: str = ""
    sets_off: str = ""
    recurs: str = ""
    deadline: str = ""


def load_duties(package: str, clauses: Mapping[str, Clause]) -> tuple[Duty, ...]:
    """The duties of the edition whose files lie in a package, in the file's order.

    Raises:
        BookError: A key is unknown or absent, or a clause that is named does not exist.
    """
    return tuple(_duty(id_, table, clauses) for id_, table in read_toml(files(package), FILE).items())


def _duty(id_: str, table: Table, clauses: Mapping[str, Clause]) -> Duty:
    required = ("clause", "source", "summary", "actor", "area", "track")
    check_keys(FILE, id_, table, required, ("towards", "sets_off", "recurs", "deadline"))
    check_known(FILE, id_, [table["clause"]], clauses)
    check_known(FILE, id_, [table["track"]], TRACKS)
    for key, value in table.items():
        if not isinstance(value, str) or not value:
            raise BookError(f"{FILE}: [{id_}] {key}: text that is not empty")
    return Duty(id=id_, **table)

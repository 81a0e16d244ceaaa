"""The authorisation matrix: the table of who may what, held against every address of the site."""

from __future__ import annotations

import tomllib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from samverka.core.acting import MAY, Role
from samverka.journal.models import Entry
from tests.faults.world import REGION, ROLES, World
from tests.samverka.platform import actor, signed_in

TABLE = Path(__file__).with_name("matrix.toml")
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PARTIES = {"owner": "BERG", "counterpart": REGION, "outsider": "KROKOM"}
EVERYONE = "owner counterpart outsider auditor"


@dataclass(frozen=True)
class Address:
    """One address of ours: its key in the table, and how it is written."""

    key: str
    route: str
    parameters: tuple[str, ...]
    module: str


@dataclass(frozen=True)
class Row:
    """What the table says of an address; see the head of the table."""

    right: str = "read"
    methods: tuple[str, ...] = ("GET",)
    sees: frozenset[str] = frozenset()
    does: frozenset[str] = frozenset()
    writes: bool = False
    body: dict[str, str] = field(default_factory=dict)
    json: str = ""
    named: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asker:
    """Who asks: a relation to the owner, a role, and a signed-in client."""

    relation: str
    role: Role
    client: Client

    @property
    def name(self) -> str:
        """As the table writes it."""
        return f"{self.relation} {self.role.value}"


def addresses(
    resolver: URLResolver | None = None, lead: str = "", space: str = "", above: tuple[str, ...] = ()
) -> Iterator[Address]:
    """Every address of the site."""
    for pattern in (resolver or get_resolver()).url_patterns:
        parameters = (*above, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            key = f"{space}{pattern.name}({', '.join(parameters)})"
            yield Address(key, f"{lead}{pattern.pattern}", parameters, pattern.callback.__module__)
        else:
            below = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from addresses(pattern, f"{lead}{pattern.pattern}", below, parameters)


@cache
def table() -> dict[str, Any]:
    """The table as it is written."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def row_of(said: dict[str, Any]) -> Row:
    """A row of the table."""
    sees = said.get("sees", EVERYONE)
    known = {"right", "methods", "sees", "does", "writes", "body", "json", "with"}
    assert set(said) <= known, f"{set(said) - known}: not a column of the matrix"
    does = said.get("does", sees)
    return Row(
        said.get("right", "read"), tuple(said.get("methods", "GET").split()), frozenset(sees.split()),
        frozenset(one.strip() for part in does.split(",") for one in ([part] if "," in does else part.split())),
        said.get("writes", False), said.get("body", {}), said.get("json", ""), said.get("with", {}),
    )  # fmt: skip


def path_of(address: Address, row: Row, world: World) -> str:
    """The address with what it names filled in."""
    path = "/" + address.route
    for name in address.parameters:
        value = world.things.get(row.named[name], row.named[name])
        for kind in ("slug", "str", "int"):
            path = path.replace(f"<{kind}:{name}>", value)
    assert "<" not in path, path
    return path


def askers() -> list[Asker]:
    """Everyone of the matrix: each role of each party, none of them the maker of anything, and the auditor."""
    found = [
        Asker(relation, role, signed_in(actor(code, role, 3))) for relation, code in PARTIES.items() for role in ROLES
    ]
    return [*found, Asker("auditor", Role.AUDITOR, signed_in(actor("", Role.AUDITOR)))]


def faults(address: Address, row: Row, world: World, who: list[Asker]) -> list[str]:
    """Every answer that is not what the table says."""
    path = path_of(address, row, world)
    found = []
    for method in METHODS:
        anonymous = _ask(Client(), method, path, row)
        if not _anonymous_is_right(row, method, anonymous):
            found.append(f"{method} by nobody: {anonymous.what}")
        for asker in who:
            answer = _ask(asker.client, method, path, row)
            if answer.what == "asked again" and row.right == "signed_in":
                answer = replace(answer, what="done")  # it is the page that asks again
            wanted = expected(row, asker, method)
            if answer.what not in wanted:
                found.append(f"{method} by {asker.name}: {answer.what}, not {' or '.join(sorted(wanted))}")
            may_write = method == "POST" and "done" in wanted
            if answer.wrote and not may_write:
                found.append(f"{method} by {asker.name} wrote in the journal")
            if may_write and row.writes and not answer.wrote:
                found.append(f"{method} by {asker.name} wrote nothing: {answer.what} {answer.said}")
    return found


def expected(row: Row, asker: Asker, method: str) -> set[str]:
    """What may come of asking: done, forbidden, absent or another method."""
    if row.right not in {"anyone", "signed_in"} and row.right not in MAY[asker.role]:
        return {"forbidden"}
    if method not in row.methods:
        return {"other method"} if method != "HEAD" or "GET" not in row.methods else {"other method", "done"}
    if asker.relation not in row.sees:
        return {"absent"}
    if {asker.relation, asker.name} & row.does or (asker.relation == "auditor" and method == "GET" and not row.writes):
        # a form that is sent without what it asks for is refused as a form is, unless the table sends all it needs
        return {"done"} if row.writes or method != "POST" else {"done", "refused"}
    # who sees it and may not do it is refused, by an answer or by a page that says why; nothing is written
    return {"forbidden", "absent", "done" if method == "GET" else "refused"}


@dataclass(frozen=True)
class Answer:
    """What came of asking."""

    what: str
    wrote: bool
    said: str


def _ask(client: Client, method: str, path: str, row: Row) -> Answer:
    """Ask, and take back whatever it did."""
    before = Entry.objects.count()
    sent = {"once": str(uuid.uuid4()), **row.body} if method == "POST" else None
    with transaction.atomic():
        if sent is None:
            response = client.generic(method, path)
        else:
            response = client.post(path, row.json, "application/json") if row.json else client.post(path, sent)
        said = ""
        if not response.streaming and response.status_code in {400, 409, 422}:
            said = response.content.decode()[:3000]
        wrote = Entry.objects.count() != before
        transaction.set_rollback(True)
    return Answer(_what(response, wrote=wrote), wrote, said)


def _what(response: Any, *, wrote: bool) -> str:
    match response.status_code:
        case 403:
            return "forbidden"
        case 404:
            return "absent"
        case 405:
            return "other method"
        case 302 if "/login/" in response["Location"]:
            return "sent to sign in"
        case 302 if "reauthenticate" in response["Location"] or "bekrafta" in response["Location"]:
            return "asked again"
        case 400 | 409 | 422:
            return "done" if wrote else "refused"
        case 200 | 204 | 302 | 304:
            return "done"
    return f"status {response.status_code}"


def _anonymous_is_right(row: Row, method: str, answer: Answer) -> bool:
    if answer.wrote:
        return False
    if row.right != "anyone":
        return answer.what == "sent to sign in"
    allowed = {"done", "other method"} if method == "HEAD" else {"done"}
    return answer.what in (allowed if method in row.methods or method == "HEAD" else {"other method"})

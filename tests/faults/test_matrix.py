"""Every address x method x (nobody, each role of the owner, its counterpart, another party, the auditor)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import path, reverse
from django.utils.module_loading import import_string

from samverka.core import clock
from samverka.core.acting import Actor, Role
from samverka.parties.access import acting
from samverka.web import urls as site
from tests.faults.matrix import Address, Row, addresses, askers, faults, path_of, row_of, table
from tests.faults.world import World, shared, world
from tests.samverka.platform import AT, ON, actor, signed_in

pytestmark = pytest.mark.django_db
OURS = {one.key: one for one in addresses() if one.module.startswith("samverka.")}
THEIRS = {one.key.partition("(")[0]: one for one in addresses() if not one.module.startswith("samverka.")}
ROWS = {key: row_of(said) for key, said in table().items() if key != "allauth"}
HOW = "write a row for it in tests/faults/matrix.toml, whose head says how"


@pytest.fixture(scope="module")
def berg(django_db_setup: None, django_db_blocker: Any) -> Any:
    """The owner's world, made once: whatever a question did is taken back."""
    from django.db import connection, transaction

    from tests.samverka.platform import county

    with django_db_blocker.unblock(), transaction.atomic():
        county()
        made = world("BERG")
        shared(made)
        yield made, askers()
        transaction.set_rollback(True)
    connection.close()


def test_every_address_is_in_the_table() -> None:
    """No address is without a row, and no row without an address."""
    assert sorted(set(OURS) - set(ROWS)) == [], HOW
    assert sorted(set(ROWS) - set(OURS)) == [], "a row that no address has"
    unnamed = {"None"}  # redirects of allauth's old addresses
    assert sorted(set(THEIRS) - set(table()["allauth"]) - unnamed) == [], HOW
    assert sorted(set(table()["allauth"]) - set(THEIRS)) == [], "a row that no address has"


@pytest.mark.parametrize("key", sorted(set(OURS) & set(ROWS)))
def test_an_address_answers_as_the_table_says(
    key: str, berg: tuple[World, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By every method and everyone: what the table says, and nothing is written by who may not."""
    made, who = berg
    monkeypatch.setattr(clock, "now", lambda: AT)  # what is sent names days of that time
    monkeypatch.setattr(clock, "today", lambda: ON)
    assert faults(OURS[key], ROWS[key], made, who) == []


@pytest.mark.parametrize("name", sorted(set(THEIRS) & set(table()["allauth"])))
def test_an_account_page_answers_nobody_as_the_table_says(name: str, berg: tuple[World, Any]) -> None:
    """What allauth's own pages answer somebody who is not signed in; no method breaks them."""
    arguments = {"key": "x", "uidb36": "1", "provider_id": "berg", "pk": "1"}
    given = {one: arguments[one] for one in THEIRS[name].parameters}
    address = reverse(name, kwargs=given)
    assert Client().get(address).status_code == table()["allauth"][name]
    client = Client(raise_request_exception=False)
    assert [method for method in ("HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
            if client.generic(method, address).status_code >= 500] == []  # fmt: skip


@pytest.mark.parametrize("key", sorted(key for key, row in ROWS.items() if "POST" in row.methods and key in OURS))
def test_a_post_without_its_token_is_refused(key: str, berg: tuple[World, Any]) -> None:
    """Every form but the browser's own reports needs the token that only our pages give; the open API takes no form."""
    client = Client(enforce_csrf_checks=True)
    client.force_login(actor("BERG", Role.ADMINISTRATOR).user)
    answer = client.post(path_of(OURS[key], ROWS[key], berg[0])).status_code
    assert answer == (204 if key == "csp()" else 415 if ROWS[key].json else 403)


@pytest.mark.parametrize("key", [
    "settlement:issue(public_id)", "settlement:decide(public_id)", "settlement:decide_credit(public_id)",
    "settlement:approve_basis(public_id)", "agreements:rule(public_id)", "care:decide(public_id)",
    "care:attest_number(public_id)",
    "parties:invite()", "parties:identity_provider()",
])  # fmt: skip
def test_what_makes_money_asks_for_the_password_again(key: str, berg: tuple[World, Any]) -> None:
    """Approving, issuing, crediting and giving roles need somebody who gave a password within the last minutes."""
    made, _ = berg
    party = "REGION" if "basis" in key or "number" in key else "BERG"
    role = Role.ADMINISTRATOR if key.startswith("parties:") else Role.APPROVER
    address = path_of(OURS[key], ROWS[key], made)
    stale = signed_in(actor(party, role, 3), fresh=False)
    for answer in (stale.get(address), stale.post(address)):
        assert answer.status_code == 302
        assert answer["Location"].startswith("/konto/reauthenticate/")
    assert signed_in(actor(party, role, 3)).get(address).status_code == 200


def _open(request: Any) -> Any:
    """A view that somebody forgot to guard."""
    from django.http import HttpResponse

    return HttpResponse("kanariefågel")


urlpatterns = [
    *site.urlpatterns,
    path("oskyddad", _open, name="open"),
    path("skyddad", acting("read")(_open), name="guarded"),
]


@pytest.mark.urls("tests.faults.test_matrix")
def test_the_matrix_sees_a_view_without_its_guard(berg: tuple[World, Any]) -> None:
    """The matrix catches its broken twins: a view without a guard, and one with a weaker one than is said."""
    made, who = berg
    row = Row(sees=frozenset({"owner", "counterpart", "outsider", "auditor"}))
    found = faults(Address("open()", "oskyddad", (), ""), row, made, who)
    assert "GET by nobody: done" in found
    strict = Row(right="administer", sees=row.sees, does=row.sees)
    found = faults(Address("guarded()", "skyddad", (), ""), strict, made, who)
    assert "GET by outsider reader: done, not forbidden" in found


@pytest.mark.parametrize(("selector", "key"), [
    ("samverka.assignments.selectors.work_for", "assignments:work(slug, public_id)"),
    ("samverka.settlement.views_invoice.invoices_for", "settlement:invoice(public_id)"),
    ("samverka.settlement.views.proposals_for", "settlement:proposal(public_id)"),
])  # fmt: skip
def test_the_matrix_sees_a_selector_without_scope(
    selector: str, key: str, berg: tuple[World, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The matrix catches its broken twin: a selector that gives everybody everything."""
    made, who = berg
    true = import_string(selector)
    auditor = actor("", Role.AUDITOR)
    monkeypatch.setattr(selector, lambda _, *rest: true(Actor(auditor.user, "", Role.AUDITOR), *rest))
    assert "GET by outsider reader: done, not absent" in faults(OURS[key], ROWS[key], made, who)


def test_the_matrix_sees_cases_without_scope(berg: tuple[World, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """The same for cases: a door that lets everybody at everything."""
    from samverka.care import selectors
    from samverka.care.models.case import Case

    made, who = berg
    monkeypatch.setattr(selectors, "_scoped", lambda _: Case.unlogged.all())
    key = "care:case(public_id)"
    assert "GET by outsider reader: done, not absent" in faults(OURS[key], ROWS[key], made, who)

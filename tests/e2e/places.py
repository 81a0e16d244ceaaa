"""Every page of the site, by the addresses that there are, in a county where each has something to show."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from django.test import Client
from django.urls import reverse

from samverka.agreements.models import EnteredKind
from samverka.assignments.kinds import BY_SLUG
from samverka.core.access import IDENTITY_PARTY
from samverka.core.acting import Role
from samverka.parties.models import IdentityProvider, Party, User
from samverka.settlement.models import BasisKind
from tests.faults.matrix import PARTIES, addresses, path_of, row_of, table
from tests.faults.world import World
from tests.samverka.parties.test_factors import add_app, add_key
from tests.samverka.platform import PASSWORD, actor, signed_in

#: Addresses that show no page to anyone who asks: files, parts of pages, what is only sent to.
#: Signing in again at an identity provider is for who did so before: ``theirs`` looks at it.
NO_PAGES = {
    "account()",
    "api:care()", "api:matter()", "api:openapi()", "api:product()",
    "asking:care_sheet()", "asking:matter_sheet()", "asking:product_sheet()",
    "assignments:attest(slug, public_id)",
    "assignments:fields(slug)", "assignments:price(slug)",
    "assignments:rows(slug, form)", "assignments:template(slug, form)", "care:find()",
    "care:find_affiliation()", "care:finish_check(public_id)",
    "care:judge(public_id, sampled)", "care:new()", "care:open()", "csp()", "health()",
    "journal:checkpoint(number)", "journal:export()", "journal:sign()", "journal:verifier()",
    "parties:identity_provider_remove()", "parties:let_go(public_id)", "parties:reauthenticate()",
    "settlement:basis_list_file(public_id, form)", "settlement:check()",
    "settlement:events_file(public_id, form)", "settlement:feed(token)", "settlement:lines_file(public_id, form)",
    "settlement:progress(public_id)", "settlement:proposal_events_file(public_id, form)",
    "settlement:proposal_lines_file(public_id, form)", "settlement:resume(public_id)", "settlement:revoke_feed()",
    "sign_in_left()",
}  # fmt: skip
#: What an address may name besides what the matrix names.
MORE: dict[str, tuple[str, tuple[str, ...]]] = {
    "assignments:list(slug)": ("slug", tuple(BY_SLUG)),
    "assignments:new(slug)": ("slug", tuple(BY_SLUG)),
    "agreements:propose(kind)": ("kind", tuple(EnteredKind.values)),
    "settlement:new_basis(kind)": ("kind", tuple(BasisKind.values)),
}
#: Addresses that are looked at in every state that the world has.
STATES = {"assignments:work(slug, public_id)": "work.", "care:case(public_id)": "case.",
          "settlement:proposal(public_id)": "proposal.",
          "settlement:invoice(public_id)": "invoice.", "settlement:basis(public_id)": "basis.",
          "settlement:decide_credit(public_id)": "credit."}  # fmt: skip
#: Addresses that show each of the two parties something of its own.
BOTH = {"assignments:work(slug, public_id)", "care:case(public_id)", "settlement:invoice(public_id)"}
ROLES = (Role.APPROVER, Role.REGISTRAR, Role.ADMINISTRATOR, Role.READER)
ACCOUNT = "konto"


@dataclass(frozen=True)
class Place:
    """One page: the key of its address, the address, and the session of who is there; none where nobody is."""

    key: str
    path: str
    session: str = ""


class People:
    """Everyone who may see a page, each signed in."""

    def __init__(self) -> None:
        """Sign everybody in; one has an app and a key, and one of the same has given only the password."""
        self.nobody = Client()
        self.of = {
            code: [signed_in(actor(code, role, 3)) for role in ROLES] for code in PARTIES.values()
        }  # fmt: skip
        self.auditor = signed_in(actor("", Role.AUDITOR))
        keyed = actor("BERG", Role.READER, 4)
        self.keyed = signed_in(keyed)
        add_app(self.keyed)
        add_key(self.keyed)
        self.halfway = Client()
        self.halfway.post(reverse("account_login"), {"login": keyed.user.email, "password": PASSWORD})
        self.provided = signed_in(actor("BERG", Role.READER, 6))
        IdentityProvider.objects.create(
            party=Party.objects.get(code="BERG"), provider_id="berg", issuer="https://exempel.se", client_id="samverka",
            sealed_secret="", domains="exempel.se",
        )  # fmt: skip
        session = self.provided.session
        session[IDENTITY_PARTY] = "BERG"
        session.save()
        self.without_role = Client()
        self.without_role.force_login(User.objects.create(username="utan.roll", email="utan.roll@exempel.se"))

    def __iter__(self) -> Iterator[Client]:
        """Those who may do most come first."""
        for party in self.of.values():
            yield from party
        yield self.auditor


def ours(made: World, people: People, space: str) -> tuple[list[Place], set[str]]:
    """The pages of one of our apps, or of those without a name; and the keys that show none."""
    found, none = [], set()
    for address in addresses():
        if not address.module.startswith("samverka.") or address.key.rpartition(":")[0] != space:
            continue
        row = row_of(table()[address.key])
        named, values = MORE.get(address.key, ("", ("",)))
        rows = [replace(row, named={**row.named, named: value} if named else row.named) for value in values]
        if address.key in STATES:
            things = sorted(one for one in made.things if one.startswith(STATES[address.key]))
            rows = [replace(row, named={**row.named, "public_id": one}) for one in things]
        many = 2 if address.key in BOTH else 1
        places = [
            place for one in rows for place in _of(address.key, path_of(address, one, made), people, many)
        ]  # fmt: skip
        found += places
        none |= set() if places else {address.key}
    return found, none


def _of(key: str, path: str, people: People, many: int) -> list[Place]:
    """The page as those see it who come first, one of each party; nobody else is asked once there are so many."""
    groups = [*people.of.values(), [people.auditor]]
    seen = (next((one for one in group if _shows(one, path)), None) for group in groups)
    return [Place(key, path, session_of(one)) for one in islice(filter(None, seen), many)]


def _shows(client: Client, path: str) -> bool:
    answer = client.get(path)
    page = answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming
    return answer.status_code == 200 and page and answer.content.startswith(b"<!DOCTYPE html>")


def theirs(people: People) -> list[Place]:
    """The account pages, each as those see it to whom it shows something; and the pages that say that there is none."""
    key = Authenticator.objects.get(type=Authenticator.Type.WEBAUTHN)
    user = actor("BERG", Role.READER, 5).user
    letter: dict[str, Any] = {"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)}
    arguments = {"key": "x", "uidb36": "1", "provider_id": "inget", "pk": key.pk}
    found = [
        Place("error", "/finns-inte/", session_of(people.auditor)),
        Place("error", "/finns-inte/"),
        Place("again", reverse("parties:reauthenticate"), session_of(people.provided)),
        Place("error", reverse("parties:people"), session_of(people.auditor)),
        Place("front", "/", session_of(people.without_role)),
        Place("front", "/"),
        Place("letter", reverse("account_reset_password_from_key", kwargs=letter)),
    ]
    for address in addresses():
        name = address.key.partition("(")[0]
        if address.module.startswith("samverka.") or name == "None":
            continue
        path = reverse(name, kwargs={one: arguments[one] for one in address.parameters})
        who = (people.nobody, people.halfway, people.keyed, people.auditor)
        sees = {session_of(one) for one in who if _shows(one, path)}
        found += [Place(name, path, session) for session in sorted(sees)]
    return found


def session_of(client: Client) -> str:
    """The session of somebody signed in."""
    cookie = client.cookies.get("sessionid")
    return cookie.value if cookie else ""

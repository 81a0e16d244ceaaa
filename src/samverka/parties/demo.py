"""Made-up people for a demonstration: one for each role and party, all marked as examples."""

from __future__ import annotations

from datetime import date, datetime

from samverka.core.acting import Role
from samverka.parties.models import Kind, Party
from samverka.parties.people import appoint
from samverka.parties.selectors import names
from samverka.parties.services import FUND

DOMAIN = "exempel.se"
WORDS = {
    Role.READER: "lasare",
    Role.REGISTRAR: "registrerare",
    Role.APPROVER: "beslutsfattare",
    Role.ADMINISTRATOR: "administrator",
    Role.AUDITOR: "revisor",
}


def make_demo_accounts(*, at: datetime, password: str) -> list[tuple[str, str, Role]]:
    """One account for each party and role, one auditor; the region's people act for the development fund too.

    Returns:
        E-mail address, party code (empty for the auditor) and role, in the parties' order.
    """
    since = date(at.year, 1, 1)
    known = names(since)
    made: list[tuple[str, str, Role]] = []
    for party in Party.objects.filter(kind__in=(Kind.REGION, Kind.MUNICIPALITY)).order_by("position"):
        acted = [party.code, FUND] if party.kind == Kind.REGION else [party.code]
        for code in acted:
            for role, word in WORDS.items():
                if role != Role.AUDITOR:
                    email = f"{word}.{party.code.lower()}@{DOMAIN}"
                    appoint(
                        email, party=code, role=role, since=since, at=at, password=password, example=True,
                        name=f"Exempel, {role.label}, {known[party.code]}",
                    )  # fmt: skip
                    made.append((email, code, role))
    email = f"{WORDS[Role.AUDITOR]}@{DOMAIN}"
    appoint(
        email, party="", role=Role.AUDITOR, since=since, at=at, password=password, example=True, name="Exempel, revisor"
    )
    made.append((email, "", Role.AUDITOR))
    return made

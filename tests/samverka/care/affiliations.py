"""Made-up affiliations and yearly numbers as the tests need them, made by the services."""

from __future__ import annotations

from datetime import date
from typing import Any

from samverka.care import services_affiliation as services
from samverka.care.log import Access
from samverka.care.models.affiliation import Affiliated, Affiliation, NumberState, YearlyNumber
from samverka.care.models.log import AccessEntry, Action
from samverka.care.selectors_affiliation import affiliated_for
from samverka.core.acting import Role
from tests.samverka.care.cases import approver, registrar
from tests.samverka.platform import AT, actor

REGION = "REGION"
VIEW = Access(Action.VIEW, AT)


def day(text: str) -> date | None:
    """A day; a dash is none."""
    return None if text == "-" else date.fromisoformat(text)


def person(first: str = "2025-03-01", last: str = "2025-04-10", **more: Any) -> Affiliated:
    """Somebody in the register, affiliated some days."""
    return services.register_person(registrar(REGION), first=day(first), last=day(last), at=AT, **more)  # type: ignore[arg-type]  # a first day is never a dash


def again(who: Affiliated, first: str, last: str = "-") -> Affiliation:
    """The same person once more."""
    return services.affiliate_again(registrar(REGION), who, first=day(first), last=day(last), at=AT)  # type: ignore[arg-type]  # the same


def only(who: Affiliated) -> Affiliation:
    """A person's only affiliation."""
    [found] = affiliated_for(actor(REGION, Role.READER, 9), who.public_id, access=VIEW).affiliations
    return found


def attested(year: int, number: int, *, example: bool = False) -> YearlyNumber:
    """A year's number that two people stand behind; the same one where it is there already."""
    found = YearlyNumber.objects.filter(year=year, state=NumberState.ATTESTED, number=number).first()
    if found:
        return found
    made = services.enter_number(
        registrar(REGION), year=year, number=number, source="påhittad sammanställning", example=example, at=AT
    )
    return services.attest_number(approver(REGION), made, at=AT)


def logged(after: int = 0) -> list[tuple[str, str, str]]:
    """The log's lines about the register since one: action, party, pseudonym."""
    rows = AccessEntry.objects.filter(id__gt=after).select_related("affiliated").order_by("id")
    return [(one.action, one.party, one.affiliated.number if one.affiliated else "") for one in rows]


def last_line() -> int:
    """The log's last line by now."""
    return AccessEntry.objects.order_by("-id").values_list("id", flat=True).first() or 0

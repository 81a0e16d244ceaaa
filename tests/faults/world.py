"""One of everything of a party, made by the real services: what its addresses show, and what nobody else may see."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import date

from samverka.agreements.services import propose_value
from samverka.assignments import intake
from samverka.assignments import services as assignments
from samverka.assignments.models import HiredStaff
from samverka.care.services_affiliation import enter_number
from samverka.care.services_dialogue import suggest
from samverka.care.services_log import draw_check
from samverka.core.acting import Role
from samverka.core.errors import Refused
from samverka.core.uploads import Table
from samverka.journal import checkpoints
from samverka.journal.models import Checkpoint, Entry
from samverka.parties import people, seats
from samverka.parties import services as parties
from samverka.parties.models import Arena, Party
from samverka.settlement import crediting, services
from samverka.settlement.basis import approve_basis, register_basis
from samverka.settlement.calendar_feed import renew_feed
from samverka.settlement.models import Invoice, Proposal
from tests.faults.ground import attested, hired, registered
from tests.samverka.care import affiliations, cases
from tests.samverka.platform import AT, ON, SINCE, actor

REGION = "REGION"
#: The days of the one person in the region's register of affiliations.
AFFILIATED = ("2025-03-14", "2025-04-16")
ROLES = (Role.READER, Role.REGISTRAR, Role.APPROVER, Role.ADMINISTRATOR)


@dataclass
class World:
    """What a party has.

    Attributes:
        code: The party's.
        mark: What every text of its begins with: a canary.
        things: What an address names, by a name of ours.
    """

    code: str
    mark: str = ""
    things: dict[str, str] = field(default_factory=dict)

    def text(self, what: str) -> str:
        """A text of the party's."""
        return f"{self.mark}{what}"


def settled(world: World) -> None:
    """Work in each state, proposals in each, an invoice, a credit note."""
    code, things = world.code, world.things
    source, by = world.text("källa"), actor(code, Role.APPROVER, 2)
    for name in ("registered", "open"):
        things[f"work.{name}"] = registered(
            hired(code, REGION, "2025-08-03", 45, 1), event_id=world.text(name), source=source
        ).public_id
    returned = registered(hired(code, REGION, "2025-08-04", 45, 1), event_id=world.text("returned"), source=source)
    assignments.send_back(actor(REGION, Role.APPROVER), returned, reason=world.text("återsänd"), at=AT)
    things["work.returned"] = returned.public_id
    taken = registered(hired(code, REGION, "2025-08-05", 45, 1), event_id=world.text("withdrawn"), source=source)
    assignments.withdraw(actor(code, Role.REGISTRAR), taken, reason=world.text("återkallad"), at=AT)
    for month, name in (
        ("07", "credited"),
        ("08", "disputed"),
        ("09", "issued"),
        ("10", "proposed"),
        ("11", "approved"),
    ):
        work = attested(hired(code, REGION, f"2025-{month}-03", 80, 2), event_id=world.text(name), source=source)
        things[f"work.{name}"] = work.public_id
        made = services.start_proposal(actor(code, Role.REGISTRAR), period=f"2025-{month}", corrections=False, at=AT)
        made = Proposal.objects.get(pk=made.pk)
        things[f"proposal.{name}"] = made.public_id
        if name != "proposed":
            services.decide(by, made, approved=True, reason=world.text("godkänt"), at=AT)
        if name in ("issued", "credited", "disputed"):
            [invoice] = services.issue(by, made, on=ON, at=AT)
            things[f"invoice.{name}"] = invoice.public_id
    credited = Invoice.objects.get(public_id=things["invoice.credited"])
    proposer = actor(code, Role.REGISTRAR)
    made = crediting.propose_credit(proposer, credited, reason=world.text("krediterad"), at=AT)
    things["credit.credited"], note = made.public_id, crediting.credit(by, made, on=ON, at=AT)
    disputed = Invoice.objects.get(public_id=things["invoice.disputed"])
    things["credit.proposed"] = crediting.propose_credit(
        proposer, disputed, reason=world.text("ifrågasatt"), at=AT
    ).public_id
    things["invoice.note"] = note.public_id
    attested(hired(code, REGION, "2025-12-03", 80, 2), event_id=world.text("waiting"), source=source)


def staged(world: World) -> None:
    """A file of work that waits for its approval, and another that has become work."""
    registrar = actor(world.code, Role.REGISTRAR)
    for name, becomes in (("batch", False), ("batch.approved", True)):
        row = {"event_id": world.text(f"fil-{name}"), "from": world.code, "to": REGION, "date": "2025-08-09",
               "start": "10:00", "work_minutes": "30", "profession": "nurse", "principal_level": "primary",
               "palliative_team": "nej", "source": world.text("filrad")}  # fmt: skip
        digest = hashlib.sha256(world.text(name).encode()).hexdigest()
        table = Table(world.text(f"{name}.csv"), digest, [(2, row)], [], 1)
        made = intake.stage(registrar, charge="hired_staff", table=table, at=AT)
        world.things[name] = made.public_id
        if becomes:
            intake.approve(registrar, made, seen="1-0-0-0", at=AT)
            world.things["work.imported"] = HiredStaff.objects.get(batch=made).public_id


def peopled(world: World) -> None:
    """Its people by name, a unit, a provider, a seat in an arena."""
    admin = actor(world.code, Role.ADMINISTRATOR)
    things = world.things
    for role in ROLES:
        user = actor(world.code, role).user
        user.first_name, user.last_name = world.text("Förnamn"), world.text("Efternamn")
        user.email = world.text(user.email).lower()
        user.save()
    invited = people.invite(
        admin, email=world.text("ny@exempel.se").lower(), name=world.text("Ny Person"), role=Role.READER, since=ON,
        site="http://testserver/", at=AT,
    )  # fmt: skip
    things["membership"] = invited.public_id
    party = Party.objects.get(code=world.code)
    things["party"] = party.public_id
    things["unit"] = parties.open_unit(admin, party, name=f"Enhet i {world.code}", since=SINCE, at=AT).public_id
    arena = Arena.objects.filter(area=None).order_by("position")[0]
    things["arena"] = arena.public_id
    things["seat"] = seats.fill_seat(
        admin, arena, party=party, body=f"Nämnden i {world.code}", since=SINCE, source="påhittat protokoll", at=AT
    ).public_id


def cared(world: World) -> None:
    """Cases about persons in every state, the region's by the agreement; a health centre and a reason are its own."""
    code, things = world.code, world.things
    stated = {**cases.REACHES, "registered_in": code, "listed_health_centre": world.text("Hälsocentralen")}
    for make in (
        cases.draft, cases.proposed, cases.in_dialogue, cases.agreed, cases.disputed, cases.decided, cases.handed_over,
        cases.received, cases.active, cases.reviewed,
    ):  # fmt: skip
        case = make(code, stated)
        things[f"case.{make.__name__}"] = case.public_id
        things[f"number.{make.__name__}"] = case.number
    case = cases.disputed(code, stated)
    suggest(actor(code, Role.APPROVER), case, responsible=REGION, at=AT)
    things["case.suggested"] = case.public_id
    check = draw_check(actor(code, Role.ADMINISTRATOR), since=SINCE, until=ON, size=3, at=AT)
    things["check"] = check.public_id
    things["sampled"] = str(check.sampled.order_by("id")[0].pk)


def shared(world: World) -> None:
    """What all parties see, once: a value that waits, bases of the region's, a checkpoint."""
    things = world.things
    region = actor(REGION, Role.REGISTRAR)
    entered = propose_value(
        region, kind="index", document="påhittat exempel", document_date=date(2026, 6, 1), example=True, at=AT,
        payload={"series": "VPI", "index_year": "2025", "percent": "2.0", "status": "preliminary",
                 "published": "2026-06-01"},
    )  # fmt: skip
    things["entered"] = entered.public_id
    counts = dict.fromkeys(Party.objects.filter(kind="municipality").values_list("code", flat=True), "10")
    for name, period, month in (("registered", "2026H1", 202601), ("approved", "2025H2", 202507)):
        basis = register_basis(
            region, kind="equipment_fixed", period=period, month=month, stated={"half_year": period, "counts": counts},
            listed=(), counted_on=date(2025, 6, 30), source="påhittat exempel", example=True, at=AT,
        )  # fmt: skip
        if name == "approved":
            approve_basis(actor(REGION, Role.APPROVER), basis, at=AT)
        things[f"basis.{name}"] = basis.public_id
    things["checkpoint"] = str(_checkpoint().pk)
    person = affiliations.person(*AFFILIATED)
    things["affiliated"], things["number.affiliated"] = person.public_id, person.number
    things["affiliation"] = affiliations.only(person).public_id
    things["yearly"] = enter_number(region, year=2025, number=171, source="påhittat exempel", at=AT).public_id


def _checkpoint() -> Checkpoint:
    """A signed one; on PostgreSQL nothing is sealed before it is committed, so that there it is one without a chain."""
    try:
        return checkpoints.sign(None, at=AT)
    except Refused:
        return Checkpoint.objects.create(count=0, chain=b"", at=AT, text="påhittad", signature=b"", key="")


def world(code: str, mark: str = "") -> World:
    """A party's world; the county is there already."""
    made = World(code, mark)
    peopled(made)
    cared(made)
    settled(made)
    staged(made)
    made.things["feed"] = renew_feed(actor(code, Role.READER), at=AT)
    entry = Entry.objects.get(action="assignments.register", subject=made.things["work.registered"])
    made.things["entry"] = str(entry.pk)
    return made


def told_of(made: World) -> list[str]:
    """What nobody else may see: the canary, its people's user names, and its addresses that are not shared."""
    shared_names = {"party", "unit", "arena", "seat", "entry", "sampled"}
    own = [thing for name, thing in made.things.items() if name not in shared_names]
    return [made.mark, *(f"{role.value}1.{made.code.lower()}" for role in ROLES), *own]

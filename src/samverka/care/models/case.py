"""A case between two parties, its dated history, and a dispute about it."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from samverka.agreements.models import Snapshot
from samverka.care.models.facts import CareFacts
from samverka.care.states import DECIDED, Ground, Objection, Regard, Reply, State
from samverka.core.acting import Role
from samverka.core.ids import PublicIdField


class Unlogged(RuntimeError):
    """A case was to be read without a line in the access log."""


class Closed(models.Manager["Case"]):
    """The name that everybody would reach for: cases are read through ``care.selectors``, which writes the log."""

    def get_queryset(self) -> NoReturn:
        """Refuse.

        Raises:
            Unlogged: Always.
        """
        raise Unlogged("read cases through samverka.care.selectors, which write the access log")


class Case(CareFacts):
    """One person's care under a pseudonymous number: facts, proposal, dialogue, decision.

    Attributes:
        number: Random and readable, unique with its owner; what people say to each other.
        owner: The party that assesses.
        other: The party that it is talked over with: the receiver, or the one that would else have answered.
        shared: Whether the other party sees it: from the first dialogue on.
        cfs_version: Which edition of the scale; ``cfs_assessor`` who, ``cfs_on`` when. The level itself is a fact.
        proposal: The answer as it was given: answer, explanation, the edition's fingerprint, when. None in a draft.
        proposed_party: Whom the proposal names; empty where the agreement leaves it to people.
        intended: The party that the owner means to decide on; ``ground``, ``regard`` why.
        responsible_party: The party that answers, when it is decided.
        duties: What follows from the decision, as the agreement has it for the party decided on.
        checked: Duty -> party and day that ticked it.
        revision: Counts the changes, so that nobody answers anything else than what was read.
    """

    public_id = PublicIdField()
    number = models.CharField(max_length=9, editable=False)
    owner = models.CharField(max_length=32)
    other = models.CharField(max_length=32, blank=True)
    shared = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State.choices, default=State.DRAFT)
    cfs_version = models.CharField(max_length=8, blank=True)
    cfs_assessor = models.CharField(max_length=32, blank=True)
    cfs_on = models.DateField(null=True, blank=True)
    proposal = models.JSONField(null=True)
    snapshot = models.ForeignKey(Snapshot, models.PROTECT, null=True, related_name="+")
    proposed_party = models.CharField(max_length=32, blank=True)
    proposed_status = models.CharField(max_length=32, blank=True)
    intended = models.CharField(max_length=32, blank=True)
    ground = models.CharField(max_length=16, choices=Ground.choices, blank=True)
    regard = models.CharField(max_length=16, choices=Regard.choices, blank=True)
    reply = models.CharField(max_length=12, choices=Reply.choices, blank=True)
    intended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    replied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    responsible_party = models.CharField(max_length=32, blank=True)
    decided_at = models.DateTimeField(null=True)
    review_on = models.DateField(null=True, blank=True)
    ending = models.CharField(max_length=16, blank=True)
    duties = models.JSONField(default=list)
    checked = models.JSONField(default=dict)
    opened_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    revision = models.IntegerField(default=0)
    example = models.BooleanField(default=False)

    objects = Closed()
    unlogged: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["owner", "number"], name="case_number_once_with_its_owner"),
            models.CheckConstraint(condition=~Q(owner=F("other")), name="case_between_two"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT, State.CLOSED]) | (Q(proposal__isnull=False) & ~Q(other="")),
                name="case_has_its_proposal",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=DECIDED)
                | (Q(reply=Reply.AGREES, decided_at__isnull=False) & Q(responsible_party__in=[F("owner"), F("other")])),
                name="case_decided_in_agreement",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["owner", "state", "review_on"], name="case_owner"),
            models.Index(fields=["other", "state", "review_on"], name="case_other"),
            models.Index(fields=["changed_at", "public_id"], name="case_changed"),
        ]

    def __str__(self) -> str:
        return self.number


class Move(models.Model):
    """One step of a case's history, never changed. ``code`` is a reason from its list: nothing is written freely."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="moves")
    at = models.DateTimeField()
    step = models.CharField(max_length=16)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12, choices=State.choices)
    party = models.CharField(max_length=32)
    role = models.CharField(max_length=16, choices=Role.choices)
    user = models.CharField(max_length=16)
    about = models.CharField(max_length=32, blank=True)
    code = models.CharField(max_length=16, blank=True)
    regard = models.CharField(max_length=16, choices=Regard.choices, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["case", "id"], name="move_case")]

    def __str__(self) -> str:
        return f"{self.step} {self.after}"


class Dispute(models.Model):
    """That the parties do not agree about one person: OB-TVI-I, A35. Care goes on meanwhile, by the party named.

    ``suggested`` is the solution that one side's leadership stands by; it is settled when the other side's does too.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="disputes")
    opened_at = models.DateTimeField()
    opened_by = models.CharField(max_length=32)
    objection = models.CharField(max_length=16, choices=Objection.choices)
    meanwhile = models.CharField(max_length=32)
    answer_by = models.DateField()
    suggested = models.CharField(max_length=32, blank=True)
    suggested_party = models.CharField(max_length=32, blank=True)
    suggested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case"], condition=Q(settled_at=None), name="one_open_dispute_a_case"),
            models.CheckConstraint(condition=~Q(meanwhile=""), name="dispute_names_who_gives_care_meanwhile"),
        ]

    def __str__(self) -> str:
        return self.objection

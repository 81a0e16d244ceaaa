"""Who was affiliated to the palliative team, as days under a pseudonym; and yearly numbers: TB-AVS-1, A11.

No name, no personal identity number, nothing of the person's care. Only the region has such rows.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from samverka.care.models.case import Case, Unlogged
from samverka.core.acting import Role
from samverka.core.ids import PublicIdField


class Closed(models.Manager[Any]):
    """The name that everybody would reach for: the register is read through ``care.selectors_affiliation``."""

    def get_queryset(self) -> NoReturn:
        """Refuse.

        Raises:
            Unlogged: Always.
        """
        raise Unlogged("read the register through samverka.care.selectors_affiliation, which writes the access log")


class Affiliated(models.Model):
    """A person in the register: a pseudonym, which is the number of a case of the person's where there is one."""

    public_id = PublicIdField()
    number = models.CharField(max_length=9, unique=True, editable=False)
    case = models.OneToOneField(Case, models.PROTECT, null=True, related_name="affiliated")
    example = models.BooleanField(default=False)
    registered_at = models.DateTimeField()

    objects = Closed()
    in_register: ClassVar[models.Manager[Any]] = models.Manager()

    def __str__(self) -> str:
        return self.number


class Affiliation(models.Model):
    """The days of one affiliation, both included; no last day while it goes on. A person's never overlap.

    One that was registered by mistake is withdrawn and kept. ``revision`` counts the changes.
    """

    public_id = PublicIdField()
    person = models.ForeignKey(Affiliated, models.PROTECT, related_name="affiliations")
    first = models.DateField()
    last = models.DateField(null=True, blank=True)
    withdrawn = models.BooleanField(default=False)
    changed_at = models.DateTimeField()
    revision = models.IntegerField(default=0)

    objects = Closed()
    in_register: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(last=None) | Q(last__gte=F("first")), name="affiliation_days_in_order"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(last=None, withdrawn=False), name="one_open_affiliation"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["first", "public_id"], name="affiliation_first")]

    def __str__(self) -> str:
        return f"{self.first} {self.last or ''}".strip()


class Step(models.TextChoices):
    """What was done with an affiliation."""

    REGISTER = "register", "registrerad"
    CHANGE = "change", "dagarna ändrade"
    WITHDRAW = "withdraw", "återkallad"


class AffiliationMove(models.Model):
    """The days as they became, never changed: the register's own history, since the journal tells no days."""

    affiliation = models.ForeignKey(Affiliation, models.PROTECT, related_name="moves")
    at = models.DateTimeField()
    step = models.CharField(max_length=8, choices=Step.choices)
    first = models.DateField()
    last = models.DateField(null=True)
    role = models.CharField(max_length=16, choices=Role.choices)
    user = models.CharField(max_length=16)

    objects = Closed()
    in_register: ClassVar[models.Manager[Any]] = models.Manager()

    def __str__(self) -> str:
        return self.step


class NumberState(models.TextChoices):
    """Where a yearly number is; only an attested one is settled by."""

    ENTERED = "entered", "väntar på intyg"
    ATTESTED = "attested", "intygat"
    WITHDRAWN = "withdrawn", "återkallat"


class YearlyNumber(models.Model):
    """How many were affiliated in a year by a document of the region's: entered by one person, attested by another."""

    public_id = PublicIdField()
    year = models.IntegerField()
    number = models.IntegerField()
    source = models.CharField(max_length=160)
    example = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=NumberState.choices, default=NumberState.ENTERED)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    attested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    attested_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["year"], condition=Q(state="attested"), name="one_attested_number_a_year"),
            models.CheckConstraint(condition=Q(number__gte=0), name="yearly_number_not_negative"),
            models.CheckConstraint(
                condition=~Q(state="attested") | (Q(attested_by__isnull=False) & ~Q(attested_by=F("entered_by"))),
                name="yearly_number_attested_by_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year} {self.number}"

"""Parties with dated names, their units, the arenas and who fills them, and the people who act for them."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from samverka.core.acting import Role
from samverka.core.ids import PublicIdField


class Kind(models.TextChoices):
    """What a party is."""

    REGION = "region", "region"
    MUNICIPALITY = "municipality", "kommun"
    PROVIDER = "provider", "privat utförare"
    JOINT_BODY = "joint_body", "gemensamt organ"


class Party(models.Model):
    """One that the agreement binds, a provider under one of them, or a body that they have together.

    ``code`` is the edition's: REGION, BERG, FUND. ``under`` is the party that answers for a provider or a joint body.
    """

    public_id = PublicIdField()
    code = models.CharField(max_length=32, unique=True)
    kind = models.CharField(max_length=16, choices=Kind.choices)
    under = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="below")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "code"]
        constraints: ClassVar = [
            models.CheckConstraint(
                name="party_under_when_needed",
                condition=Q(kind__in=("region", "municipality"), under=None)
                | (Q(kind__in=("provider", "joint_body")) & Q(under__isnull=False)),
            )
        ]

    def __str__(self) -> str:
        return self.code


class PartyName(models.Model):
    """A party's name and organisation number from a day on; the number is empty where nobody has sourced it."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="names")
    since = models.DateField()
    name = models.CharField(max_length=120)
    org_number = models.CharField(max_length=11, blank=True)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["party", "since"], name="one_name_a_day")]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A unit of a party, from one day to another: a health centre, a municipality's home care, syncentralen."""

    public_id = PublicIdField()
    party = models.ForeignKey(Party, models.CASCADE, related_name="units")
    code = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=120)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "name", "since"], name="one_unit_of_a_name"),
            models.UniqueConstraint(fields=["party", "code"], condition=~Q(code=""), name="one_unit_of_a_code"),
        ]

    def __str__(self) -> str:
        return self.name


class Arena(models.Model):
    """A place of the agreement where something is decided: a role, filled by bodies over time."""

    code = models.CharField(max_length=32, unique=True)
    name = models.CharField(max_length=160)
    clause = models.CharField(max_length=24)

    def __str__(self) -> str:
        return self.name


class ArenaSeat(models.Model):
    """Which body fills an arena, from one day to another, and where that was decided."""

    public_id = PublicIdField()
    arena = models.ForeignKey(Arena, models.CASCADE, related_name="seats")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True)
    body = models.CharField(max_length=160)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["arena", "party", "body", "since"], name="one_seat_a_day", nulls_distinct=False
            )
        ]

    def __str__(self) -> str:
        return self.body


class User(AbstractUser):
    """A person who signs in. The journal names a user by public id; the name is shown to the own party only."""

    public_id = PublicIdField()
    email = models.EmailField("e-post", unique=True)


class Membership(models.Model):
    """That a person acts for a party in a role, from one day to another."""

    public_id = PublicIdField()
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    party = models.ForeignKey(Party, models.CASCADE, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["user", "party", "role", "since"], name="one_membership_a_day", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="auditor_has_no_party",
                condition=Q(role="auditor", party=None) | (~Q(role="auditor") & Q(party__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.party or 'avtalet'}"


class IdentityProvider(models.Model):
    """A party's own sign-in by OpenID Connect: who signs in through it may act for that party only."""

    party = models.OneToOneField(Party, models.CASCADE, related_name="identity_provider")
    provider_id = models.CharField(max_length=32, unique=True, help_text="namnet på SocialApp hos django-allauth")
    domains = models.CharField(max_length=300, blank=True, help_text="e-postdomäner, åtskilda med komma")

    def __str__(self) -> str:
        return self.provider_id

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
    source = models.CharField(max_length=300, blank=True)
    org_number = models.CharField(max_length=11, blank=True)
    org_source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "since"], name="one_name_a_day"),
            models.CheckConstraint(
                name="org_number_has_a_source",
                condition=Q(org_number="", org_source="") | (~Q(org_number="") & ~Q(org_source="")),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Unit(models.Model):
    """A unit of a party, from one day to another: a health centre, a municipality's home care, syncentralen."""

    public_id = PublicIdField()
    party = models.ForeignKey(Party, models.CASCADE, related_name="units")
    code = models.CharField(max_length=32, blank=True)
    name = models.CharField(max_length=120)
    clause = models.CharField(max_length=24, blank=True)
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
    """A place of the agreement where something is decided: a role, filled by bodies over time.

    ``area`` is the municipality of an arena that each of them has one of; empty for what the county shares.
    """

    public_id = PublicIdField()
    code = models.CharField(max_length=48, unique=True)
    name = models.CharField(max_length=160)
    clause = models.CharField(max_length=24)
    area = models.ForeignKey(Party, models.CASCADE, null=True, blank=True, related_name="arenas")
    position = models.PositiveIntegerField(default=0)

    class Meta:
        ordering: ClassVar = ["position", "area__position", "code"]

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
            models.UniqueConstraint(fields=["arena", "party", "body", "since"], name="one_seat_a_day"),
            models.UniqueConstraint(  # SQLite has no NULLS NOT DISTINCT
                fields=["arena", "body", "since"], name="one_shared_seat_a_day", condition=Q(party=None)
            ),
        ]

    def __str__(self) -> str:
        return self.body


class User(AbstractUser):
    """A person who signs in. The journal names a user by public id; the name is shown to the own party only."""

    public_id = PublicIdField()
    email = models.EmailField("e-post", unique=True)


class Membership(models.Model):
    """That a person acts for a party in a role, from one day to another.

    ``name`` is what this party calls the person: no party learns from another's entry whether an account was there.
    ``unit`` is where in the party the person works, as the log of who looked at a case names it.
    """

    public_id = PublicIdField()
    name = models.CharField(max_length=120, blank=True)
    example = models.BooleanField(default=False)
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    party = models.ForeignKey(Party, models.CASCADE, null=True, blank=True, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "party", "role", "since"], name="one_membership_a_day"),
            models.UniqueConstraint(fields=["user", "since"], name="one_auditor_a_day", condition=Q(party=None)),
            models.CheckConstraint(
                name="auditor_has_no_party",
                condition=Q(role="auditor", party=None) | (~Q(role="auditor") & Q(party__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.party or 'avtalet'}"


class IdentityProvider(models.Model):
    """A party's own sign-in by OpenID Connect: who signs in through it may act for that party only.

    The client's secret is kept sealed (``sealing``) and never shown again.
    """

    party = models.OneToOneField(Party, models.CASCADE, related_name="identity_provider")
    provider_id = models.CharField(max_length=32, unique=True)
    issuer = models.URLField(max_length=300)
    client_id = models.CharField(max_length=190)
    sealed_secret = models.TextField()
    domains = models.CharField(max_length=300)

    def __str__(self) -> str:
        return self.provider_id


class SharedCache(models.Model):
    """Django's cache in the database, so that every process counts the same failed sign-ins; never used as a model."""

    cache_key = models.CharField(max_length=255, primary_key=True)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        db_table = "samverka_cache"

    def __str__(self) -> str:
        return self.cache_key

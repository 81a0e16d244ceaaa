"""What the parties enter: index values, prices, weights, normal ranges, choices of readings; ruled on by another."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from samverka.core.acting import Role
from samverka.core.ids import PublicIdField


class EnteredKind(models.TextChoices):
    """What sort of value it is; each has a payload of its own."""

    INDEX = "index", "indexvärde"
    PARAMETER = "parameter", "pris eller annat villkor"
    NORMAL_RANGE = "normal_range", "normalvariation"
    FACTORS = "factors", "vikter i trefaktormodellen"
    DEVELOPMENT_KEY = "development_key", "nyckel för utvecklingsmedel"
    READING = "reading", "val av läsning"


class Entered(models.Model):
    """A value as somebody proposed it: never changed. What became of it is its ruling.

    ``payload`` is JSON by kind (see ``agreements.payloads``), numbers as exact text. ``document`` and ``document_date``
    say where it is written; ``example`` marks example data wherever the value is used. ``replaces`` is the approved
    value that this one corrects: once this is approved, the other no longer counts.
    """

    public_id = PublicIdField()
    kind = models.CharField(max_length=16, choices=EnteredKind.choices)
    name = models.CharField(max_length=64)
    payload = models.JSONField()
    document = models.CharField(max_length=300)
    document_date = models.DateField()
    example = models.BooleanField(default=False)
    replaces = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="replaced_by")
    party = models.CharField(max_length=32)
    role = models.CharField(max_length=16, choices=Role.choices)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kind", "name"], name="entered_kind_name")]

    def __str__(self) -> str:
        return f"{self.kind} {self.name}"


class Ruling(models.Model):
    """That another person approved or declined an entered value, when and why: never changed."""

    entered = models.OneToOneField(Entered, models.PROTECT, related_name="ruling")
    approved = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    party = models.CharField(max_length=32)
    role = models.CharField(max_length=16, choices=Role.choices)
    ruled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    ruled_at = models.DateTimeField()

    def __str__(self) -> str:
        return "godkänt" if self.approved else "avslaget"


class Snapshot(models.Model):
    """Exactly which entered values an edition held, so that it can be built again: named by its fingerprint."""

    fingerprint = models.CharField(max_length=64, unique=True)
    edition = models.CharField(max_length=64)
    entered = models.JSONField(help_text="ids of the approved values, in order of ruling")

    def __str__(self) -> str:
        return self.fingerprint[:16]

"""Who looked at a case, and the sample checks of that: HSLF-FS 2016:40, 4 kap. 9 §."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from samverka.care.models.case import Case
from samverka.core.acting import Role
from samverka.core.ids import PublicIdField


class Action(models.TextChoices):
    """What somebody did with a case."""

    LIST = "list", "visade i lista"
    SEARCH = "search", "sökte"
    VIEW = "view", "öppnade"
    PRINT = "print", "skrev ut"
    EXPORT = "export", "hämtade som fil"
    CHANGE = "change", "ändrade"
    EXTRACT = "extract", "tog ut loggutdrag"
    CHECK = "check", "kontrollerade åtkomst"
    COUNT = "count", "hämtade statistik som fil"
    WHAT_IF = "what_if", "prövade en ändring på ärendena"


class Reason(models.TextChoices):
    """Why somebody searches."""

    CARE = "care", "vård eller handläggning av personen"
    FOLLOW_UP = "follow_up", "uppföljning i verksamheten"
    PERSON = "person", "personen har frågat"
    CHECK = "check", "kontroll eller klagomål"


class AccessEntry(models.Model):
    """One line of the access log: action, unit, time, user, case. Never changed, never deleted.

    ``unit`` is the user's unit in the party, the party's own name where the user has none. ``case`` is none only for a
    search that found nothing, for counting that shows none, or for somebody in the register of affiliations who has
    none: ``affiliated`` then says who.
    """

    at = models.DateTimeField()
    party = models.CharField(max_length=32)
    unit = models.CharField(max_length=120)
    user = models.CharField(max_length=16)
    role = models.CharField(max_length=16, choices=Role.choices)
    action = models.CharField(max_length=8, choices=Action.choices)
    case = models.ForeignKey(Case, models.PROTECT, null=True, related_name="accesses")
    affiliated = models.ForeignKey("care.Affiliated", models.PROTECT, null=True, related_name="accesses")
    reason = models.CharField(max_length=12, choices=Reason.choices, blank=True)
    request = models.CharField(max_length=32, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["party", "at"], name="access_party"),
            models.Index(fields=["case", "party", "at"], name="access_case"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.at:%Y-%m-%d %H:%M}"


class Check(models.Model):
    """A sample check of a party's own log: which days, who drew it, and its result in words when it is done."""

    public_id = PublicIdField()
    party = models.CharField(max_length=32)
    since = models.DateField()
    until = models.DateField()
    lines = models.IntegerField(help_text="how many lines there were to draw from")
    drawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    drawn_at = models.DateTimeField()
    summary = models.CharField(max_length=400, blank=True)
    finished_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    finished_at = models.DateTimeField(null=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["party", "drawn_at"], name="check_party")]

    def __str__(self) -> str:
        return f"{self.since} {self.until}"


class Sampled(models.Model):
    """A line that was drawn: never changed."""

    check_made = models.ForeignKey(Check, models.PROTECT, related_name="sampled")
    entry = models.ForeignKey(AccessEntry, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["check_made", "entry"], name="sampled_once")]

    def __str__(self) -> str:
        return str(self.entry_id)


class Judgement(models.TextChoices):
    """What a controller found of a line."""

    JUSTIFIED = "justified", "befogad"
    ASKED = "asked", "frågan är ställd"
    NOT_JUSTIFIED = "not_justified", "inte befogad"


class Verdict(models.Model):
    """What was found of a drawn line, never changed. A question that got its answer gets another; the last counts."""

    sampled = models.ForeignKey(Sampled, models.PROTECT, related_name="verdicts")
    judgement = models.CharField(max_length=16, choices=Judgement.choices)
    note = models.CharField(max_length=160, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.judgement

"""Work on another's behalf, one table for each charge: its columns are the charge's facts, priced where they lie.

A column has the fact's own name (``db_column``), so that ``avtal.bulk`` prices the table in place. Derived facts are
filled in when the work is registered. MT-B1-2, OB-UPP-D4, SH-EKO-3, OB-SLU-3.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from samverka.core.ids import PublicIdField


class State(models.TextChoices):
    """Where a registered piece of work is; only what is attested is settled."""

    REGISTERED = "registered", "väntar på attest"
    RETURNED = "returned", "återsänd"
    ATTESTED = "attested", "attesterad"
    WITHDRAWN = "withdrawn", "återkallad"


class BatchState(models.TextChoices):
    """Where a file of work is."""

    STAGED = "staged", "väntar på godkännande"
    APPROVED = "approved", "inläst"
    REFUSED = "refused", "undanlagd"


class Batch(models.Model):
    """A file of work, read into a stage and shown as a difference before somebody approves it.

    ``rows`` are lines and cells as they were read, ``faults`` what the reader refused: line, column, message.
    ``faulty`` is how many faults the file had when it was read in, the reader's and the charge's.
    """

    public_id = PublicIdField()
    charge = models.CharField(max_length=32)
    party = models.CharField(max_length=32)
    file_name = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=16, choices=BatchState.choices, default=BatchState.STAGED)
    rows = models.JSONField()
    faults = models.JSONField(default=list)
    faulty = models.IntegerField(default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["party", "charge", "digest"], condition=models.Q(state="approved"), name="a_file_once"
            )
        ]

    def __str__(self) -> str:
        return self.file_name


class Work(models.Model):
    """What every kind of work has beside its facts.

    ``performer`` registered it and is paid; ``payer_party`` attests it and pays. ``event_id`` is the performer's own
    number for it, unique with the performer; ``month`` is like 202507; ``revision`` counts the changes, so that nobody
    attests anything else than what was read.
    """

    public_id = PublicIdField()
    event_id = models.CharField(max_length=64)
    performer = models.CharField(max_length=32)
    payer_party = models.CharField(max_length=32)
    state = models.CharField(max_length=12, choices=State.choices, default=State.REGISTERED)
    reason = models.CharField(max_length=300, blank=True)
    source = models.CharField(max_length=300, blank=True)
    example = models.BooleanField(default=False)
    revision = models.IntegerField(default=0)
    month = models.IntegerField()
    date = models.DateField()
    batch = models.ForeignKey(Batch, models.PROTECT, null=True, blank=True, related_name="+")
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    attested_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    attested_at = models.DateTimeField(null=True, blank=True)

    charge: ClassVar[str]

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["performer", "event_id"], name="%(class)s_event_id_once"),
            models.CheckConstraint(
                condition=~models.Q(performer=models.F("payer_party")), name="%(class)s_paid_by_another"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.ATTESTED)
                | models.Q(attested_by__isnull=False, attested_at__isnull=False),
                name="%(class)s_attested_by_somebody",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["performer", "state", "date"], name="%(class)s_performer"),
            models.Index(fields=["payer_party", "state", "date"], name="%(class)s_payer"),
            models.Index(fields=["date", "public_id"], name="%(class)s_date"),  # the order of lists
            models.Index(fields=["performer", "month", "attested_at"], name="%(class)s_late"),  # what came too late
        ]

    def __str__(self) -> str:
        return self.event_id


class Timed(models.Model):
    """The minute kinds of worked time, and whether any was left out: OB-UPP-D6, SH-EKO-5."""

    work_minutes = models.IntegerField(null=True)
    admin_minutes = models.IntegerField(null=True)
    report_minutes = models.IntegerField(null=True)
    travel_minutes = models.IntegerField(null=True)
    component_absent = models.BooleanField(null=True)

    class Meta:
        abstract = True


class HiredStaff(Work, Timed):
    """One party's staff working on another's behalf by day, per started hour: OB-UPP-D4."""

    from_party = models.CharField(max_length=32, db_column="from")
    to_party = models.CharField(max_length=32, db_column="to")
    start = models.IntegerField()
    end = models.IntegerField(null=True)
    travel_combined = models.BooleanField(null=True)
    profession = models.CharField(max_length=64)
    principal_level = models.CharField(max_length=16)
    palliative_team = models.BooleanField(null=True)
    affiliation_unsaid = models.BooleanField()
    by_clock = models.BooleanField()
    stretch_minutes = models.IntegerField()
    shift_today = models.IntegerField()
    shift_tomorrow = models.IntegerField()

    charge = "hired_staff"


class Liaison(Work, Timed):
    """A liaison's work for a person with impaired vision or hearing: SH-EKO-3."""

    kind = models.CharField(max_length=16)
    municipality = models.CharField(max_length=32)
    patient_responsibility = models.CharField(max_length=32)
    action = models.CharField(max_length=64)
    agreed = models.BooleanField(null=True)
    special_trip = models.BooleanField(null=True)
    undated = models.BooleanField()

    charge = "liaison"


class HospitalAttendance(Work):
    """Municipal staff with a person in hospital, at cost in öre: OB-SLU-3, SB-SLU-3."""

    municipality = models.CharField(max_length=32)
    wage_cost = models.BigIntegerField(null=True)
    travel_cost = models.BigIntegerField(null=True)
    travel_time_pay = models.BigIntegerField(null=True)
    written_agreement = models.BooleanField(null=True)
    component_absent = models.BooleanField(null=True)

    charge = "hospital_attendance"


class EquipmentJob(Work):
    """A job on medical equipment that a municipality asked the region for: MT-B1-2. ``hours`` in parts of 0.0001."""

    municipality = models.CharField(max_length=32)
    hours = models.BigIntegerField()
    travel = models.BigIntegerField(null=True)
    material = models.BigIntegerField(null=True)
    requested = models.BooleanField(null=True)
    work = models.CharField(max_length=16, null=True)  # noqa: DJ001  # unknown is NULL, never an empty text
    undated = models.BooleanField()
    component_absent = models.BooleanField(null=True)

    charge = "equipment_variable"


KINDS: tuple[type[Work], ...] = (HiredStaff, Liaison, HospitalAttendance, EquipmentJob)

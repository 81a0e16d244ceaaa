"""From event to invoice. The database holds it: an event on one line, numbers without gaps, nothing changed afterwards.

Money is öre. A ``stream`` is who is sent the invoice: a party's code (REGION, BERG), or a unit that the text
names (REGION:syncentralen); the party that pays is the part before the colon.
"""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from samverka.core.ids import PublicIdField


class BasisKind(models.TextChoices):
    """What is shared as a whole, and the charge it is for."""

    EQUIPMENT_FIXED = "equipment_fixed", "registrerade inventarier"
    SUPPLEMENT = "supplement", "anslutna personer"
    DEVELOPMENT_FUND = "development_fund", "utvecklingsmedel"
    NATIONAL_SHARE = "national_share", "nationell andel"


class Basis(models.Model):
    """The numbers that a shared sum rests on, frozen once approved, with the list they were counted from.

    ``stated`` is the charge's case (JSON, numbers as text); ``listed`` the list's rows, ``digest`` its SHA-256.
    ``month`` is when the sum is settled, like 202507. ``explanation`` says how a number came about that was not counted
    from the list: persons, from the region's register or its attested number.
    """

    public_id = PublicIdField()
    kind = models.CharField(max_length=16, choices=BasisKind.choices)
    party = models.CharField(max_length=32)
    period = models.CharField(max_length=8)
    month = models.IntegerField()
    stated = models.JSONField()
    listed = models.JSONField(default=list, blank=True)
    explanation = models.JSONField(null=True, blank=True)
    digest = models.CharField(max_length=64)
    counted_on = models.DateField(null=True, blank=True)
    source = models.CharField(max_length=300)
    example = models.BooleanField(default=False)
    state = models.CharField(max_length=12, default="registered")  # registered, approved, withdrawn
    registered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["kind", "party", "period", "month"], condition=Q(state="approved"), name="one_basis_a_month"
            ),
            models.UniqueConstraint(
                fields=["kind", "party", "period"],
                condition=Q(state="approved") & ~Q(kind=BasisKind.DEVELOPMENT_FUND),  # paid by decision, not by period
                name="one_basis_a_period",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period}"


class ProposalState(models.TextChoices):
    """Where a proposal is; only a computed one can be approved, only an approved one issued."""

    COMPUTING = "computing", "beräknas"
    FAILED = "failed", "kunde inte beräknas"
    PROPOSED = "proposed", "väntar på beslut"
    APPROVED = "approved", "godkänt"
    REJECTED = "rejected", "avslaget"
    ISSUED = "issued", "fakturerat"


class Proposal(models.Model):
    """What an issuer is owed for a period, computed outside any lock; its lines never change once it is proposed.

    ``digest`` is the SHA-256 of every line. ``steps_done`` names the charges already computed, so that a run that was
    stopped goes on where it was. ``used`` holds the numbers and choices of readings that it was computed with, for the
    last gate.
    """

    public_id = PublicIdField()
    issuer = models.CharField(max_length=32)
    period = models.CharField(max_length=8)
    corrections = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=ProposalState.choices, default=ProposalState.COMPUTING)
    snapshot = models.ForeignKey("agreements.Snapshot", models.PROTECT, null=True, related_name="+")
    steps_done = models.JSONField(default=list)
    done = models.IntegerField(default=0)
    todo = models.IntegerField(default=0)
    message = models.TextField(blank=True)
    events = models.IntegerField(default=0)
    total = models.BigIntegerField(default=0)
    example = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, blank=True)
    used = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["issuer", "period", "corrections"],
                condition=Q(state__in=["computing", "proposed", "approved"]),
                name="one_open_proposal",
            )
        ]
        indexes: ClassVar = [models.Index(fields=["issuer", "state", "period"], name="proposal_issuer")]

    def __str__(self) -> str:
        return f"{self.issuer} {self.period}"


class Sums(models.Model):
    """What a line says, in a proposal as on an invoice.

    ``quantity`` is in parts of ``scale`` of a ``unit``; ``amount`` in öre. ``kind`` is charge or correction.
    """

    charge = models.CharField(max_length=32)
    stream = models.CharField(max_length=64)
    payee = models.CharField(max_length=32)
    month = models.IntegerField()
    kind = models.CharField(max_length=12, default="charge")
    revision = models.IntegerField(default=0)
    events = models.IntegerField()
    quantity = models.BigIntegerField()
    scale = models.IntegerField(default=1)
    unit = models.CharField(max_length=16)
    amount = models.BigIntegerField()
    example = models.BooleanField()
    flags = models.JSONField(default=list)
    explanation = models.JSONField()

    class Meta:
        abstract = True


class ProposalLine(Sums):
    """One line of a proposal: charged, or without an amount and why (``status``).

    ``marked`` says whether its events themselves are example data; with charge, stream, payee, month and status it says
    which events are on the line. ``example`` is also true where only a price is an example.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="lines")
    number = models.IntegerField()
    status = models.CharField(max_length=16)
    marked = models.BooleanField(default=False)
    corrects = models.ForeignKey("InvoiceLine", models.PROTECT, null=True, related_name="proposed_corrections")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["proposal", "number"], name="line_number_once")]

    def __str__(self) -> str:
        return f"{self.charge} {self.stream} {self.month}"


class ProposedEvent(models.Model):
    """One event as it was priced: which line it is on is said by charge, stream, payee, month, status and example.

    ``event`` is the primary key in the charge's own table; ``part`` names the share of a whole, else it is empty.
    ``flags`` has a bit for each of the charge's flags. Of a correction it is what the invoiced event costs now.
    """

    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="+", db_index=False)
    charge = models.CharField(max_length=32)
    event = models.BigIntegerField()
    part = models.CharField(max_length=32, blank=True, default="")
    stream = models.CharField(max_length=64)
    payee = models.CharField(max_length=32)
    month = models.IntegerField()
    status = models.CharField(max_length=16)
    example = models.BooleanField()
    quantity = models.BigIntegerField()
    minutes = models.BigIntegerField()
    amount = models.BigIntegerField()
    flags = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["proposal", "charge", "event", "part"], name="proposed_once")
        ]

    def __str__(self) -> str:
        return f"{self.charge} {self.event}"


class Series(models.Model):
    """An issuer's numbers of a year: the row is locked while a number is taken, so that there are no gaps."""

    issuer = models.CharField(max_length=32)
    year = models.IntegerField()
    last = models.IntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["issuer", "year"], name="one_series_a_year")]

    def __str__(self) -> str:
        return f"{self.issuer} {self.year}"


class Invoice(models.Model):
    """An issued invoice or credit note: never changed. A credit note points back at what it credits."""

    public_id = PublicIdField()
    issuer = models.CharField(max_length=32)
    stream = models.CharField(max_length=64)
    payer = models.CharField(max_length=32)
    year = models.IntegerField()
    number = models.IntegerField()
    period = models.CharField(max_length=8)
    proposal = models.ForeignKey(Proposal, models.PROTECT, related_name="invoices")
    credits = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="credited_by")
    reason = models.CharField(max_length=300, blank=True)
    issued_on = models.DateField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    total = models.BigIntegerField()
    example = models.BooleanField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["issuer", "year", "number"], name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["proposal", "stream"], condition=Q(credits=None), name="one_invoice_a_stream"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["payer", "issued_on"], name="invoice_payer")]

    def __str__(self) -> str:
        return f"{self.issuer}-{self.year}-{self.number}"


class InvoiceLine(Sums):
    """One line of an invoice; what a credit note says is the negative."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines")
    number = models.IntegerField()
    proposed = models.ForeignKey(ProposalLine, models.PROTECT, null=True, related_name="+")
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    credits = models.OneToOneField("self", models.PROTECT, null=True, related_name="credited_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice", "number"], name="invoice_line_number_once"),
            models.UniqueConstraint(
                fields=["payee", "stream", "charge", "month", "kind", "example", "revision"],
                condition=Q(credits=None),
                name="charged_once_a_revision",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.charge} {self.month}"


class InvoicedEvent(models.Model):
    """That an event is on an invoice line: on one only, until a credit note releases it."""

    line = models.ForeignKey(InvoiceLine, models.PROTECT, related_name="invoiced")
    charge = models.CharField(max_length=32)
    event = models.BigIntegerField()
    part = models.CharField(max_length=32, blank=True, default="")
    amount = models.BigIntegerField()
    released_by = models.ForeignKey(Invoice, models.PROTECT, null=True, related_name="released")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["charge", "event", "part"], condition=Q(released_by=None), name="invoiced_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.charge} {self.event}"


class CreditState(models.TextChoices):
    """Where a proposed credit is; only a proposed one can be decided on."""

    PROPOSED = "proposed", "väntar på beslut"
    CREDITED = "credited", "genomförd"
    DECLINED = "declined", "avslagen"


class Credit(models.Model):
    """That an invoice is to be credited, and why: proposed by one person, decided by another, then never changed.

    ``answer`` is why it was declined; ``note`` the credit note that it became.
    """

    public_id = PublicIdField()
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="proposed_credits")
    reason = models.CharField(max_length=300)
    state = models.CharField(max_length=12, choices=CreditState.choices, default=CreditState.PROPOSED)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)
    note = models.OneToOneField(Invoice, models.PROTECT, null=True, related_name="decided_as")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["invoice"], condition=Q(state="proposed"), name="one_open_credit")
        ]

    def __str__(self) -> str:
        return f"kreditering av {self.invoice}"


class Recheck(models.Model):
    """Whether an issuer's invoices are held against the agreement's values of today, and by which they were last.

    ``asked`` counts how often a value or an invoice has given cause, ``answered`` is how far that has been done: where
    they differ a check is under way or was stopped. ``message`` says what stopped it, where a number is missing.
    """

    issuer = models.CharField(max_length=32, unique=True)
    asked = models.IntegerField(default=0)
    answered = models.IntegerField(default=0)
    snapshot = models.ForeignKey("agreements.Snapshot", models.PROTECT, null=True, related_name="+")
    checked_at = models.DateTimeField(null=True)
    message = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.issuer


class Differing(models.Model):
    """An issued line that costs something else by the values of the last check: who is sent it, and by how much.

    ``changed`` says which values have come since the line was computed. Every check works it out anew, and it issues
    nothing: a correction is proposed, approved and issued like anything else.
    """

    recheck = models.ForeignKey(Recheck, models.CASCADE, related_name="lines")
    line = models.ForeignKey(InvoiceLine, models.CASCADE, related_name="+")
    stream = models.CharField(max_length=64)
    amount = models.BigIntegerField()
    changed = models.CharField(max_length=300)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["line", "stream"], name="differs_once")]

    def __str__(self) -> str:
        return f"{self.line} {self.stream}"


class Feed(models.Model):
    """A private address of a party's calendar of settlements; only the token's SHA-256 is kept."""

    party = models.CharField(max_length=32)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["party", "user"], name="one_feed_each")]

    def __str__(self) -> str:
        return self.party

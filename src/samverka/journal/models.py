"""The journal's entries, their place in the chain, and signed checkpoints."""

from __future__ import annotations

from typing import ClassVar

from django.db import models


class Entry(models.Model):
    """One change: who, for which party, what, why, by which clause, before and after.

    ``body`` is the canonical JSON of all of it; ``leaf`` its SHA-256, headed by a zero byte. ``xid`` is the writing
    transaction on PostgreSQL, 0 on SQLite. Never changed and never deleted: triggers refuse it.
    """

    xid = models.BigIntegerField(default=0)
    at = models.DateTimeField()
    party = models.CharField(max_length=32, blank=True)
    user = models.CharField(max_length=16, blank=True)
    action = models.CharField(max_length=64)
    subject = models.CharField(max_length=64)
    request = models.CharField(max_length=32, blank=True)
    body = models.TextField()
    leaf = models.BinaryField()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["xid", "id"], name="journal_order"),
            models.Index(fields=["subject"], name="journal_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"


class EntryParty(models.Model):
    """That a party sees an entry; ``*`` is all of them."""

    entry = models.ForeignKey(Entry, models.PROTECT, related_name="parties")
    party = models.CharField(max_length=32)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["party", "entry"], name="entry_party_once")]

    def __str__(self) -> str:
        return self.party


class Seal(models.Model):
    """An entry's place in the chain: SHA-256 of the chain before it and its leaf, headed by a one byte."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="seal")
    chain = models.BinaryField()

    def __str__(self) -> str:
        return str(self.seq)


class Checkpoint(models.Model):
    """The chain's end at a time, signed with Ed25519: each party keeps it and can hold it against the system later."""

    count = models.BigIntegerField()
    chain = models.BinaryField()
    at = models.DateTimeField()
    text = models.TextField()
    signature = models.BinaryField()
    key = models.CharField(max_length=64)

    def __str__(self) -> str:
        return str(self.count)

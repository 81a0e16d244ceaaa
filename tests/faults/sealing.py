"""The play of sealing: entries that are committed get their places, batch by batch."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar
from unittest import mock

from samverka.core.acting import Role
from samverka.journal import chain, verify
from samverka.journal.models import Entry, Seal
from samverka.journal.snapshot import snapshot
from tests.faults.ground import hired, registered
from tests.faults.plays import Play
from tests.samverka.platform import actor

UNSEALED = 7


def unsealed() -> None:
    """Entries without a place, as a stage: of a server that stopped after each commit."""
    actor("REGION", Role.REGISTRAR)
    with mock.patch("samverka.journal.services.seal", return_value=0):
        for day in range(1, 1 + UNSEALED):
            registered(hired("REGION", "KROKOM", f"2025-12-{day:02}", 30, 1))


class Sealing(Play):
    """Giving them their places, three at a time."""

    name: ClassVar[str] = "seal"
    stage = "unsealed"

    def run(self) -> None:
        """Seal what is left."""
        with mock.patch.object(chain, "BATCH", 3):
            chain.seal()

    def begun(self) -> bool:
        """Whether any has got its place."""
        return Seal.objects.count() > Entry.objects.count() - UNSEALED

    def faults(self, *, done: bool) -> list[str]:
        """The chain is whole at any moment, and nobody waits when it is done."""
        report = verify.Report()
        with snapshot() as moment:
            verify._chain(moment, report, 0)
        left = done and report.waiting
        return report.faults + ([f"{left} entries have no place"] if left else [])

    def digest(self) -> str:
        """Every place."""
        places = Seal.objects.order_by("seq").values_list("seq", "entry", "chain")
        return json.dumps([(seq, entry, bytes(end).hex()) for seq, entry, end in places])


class SealingBackwards(Sealing):
    """The broken twin: a batch's last place first, each in a statement of its own."""

    name = "seal_backwards"

    def run(self) -> None:
        """Seal what is left, the wrong way round."""
        with backwards():
            super().run()


@contextmanager
def backwards() -> Iterator[None]:
    """Rows that are made together are made one by one from the end."""

    def one_by_one(rows: Any) -> None:
        for row in reversed(rows):
            row.save(force_insert=True)

    with mock.patch.object(chain.Seal.objects, "bulk_create", one_by_one):
        yield

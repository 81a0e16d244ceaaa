"""Where a clause has been charged: the issued lines that the actor may see and whose explanation names it."""

from __future__ import annotations

from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse

from samverka.agreements.uses import Use
from samverka.core.acting import Actor
from samverka.settlement.models import InvoiceLine
from samverka.settlement.selectors import invoices_for


def uses_of(actor: Actor, clause_id: str) -> list[Use]:
    """How many lines of the actor's invoices rest on a clause, and where they are."""
    lines = InvoiceLine.objects.filter(invoice__in=invoices_for(actor).values("pk"))
    named = lines.annotate(text=Cast("explanation", TextField())).filter(text__contains=f'"{clause_id}"')
    if not (count := named.count()):
        return []
    text = "1 fakturarad" if count == 1 else f"{count} fakturarader"
    return [Use(text, count, reverse("settlement:invoices"))]

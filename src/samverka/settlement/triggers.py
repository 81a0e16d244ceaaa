"""What the database itself refuses, on both databases: to change what is issued, sealed or approved.

Invoices and their lines only grow. An event on an invoice can only be released, once. Lines and events of a proposal
change only while it is computed, a basis until it is approved, and a credit until it is decided. No such table can be
emptied as a whole.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from samverka.core import triggers
from samverka.core.triggers import Rule
from samverka.journal import append_only

GROWING = ("settlement_invoice", "settlement_invoiceline")
#: Those that change, each in its own way, and are never emptied: PostgreSQL's TRUNCATE asks no trigger of a row.
KEPT = (
    "settlement_invoicedevent", "settlement_proposal", "settlement_proposalline", "settlement_proposedevent",
    "settlement_basis", "settlement_series", "settlement_credit",
)  # fmt: skip


def _sealed(row: str) -> str:
    return f"(SELECT state FROM settlement_proposal WHERE id = {row}.proposal_id) <> 'computing'"


def _differs(*columns: str) -> str:
    return " OR ".join(f"NEW.{column} <> OLD.{column}" for column in columns)


_RELEASE = (
    f"OLD.released_by_id IS NOT NULL OR NEW.released_by_id IS NULL OR {_differs('line_id', 'charge', 'event', 'part')}"
    f" OR {_differs('amount', 'id')}"
)
_SEALED_NAMES = _differs(
    "issuer", "period", "corrections", "snapshot_id", "used", "events", "total", "example", "digest", "proposed_by_id",
    "proposed_at",
)  # fmt: skip
_BASIS_NAMES = (
    _differs("kind", "party", "period", "month", "stated", "listed", "digest", "source", "example", "registered_by_id")
    + " OR COALESCE(NEW.explanation, 'null') <> COALESCE(OLD.explanation, 'null')"
)
_SEALED_ADDED = (
    "EXISTS (SELECT 1 FROM (SELECT DISTINCT proposal_id FROM added) a"
    " JOIN settlement_proposal p ON p.id = a.proposal_id WHERE p.state <> 'computing')"
)
_CREDIT_NAMES = _differs("id", "invoice_id", "reason", "proposed_by_id", "proposed_at")

RULES = (
    Rule("event_kept", "settlement_invoicedevent", "DELETE", "1 = 1"),
    Rule("event_released_once", "settlement_invoicedevent", "UPDATE", _RELEASE),
    Rule("line_sealed_insert", "settlement_proposalline", "INSERT", _sealed("NEW")),
    Rule("line_sealed_update", "settlement_proposalline", "UPDATE", _sealed("OLD")),
    Rule("line_sealed_delete", "settlement_proposalline", "DELETE", _sealed("OLD")),
    Rule("proposed_sealed_insert", "settlement_proposedevent", "INSERT", _sealed("NEW"), _SEALED_ADDED),
    Rule("proposed_sealed_update", "settlement_proposedevent", "UPDATE", _sealed("OLD")),
    Rule("proposed_sealed_delete", "settlement_proposedevent", "DELETE", _sealed("OLD")),
    Rule("proposal_sealed", "settlement_proposal", "UPDATE", f"OLD.state <> 'computing' AND ({_SEALED_NAMES})"),
    Rule("proposal_final", "settlement_proposal", "UPDATE",
         "NEW.state <> OLD.state AND (OLD.state IN ('issued', 'rejected', 'failed') OR NEW.state = 'computing')"),
    Rule("proposal_kept", "settlement_proposal", "DELETE", "1 = 1"),
    Rule("basis_frozen", "settlement_basis", "UPDATE", f"OLD.state <> 'registered' AND ({_BASIS_NAMES})"),
    Rule("basis_final", "settlement_basis", "UPDATE",
         "NEW.state <> OLD.state AND (OLD.state = 'withdrawn' OR NEW.state = 'registered')"),
    Rule("basis_kept", "settlement_basis", "DELETE", "1 = 1"),
    Rule("series_kept", "settlement_series", "DELETE", "1 = 1"),
    Rule("series_grows", "settlement_series", "UPDATE",
         f"NEW.last < OLD.last OR {_differs('issuer', 'year', 'id')}"),
    Rule("credit_frozen", "settlement_credit", "UPDATE", f"OLD.state <> 'proposed' OR {_CREDIT_NAMES}"),
    Rule("credit_kept", "settlement_credit", "DELETE", "1 = 1"),
)  # fmt: skip

#: What would refuse a sealed proposal its own lines and events, when a backup is read in table by table.
INSERTS = tuple(rule for rule in RULES if rule.verb == "INSERT")


def protect(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger."""
    append_only.protect(connection, *GROWING)
    triggers.make(connection, *RULES)
    if connection.vendor == "postgresql":
        statement = (
            "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {} FOR EACH STATEMENT EXECUTE FUNCTION append_only()"
        )
        triggers.run(connection, *(statement.format(table) for table in KEPT))


def unprotect(connection: BaseDatabaseWrapper) -> None:
    """Take them away: for migrating backwards."""
    append_only.unprotect(connection, *GROWING)
    triggers.drop(connection, *RULES)
    if connection.vendor == "postgresql":
        triggers.run(connection, *(f"DROP TRIGGER never_emptied ON {table}" for table in KEPT))

"""What the database itself refuses of affiliations, on both databases.

Two of one person that share a day; to delete one; to change a yearly number that is attested or withdrawn.
"""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

from samverka.core import triggers
from samverka.core.triggers import Rule
from samverka.journal import append_only

GROWING = ("care_affiliationmove",)
_FOREVER = "'9999-12-31'"
_OVERLAP = (
    "NOT NEW.withdrawn AND EXISTS (SELECT 1 FROM care_affiliation o WHERE o.person_id = NEW.person_id"
    f" AND NOT o.withdrawn AND o.first <= COALESCE(NEW.last, {_FOREVER})"
    f" AND NEW.first <= COALESCE(o.last, {_FOREVER})"
)
_NUMBER = (
    "OLD.state = 'withdrawn' OR NEW.state = 'entered' AND OLD.state <> 'entered' OR"
    " NEW.year <> OLD.year OR NEW.number <> OLD.number OR NEW.source <> OLD.source OR NEW.example <> OLD.example"
    " OR NEW.entered_by_id <> OLD.entered_by_id"
)
#: Two at once wait for each other at the person, so that neither misses the other's days.
_LOCK = "PERFORM 1 FROM care_affiliated WHERE id = NEW.person_id FOR NO KEY UPDATE;"

RULES = (
    Rule("affiliation_overlap_new", "care_affiliation", "INSERT", f"{_OVERLAP})", lock=_LOCK),
    Rule("affiliation_overlap", "care_affiliation", "UPDATE", f"{_OVERLAP} AND o.id <> NEW.id)", lock=_LOCK),
    Rule("affiliation_final", "care_affiliation", "UPDATE", "OLD.withdrawn OR NEW.person_id <> OLD.person_id"),
    Rule("affiliation_kept", "care_affiliation", "DELETE", "1 = 1"),
    Rule("affiliated_kept", "care_affiliated", "DELETE", "1 = 1"),
    Rule("yearly_number_frozen", "care_yearlynumber", "UPDATE", _NUMBER),
    Rule("yearly_number_kept", "care_yearlynumber", "DELETE", "1 = 1"),
)


def protect(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger."""
    append_only.protect(connection, *GROWING)
    triggers.make(connection, *RULES)


def unprotect(connection: BaseDatabaseWrapper) -> None:
    """Take them away: for migrating backwards."""
    append_only.unprotect(connection, *GROWING)
    triggers.drop(connection, *RULES)

"""What the database itself refuses of affiliations, on both databases.

Two of one person that share a day; to delete one; to change a yearly number that is attested or withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.db.backends.base.base import BaseDatabaseWrapper

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
#: Name, statement, table, on what condition it is refused.
RULES = (
    ("affiliation_overlap_new", "INSERT", "care_affiliation", f"{_OVERLAP})"),
    ("affiliation_overlap", "UPDATE", "care_affiliation", f"{_OVERLAP} AND o.id <> NEW.id)"),
    ("affiliation_final", "UPDATE", "care_affiliation", "OLD.withdrawn OR NEW.person_id <> OLD.person_id"),
    ("affiliation_kept", "DELETE", "care_affiliation", "1 = 1"),
    ("affiliated_kept", "DELETE", "care_affiliated", "1 = 1"),
    ("yearly_number_frozen", "UPDATE", "care_yearlynumber", _NUMBER),
    ("yearly_number_kept", "DELETE", "care_yearlynumber", "1 = 1"),
)
#: Two at once wait for each other at the person, so that neither misses the other's days; SQLite has one writer.
_LOCK = "PERFORM 1 FROM care_affiliated WHERE id = NEW.person_id FOR NO KEY UPDATE;"


def protect(connection: BaseDatabaseWrapper) -> None:
    """Make every trigger."""
    append_only.protect(connection, *GROWING)
    for rule in RULES:
        _run(connection, *_made(connection.vendor, *rule))


def unprotect(connection: BaseDatabaseWrapper) -> None:
    """Take them away: for migrating backwards."""
    append_only.unprotect(connection, *GROWING)
    for name, *_ in RULES:
        drop(connection, name)


def drop(connection: BaseDatabaseWrapper, name: str) -> None:
    """Take one away, as the tests do to show what it is good for."""
    table = next(rule[2] for rule in RULES if rule[0] == name)
    if connection.vendor == "postgresql":
        _run(connection, f"DROP TRIGGER {name} ON {table}", f"DROP FUNCTION {name}()")
    else:
        _run(connection, f"DROP TRIGGER {name}")


def _made(vendor: str, name: str, verb: str, table: str, refused: str) -> Iterator[str]:
    told = f"{table}: {name}"
    if vendor == "postgresql":
        row = "OLD" if verb == "DELETE" else "NEW"
        lock = _LOCK if "overlap" in name else ""
        yield (
            f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {lock}"
            f" IF {refused} THEN RAISE EXCEPTION '{told}' USING ERRCODE = 'integrity_constraint_violation';"
            f" END IF; RETURN {row}; END $$"
        )
        yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()"
        return
    yield f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {refused} BEGIN SELECT RAISE(ABORT, '{told}'); END"


def _run(connection: BaseDatabaseWrapper, *statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)

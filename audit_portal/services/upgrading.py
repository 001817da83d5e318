"""Moving a database to the version of this code."""

from __future__ import annotations

from audit_portal.services import history_check
from audit_portal.storage import schema
from audit_portal.storage.transaction import Database


def move_on(db: Database) -> None:
    """Migrates, checks, and writes what migrations made into history and ledger. Harmless twice."""
    before = schema.tables(db)
    schema.migrate(db)
    schema.check(db)
    history_check.adopt(db, schema.tables(db) - before)

"""Runs migrations on the connection that storage/schema.py hands over, foreign keys off on SQLite."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import audit_portal.storage.tables  # noqa: F401  (registers every table)

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    compare_type=True,
    transaction_per_migration=False,
)
context.run_migrations()

"""Queries on uploaded spreadsheets that wait."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.storage.tables.sheets import PendingSheet
from audit_portal.storage.transaction import Transaction


def pending(tx: Transaction, place: str) -> PendingSheet | None:
    """What this person left at this place."""
    query = select(PendingSheet).where(
        PendingSheet.account_id == tx.actor.account_id, PendingSheet.place == place
    )
    return tx.session.exec(query).one_or_none()


def drop(tx: Transaction, place: str) -> None:
    """Takes away what this person left at this place, unread: it may be megabytes."""
    own = sa.delete(PendingSheet).where(
        col(PendingSheet.account_id) == tx.actor.account_id, col(PendingSheet.place) == place
    )
    tx.session.execute(own.execution_options(synchronize_session=False))


def forget(tx: Transaction, before: datetime) -> int:
    found = tx.session.execute(sa.delete(PendingSheet).where(col(PendingSheet.uploaded_at) < before))
    return int(found.rowcount)  # type: ignore[attr-defined]

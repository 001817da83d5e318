"""Queries on what still has to leave the house."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from audit_portal.storage.tables.system import JobState, Outbox
from audit_portal.storage.transaction import Transaction


def due(tx: Transaction, limit: int = 50) -> list[Outbox]:
    query = select(Outbox).where(Outbox.state == JobState.WAITING, Outbox.run_after <= tx.now)
    return list(tx.session.exec(query.order_by(col(Outbox.run_after)).limit(limit)))


def take(tx: Transaction, job_id: UUID) -> Outbox | None:
    """Locks one due job for this transaction; another worker that asks meanwhile gets None."""
    query = select(Outbox).where(
        Outbox.id == job_id, Outbox.state == JobState.WAITING, Outbox.run_after <= tx.now
    )
    return tx.session.exec(query.with_for_update(skip_locked=True)).one_or_none()


def dead(tx: Transaction, limit: int = 100) -> list[Outbox]:
    query = select(Outbox).where(Outbox.state == JobState.DEAD)
    return list(tx.session.exec(query.order_by(col(Outbox.created_at).desc()).limit(limit)))


def by_key(tx: Transaction, key: str) -> Outbox | None:
    return tx.session.exec(select(Outbox).where(Outbox.key == key)).one_or_none()


def latest_with_prefix(tx: Transaction, prefix: str) -> Outbox | None:
    query = select(Outbox).where(col(Outbox.key).startswith(prefix, autoescape=True))
    return tx.session.exec(query.order_by(col(Outbox.created_at).desc()).limit(1)).one_or_none()

"""Queries on what still has to leave the house."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select
from uuid6 import uuid7

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


def send_spaced(tx: Transaction, kind: str, prefix: str, payload: dict[str, Any], gap: timedelta) -> None:
    """Leaves a job, but never two of one prefix within `gap`: the second waits until the gap is over, and
    what comes while one waits is left to that one.

    The caller holds a lock on what the prefix is about, so that nobody decides this at the same time.
    """
    length = int(gap.total_seconds())
    slot = int(tx.now.timestamp()) // length
    table = Outbox.__table__  # type: ignore[attr-defined]  # whoever causes a letter doesn't read the outbox
    keys = [f"{prefix}:{each}" for each in (slot - 1, slot, slot + 1)]
    rows = tx.session.connection().execute(sa.select(table.c.payload).where(table.c.key.in_(keys)))
    planned = max((datetime.fromisoformat(row[0]["planned"]) for row in rows), default=None)
    if planned and planned > tx.now:
        return
    at = max(tx.now, planned + gap) if planned else tx.now
    key = f"{prefix}:{int(at.timestamp()) // length}"
    tx.send(kind, key, {**payload, "planned": at.isoformat()}, run_after=at)


def send_all(tx: Transaction, kind: str, jobs: Mapping[str, dict[str, Any]]) -> None:
    """Leaves many jobs at once, by key; in one statement, so that the transaction stays short."""
    tx.sent_jobs = True
    rows = [
        {
            "id": uuid7(),
            "kind": kind,
            "key": key,
            "payload": payload,
            "state": JobState.WAITING,
            "attempts": 0,
            "run_after": tx.now,
            "created_at": tx.now,
            "last_error": "",
        }
        for key, payload in jobs.items()
    ]
    if rows:
        tx.session.connection().execute(sa.insert(Outbox), rows)

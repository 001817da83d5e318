"""Appending to the ledger, inside the business transaction; its lock is taken last and held to the commit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain.ledger import leaf_hash
from audit_portal.storage import bulk
from audit_portal.storage.tables.system import LedgerEntry

_LOCK = 0x6C65646765720000  # "ledger" as a bigint: the advisory lock of PostgreSQL


@dataclass(frozen=True)
class NewEntry:
    event: str
    actor: str
    engagement_id: UUID | None
    body: bytes


def append(connection: sa.Connection, entries: Sequence[NewEntry], now: datetime) -> None:
    """Appends inside the business transaction: hashes first, takes the lock last, holds it to the commit."""
    rows: list[dict[str, Any]] = [
        {
            "recorded_at": now,
            "event": each.event,
            "actor": each.actor,
            "engagement_id": each.engagement_id,
            "body": each.body,
            "leaf_hash": leaf_hash(each.body),
        }
        for each in entries
    ]
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
    first = connection.execute(sa.select(sa.func.coalesce(sa.func.max(LedgerEntry.seq), -1))).scalar_one() + 1
    for offset, row in enumerate(rows):
        row["seq"] = first + offset
    bulk.insert(connection, LedgerEntry.__table__, rows)  # type: ignore[attr-defined]

"""Where ledger entries, tiles and checkpoints are kept. What they mean is in domain/ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa

from audit_portal.storage.tables.system import LedgerCheckpoint, LedgerEntry, LedgerTile
from audit_portal.storage.transaction import Transaction

_BATCH = 10_000


@dataclass(frozen=True)
class StoredCheckpoint:
    size: int
    root: bytes
    note: str
    signed_at: datetime
    frontier: bytes


def entry_rows(
    tx: Transaction, start: int = 0, stop: int | None = None
) -> Iterator[tuple[int, bytes, bytes]]:
    """(seq, body, leaf hash) in order, read in batches so that memory stays flat."""
    table = LedgerEntry.__table__  # type: ignore[attr-defined]
    at = start
    while stop is None or at < stop:
        query = sa.select(table.c.seq, table.c.body, table.c.leaf_hash).where(table.c.seq >= at)
        if stop is not None:
            query = query.where(table.c.seq < stop)
        batch = tx.session.connection().execute(query.order_by(table.c.seq).limit(_BATCH)).all()
        if not batch:
            return
        for row in batch:
            yield row[0], row[1], row[2]
        at = batch[-1][0] + 1


def leaf_hashes(tx: Transaction, start: int, stop: int) -> list[bytes]:
    table = LedgerEntry.__table__  # type: ignore[attr-defined]
    query = sa.select(table.c.leaf_hash).where(table.c.seq >= start, table.c.seq < stop).order_by(table.c.seq)
    return list(tx.session.connection().execute(query).scalars())


def size(tx: Transaction) -> int:
    query = sa.select(sa.func.coalesce(sa.func.max(LedgerEntry.seq), -1))
    return int(tx.session.connection().execute(query).scalar_one()) + 1


def tile(tx: Transaction, level: int, position: int) -> bytes | None:
    """The hashes of one full tile, or None."""
    table = LedgerTile.__table__  # type: ignore[attr-defined]
    query = sa.select(table.c.hashes).where(table.c.level == level, table.c.position == position)
    return tx.session.connection().execute(query).scalar_one_or_none()


def save_tile(tx: Transaction, level: int, position: int, hashes: bytes) -> None:
    tx.add(LedgerTile(level=level, position=position, hashes=hashes))


def latest_checkpoint(tx: Transaction) -> StoredCheckpoint | None:
    table = LedgerCheckpoint.__table__  # type: ignore[attr-defined]
    query = sa.select(table).order_by(table.c.size.desc()).limit(1)
    row = tx.session.connection().execute(query).mappings().one_or_none()
    if row is None:
        return None
    return StoredCheckpoint(row["size"], row["root"], row["note"], row["signed_at"], row["frontier"])


def checkpoints(tx: Transaction) -> list[StoredCheckpoint]:
    """All of them, oldest first."""
    table = LedgerCheckpoint.__table__  # type: ignore[attr-defined]
    rows = tx.session.connection().execute(sa.select(table).order_by(table.c.size)).mappings()
    return [StoredCheckpoint(r["size"], r["root"], r["note"], r["signed_at"], r["frontier"]) for r in rows]


def save_checkpoint(tx: Transaction, checkpoint: StoredCheckpoint) -> None:
    tx.add(
        LedgerCheckpoint(
            size=checkpoint.size,
            root=checkpoint.root,
            note=checkpoint.note,
            signed_at=checkpoint.signed_at,
            frontier=checkpoint.frontier,
        )
    )


def positions(tx: Transaction, engagement_id: UUID) -> list[tuple[int, bytes]]:
    """(seq, body) of one engagement's entries, in order."""
    table = LedgerEntry.__table__  # type: ignore[attr-defined]
    query = sa.select(table.c.seq, table.c.body).where(table.c.engagement_id == engagement_id)
    return [(row[0], row[1]) for row in tx.session.connection().execute(query.order_by(table.c.seq))]

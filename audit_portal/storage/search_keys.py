"""Keeps the keys that searches look into as their rows are: written by the transaction that changes a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from uuid import UUID

import sqlalchemy as sa

from audit_portal.storage import bulk
from audit_portal.storage.tables.search import SearchKey

Key = tuple[str, UUID]  # kind, id of the row


def write(connection: sa.Connection, keys: Mapping[Key, str], known: frozenset[Key]) -> None:
    """`known`: those whose row was there before."""
    table = SearchKey.__table__  # type: ignore[attr-defined]
    rows = [{"kind": kind, "row_id": row_id, "text": text} for (kind, row_id), text in keys.items()]
    fresh = [row for row in rows if (row["kind"], row["row_id"]) not in known]
    if fresh:
        bulk.insert(connection, table, fresh)
    if len(fresh) < len(rows):
        upsert = bulk.dialect_insert(connection)(table)
        new = upsert.excluded.text
        upsert = upsert.on_conflict_do_update(
            index_elements=["kind", "row_id"], set_={"text": new}, where=table.c.text != new
        )
        connection.execute(upsert, [row for row in rows if (row["kind"], row["row_id"]) in known])


def standing(connection: sa.Connection) -> Iterator[tuple[Key, str]]:
    """Every key as it is stored."""
    table = SearchKey.__table__  # type: ignore[attr-defined]
    for kind, row_id, text in connection.execute(sa.select(table.c.kind, table.c.row_id, table.c.text)):
        yield (kind, row_id), text

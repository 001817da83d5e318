"""Reading the history back: what was committed to, and the rows as they stand now."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain.events.event import plain
from audit_portal.domain.events.imports import RowsAdopted
from audit_portal.domain.ledger import canonical
from audit_portal.storage import search_keys as search_keys_of
from audit_portal.storage.scope import tables
from audit_portal.storage.tables.base import Identified, Ledger
from audit_portal.storage.tables.system import History
from audit_portal.storage.transaction import Transaction, body_of

_BATCH = 1_000


@dataclass(frozen=True)
class Kept:
    """One version of one row as the history holds it."""

    kind: str
    row_id: UUID
    version: int
    salt: bytes
    body: bytes


def versions(tx: Transaction) -> Iterator[Kept]:
    """Everything the history holds, row by row, oldest version first."""
    table = History.__table__  # type: ignore[attr-defined]
    columns = (table.c.kind, table.c.row_id, table.c.row_version, table.c.salt, table.c.body)
    query = sa.select(*columns).order_by(table.c.kind, table.c.row_id, table.c.row_version)
    for row in tx.session.connection().execute(query.execution_options(yield_per=_BATCH)):
        yield Kept(*row)


def as_of(tx: Transaction, cls: type[Identified], row_id: UUID, at: datetime) -> dict[str, Any] | None:
    """A row as it stood at a moment, or None when there was none. For the system only."""
    query = select(History.body).where(
        History.kind == str(cls.__tablename__), History.row_id == row_id, History.recorded_at <= at
    )
    body = tx.session.exec(query.order_by(col(History.row_version).desc()).limit(1)).one_or_none()
    return json.loads(body) if body is not None else None


def removable() -> frozenset[str]:
    """Kinds whose rows may be taken away; of all others a missing row is a loss."""
    return frozenset(str(cls.__tablename__) for cls in tables() if cls.__deletable__)


@cache
def defaults(kind: str) -> dict[str, Any]:
    """What the columns of a kind hold in rows that were there before the column was."""
    cls = next(each for each in tables() if str(each.__tablename__) == kind)
    found = {
        name: each.get_default(call_default_factory=True)
        for name, each in cls.model_fields.items()
        if not each.is_required() and name != "id"
    }
    return {name: plain(value) for name, value in found.items() if not isinstance(value, bytes)}


def adopt(tx: Transaction, kinds: Collection[str]) -> int:
    """Gives every row of these kinds its first history: an upgrade made them, past the house.

    For tables that weren't there before the upgrade; of all others a row without a history is a problem.
    """
    told: set[str] = set()
    count = 0
    for cls in _recorded():
        kind = str(cls.__tablename__)
        if kind not in kinds:
            continue
        known = set(tx.session.exec(select(History.row_id).where(History.kind == kind)))
        for row in tx.session.exec(select(cls)):
            if row.id not in known:
                tx.changed(row, getattr(row, "version", 1), body_of(row))
                count += 1
                told.add(kind)
    if count:
        tx.record(RowsAdopted(kinds=frozenset(told)))
    return count


def search_keys(tx: Transaction) -> Iterator[tuple[search_keys_of.Key, str]]:
    """Every key that searches look into, as it is stored."""
    return search_keys_of.standing(tx.session.connection())


def _recorded() -> Iterator[type[Identified]]:
    for cls in tables():
        if issubclass(cls, Identified) and cls.__ledger__ is Ledger.RECORDED and cls.__history__:
            yield cls


def standing(tx: Transaction) -> Iterator[tuple[str, UUID, int, bytes | None]]:
    """(kind, id, version, canonical body) of every row that the history speaks of; a draft's body is None."""
    for cls in _recorded():
        draft = getattr(cls, "__drafts__", None)
        for row in tx.session.exec(select(cls)):
            body = None if draft and getattr(row, draft) else canonical(body_of(row))
            yield str(cls.__tablename__), row.id, getattr(row, "version", 1), body
            tx.session.expunge(row)

"""Loading one row by id: within reach, or NotFound; the two look alike."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from sqlmodel import select

from audit_portal.domain.errors import Conflict, NotFound
from audit_portal.storage.tables.base import Kept, Row
from audit_portal.storage.transaction import Transaction

R = TypeVar("R", bound=Row)


def one(tx: Transaction, cls: type[R], row_id: UUID | None, **also: object) -> R:
    """The row with this id and these other column values, if the actor reaches it."""
    query = select(cls).where(cls.id == row_id)  # type: ignore[attr-defined]
    for name, value in also.items():
        query = query.where(getattr(cls, name) == value)
    found = tx.session.exec(query).one_or_none() if row_id is not None else None
    if found is None:
        raise NotFound()
    return found


def at_version(row: Kept, version: int | None) -> None:
    """Raises Conflict when the person worked from an older version of the row."""
    if version is not None and row.version != version:
        raise Conflict("changed_meanwhile", version=row.version)

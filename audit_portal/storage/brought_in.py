"""Queries for what comes in from spreadsheets: many rows at once, in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.storage.page import Page, page
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.brought_in import BroughtIn, GateStanding, ImportRun
from audit_portal.storage.tables.supervision import Engagement, Party, PartyKind
from audit_portal.storage.transaction import Transaction

T = TypeVar("T")
_AT_ONCE = 500  # values of one IN


def _some(values: Iterable[T]) -> Iterator[list[T]]:
    found = sorted({value for value in values if value}, key=str)
    for start in range(0, len(found), _AT_ONCE):
        yield found[start : start + _AT_ONCE]


def _vendors() -> sa.Select[Party]:
    return select(Party).where(Party.kind == PartyKind.VENDOR)


def vendors_by_number(tx: Transaction, numbers: Iterable[str]) -> dict[str, Party]:
    """By corporate number."""
    return {
        str(row.corporate_number): row
        for some in _some(numbers)
        for row in tx.session.scalars(_vendors().where(col(Party.corporate_number).in_(some)))
    }


def vendors_by_kana(tx: Transaction, readings: Iterable[str]) -> list[Party]:
    return [
        row
        for some in _some(readings)
        for row in tx.session.scalars(_vendors().where(col(Party.kana).in_(some)).order_by(col(Party.id)))
    ]


def all_vendors(tx: Transaction) -> list[Party]:
    return list(tx.session.scalars(_vendors().order_by(col(Party.id))))


def vendors_by_key(tx: Transaction, keys: Iterable[str]) -> dict[str, Party]:
    """By the number another system gave them."""
    return {
        str(row.external_key): row
        for some in _some(keys)
        for row in tx.session.scalars(_vendors().where(col(Party.external_key).in_(some)))
    }


def engagements_by_key(tx: Transaction, keys: Iterable[str]) -> dict[str, UUID]:
    return {
        str(row.external_key): row.id
        for some in _some(keys)
        for row in tx.session.scalars(select(Engagement).where(col(Engagement.external_key).in_(some)))
    }


def titles_of_vendors(tx: Transaction, ids: Iterable[UUID]) -> list[tuple[UUID, str, UUID]]:
    """(vendor, title, engagement) of every engagement of these vendors."""
    query = sa.select(col(Engagement.vendor_id), col(Engagement.title), col(Engagement.id))
    return [
        (row[0], row[1], row[2])
        for some in _some(ids)
        for row in tx.session.execute(query.where(col(Engagement.vendor_id).in_(some)))
    ]


def runs(tx: Transaction, limit: int = limits.PAGE) -> Page[tuple[ImportRun, Account]]:
    """The newest first."""
    query = (
        sa.select(ImportRun, Account)
        .join(Account, col(Account.id) == ImportRun.applied_by)
        .order_by(col(ImportRun.id).desc())
        .limit(limit + 1)
    )
    rows = [(row[0], row[1]) for row in tx.session.execute(query)]
    return page(rows, limit, lambda row: ("", row[0].id))


def of_engagement(tx: Transaction, engagement_id: UUID) -> tuple[BroughtIn | None, list[GateStanding]]:
    brought = tx.session.exec(select(BroughtIn).where(BroughtIn.engagement_id == engagement_id)).one_or_none()
    query = select(GateStanding).where(GateStanding.engagement_id == engagement_id)
    return brought, list(tx.session.exec(query.order_by(col(GateStanding.gate))))

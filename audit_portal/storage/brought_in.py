"""Queries for what comes in from spreadsheets: many rows at once, in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.domain.catching_up import RUNNING
from audit_portal.domain.supervision import Classification, Gate
from audit_portal.storage.among import among
from audit_portal.storage.page import Order, Page
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.tables.brought_in import (
    BroughtEvaluation,
    BroughtIn,
    GateShown,
    GateStanding,
    ImportRun,
    StandingState,
)
from audit_portal.storage.tables.contracts import Contract, ContractEngagement
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party, PartyKind
from audit_portal.storage.transaction import Transaction

T = TypeVar("T")
_AT_ONCE = 10_000  # values of one query


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
        for row in tx.session.scalars(_vendors().where(among(col(Party.corporate_number), some)))
    }


def vendors_by_kana(tx: Transaction, readings: Iterable[str]) -> list[Party]:
    return [
        row
        for some in _some(readings)
        for row in tx.session.scalars(_vendors().where(among(col(Party.kana), some)).order_by(col(Party.id)))
    ]


def all_vendors(tx: Transaction) -> list[Party]:
    return list(tx.session.scalars(_vendors().order_by(col(Party.id))))


def vendors_by_key(tx: Transaction, keys: Iterable[str]) -> dict[str, Party]:
    """By the number another system gave them."""
    return {
        str(row.external_key): row
        for some in _some(keys)
        for row in tx.session.scalars(_vendors().where(among(col(Party.external_key), some)))
    }


def engagements_by_key(tx: Transaction, keys: Iterable[str]) -> dict[str, UUID]:
    return {
        str(row.external_key): row.id
        for some in _some(keys)
        for row in tx.session.scalars(select(Engagement).where(among(col(Engagement.external_key), some)))
    }


def engagements_by_number(tx: Transaction, numbers: Iterable[str]) -> dict[str, UUID]:
    """By the portal's own number."""
    return {
        row.number: row.id
        for some in _some(numbers)
        for row in tx.session.scalars(select(EngagementLink).where(among(col(EngagementLink.number), some)))
    }


@dataclass(frozen=True)
class Work:
    """An engagement that a row is about."""

    id: UUID
    number: str
    title: str
    principal_id: UUID
    vendor_id: UUID
    vendor_name: str


def works(tx: Transaction, ids: Iterable[UUID]) -> dict[UUID, Work]:
    query = (
        sa.select(
            col(Engagement.id),
            col(EngagementLink.number),
            col(Engagement.title),
            col(Engagement.principal_id),
            col(Engagement.vendor_id),
            col(Party.name),
        )
        .join(EngagementLink, col(EngagementLink.id) == Engagement.id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
    )
    return {
        row[0]: Work(*row)
        for some in _some(ids)
        for row in tx.session.execute(query.where(among(col(Engagement.id), some)))
    }


def contracts_of(tx: Transaction, vendor_ids: Iterable[UUID]) -> list[Contract]:
    """In the order in which they were registered."""
    return [
        row
        for some in _some(vendor_ids)
        for row in tx.session.scalars(
            select(Contract).where(among(col(Contract.vendor_id), some)).order_by(col(Contract.id))
        )
    ]


def ties_of(tx: Transaction, contract_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
    """(contract, engagement) of every tie that ever was."""
    query = sa.select(col(ContractEngagement.contract_id), col(ContractEngagement.engagement_id))
    return {
        (row[0], row[1])
        for some in _some(contract_ids)
        for row in tx.session.execute(query.where(among(col(ContractEngagement.contract_id), some)))
    }


def evaluations_of(tx: Transaction, engagement_ids: Iterable[UUID]) -> list[BroughtEvaluation]:
    """The newest first."""
    query = select(BroughtEvaluation).order_by(
        col(BroughtEvaluation.evaluated_on).desc(), col(BroughtEvaluation.id)
    )
    return [
        row
        for some in _some(engagement_ids)
        for row in tx.session.scalars(query.where(among(col(BroughtEvaluation.engagement_id), some)))
    ]


def titles_of_vendors(tx: Transaction, ids: Iterable[UUID]) -> list[tuple[UUID, str, UUID]]:
    """(vendor, title, engagement) of every engagement of these vendors."""
    query = sa.select(col(Engagement.vendor_id), col(Engagement.title), col(Engagement.id))
    return [
        (row[0], row[1], row[2])
        for some in _some(ids)
        for row in tx.session.execute(query.where(among(col(Engagement.vendor_id), some)))
    ]


_RUNS: Order[ImportRun] = Order("newest", col(ImportRun.id), lambda row: row.id, newest_first=True)


def runs(tx: Transaction, after: str | None = None, limit: int = limits.PAGE) -> Page[ImportRun]:
    """The newest first."""
    rows = list(tx.session.exec(_RUNS.rows(select(ImportRun), after, limit)))
    return _RUNS.page(rows, limit)


def unshown(tx: Transaction, engagement_id: UUID) -> dict[Gate, GateStanding]:
    """The gates that are still to be shown."""
    query = select(GateStanding).where(
        GateStanding.engagement_id == engagement_id, GateStanding.state == StandingState.NOT_YET_SHOWN
    )
    return {row.gate: row for row in tx.session.exec(query)}


def shown(tx: Transaction, engagement_id: UUID) -> dict[Gate, tuple[GateShown, str]]:
    """By which decision (with its number) a gate was shown in the end."""
    query = (
        sa.select(GateShown, col(GateRequest.number))
        .join(GateRequest, col(GateRequest.id) == GateShown.decision_id)
        .where(col(GateShown.engagement_id) == engagement_id)
    )
    return {row[0].gate: (row[0], row[1]) for row in tx.session.execute(query)}


def still_unshown() -> Any:
    """Ids of the engagements in which a gate is to be shown yet; of what is over nothing is."""
    return (
        sa.select(col(GateStanding.engagement_id))
        .join(EngagementLink, col(EngagementLink.id) == GateStanding.engagement_id)
        .join(Engagement, col(Engagement.id) == GateStanding.engagement_id)
        .where(
            col(GateStanding.state) == StandingState.NOT_YET_SHOWN,
            col(EngagementLink.state).in_(RUNNING),
            col(Engagement.classification) == Classification.ENTRUSTMENT,
        )
    )


def to_catch_up(
    tx: Transaction, until: date, limit: int = limits.PAGE
) -> list[tuple[GateStanding, Engagement, EngagementLink, Party]]:
    """Gates to be shown up to this day, or overdue, of all engagements within reach; the earliest day first."""
    query = (
        sa.select(GateStanding, Engagement, EngagementLink, Party)
        .join(Engagement, col(Engagement.id) == GateStanding.engagement_id)
        .join(EngagementLink, col(EngagementLink.id) == GateStanding.engagement_id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
        .where(
            col(GateStanding.state) == StandingState.NOT_YET_SHOWN,
            col(GateStanding.catch_up_on) <= until,
            col(EngagementLink.state).in_(RUNNING),
            col(Engagement.classification) == Classification.ENTRUSTMENT,
        )
        .order_by(col(GateStanding.catch_up_on), col(GateStanding.engagement_id), col(GateStanding.gate))
        .limit(limit)
    )
    return [tuple(row) for row in tx.session.execute(query)]


def of_engagement(tx: Transaction, engagement_id: UUID) -> tuple[BroughtIn | None, list[GateStanding]]:
    brought = tx.session.exec(select(BroughtIn).where(BroughtIn.engagement_id == engagement_id)).one_or_none()
    query = select(GateStanding).where(GateStanding.engagement_id == engagement_id)
    return brought, list(tx.session.exec(query.order_by(col(GateStanding.gate))))

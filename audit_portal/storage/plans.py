"""Queries on the yearly plan: what is planned, what could be, when each engagement was last looked at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain.assessment import SETTLED, AssessmentKind
from audit_portal.domain.monitoring import OPEN, WATCHED, PlanState
from audit_portal.domain.supervision import Classification
from audit_portal.storage.page import Page, beyond, page
from audit_portal.storage.tables.assessments import Assessment
from audit_portal.storage.tables.brought_in import BroughtEvaluation
from audit_portal.storage.tables.monitoring import PlanEntry
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party
from audit_portal.storage.transaction import Transaction

Work = tuple[Engagement, EngagementLink, Party]
Row = tuple[PlanEntry, Engagement, EngagementLink, Party, Assessment | None]


@dataclass(frozen=True)
class Count:
    month: date
    state: PlanState
    settled: bool  # its check was reviewed
    entries: int


def counts(tx: Transaction, year: int) -> list[Count]:
    """How many entries each month of a plan has, by how far they are. In one query."""
    settled = sa.case((col(Assessment.state).in_(tuple(SETTLED)), 1), else_=0)
    query = (
        sa.select(col(PlanEntry.month), col(PlanEntry.state), settled, sa.func.count(col(PlanEntry.id)))
        .join(Assessment, col(Assessment.id) == PlanEntry.assessment_id, isouter=True)
        .where(col(PlanEntry.fiscal_year) == year, col(PlanEntry.state).in_(tuple(OPEN)))
        .group_by(col(PlanEntry.month), col(PlanEntry.state), settled)
    )
    return [Count(row[0], row[1], bool(row[2]), row[3]) for row in tx.session.execute(query)]


def entries(tx: Transaction, year: int, month: date, after: str | None, limit: int) -> Page[Row]:
    """Those of a month, by the engagement's number."""
    query = (
        sa.select(PlanEntry, Engagement, EngagementLink, Party, Assessment)
        .join(Engagement, col(Engagement.id) == PlanEntry.engagement_id)
        .join(EngagementLink, col(EngagementLink.id) == PlanEntry.engagement_id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
        .join(Assessment, col(Assessment.id) == PlanEntry.assessment_id, isouter=True)
        .where(
            col(PlanEntry.fiscal_year) == year,
            col(PlanEntry.month) == month,
            col(PlanEntry.state).in_(tuple(OPEN)),
        )
    )
    condition = beyond(after, EngagementLink.number, PlanEntry.id)
    if condition is not None:
        query = query.where(condition)
    query = query.order_by(col(EngagementLink.number), col(PlanEntry.id)).limit(limit + 1)
    rows: list[Row] = [tuple(row) for row in tx.session.execute(query)]
    return page(rows, limit, lambda row: (row[2].number, row[0].id))


def unplanned(tx: Transaction, year: int, kind: AssessmentKind, after: str | None, limit: int) -> Page[Work]:
    """Engagements to be watched that this year's plan doesn't hold yet, by number."""
    query = _watched().where(col(Engagement.id).not_in(_planned(year, kind)))
    condition = beyond(after, EngagementLink.number, EngagementLink.id)
    if condition is not None:
        query = query.where(condition)
    query = query.order_by(col(EngagementLink.number), col(EngagementLink.id)).limit(limit + 1)
    rows: list[Work] = [tuple(row) for row in tx.session.execute(query)]
    return page(rows, limit, lambda row: (row[1].number, row[1].id))


def watched(tx: Transaction, ids: Collection[UUID]) -> list[Work]:
    """Of these engagements, those to be watched."""
    return [tuple(row) for row in tx.session.execute(_watched().where(col(Engagement.id).in_(tuple(ids))))]


def _watched() -> sa.Select[Engagement, EngagementLink, Party]:
    return (
        sa.select(Engagement, EngagementLink, Party)
        .join(EngagementLink, col(EngagementLink.id) == Engagement.id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
        .where(
            col(EngagementLink.state).in_(tuple(WATCHED)),
            col(Engagement.classification) == Classification.ENTRUSTMENT,
        )
    )


def _planned(year: int, kind: AssessmentKind) -> sa.Select[UUID]:
    return sa.select(col(PlanEntry.engagement_id)).where(
        col(PlanEntry.fiscal_year) == year,
        col(PlanEntry.kind) == kind,
        col(PlanEntry.state).in_(tuple(OPEN)),
    )


def planned(tx: Transaction, year: int, kind: AssessmentKind, ids: Collection[UUID]) -> set[UUID]:
    """Of these engagements, those that the plan of this year holds."""
    query = _planned(year, kind).where(col(PlanEntry.engagement_id).in_(tuple(ids)))
    return set(tx.session.execute(query).scalars())


def reviewed_at(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, datetime]:
    """When each engagement's newest finished check, of whatever kind, was reviewed."""
    query = (
        sa.select(col(Assessment.engagement_id), sa.func.max(col(Assessment.reviewed_at)))
        .where(col(Assessment.engagement_id).in_(tuple(ids)), col(Assessment.state).in_(tuple(SETTLED)))
        .group_by(col(Assessment.engagement_id))
    )
    return {row[0]: row[1] for row in tx.session.execute(query) if row[1] is not None}


def evaluated_on(tx: Transaction, ids: Collection[UUID]) -> dict[UUID, date]:
    """The date of each engagement's newest evaluation from before the portal."""
    query = (
        sa.select(col(BroughtEvaluation.engagement_id), sa.func.max(col(BroughtEvaluation.evaluated_on)))
        .where(col(BroughtEvaluation.engagement_id).in_(tuple(ids)))
        .group_by(col(BroughtEvaluation.engagement_id))
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}


def of_engagement(tx: Transaction, engagement_id: UUID) -> list[PlanEntry]:
    """What is planned and not begun, by month."""
    query = select(PlanEntry).where(
        PlanEntry.engagement_id == engagement_id, PlanEntry.state == PlanState.PLANNED
    )
    return list(tx.session.exec(query.order_by(col(PlanEntry.month))))

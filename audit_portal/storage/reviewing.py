"""Queries on what stands beside answers: inspections, refusals to disclose, findings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.storage.page import Order, Page
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.reviewing import DisclosureRefusal, Finding, Inspection
from audit_portal.storage.tables.supervision import Engagement, Party
from audit_portal.storage.transaction import Transaction

ListedFinding = tuple[Finding, Assessment, Engagement, Party]


def inspections(tx: Transaction, assessment_id: UUID) -> dict[UUID, list[Inspection]]:
    """By answer id, the withdrawn ones too."""
    query = select(Inspection).where(Inspection.assessment_id == assessment_id).order_by(col(Inspection.id))
    found: dict[UUID, list[Inspection]] = {}
    for row in tx.session.exec(query):
        found.setdefault(row.answer_id, []).append(row)
    return found


def beside(
    tx: Transaction, assessment_id: UUID
) -> tuple[list[Inspection], list[DisclosureRefusal], list[Finding]]:
    """All three in one query, the oldest first; nothing that was withdrawn or taken back.

    Joined to the answers they stand beside, so an answer's rows come once for each pair: few have any.
    """
    query = (
        sa.select(Inspection, DisclosureRefusal, Finding)
        .select_from(Answer)
        .outerjoin(
            Inspection,
            sa.and_(col(Inspection.answer_id) == Answer.id, col(Inspection.withdrawn_at).is_(None)),
        )
        .outerjoin(
            DisclosureRefusal,
            sa.and_(col(DisclosureRefusal.answer_id) == Answer.id, col(DisclosureRefusal.offer).is_not(None)),
        )
        .outerjoin(Finding, sa.and_(col(Finding.answer_id) == Answer.id, col(Finding.withdrawn_at).is_(None)))
        .where(
            col(Answer.assessment_id) == assessment_id,
            sa.or_(
                col(Inspection.id).is_not(None),
                col(DisclosureRefusal.id).is_not(None),
                col(Finding.id).is_not(None),
            ),
        )
    )
    rows = tx.session.execute(query).all()
    inspected = {row[0].id: row[0] for row in rows if row[0]}
    refused = {row[1].id: row[1] for row in rows if row[1]}
    found = {row[2].id: row[2] for row in rows if row[2]}
    return (
        [inspected[key] for key in sorted(inspected)],
        list(refused.values()),
        [found[key] for key in sorted(found)],
    )


def refusals(tx: Transaction, assessment_id: UUID) -> dict[UUID, DisclosureRefusal]:
    """By answer id; none that was taken back."""
    query = select(DisclosureRefusal).where(
        DisclosureRefusal.assessment_id == assessment_id, col(DisclosureRefusal.offer).is_not(None)
    )
    return {row.answer_id: row for row in tx.session.exec(query)}


def refusal(tx: Transaction, answer_id: UUID) -> DisclosureRefusal | None:
    query = select(DisclosureRefusal).where(DisclosureRefusal.answer_id == answer_id)
    return tx.session.exec(query).one_or_none()


def findings(tx: Transaction, assessment_id: UUID) -> list[Finding]:
    """In the order they were raised; none that was withdrawn."""
    query = select(Finding).where(Finding.assessment_id == assessment_id, col(Finding.withdrawn_at).is_(None))
    return list(tx.session.exec(query.order_by(col(Finding.id))))


def findings_of_item(tx: Transaction, answer_id: UUID) -> int:
    """How many were ever raised."""
    query = sa.select(sa.func.count()).select_from(Finding).where(col(Finding.answer_id) == answer_id)
    return int(tx.session.execute(query).scalar_one())


def not_shown(tx: Transaction, assessment_id: UUID) -> Sequence[Finding]:
    """Findings that the vendor hasn't been shown yet."""
    return [row for row in findings(tx, assessment_id) if row.shown_at is None]


_BY_DUE: Order[ListedFinding] = Order(
    "due",
    col(Finding.id),
    lambda row: row[0].id,
    col(Finding.due_on),
    lambda row: row[0].due_on.isoformat(),
    date.fromisoformat,
)


def listed_findings(
    tx: Transaction, after: str | None = None, engagement_id: UUID | None = None, limit: int = limits.PAGE
) -> Page[ListedFinding]:
    """Open findings within reach, those due first at the front."""
    query = (
        sa.select(Finding, Assessment, Engagement, Party)
        .join(Assessment, col(Assessment.id) == Finding.assessment_id)
        .join(Engagement, col(Engagement.id) == Finding.engagement_id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
        .where(col(Finding.withdrawn_at).is_(None))
    )
    if engagement_id is not None:
        query = query.where(col(Finding.engagement_id) == engagement_id)
    rows: list[ListedFinding] = [tuple(row) for row in tx.session.execute(_BY_DUE.rows(query, after, limit))]
    return _BY_DUE.page(rows, limit)


def open_findings(tx: Transaction, today: date) -> tuple[int, int]:
    """How many findings within reach are open, and how many of them are overdue."""
    late = sa.func.count(sa.case((col(Finding.due_on) < today, 1)))
    query = sa.select(sa.func.count(), late).select_from(Finding).where(col(Finding.withdrawn_at).is_(None))
    count, overdue = tx.session.execute(query).one()
    return int(count), int(overdue)

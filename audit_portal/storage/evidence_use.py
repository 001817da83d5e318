"""Queries on files and where they are used: one file may support many answers."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.storage.page import Order, Page
from audit_portal.storage.tables.assessments import (
    Answer,
    Assessment,
    Evidence,
    EvidenceUse,
    EvidenceVersion,
)
from audit_portal.storage.tables.supervision import Engagement
from audit_portal.storage.transaction import Transaction

Used = tuple[EvidenceUse, Answer, Assessment]
_NEWEST: Order[Evidence] = Order("newest", col(Evidence.id), lambda row: row.id, newest_first=True)


def uses(tx: Transaction, evidence_ids: Collection[UUID]) -> list[Used]:
    """The answers within reach that stand on these files, the oldest check first."""
    query = (
        sa.select(EvidenceUse, Answer, Assessment)
        .join(Answer, col(Answer.id) == EvidenceUse.answer_id)
        .join(Assessment, col(Assessment.id) == Answer.assessment_id)
        .where(col(EvidenceUse.evidence_id).in_(tuple(evidence_ids)))
        .order_by(col(Assessment.id), col(Answer.position))
    )
    return [tuple(row) for row in tx.session.execute(query)]


def engagements(tx: Transaction, ids: Collection[UUID | None]) -> list[Engagement]:
    """Those of them within reach."""
    wanted = tuple(each for each in ids if each is not None)
    return list(tx.session.exec(select(Engagement).where(col(Engagement.id).in_(wanted))))


def files_of(
    tx: Transaction, party_id: UUID, handled_by: UUID | None, after: str | None, limit: int = limits.PAGE
) -> Page[Evidence]:
    """A party's own files within reach, the newest first; documents of contracts aren't among them.

    `handled_by`: only what this person brought, or what stands on answers they reach.
    """
    query = select(Evidence).where(Evidence.party_id == party_id, col(Evidence.engagement_id).is_not(None))
    if handled_by is not None:
        query = query.where(_handled(handled_by))
    return _NEWEST.page(tx.session.exec(_NEWEST.rows(query, after, limit)).all(), limit)


def may_use(tx: Transaction, evidence_id: UUID, handled_by: UUID) -> bool:
    query = select(Evidence.id).where(Evidence.id == evidence_id, _handled(handled_by))
    return tx.session.exec(query).one_or_none() is not None


def _handled(person: UUID) -> sa.ColumnElement[bool]:
    brought = select(EvidenceVersion.evidence_id).where(EvidenceVersion.uploaded_by == person)
    given = select(EvidenceUse.evidence_id).join(Answer, col(Answer.id) == EvidenceUse.answer_id)
    given = given.where(col(Answer.delegate_id) == person)
    return sa.or_(col(Evidence.id).in_(brought), col(Evidence.id).in_(given))

"""Queries for what awaits somebody: how many checks run, and which of them hold items nobody took."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.checklist import AnsweredBy, AnswerValue
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.transaction import Transaction


def counts(
    tx: Transaction,
    running: Collection[AssessmentState],
    with_answerer: Collection[AssessmentState],
    today: date,
) -> tuple[int, int]:
    """How many checks within reach run, and how many of those are late with who answers. In one query."""
    late = sa.and_(col(Assessment.state).in_(tuple(with_answerer)), col(Assessment.due_on) < today)
    query = sa.select(
        sa.func.count(col(Assessment.id)), sa.func.coalesce(sa.func.sum(sa.case((late, 1), else_=0)), 0)
    ).where(col(Assessment.state).in_(tuple(running)))
    row = tx.session.execute(query).one()
    return int(row[0]), int(row[1])


@dataclass(frozen=True)
class Said:
    """What stands on one item; `free`: it can be written, and nobody was given it."""

    assessment_id: UUID
    item: str
    answered_by: AnsweredBy
    value: AnswerValue | None
    free: bool


def said(tx: Transaction, assessment_ids: Collection[UUID]) -> list[Said]:
    """All items of these checks within reach, in one query and without loading rows."""
    query = sa.select(
        col(Answer.assessment_id),
        col(Answer.item),
        col(Answer.answered_by),
        col(Answer.value),
        sa.and_(col(Answer.is_open).is_(True), col(Answer.delegate_id).is_(None)),
    ).where(col(Answer.assessment_id).in_(tuple(assessment_ids)))
    return [Said(row[0], row[1], row[2], row[3], bool(row[4])) for row in tx.session.execute(query)]

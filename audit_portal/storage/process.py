"""Queries on what goes on around an assessment: delegation, comments, more time, dated copies."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.more_time import WITH_VENDOR, TimeState
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.process import AnswerComment, Delegation, MoreTime, SubmissionCopy
from audit_portal.storage.tables.supervision import Engagement, Party
from audit_portal.storage.transaction import Transaction


def delegations(tx: Transaction, assessment_id: UUID) -> list[Delegation]:
    """Everything ever given, the newest last."""
    query = select(Delegation).where(Delegation.assessment_id == assessment_id)
    return list(tx.session.exec(query.order_by(col(Delegation.id))))


def held_by(tx: Transaction, account_id: UUID, states: Collection[AssessmentState]) -> list[tuple[UUID, str]]:
    """(assessment, item) of the open items a person holds, in assessments in these states."""
    query = (
        sa.select(col(Answer.assessment_id), col(Answer.item))
        .join(Assessment, col(Assessment.id) == Answer.assessment_id)
        .where(
            col(Answer.delegate_id) == account_id,
            col(Answer.is_open).is_(True),
            col(Assessment.state).in_(tuple(states)),
        )
        .order_by(col(Assessment.due_on), col(Answer.position))
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def given_to(tx: Transaction, account_id: UUID, assessment_ids: Collection[UUID]) -> dict[UUID, Delegation]:
    """The newest delegation to a person, by assessment."""
    query = select(Delegation).where(
        Delegation.delegate_id == account_id, col(Delegation.assessment_id).in_(assessment_ids)
    )
    return {row.assessment_id: row for row in tx.session.exec(query.order_by(col(Delegation.id)))}


def values(tx: Transaction, assessment_id: UUID) -> dict[str, AnswerValue]:
    """What each item was answered with."""
    query = sa.select(col(Answer.item), col(Answer.value)).where(
        col(Answer.assessment_id) == assessment_id, col(Answer.value).is_not(None)
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}


def comments(tx: Transaction, answer_id: UUID) -> list[AnswerComment]:
    """The oldest first."""
    query = select(AnswerComment).where(AnswerComment.answer_id == answer_id)
    return list(tx.session.exec(query.order_by(col(AnswerComment.id))))


def comment_counts(tx: Transaction, assessment_id: UUID) -> dict[str, int]:
    """How many comments the actor can read, by item."""
    query = (
        sa.select(col(Answer.item), sa.func.count(col(AnswerComment.id)))
        .join(AnswerComment, col(AnswerComment.answer_id) == Answer.id)
        .where(col(Answer.assessment_id) == assessment_id)
        .group_by(col(Answer.item))
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}


def times(tx: Transaction, assessment_id: UUID) -> list[MoreTime]:
    """Requests for more time, the newest first."""
    query = select(MoreTime).where(MoreTime.assessment_id == assessment_id)
    return list(tx.session.exec(query.order_by(col(MoreTime.id).desc())))


def open_times(tx: Transaction) -> list[tuple[MoreTime, Assessment, Engagement, Party]]:
    """Requests that wait for an answer, of assessments that are still with the vendor."""
    query = (
        sa.select(MoreTime, Assessment, Engagement, Party)
        .join(Assessment, col(Assessment.id) == MoreTime.assessment_id)
        .join(Engagement, col(Engagement.id) == MoreTime.engagement_id)
        .join(Party, col(Party.id) == Assessment.vendor_id)
        .where(col(MoreTime.state) == TimeState.OPEN, col(Assessment.state).in_(tuple(WITH_VENDOR)))
        .order_by(col(Assessment.due_on), col(MoreTime.id))
        .limit(limits.AWAITING)
    )
    return [tuple(row) for row in tx.session.execute(query)]


def copies(tx: Transaction, assessment_id: UUID) -> list[SubmissionCopy]:
    """The newest first."""
    query = select(SubmissionCopy).where(SubmissionCopy.assessment_id == assessment_id)
    return list(tx.session.exec(query.order_by(col(SubmissionCopy.number).desc())))


def copy_facts(tx: Transaction, assessment_id: UUID) -> list[tuple[int, datetime]]:
    """Number and moment of each copy, the newest first, without the content."""
    query = (
        sa.select(col(SubmissionCopy.number), col(SubmissionCopy.submitted_at))
        .where(col(SubmissionCopy.assessment_id) == assessment_id)
        .order_by(col(SubmissionCopy.number).desc())
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]

"""Queries on answers that were handed in: to be shown again, reused, and looked at when they went stale."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.domain.carried import SHARED
from audit_portal.domain.supervision import State
from audit_portal.storage.tables.assessments import (
    Answer,
    Assessment,
    ChecklistVersion,
    EvidenceUse,
    EvidenceVersion,
    Review,
)
from audit_portal.storage.tables.given import AnswerConfirmation, AnswerSettlement, GivenAnswer
from audit_portal.storage.tables.register import PartySite
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party
from audit_portal.storage.transaction import Transaction

_OVER = (State.CLOSED, State.REFUSED)  # nobody relies on anything there any more


def of_assessment(tx: Transaction, assessment_id: UUID) -> dict[UUID, GivenAnswer]:
    """What was handed in of an assessment, by answer."""
    query = select(GivenAnswer).where(GivenAnswer.assessment_id == assessment_id)
    return {row.answer_id: row for row in tx.session.exec(query)}


def confirmations(tx: Transaction, assessment_id: UUID) -> dict[UUID, AnswerConfirmation]:
    """By answer."""
    query = select(AnswerConfirmation).where(AnswerConfirmation.assessment_id == assessment_id)
    return {row.answer_id: row for row in tx.session.exec(query)}


def confirmation(tx: Transaction, assessment_id: UUID, item: str) -> AnswerConfirmation | None:
    query = (
        select(AnswerConfirmation)
        .join(Answer, col(Answer.id) == AnswerConfirmation.answer_id)
        .where(AnswerConfirmation.assessment_id == assessment_id, Answer.item == item)
    )
    return tx.session.exec(query).one_or_none()


def confirmed_items(tx: Transaction, assessment_id: UUID) -> set[str]:
    """Which items were answered by confirming an earlier answer."""
    query = (
        select(Answer.item)
        .join(AnswerConfirmation, col(AnswerConfirmation.answer_id) == Answer.id)
        .where(AnswerConfirmation.assessment_id == assessment_id)
    )
    return set(tx.session.exec(query))


def source_of(tx: Transaction, confirmation: AnswerConfirmation) -> UUID | None:
    """The assessment a confirmed answer was given in, within reach."""
    query = select(GivenAnswer.assessment_id).where(GivenAnswer.id == confirmation.given_id)
    return tx.session.exec(query).one_or_none()


def earlier(
    tx: Transaction,
    assessment_id: UUID,
    engagement_id: UUID,
    vendor_id: UUID,
    questions: Collection[str],
    everywhere: bool,
) -> list[GivenAnswer]:
    """What was handed in before to these questions: of this engagement in an earlier assessment, and, if
    `everywhere`, the newest of the vendor."""
    here = sa.and_(
        col(GivenAnswer.engagement_id) == engagement_id, col(GivenAnswer.assessment_id) < assessment_id
    )
    anywhere = sa.and_(col(GivenAnswer.newest), col(GivenAnswer.assessment_id) != assessment_id)
    query = select(GivenAnswer).where(
        GivenAnswer.vendor_id == vendor_id,
        col(GivenAnswer.question).in_(tuple(questions)),
        sa.or_(here, anywhere) if everywhere else here,
    )
    return list(tx.session.exec(query))


def standing(tx: Transaction, vendor_id: UUID, questions: Collection[str]) -> list[GivenAnswer]:
    """What stands of a vendor to these questions: newest of all, or newest of one of its engagements.

    Past the reach of who acts: whoever hands in, all engagements that rely on another answer are marked. Nothing
    of it is shown.
    """
    query = select(GivenAnswer).where(
        GivenAnswer.vendor_id == vendor_id,
        col(GivenAnswer.question).in_(tuple(questions)),
        sa.or_(col(GivenAnswer.newest), col(GivenAnswer.current)),
    )
    return list(tx.session.exec(query, execution_options={"_house": True}))


def _unsettled(today: date) -> Any:
    """Relied on, and changed or expired since somebody last looked."""
    looked = col(AnswerSettlement.given_id) == col(GivenAnswer.id)
    after_change = sa.exists().where(looked, col(AnswerSettlement.settled_at) >= col(GivenAnswer.outdated_at))
    after_expiry = sa.exists().where(looked, col(AnswerSettlement.settled_on) > col(GivenAnswer.expires_on))
    shared = col(GivenAnswer.scope).in_(sorted(SHARED))  # nobody else answers for the work itself
    return sa.and_(
        col(GivenAnswer.current),
        sa.or_(
            sa.and_(shared, col(GivenAnswer.outdated_at).is_not(None), sa.not_(after_change)),
            sa.and_(col(GivenAnswer.expires_on) < today, sa.not_(after_expiry)),
        ),
    )


def stale_by_engagement(
    tx: Transaction, today: date, limit: int = limits.PAGE
) -> list[tuple[Engagement, EngagementLink, Party, int]]:
    """Engagements that rely on answers that went stale, with how many, by name of the vendor."""
    counts = (
        sa.select(col(GivenAnswer.engagement_id), sa.func.count())
        .join(EngagementLink, col(EngagementLink.id) == GivenAnswer.engagement_id)
        .where(_unsettled(today), col(EngagementLink.state).not_in(_OVER))
        .group_by(col(GivenAnswer.engagement_id))
        .limit(limit)
    )
    found = {row[0]: row[1] for row in tx.session.execute(counts)}
    if not found:
        return []
    query = (
        sa.select(Engagement, EngagementLink, Party)
        .join(EngagementLink, col(EngagementLink.id) == Engagement.id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
        .where(col(Engagement.id).in_(tuple(found)))
        .order_by(col(Party.kana), col(EngagementLink.number))
    )
    return [(*row, found[row[0].id]) for row in tx.session.execute(query)]


def stale(tx: Transaction, engagement_id: UUID, today: date) -> list[GivenAnswer]:
    """What an engagement relies on that went stale, by item."""
    query = (
        select(GivenAnswer)
        .join(EngagementLink, col(EngagementLink.id) == GivenAnswer.engagement_id)
        .where(
            GivenAnswer.engagement_id == engagement_id,
            _unsettled(today),
            col(EngagementLink.state).not_in(_OVER),
        )
    )
    return list(tx.session.exec(query.order_by(col(GivenAnswer.item))))


def newest_for(tx: Transaction, row: GivenAnswer) -> GivenAnswer | None:
    """The newest answer of the vendor to the same question at the same place, within reach."""
    query = select(GivenAnswer).where(
        GivenAnswer.vendor_id == row.vendor_id,
        GivenAnswer.question == row.question,
        GivenAnswer.place == row.place,
        col(GivenAnswer.newest),
    )
    return tx.session.exec(query.order_by(col(GivenAnswer.given_at).desc()).limit(1)).one_or_none()


def settlements(tx: Transaction, engagement_id: UUID) -> list[tuple[AnswerSettlement, GivenAnswer]]:
    """The newest first."""
    query = (
        sa.select(AnswerSettlement, GivenAnswer)
        .join(GivenAnswer, col(GivenAnswer.id) == AnswerSettlement.given_id)
        .where(col(AnswerSettlement.engagement_id) == engagement_id)
        .order_by(col(AnswerSettlement.id).desc())
        .limit(limits.PAGE)
    )
    return [tuple(row) for row in tx.session.execute(query)]


def of_vendor(tx: Transaction, vendor_id: UUID, limit: int) -> list[GivenAnswer]:
    """The newest company and site answers of a vendor, by question."""
    query = select(GivenAnswer).where(
        GivenAnswer.vendor_id == vendor_id,
        col(GivenAnswer.newest),
        col(GivenAnswer.scope).in_(sorted(SHARED)),
        col(GivenAnswer.fresh).is_(False),
    )
    order = (col(GivenAnswer.scope), col(GivenAnswer.question), col(GivenAnswer.given_at).desc())
    return list(tx.session.exec(query.order_by(*order).limit(limit)))


def files(tx: Transaction, ids: Collection[str]) -> dict[str, EvidenceVersion]:
    """Versions of evidence within reach, by id."""
    wanted = tuple({UUID(each) for each in ids})
    if not wanted:
        return {}
    query = select(EvidenceVersion).where(col(EvidenceVersion.id).in_(wanted))
    return {str(row.id): row for row in tx.session.exec(query)}


def sites(tx: Transaction, ids: Collection[str]) -> dict[str, str]:
    """Names of sites within reach, by id."""
    wanted = tuple({UUID(each) for each in ids})
    if not wanted:
        return {}
    query = select(PartySite).where(col(PartySite.id).in_(wanted))
    return {str(row.id): row.name for row in tx.session.exec(query)}


def places(
    tx: Transaction, assessment_ids: Collection[UUID]
) -> dict[UUID, tuple[Assessment, EngagementLink, Engagement]]:
    """Where answers were given, within reach, by assessment."""
    query = (
        sa.select(Assessment, EngagementLink, Engagement)
        .join(EngagementLink, col(EngagementLink.id) == Assessment.engagement_id)
        .join(Engagement, col(Engagement.id) == Assessment.engagement_id)
        .where(col(Assessment.id).in_(tuple(assessment_ids)))
    )
    return {row[0].id: tuple(row) for row in tx.session.execute(query)}


def versions(tx: Transaction, assessment_ids: Collection[UUID]) -> dict[UUID, ChecklistVersion]:
    """The checklists that were asked, by assessment."""
    query = (
        sa.select(col(Assessment.id), ChecklistVersion)
        .join(ChecklistVersion, col(ChecklistVersion.id) == Assessment.checklist_version_id)
        .where(col(Assessment.id).in_(tuple(assessment_ids)))
    )
    return {row[0]: row[1] for row in tx.session.execute(query)}


def conclusions(tx: Transaction, answer_ids: Collection[UUID]) -> dict[UUID, Review]:
    """What a reviewer had concluded of these answers, by answer."""
    query = select(Review).where(col(Review.answer_id).in_(tuple(answer_ids)))
    return {row.answer_id: row for row in tx.session.exec(query)}


def uses(tx: Transaction, answer_id: UUID) -> set[str]:
    """The versions of evidence that an answer stands on."""
    query = select(EvidenceUse).where(EvidenceUse.answer_id == answer_id)
    return {str(row.evidence_version_id) for row in tx.session.exec(query)}

"""Queries on answers entered on behalf: entries, sources, transcriptions, controls left to the user."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.domain.access import Role
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.on_behalf import EntryState
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import (
    Answer,
    Assessment,
    Evidence,
    EvidenceReading,
    EvidenceVersion,
)
from audit_portal.storage.tables.on_behalf import AnswerSource, BehalfEntry, Transcription, UserControl
from audit_portal.storage.tables.supervision import Engagement, Party
from audit_portal.storage.transaction import Transaction

Awaiting = tuple[Assessment, Engagement, Party, BehalfEntry | None]


def entry(tx: Transaction, assessment_id: UUID) -> BehalfEntry | None:
    return tx.session.exec(
        select(BehalfEntry).where(BehalfEntry.assessment_id == assessment_id)
    ).one_or_none()


def sources(tx: Transaction, assessment_id: UUID) -> list[AnswerSource]:
    query = select(AnswerSource).where(AnswerSource.assessment_id == assessment_id)
    return list(tx.session.exec(query.order_by(col(AnswerSource.position))))


def transcription(tx: Transaction, answer_id: UUID) -> Transcription | None:
    return tx.session.exec(select(Transcription).where(Transcription.answer_id == answer_id)).one_or_none()


def current(tx: Transaction, assessment_id: UUID) -> dict[UUID, Transcription]:
    """By answer id: what was transcribed and nobody of the party wrote over since."""
    query = (
        select(Transcription)
        .join(Answer, col(Answer.id) == Transcription.answer_id)
        .where(
            Transcription.assessment_id == assessment_id,
            Transcription.transcribed_by == Answer.answered_account_id,
        )
    )
    return {row.answer_id: row for row in tx.session.exec(query)}


def controls(tx: Transaction, assessment_id: UUID) -> list[UserControl]:
    query = select(UserControl).where(UserControl.assessment_id == assessment_id)
    return list(tx.session.exec(query.order_by(col(UserControl.position))))


def open_controls(tx: Transaction, assessment_id: UUID) -> int:
    query = sa.select(sa.func.count()).select_from(UserControl)
    query = query.where(col(UserControl.assessment_id) == assessment_id, col(UserControl.status).is_(None))
    return int(tx.session.execute(query).scalar_one())


def controls_awaiting(
    tx: Transaction, states: Collection[AssessmentState]
) -> list[tuple[Assessment, Engagement, Party, int]]:
    """Assessments in these states on which controls of the user are open, and how many; those due first."""
    left = sa.func.count(col(UserControl.id))
    query = (
        sa.select(col(UserControl.assessment_id), left)
        .join(Assessment, col(Assessment.id) == UserControl.assessment_id)
        .where(col(UserControl.status).is_(None), col(Assessment.state).in_(tuple(states)))
        .group_by(col(UserControl.assessment_id), col(Assessment.due_on))
        .order_by(col(Assessment.due_on), col(UserControl.assessment_id))
        .limit(limits.AWAITING)
    )
    counts = {row[0]: int(row[1]) for row in tx.session.execute(query)}
    heads = (
        sa.select(Assessment, Engagement, Party)
        .join(Engagement, col(Engagement.id) == Assessment.engagement_id)
        .join(Party, col(Party.id) == Assessment.vendor_id)
        .where(col(Assessment.id).in_(tuple(counts)))
        .order_by(col(Assessment.due_on), col(Assessment.id))
    )
    return [(*row, counts[row[0].id]) for row in tx.session.execute(heads)]


def read_by(tx: Transaction, account_id: UUID, version_ids: Collection[UUID]) -> set[UUID]:
    """Which of these files the person has opened; every opening is on record."""
    query = sa.select(col(EvidenceReading.evidence_version_id)).where(
        col(EvidenceReading.account_id) == account_id,
        col(EvidenceReading.evidence_version_id).in_(tuple(version_ids)),
    )
    return set(tx.session.execute(query).scalars())


def files_of(tx: Transaction, vendor_id: UUID) -> list[tuple[EvidenceVersion, Evidence]]:
    """Newest versions of the vendor's own files within reach, the newest first; none of contracts."""
    query = (
        sa.select(EvidenceVersion, Evidence)
        .join(Evidence, col(Evidence.id) == EvidenceVersion.evidence_id)
        .where(
            col(Evidence.party_id) == vendor_id,
            col(Evidence.contract_id).is_(None),
            col(EvidenceVersion.number) == col(Evidence.latest),
        )
        .order_by(col(EvidenceVersion.uploaded_at).desc(), col(EvidenceVersion.id))
        .limit(limits.PAGE)
    )
    return [tuple(row) for row in tx.session.execute(query)]


def has_lead(tx: Transaction, vendor_id: UUID, active: bool = False) -> bool:
    """Whether somebody can hand in for the vendor; `active`: has joined already."""
    query = select(Account).where(Account.party_id == vendor_id, Account.state != AccountState.ENDED)
    return any(
        Role.VENDOR_LEAD.value in each.roles and (not active or each.state is AccountState.ACTIVE)
        for each in tx.session.exec(query)
    )


def any_of_party(tx: Transaction, party_id: UUID, people: Collection[UUID]) -> bool:
    """Whether one of these people is the party's."""
    query = sa.select(col(Account.id)).where(
        col(Account.party_id) == party_id, col(Account.id).in_(tuple(people))
    )
    return tx.session.execute(query.limit(1)).first() is not None


def awaiting(tx: Transaction, states: Collection[AssessmentState]) -> list[Awaiting]:
    """Assessments that wait for their answers and are entered on behalf, or whose vendor has no lead at all."""
    leads = select(Account.party_id).where(
        Account.state != AccountState.ENDED,
        sa.cast(col(Account.roles), sa.String).contains(f'"{Role.VENDOR_LEAD.value}"'),
    )
    query = (
        sa.select(Assessment, Engagement, Party, BehalfEntry)
        .join(Engagement, col(Engagement.id) == Assessment.engagement_id)
        .join(Party, col(Party.id) == Assessment.vendor_id)
        .outerjoin(BehalfEntry, col(BehalfEntry.assessment_id) == Assessment.id)
        .where(
            col(Assessment.state).in_(tuple(states)),
            col(Assessment.kind) != AssessmentKind.CONTRACT,
            sa.or_(
                col(BehalfEntry.state) != EntryState.CONFIRMED,
                sa.and_(col(BehalfEntry.id).is_(None), col(Assessment.vendor_id).not_in(leads)),
            ),
        )
        .order_by(col(Assessment.due_on), col(Assessment.id))
        .limit(limits.PAGE)
    )
    return [tuple(row) for row in tx.session.execute(query)]


def taken_from(tx: Transaction, source_id: UUID) -> list[Answer]:
    """The answers that were transcribed from this source."""
    query = (
        select(Answer)
        .join(Transcription, col(Transcription.answer_id) == Answer.id)
        .where(Transcription.source_id == source_id)
    )
    return list(tx.session.exec(query))

"""Queries on checklists, assessments, answers, reviews, evidence and reports."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.domain.assessment import RUNNING, AssessmentState
from audit_portal.domain.lists import WITH_ANSWERER, CheckFilter, CheckSort
from audit_portal.domain.report.state import UNFINISHED, ReportState
from audit_portal.storage import search
from audit_portal.storage.page import Order, Page, numbered
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import (
    Answer,
    Assessment,
    ChecklistVersion,
    Evidence,
    EvidenceReading,
    EvidenceUse,
    EvidenceVersion,
    ReportFile,
    ReportSignature,
    Review,
    SignedReport,
)
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party
from audit_portal.storage.transaction import Transaction

Listed = tuple[Assessment, Engagement, EngagementLink, Party]


def published(tx: Transaction, checklist: str, version: str) -> ChecklistVersion | None:
    query = select(ChecklistVersion).where(
        ChecklistVersion.checklist == checklist, ChecklistVersion.version_name == version
    )
    return tx.session.exec(query).one_or_none()


def all_published(tx: Transaction) -> list[ChecklistVersion]:
    query = select(ChecklistVersion).order_by(
        col(ChecklistVersion.checklist),
        col(ChecklistVersion.published_at).desc(),
        col(ChecklistVersion.id).desc(),
    )
    return list(tx.session.exec(query))


def _listed() -> sa.Select[Assessment, Engagement, EngagementLink, Party]:
    return (
        sa.select(Assessment, Engagement, EngagementLink, Party)
        .join(Engagement, col(Engagement.id) == Assessment.engagement_id)
        .join(EngagementLink, col(EngagementLink.id) == Assessment.engagement_id)
        .join(Party, col(Party.id) == Assessment.vendor_id)
    )


_CHECKS: dict[CheckSort, Order[Listed]] = {
    CheckSort.DUE: Order(
        "due",
        col(Assessment.id),
        lambda row: row[0].id,
        col(Assessment.due_on),
        lambda row: row[0].due_on.isoformat(),
        date.fromisoformat,
    ),
    CheckSort.NEWEST: Order("newest", col(Assessment.id), lambda row: row[0].id, newest_first=True),
}


def listed(
    tx: Transaction,
    wanted: CheckFilter,
    words: Collection[str],
    today: date,
    after: str | None = None,
    limit: int = limits.PAGE,
) -> Page[Listed]:
    """Assessments within reach with their engagement and vendor; `words`: the spellings of what is searched."""
    query = _listed()
    if wanted.state:
        query = query.where(_in((wanted.state,)))
    elif wanted.running:
        query = query.where(_in(RUNNING))
    if wanted.kind:
        query = query.where(col(Assessment.kind) == wanted.kind)
    if wanted.late:
        waiting = col(Assessment.state).in_(sorted(WITH_ANSWERER))
        query = query.where(waiting, col(Assessment.due_on) < today)
    if words:
        work = col(Assessment.engagement_id)
        places = {search.PARTY: col(Assessment.vendor_id), search.WORK: work, search.LINK: work}
        query = query.where(sa.or_(search.found(tx, words, places), numbered(words, col(Assessment.number))))
    order = _CHECKS[wanted.sort]
    rows: list[Listed] = [tuple(row) for row in tx.session.execute(order.rows(query, after, limit))]
    return order.page(rows, limit)


def _in(states: Collection[AssessmentState]) -> Any:
    """Those that run are written out in the statement, not bound: a partial index holds these alone."""
    asked = col(Assessment.state).in_(sorted(states))
    if not RUNNING.issuperset(states):
        return asked
    running: sa.BindParameter[Any] = sa.bindparam(
        "running", sorted(RUNNING), expanding=True, literal_execute=True
    )
    return sa.and_(asked, col(Assessment.state).in_(running))


def by_due(tx: Transaction, states: Collection[AssessmentState], limit: int = limits.PAGE) -> list[Listed]:
    """Assessments within reach in these states, those due first at the front."""
    query = _listed().where(_in(states))
    query = query.order_by(col(Assessment.due_on), col(Assessment.id)).limit(limit)
    return [tuple(row) for row in tx.session.execute(query)]


def in_context(tx: Transaction, assessment_id: UUID) -> Listed | None:
    row = tx.session.execute(_listed().where(col(Assessment.id) == assessment_id)).one_or_none()
    return tuple(row) if row else None


def of_engagement(tx: Transaction, engagement_id: UUID) -> list[Assessment]:
    """The newest first: by id (UUIDv7), as "A-2026-10000" sorts before "A-2026-9999"."""
    query = select(Assessment).where(Assessment.engagement_id == engagement_id)
    return list(tx.session.exec(query.order_by(col(Assessment.id).desc())))


def lock(tx: Transaction, assessment_id: UUID) -> None:
    """Holds an assessment for a writing transaction: nobody hands it in while a file is being attached.

    SQLite has one writer anyway; foreign keys on the row still pass (PostgreSQL: FOR NO KEY UPDATE).
    """
    if tx.writes:
        query = select(Assessment.id).where(Assessment.id == assessment_id)
        tx.session.exec(query.with_for_update(key_share=True)).one_or_none()


def answers(tx: Transaction, assessment_id: UUID) -> list[Answer]:
    query = select(Answer).where(Answer.assessment_id == assessment_id)
    return list(tx.session.exec(query.order_by(col(Answer.position))))


def answer_of(tx: Transaction, assessment_id: UUID, item: str) -> tuple[Answer, Assessment] | None:
    """One item with all that decides whether it may be written, in one query."""
    query = (
        sa.select(Answer, Assessment)
        .join(Assessment, col(Assessment.id) == Answer.assessment_id)
        .where(col(Answer.assessment_id) == assessment_id, col(Answer.item) == item)
    )
    row = tx.session.execute(query).one_or_none()
    return tuple(row) if row else None


def reviews(tx: Transaction, assessment_id: UUID) -> dict[UUID, Review]:
    """Reviews by answer id, those of an answer that changed afterwards too."""
    query = select(Review).where(Review.assessment_id == assessment_id)
    return {review.answer_id: review for review in tx.session.exec(query)}


def current_reviews(tx: Transaction, assessment_id: UUID) -> dict[UUID, Review]:
    """Reviews by answer id, of the answers as they stand."""
    query = (
        select(Review)
        .join(Answer, col(Answer.id) == Review.answer_id)
        .where(Review.assessment_id == assessment_id, Review.answer_version == Answer.version)
    )
    return {review.answer_id: review for review in tx.session.exec(query)}


def evidence_of(
    tx: Transaction, assessment_id: UUID
) -> dict[UUID, list[tuple[EvidenceUse, EvidenceVersion, Evidence]]]:
    """What each answer of an assessment stands on, by answer id."""
    query = (
        sa.select(EvidenceUse, EvidenceVersion, Evidence)
        .join(EvidenceVersion, col(EvidenceVersion.id) == EvidenceUse.evidence_version_id)
        .join(Evidence, col(Evidence.id) == EvidenceUse.evidence_id)
        .join(Answer, col(Answer.id) == EvidenceUse.answer_id)
        .where(col(Answer.assessment_id) == assessment_id)
        .order_by(col(EvidenceVersion.uploaded_at), col(EvidenceVersion.id))
    )
    found: dict[UUID, list[tuple[EvidenceUse, EvidenceVersion, Evidence]]] = {}
    for use, version, evidence in tx.session.execute(query):
        found.setdefault(use.answer_id, []).append((use, version, evidence))
    return found


def uses_of_answer(tx: Transaction, answer_id: UUID) -> int:
    query = sa.select(sa.func.count()).select_from(EvidenceUse).where(col(EvidenceUse.answer_id) == answer_id)
    return int(tx.session.execute(query).scalar_one())


def use(tx: Transaction, answer_id: UUID, version_id: UUID) -> EvidenceUse | None:
    query = select(EvidenceUse).where(
        EvidenceUse.answer_id == answer_id, EvidenceUse.evidence_version_id == version_id
    )
    return tx.session.exec(query).one_or_none()


def use_of(tx: Transaction, answer_id: UUID, evidence_id: UUID) -> EvidenceUse | None:
    """Whichever version of this evidence the answer stands on."""
    query = select(EvidenceUse).where(
        EvidenceUse.answer_id == answer_id, EvidenceUse.evidence_id == evidence_id
    )
    return tx.session.exec(query).one_or_none()


def version(tx: Transaction, version_id: UUID) -> tuple[EvidenceVersion, Evidence] | None:
    query = (
        sa.select(EvidenceVersion, Evidence)
        .join(Evidence, col(Evidence.id) == EvidenceVersion.evidence_id)
        .where(col(EvidenceVersion.id) == version_id)
    )
    row = tx.session.execute(query).one_or_none()
    return tuple(row) if row else None


def versions_of(tx: Transaction, evidence_ids: Collection[UUID]) -> dict[UUID, list[EvidenceVersion]]:
    """All versions of each evidence, the newest first."""
    query = select(EvidenceVersion).where(col(EvidenceVersion.evidence_id).in_(tuple(evidence_ids)))
    found: dict[UUID, list[EvidenceVersion]] = {}
    for version in tx.session.exec(query.order_by(col(EvidenceVersion.number).desc())):
        found.setdefault(version.evidence_id, []).append(version)
    return found


def versions_by_id(tx: Transaction, ids: Collection[UUID | None]) -> dict[UUID, EvidenceVersion]:
    wanted = tuple(each for each in ids if each is not None)
    if not wanted:
        return {}
    query = select(EvidenceVersion).where(col(EvidenceVersion.id).in_(wanted))
    return {row.id: row for row in tx.session.exec(query)}


def all_versions(tx: Transaction) -> list[EvidenceVersion]:
    return list(tx.session.exec(select(EvidenceVersion).order_by(col(EvidenceVersion.id))))


def class_key_used(tx: Transaction, class_key_id: str) -> bool:
    """Whether anything was ever sealed under this class key."""
    return any(
        tx.session.exec(select(cls.id).where(cls.class_key_id == class_key_id).limit(1)).first() is not None
        for cls in (EvidenceVersion, ReportFile)
    )


def last_reading(tx: Transaction, version_id: UUID, purpose: str) -> EvidenceReading | None:
    query = select(EvidenceReading).where(
        EvidenceReading.evidence_version_id == version_id,
        EvidenceReading.purpose == purpose,
        EvidenceReading.account_id == tx.actor.account_id,
    )
    return tx.session.exec(query.order_by(col(EvidenceReading.read_at).desc()).limit(1)).one_or_none()


def reports(tx: Transaction, engagement_id: UUID) -> list[SignedReport]:
    query = select(SignedReport).where(SignedReport.engagement_id == engagement_id)
    return list(tx.session.exec(query.order_by(col(SignedReport.id).desc())))


def reports_to_sign(
    tx: Transaction, states: Collection[ReportState], person: UUID
) -> list[tuple[SignedReport, Engagement, Party]]:
    """Reports in these states that this person has not signed, by number."""
    signed = select(ReportSignature.report_id).where(ReportSignature.account_id == person)
    query = (
        sa.select(SignedReport, Engagement, Party)
        .join(Engagement, col(Engagement.id) == SignedReport.engagement_id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
        .where(col(SignedReport.state).in_(tuple(states)), col(SignedReport.id).not_in(signed))
        .order_by(col(SignedReport.number))
        .limit(limits.AWAITING)
    )
    return [tuple(row) for row in tx.session.execute(query)]


def unfinished_reports(tx: Transaction, assessment_id: UUID) -> list[SignedReport]:
    """Reports on this check that may yet be finished, held for this transaction."""
    query = select(SignedReport).where(
        SignedReport.assessment_id == assessment_id, col(SignedReport.state).in_(tuple(UNFINISHED))
    )
    return list(tx.session.exec(query.with_for_update(key_share=True)))


def all_reports(tx: Transaction) -> list[SignedReport]:
    return list(tx.session.exec(select(SignedReport).order_by(col(SignedReport.number))))


def report_file(tx: Transaction, report_id: UUID, number: int) -> ReportFile | None:
    query = select(ReportFile).where(ReportFile.report_id == report_id, ReportFile.number == number)
    return tx.session.exec(query).one_or_none()


def all_report_files(tx: Transaction) -> list[ReportFile]:
    return list(tx.session.exec(select(ReportFile).order_by(col(ReportFile.id))))


def signatures(tx: Transaction, report_id: UUID) -> list[tuple[ReportSignature, Account]]:
    query = (
        sa.select(ReportSignature, Account)
        .join(Account, col(Account.id) == ReportSignature.account_id)
        .where(col(ReportSignature.report_id) == report_id)
        .order_by(col(ReportSignature.signed_at))
    )
    return [tuple(row) for row in tx.session.execute(query)]

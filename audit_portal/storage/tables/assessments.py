"""Checklists as published, assessments, answers, reviews, evidence, decisions, reports."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.assessment import RUNNING, AssessmentKind, AssessmentState, ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnsweredBy, AnswerValue, Tier
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.report.state import ReportState
from audit_portal.domain.supervision import Gate
from audit_portal.storage.tables.base import (
    Identified,
    Kept,
    Ledger,
    Scope,
    blob,
    choice,
    document,
    moment,
    reference,
    text,
)


class ChecklistVersion(Identified, table=True):
    """A published checklist, byte for byte; never changed."""

    __tablename__ = "checklist_version"
    __scope__ = Scope.OPEN
    __ledger__ = Ledger.RECORDED

    checklist: str = text(60)
    version_name: str = text(40)
    sha256: str = text(64)
    body: bytes = blob()
    published_at: datetime = moment()
    published_by: str = text(80)

    __table_args__ = (sa.UniqueConstraint("checklist", "version_name"),)


# As the query of the list says it, word for word: SQLite takes a partial index for nothing else.
STILL_RUNS = f"state IN ({', '.join(repr(each.value) for each in sorted(RUNNING))})"


class Assessment(Kept, table=True):
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    number: str = text(limits.NUMBER, unique=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    principal_id: UUID = reference("party.id", index=True)
    vendor_id: UUID = reference("party.id", index=True)
    kind: AssessmentKind = choice(AssessmentKind)
    state: AssessmentState = choice(AssessmentState, default=AssessmentState.SENT)
    checklist_version_id: UUID = reference("checklist_version.id")
    risk_tier: Tier = choice(Tier)
    conditions: list[str] = document()
    sites: list[str] | None = document(default=None, nullable=True)  # for which answers on sites are asked
    due_on: date
    message: str = text(limits.TEXT, default="")
    contact: dict[str, Any] = document()  # whom the vendor can call, as it stood at sending
    sent_at: datetime | None = moment(default=None, nullable=True)
    sent_by: UUID | None = reference("account.id", default=None, nullable=True)
    submitted_at: datetime | None = moment(default=None, nullable=True)
    submitted_by: UUID | None = reference("account.id", default=None, nullable=True)
    answers_root: str = text(64, default="")
    returned_note: str = text(limits.TEXT, default="")
    reviewed_at: datetime | None = moment(default=None, nullable=True)
    reviewed_by: UUID | None = reference("account.id", default=None, nullable=True)

    # For the list: by date through all of them, and through the few that still run. (None by state: SQLite would
    # take that one, and sort all that run for each page.)
    __table_args__ = (
        sa.Index(None, "due_on", "id"),
        sa.Index(
            "ix_assessment_running",
            "due_on",
            "id",
            sqlite_where=sa.text(STILL_RUNS),
            postgresql_where=sa.text(STILL_RUNS),
        ),
    )


class Answer(Kept, table=True):
    """One frozen question of an assessment and what was answered; a draft until submission."""

    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __drafts__: ClassVar[str] = "is_draft"

    assessment_id: UUID = reference("assessment.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    position: int
    item: str = text(10)
    answered_by: AnsweredBy = choice(AnsweredBy)
    value: AnswerValue | None = choice(AnswerValue, default=None, nullable=True)
    comment: str = text(limits.TEXT, default="")
    answered_account_id: UUID | None = reference("account.id", default=None, nullable=True)
    answered_at: datetime | None = moment(default=None, nullable=True)
    writers: list[str] = document(
        default_factory=list
    )  # everybody who wrote or brought a file: none reviews it
    is_open: bool = True
    is_draft: bool = True
    returned_note: str = text(limits.TEXT, default="")
    delegate_id: UUID | None = reference("account.id", default=None, nullable=True, index=True)
    action: str = text(limits.TEXT, default="")  # what will be done about a "no" or "partly" …
    action_due: date | None = None  # … and by when
    salt: bytes = blob(default=b"")  # of the digest that the submission commits to

    __table_args__ = (sa.UniqueConstraint("assessment_id", "item"),)


class Review(Kept, table=True):
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    assessment_id: UUID = reference("assessment.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    answer_id: UUID = reference("answer.id", unique=True)
    answer_version: int  # a later answer needs a new review
    result: ReviewResult = choice(ReviewResult)
    basis: ReviewBasis = choice(ReviewBasis)
    comment: str = text(limits.TEXT, default="")
    population: int | None = None  # of a sample: how many there are, …
    sample_size: int | None = None
    sample_choice: str = text(limits.TEXT, default="")
    source_title: str = text(limits.LINE, default="")  # of a third party's report
    source_scope: str = text(limits.TEXT, default="")
    source_from: date | None = None
    source_to: date | None = None
    source_exceptions: str = text(limits.TEXT, default="")
    reviewer_id: UUID = reference("account.id")
    reviewed_at: datetime = moment()

    __table_args__ = (
        sa.CheckConstraint("sample_size >= 1 AND sample_size <= population", name="sample_in_population"),
        sa.CheckConstraint("source_to >= source_from", name="source_period_in_order"),
    )


# Evidence stands on its own engagement, or on a contract and through it on all the engagements it serves.
_OF_ONE = "(engagement_id IS NULL) <> (contract_id IS NULL)"


class Evidence(Kept, table=True):
    """A file of a vendor (or of the client) in immutable versions; of an engagement or of a contract."""

    __scope__ = Scope.EVIDENCE
    __ledger__ = Ledger.RECORDED

    number: str = text(limits.NUMBER, unique=True)
    engagement_id: UUID | None = reference("engagement_link.id", default=None, nullable=True, index=True)
    contract_id: UUID | None = reference("contract.id", default=None, nullable=True, index=True)
    party_id: UUID = reference("party.id", index=True)  # whose file it is
    latest: int = 1  # number of the newest version

    __table_args__ = (sa.CheckConstraint(_OF_ONE, name="of_one"),)


class EvidenceVersion(Identified, table=True):
    """One sealed file. A row without key and digest can't exist."""

    __tablename__ = "evidence_version"
    __scope__ = Scope.EVIDENCE
    __ledger__ = Ledger.RECORDED

    evidence_id: UUID = reference("evidence.id", index=True)
    engagement_id: UUID | None = reference("engagement_link.id", default=None, nullable=True, index=True)
    contract_id: UUID | None = reference("contract.id", default=None, nullable=True, index=True)
    number: int
    file_name: str = text(limits.FILE_NAME)
    media_type: str = text(120)
    size: int = 0
    sealed_size: int = 0
    sha256: str = text(64)
    observed_on: date | None = None
    expires_on: date | None = None
    store_key: str = text(200, unique=True)
    class_key_id: str = text(120)
    wrapped_key: bytes = blob()
    uploaded_at: datetime = moment()
    uploaded_by: UUID = reference("account.id")

    __table_args__ = (
        sa.UniqueConstraint("evidence_id", "number"),
        sa.CheckConstraint("length(sha256) = 64", name="digest_present"),
        sa.CheckConstraint("length(wrapped_key) >= 48", name="key_present"),
        sa.CheckConstraint("size > 0 AND sealed_size > size", name="sealed"),
        sa.CheckConstraint(_OF_ONE, name="of_one"),
    )


class EvidenceUse(Identified, table=True):
    """An answer stands on this version of this evidence."""

    __tablename__ = "evidence_use"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __deletable__ = True  # taken off a draft answer; the file itself stays

    engagement_id: UUID = reference("engagement_link.id", index=True)
    answer_id: UUID = reference("answer.id", index=True)
    evidence_id: UUID = reference("evidence.id", index=True)
    evidence_version_id: UUID = reference("evidence_version.id", index=True)

    __table_args__ = (sa.UniqueConstraint("answer_id", "evidence_version_id"),)


class EvidenceReading(Identified, table=True):
    """Who read what lately: a second reading within 15 minutes is not a second entry."""

    __tablename__ = "evidence_reading"
    __scope__ = Scope.EVIDENCE
    __ledger__ = Ledger.RECORDED
    __history__ = False  # the event says it all

    engagement_id: UUID | None = reference("engagement_link.id", default=None, nullable=True)
    contract_id: UUID | None = reference("contract.id", default=None, nullable=True)
    evidence_version_id: UUID = reference("evidence_version.id")
    account_id: UUID = reference("account.id")
    purpose: str = text(40)
    read_at: datetime = moment()

    __table_args__ = (
        sa.Index("ix_evidence_reading_who", "account_id", "evidence_version_id", "read_at"),
        sa.CheckConstraint(_OF_ONE, name="of_one"),
    )


class GateRequest(Kept, table=True):
    """A decision (決裁): asked by one person, made by another, with a frozen snapshot."""

    __tablename__ = "decision"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    number: str = text(limits.NUMBER, unique=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    assessment_id: UUID | None = reference("assessment.id", default=None, nullable=True)
    gate: Gate = choice(Gate)
    state: DecisionState = choice(DecisionState, default=DecisionState.REQUESTED)
    reason: str = text(limits.TEXT)
    requested_by: UUID = reference("account.id")
    requested_at: datetime = moment()
    decided_by: UUID | None = reference("account.id", default=None, nullable=True)
    decided_at: datetime | None = moment(default=None, nullable=True)
    comment: str = text(limits.TEXT, default="")
    accepted: list[dict[str, Any]] = document()  # blocker key, reason, measure, expiry
    snapshot: bytes = blob()  # canonical JSON of what was known
    snapshot_sha256: str = text(64)
    step: int = 1  # the seat of its route that it waits for
    vendor_words: str = text(limits.TEXT, default="")  # of a refusal, for the vendor
    ended_because: str = text(40, default="")  # a code: why a stale request ended

    __table_args__ = (
        # one open request per engagement and gate
        sa.Index(
            "uq_decision_open",
            "engagement_id",
            "gate",
            unique=True,
            sqlite_where=sa.text("state = 'requested'"),
            postgresql_where=sa.text("state = 'requested'"),
        ),
    )


class SignedReport(Kept, table=True):
    __tablename__ = "report"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    number: str = text(limits.NUMBER, unique=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    assessment_id: UUID = reference("assessment.id")
    kind: str = text(30)
    reviewed_at: datetime = moment()  # of the review it reports on: a later one needs another report
    language: str = text(2)
    state: ReportState = choice(ReportState, default=ReportState.RENDERING)
    content: bytes = blob()  # canonical JSON of the manifest
    content_sha256: str = text(64)
    latest: int = 0


class ReportFile(Identified, table=True):
    """The PDF after each step (rendered, signed, sealed): immutable, sealed like evidence."""

    __tablename__ = "report_file"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    report_id: UUID = reference("report.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    number: int
    sha256: str = text(64)
    size: int
    store_key: str = text(200, unique=True)
    class_key_id: str = text(120)
    wrapped_key: bytes = blob()
    created_at: datetime = moment()

    __table_args__ = (
        sa.UniqueConstraint("report_id", "number"),
        sa.CheckConstraint("length(sha256) = 64", name="digest_present"),
        sa.CheckConstraint("length(wrapped_key) >= 48", name="key_present"),
        sa.CheckConstraint("size > 0", name="size_positive"),
    )


class ReportSignature(Identified, table=True):
    """Who signed which field, over which bytes; one per field."""

    __tablename__ = "report_signature"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    report_id: UUID = reference("report.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    field: str = text(20)
    account_id: UUID = reference("account.id")
    certificate_id: UUID = reference("certificate.id")
    base_sha256: str = text(64)
    signed_at: datetime = moment()

    __table_args__ = (sa.UniqueConstraint("report_id", "field"),)

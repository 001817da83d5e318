"""Contracts, the engagements they serve, their documents, and the clauses that answers stand on."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from audit_portal.domain import limits
from audit_portal.domain.contracts import (
    ContractKind,
    DocumentForm,
    Reentrustment,
    SignatureState,
    StandIn,
)
from audit_portal.storage.tables.base import (
    Kept,
    Ledger,
    Row,
    Scope,
    choice,
    document,
    moment,
    reference,
    text,
)


class Contract(Kept, table=True):
    """An agreement of a principal with a vendor; it may serve several of their engagements."""

    __scope__ = Scope.CONTRACT
    __ledger__ = Ledger.RECORDED

    number: str = text(limits.NUMBER, unique=True)
    principal_id: UUID = reference("party.id", index=True)
    vendor_id: UUID = reference("party.id", index=True)
    parent_id: UUID | None = reference("contract.id", default=None, nullable=True, index=True)
    kind: ContractKind = choice(ContractKind)
    title: str = text(limits.NAME)
    reference_number: str = text(limits.NUMBER, default="")  # what the paper itself is called
    concluded_on: date | None = None
    starts_on: date
    ends_on: date | None = None
    renewal_months: int | None = None
    notice_months: int = 0
    notice_days: int = 0
    ended_on: date | None = None
    ended_reason: str = text(limits.TEXT, default="")
    reentrustment: Reentrustment | None = choice(Reentrustment, default=None, nullable=True)
    audit_right: bool = False
    audit_right_note: str = text(limits.LINE, default="")
    governing_note: str = text(limits.TEXT, default="")

    __table_args__ = (
        sa.CheckConstraint("ends_on IS NULL OR ends_on >= starts_on", name="ends_after_start"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= starts_on", name="ended_after_start"),
    )


class ContractDeadline(Row, table=True):
    """The next day of a contract that somebody has to think of: worked out from its dates, for lists.

    Derived, so without a ledger entry; the worker moves those on that have passed.
    """

    __tablename__ = "contract_deadline"
    __scope__ = Scope.CONTRACT
    __ledger__ = Ledger.EXEMPT
    __deletable__ = True

    contract_id: UUID = reference("contract.id", primary_key=True)
    due_on: date = Field(index=True)
    notice: bool  # the last day for notice; else the end


class ContractEngagement(Kept, table=True):
    """From when to when a contract serves an engagement."""

    __tablename__ = "contract_engagement"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    contract_id: UUID = reference("contract.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    valid_from: date
    valid_to: date | None = None

    __table_args__ = (
        sa.UniqueConstraint("contract_id", "engagement_id"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to >= valid_from", name="valid_in_order"),
    )


class ContractDocument(Kept, table=True):
    """A file of a contract (an evidence), or where its paper original is kept."""

    __tablename__ = "contract_document"
    __scope__ = Scope.CONTRACT
    __ledger__ = Ledger.RECORDED

    contract_id: UUID = reference("contract.id", index=True)
    title: str = text(limits.NAME)
    form: DocumentForm = choice(DocumentForm)
    evidence_id: UUID | None = reference("evidence.id", default=None, nullable=True, unique=True)
    evidence_version_id: UUID | None = reference("evidence_version.id", default=None, nullable=True)
    original_place: str = text(limits.LINE, default="")
    original_binder: str = text(limits.LINE, default="")
    original_keeper: str = text(limits.NAME, default="")
    shared: bool = False  # the vendor sees it
    signature_state: SignatureState = choice(SignatureState, default=SignatureState.NONE)
    signatures: list[dict[str, Any]] = document(default_factory=list)  # signer, intact, whole, signed_at
    signatures_at: datetime | None = moment(default=None, nullable=True)
    added_at: datetime = moment()
    added_by: UUID = reference("account.id")
    withdrawn_at: datetime | None = moment(default=None, nullable=True)
    withdrawn_reason: str = text(limits.LINE, default="")


class ClauseTie(Kept, table=True):
    """Where in which document of which contract an answer finds its clause."""

    __tablename__ = "clause_tie"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __deletable__ = True  # taken off an open answer; the document stays

    engagement_id: UUID = reference("engagement_link.id", index=True)
    assessment_id: UUID = reference("assessment.id", index=True)
    answer_id: UUID = reference("answer.id", index=True)
    contract_id: UUID = reference("contract.id", index=True)
    document_id: UUID = reference("contract_document.id", index=True)
    page: int | None = None
    clause: str = text(limits.LINE)


class ClauseStandIn(Kept, table=True):
    """What takes the place of a clause: standard terms, a law, another document; with its text."""

    __tablename__ = "clause_stand_in"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __drafts__: ClassVar[str] = "is_draft"

    engagement_id: UUID = reference("engagement_link.id", index=True)
    assessment_id: UUID = reference("assessment.id", index=True)
    answer_id: UUID = reference("answer.id", unique=True)
    kind: StandIn | None = choice(StandIn, default=None, nullable=True)  # None: taken back
    words: str = text(limits.TEXT, default="")
    is_draft: bool = True  # as the answer it belongs to

"""What stands beside an answer while it is reviewed: inspections, refusals to disclose, findings."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.evidence_in_use import InspectionMeans, RefusalOffer
from audit_portal.domain.findings import Severity
from audit_portal.storage.tables.base import Kept, Ledger, Scope, choice, moment, reference, text


class Inspection(Kept, table=True):
    """A document that was looked at and stayed with its owner; it counts as evidence of the answer."""

    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    engagement_id: UUID = reference("engagement_link.id", index=True)
    assessment_id: UUID = reference("assessment.id", index=True)
    answer_id: UUID = reference("answer.id", index=True)
    document: str = text(limits.LINE)
    edition: str = text(limits.LINE)
    inspector: str = text(limits.NAME)
    place: str = text(limits.LINE)
    means: InspectionMeans = choice(InspectionMeans)
    inspected_on: date
    seen: str = text(limits.TEXT)
    recorded_by: UUID = reference("account.id")
    recorded_at: datetime = moment()
    withdrawn_at: datetime | None = moment(default=None, nullable=True)
    withdrawn_reason: str = text(limits.LINE, default="")


class DisclosureRefusal(Kept, table=True):
    """That a required document isn't disclosed, why, and what is offered instead; a draft as its answer is."""

    __tablename__ = "disclosure_refusal"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __drafts__: ClassVar[str] = "is_draft"

    engagement_id: UUID = reference("engagement_link.id", index=True)
    assessment_id: UUID = reference("assessment.id", index=True)
    answer_id: UUID = reference("answer.id", unique=True)
    offer: RefusalOffer | None = choice(RefusalOffer, default=None, nullable=True)  # None: taken back
    reason: str = text(limits.TEXT, default="")
    words: str = text(limits.TEXT, default="")
    is_draft: bool = True


class Finding(Kept, table=True):
    """What is wrong, how grave, by when it must be mended."""

    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    number: str = text(limits.NUMBER, unique=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    assessment_id: UUID = reference("assessment.id", index=True)
    answer_id: UUID = reference("answer.id", index=True)
    item: str = text(10)
    severity: Severity = choice(Severity)
    what: str = text(limits.TEXT)
    due_on: date
    raised_by: UUID = reference("account.id")
    raised_at: datetime = moment()
    shown_at: datetime | None = moment(default=None, nullable=True)  # from then on the vendor sees it
    withdrawn_at: datetime | None = moment(default=None, nullable=True)
    withdrawn_reason: str = text(limits.LINE, default="")

"""Answers as they were handed in, to be shown again and reused; and who confirmed which of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.checklist import Scope as ItemScope
from audit_portal.storage.tables.base import (
    Identified,
    Kept,
    Ledger,
    Scope,
    choice,
    document,
    moment,
    reference,
    text,
)


class GivenAnswer(Kept, table=True):
    """An answer as it was last handed in. What others confirmed of it stays with them, by digest."""

    __tablename__: ClassVar[str] = "given_answer"
    __scope__ = Scope.SIDE
    __ledger__ = Ledger.RECORDED

    engagement_id: UUID = reference("engagement_link.id")
    audience_id: UUID | None = reference("party.id", nullable=True)  # the client's own are for it alone
    vendor_id: UUID = reference("party.id")
    assessment_id: UUID = reference("assessment.id", index=True)
    answer_id: UUID = reference("answer.id", unique=True)
    answer_version: int
    digest: str = text(64)  # as in the submission's root
    item: str = text(10)
    question: str = text(10)  # the same for items that mean the same (same_as)
    meaning: str = text(64)
    fresh: bool = False
    scope: ItemScope = choice(ItemScope)
    place: str = text(64)  # domain.carried.place_of
    sites: list[str] = document(default_factory=list)
    value: AnswerValue = choice(AnswerValue)
    comment: str = text(limits.TEXT, default="")
    action: str = text(limits.TEXT, default="")
    action_due: date | None = None
    files: list[str] = document(default_factory=list)  # ids of evidence versions …
    hashes: list[str] = document(default_factory=list)  # … and their SHA-256
    content_sha256: str = text(64)
    given_at: datetime = moment()
    given_by: UUID = reference("account.id")
    newest: bool = True  # of the vendor, to this question at this place
    current: bool = True  # of the engagement, to this question
    outdated_at: datetime | None = moment(default=None, nullable=True)  # a newer answer says something else
    expires_on: date | None = None  # of its documents, the first

    __table_args__ = (
        sa.Index("ix_given_answer_vendor", "vendor_id", "question", "newest"),
        sa.Index("ix_given_answer_engagement", "engagement_id", "question"),
        sa.Index("ix_given_answer_outdated_at", "outdated_at"),
        sa.Index("ix_given_answer_expires_on", "expires_on"),
    )


class AnswerConfirmation(Kept, table=True):
    """Somebody confirmed that an earlier answer holds here too: pinned by id, version and digest."""

    __tablename__: ClassVar[str] = "answer_confirmation"
    __scope__ = Scope.SIDE
    __ledger__ = Ledger.RECORDED

    assessment_id: UUID = reference("assessment.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    audience_id: UUID | None = reference("party.id", nullable=True)
    answer_id: UUID = reference("answer.id", unique=True)
    given_id: UUID = reference("given_answer.id", index=True)
    given_version: int  # of the answer that was confirmed …
    given_sha256: str = text(64)  # … and its digest
    given_at: datetime = moment()  # when it had been handed in
    content_sha256: str = text(64)  # what it said, with the documents that still counted
    holds: bool = True  # False: other words were handed in in the end
    confirmed_at: datetime = moment()
    confirmed_by: UUID = reference("account.id")


class AnswerSettlement(Identified, table=True):
    """The client looked at an answer that had gone stale, and says why it may still be relied on."""

    __tablename__: ClassVar[str] = "answer_settlement"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    engagement_id: UUID = reference("engagement_link.id", index=True)
    given_id: UUID = reference("given_answer.id", index=True)
    compared_id: UUID | None = reference("given_answer.id", default=None, nullable=True)  # the newer one …
    compared_sha256: str = text(64, default="")  # … as it was then
    reason: str = text(limits.TEXT)
    settled_at: datetime = moment()
    settled_on: date
    settled_by: UUID = reference("account.id")

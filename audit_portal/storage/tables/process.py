"""What goes on around an assessment: who was given which items, what was said, more time, dated copies."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.more_time import TimeState
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


class Delegation(Identified, table=True):
    """Items given to a person, once; what they hold now stands in `answer.delegate_id`."""

    __scope__ = Scope.SIDE
    __ledger__ = Ledger.RECORDED

    assessment_id: UUID = reference("assessment.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    audience_id: UUID | None = reference("party.id", nullable=True)
    delegate_id: UUID = reference("account.id", index=True)
    items: list[str] = document()
    message: str = text(limits.LINE, default="")
    due_on: date
    given_by: UUID = reference("account.id")
    given_at: datetime = moment()


class AnswerComment(Identified, table=True):
    """A word on one item; never changed, never taken back."""

    __tablename__ = "answer_comment"
    __scope__ = Scope.SIDE
    __ledger__ = Ledger.RECORDED

    assessment_id: UUID = reference("assessment.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    answer_id: UUID = reference("answer.id", index=True)
    audience_id: UUID | None = reference("party.id", nullable=True)
    author_id: UUID = reference("account.id")
    author_party_id: UUID = reference("party.id")
    text: str = text(limits.COMMENT)
    written_at: datetime = moment()


class SubmissionCopy(Identified, table=True):
    """What was handed in, as it stood at that moment, for those who handed it in."""

    __tablename__ = "submission_copy"
    __scope__ = Scope.SIDE
    __ledger__ = Ledger.RECORDED

    assessment_id: UUID = reference("assessment.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    audience_id: UUID | None = reference("party.id", nullable=True)
    number: int
    submitted_by: UUID = reference("account.id")
    submitted_at: datetime = moment()
    answers_root: str = text(64)
    content: bytes = blob()  # canonical JSON
    content_sha256: str = text(64)

    __table_args__ = (sa.UniqueConstraint("assessment_id", "number"),)


class MoreTime(Kept, table=True):
    """A request for a later due date, and what came of it."""

    __tablename__ = "more_time"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    assessment_id: UUID = reference("assessment.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    state: TimeState = choice(TimeState, default=TimeState.OPEN)
    due_before: date
    wanted_on: date
    reason: str = text(limits.TEXT)
    asked_by: UUID = reference("account.id")
    asked_at: datetime = moment()
    granted_on: date | None = None
    answer: str = text(limits.TEXT, default="")
    decided_by: UUID | None = reference("account.id", default=None, nullable=True)
    decided_at: datetime | None = moment(default=None, nullable=True)

    __table_args__ = (
        # one open request per assessment
        sa.Index(
            "uq_more_time_open",
            "assessment_id",
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        ),
    )

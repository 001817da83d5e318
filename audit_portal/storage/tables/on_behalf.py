"""Answers entered on behalf of a party without an account: the entry, its sources, what was transcribed."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.on_behalf import ControlStatus, EntryState, SourceKind
from audit_portal.storage.tables.base import Kept, Ledger, Scope, choice, document, moment, reference, text


class BehalfEntry(Kept, table=True):
    """That the client enters an assessment's answers, and how far they are confirmed. Ids and states only."""

    __tablename__ = "behalf_entry"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    assessment_id: UUID = reference("assessment.id", unique=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    state: EntryState = choice(EntryState, default=EntryState.TRANSCRIBING)
    opened_by: UUID = reference("account.id")
    opened_at: datetime = moment()
    asked_by: UUID | None = reference("account.id", default=None, nullable=True)
    asked_at: datetime | None = moment(default=None, nullable=True)
    confirmed_by: UUID | None = reference("account.id", default=None, nullable=True)
    confirmed_at: datetime | None = moment(default=None, nullable=True)


class AnswerSource(Kept, table=True):
    """What answers are transcribed from: the client's own notes of who said it, when and where."""

    __tablename__ = "answer_source"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    assessment_id: UUID = reference("assessment.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    position: int
    kind: SourceKind = choice(SourceKind)
    dated_on: date
    details: dict[str, str] = document()  # see domain.on_behalf.to_details
    evidence_version_id: UUID | None = reference("evidence_version.id", default=None, nullable=True)
    registered_by: UUID = reference("account.id")
    registered_at: datetime = moment()
    writers: list[str] = document(default_factory=list)  # all who had a part in it

    __table_args__ = (sa.UniqueConstraint("assessment_id", "position"),)


class Transcription(Kept, table=True):
    """From which source an answer was entered, by whom; a draft until a second person confirmed it.

    It counts as long as the answer's newest writer is its transcriber: what the party itself writes over it is
    the party's own answer.
    """

    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __drafts__: ClassVar[str] = "is_draft"

    assessment_id: UUID = reference("assessment.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    answer_id: UUID = reference("answer.id", unique=True)
    source_id: UUID = reference("answer_source.id", index=True)
    transcribed_by: UUID = reference("account.id")
    transcribed_at: datetime = moment()
    confirmed_by: UUID | None = reference("account.id", default=None, nullable=True)
    confirmed_at: datetime | None = moment(default=None, nullable=True)
    is_draft: bool = True


class UserControl(Kept, table=True):
    """A control that a provider leaves to its user (CUEC), and what the client does about it."""

    __tablename__ = "user_control"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    assessment_id: UUID = reference("assessment.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    source_id: UUID = reference("answer_source.id", index=True)
    position: int
    words: str = text(limits.LINE)
    status: ControlStatus | None = choice(ControlStatus, default=None, nullable=True)
    note: str = text(limits.TEXT, default="")
    due_on: date | None = None
    answered_by: UUID | None = reference("account.id", default=None, nullable=True)
    answered_at: datetime | None = moment(default=None, nullable=True)

    __table_args__ = (sa.UniqueConstraint("assessment_id", "position"),)

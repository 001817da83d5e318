"""One check sent to many engagements: the round and its lines."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.rounds import LineState, RoundState
from audit_portal.storage.tables.base import Kept, Ledger, Scope, choice, moment, reference, text


class CheckRound(Kept, table=True):
    """A round (一斉送付): one checklist version, one due date, many engagements."""

    __tablename__ = "check_round"
    __scope__ = Scope.OFFICE
    __ledger__ = Ledger.RECORDED

    title: str = text(limits.NAME)
    fiscal_year: int
    checklist_version_id: UUID = reference("checklist_version.id")
    due_on: date
    message: str = text(limits.TEXT, default="")
    state: RoundState = choice(RoundState, default=RoundState.RUNNING)
    started_by: UUID = reference("account.id")  # or resumed it last: the officer it is sent as
    started_at: datetime = moment()
    finished_at: datetime | None = moment(default=None, nullable=True)
    chosen: int = 0
    sent: int = 0  # counted when it is over; while it runs the lines are
    left_out: int = 0


class CheckRoundLine(Kept, table=True):
    """One engagement of a round. A job's place, as it were: the ledger knows the sending itself."""

    __tablename__ = "check_round_line"
    __scope__ = Scope.OFFICE
    __ledger__ = Ledger.EXEMPT
    __history__ = False

    round_id: UUID = reference("check_round.id")
    engagement_id: UUID = reference("engagement_link.id", index=True)
    state: LineState = choice(LineState)
    problem: str = text(60, default="")
    turn: int = 1  # how often it was put in line: part of the job's key
    assessment_id: UUID | None = reference("assessment.id", default=None, nullable=True)

    __table_args__ = (
        sa.UniqueConstraint("round_id", "engagement_id"),
        sa.Index("ix_check_round_line_state", "round_id", "state"),
    )

"""People who are replaced: hand-overs among the client's own, and new leads of vendors."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.handover import HandoverState
from audit_portal.domain.lead_change import LeadChangeState, Means
from audit_portal.storage.tables.base import (
    Kept,
    Ledger,
    Scope,
    choice,
    document,
    moment,
    reference,
    text,
)

_OPEN = sa.text("state IN ('planned', 'held')")
_WAITING = sa.text("state = 'waiting'")


class Handover(Kept, table=True):
    """Who leaves, who takes over from which day on; what moves is worked out when it happens."""

    __scope__ = Scope.OFFICE
    __ledger__ = Ledger.RECORDED

    leaver_id: UUID = reference("account.id")
    worker_id: UUID | None = reference("account.id", default=None, nullable=True)  # takes the work
    decider_id: UUID | None = reference("account.id", default=None, nullable=True)  # takes seats and routes
    from_on: date
    ends_account: bool = False
    reason: str = text(limits.LINE, default="")
    left: list[str] = document()  # keys of things that were known to stay when it was agreed
    state: HandoverState = choice(HandoverState, default=HandoverState.PLANNED)
    moved: list[dict[str, Any]] = document()  # task, what, to
    planned_by: UUID = reference("account.id")
    settled_at: datetime | None = moment(default=None, nullable=True)

    __table_args__ = (
        sa.Index(None, "state", "from_on"),
        sa.Index("uq_handover_open", "leaver_id", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )


class LeadChange(Kept, table=True):
    """A vendor's new lead: whom the client asked, how and when; done once a second person agrees."""

    __tablename__: ClassVar[str] = "lead_change"
    __scope__ = Scope.OFFICE
    __ledger__ = Ledger.RECORDED

    party_id: UUID = reference("party.id", index=True)
    leaving_id: UUID | None = reference("account.id", default=None, nullable=True)  # none: one more lead
    contact_id: UUID = reference("party_contact.id")
    contact_name: str = text(limits.NAME)  # as it stood when they were asked
    contact_reached: str = text(limits.LINE, default="")  # phone and address of the time
    means: Means = choice(Means)
    confirmed_on: date
    note: str = text(limits.TEXT)
    name: str = text(limits.NAME)
    email: str = text(limits.EMAIL)
    department: str = text(limits.NAME, default="")
    language: str = text(2, default="ja")
    state: LeadChangeState = choice(LeadChangeState, default=LeadChangeState.WAITING)
    asked_by: UUID = reference("account.id")
    asked_at: datetime = moment()
    settled_by: UUID | None = reference("account.id", default=None, nullable=True)
    settled_at: datetime | None = moment(default=None, nullable=True)
    answer: str = text(limits.LINE, default="")
    account_id: UUID | None = reference("account.id", default=None, nullable=True)  # of the new lead

    __table_args__ = (
        sa.Index(
            "uq_lead_change_waiting",
            "party_id",
            unique=True,
            sqlite_where=_WAITING,
            postgresql_where=_WAITING,
        ),
    )

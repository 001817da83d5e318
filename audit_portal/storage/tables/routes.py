"""Routes of decisions, who stands in for whom, and the seats of each request."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.route import SeatState
from audit_portal.domain.supervision import Gate
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


class DecisionRoute(Kept, table=True):
    """Who decides at a gate, in which order. `risk_tier` "" is for every tier that has none of its own."""

    __tablename__: ClassVar[str] = "decision_route"
    __scope__ = Scope.OFFICE
    __ledger__ = Ledger.RECORDED

    gate: Gate = choice(Gate)
    risk_tier: str = text(10, default="")
    steps: list[dict[str, Any]] = document()  # title, people (ids; none: whoever is an approver)
    ended_at: datetime | None = moment(default=None, nullable=True)

    __table_args__ = (
        sa.Index(
            "uq_decision_route_standing",
            "gate",
            "risk_tier",
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        ),
    )


class SeatDeputy(Kept, table=True):
    """A stand-in (代理) for a named person, on every seat they have, in a period."""

    __tablename__: ClassVar[str] = "seat_deputy"
    __scope__ = Scope.OFFICE
    __ledger__ = Ledger.RECORDED

    person_id: UUID = reference("account.id", index=True)
    deputy_id: UUID = reference("account.id")
    first_on: date
    last_on: date
    reason: str = text(limits.LINE, default="")
    ended_at: datetime | None = moment(default=None, nullable=True)

    __table_args__ = (
        sa.CheckConstraint("last_on >= first_on", name="days_in_order"),
        sa.CheckConstraint("person_id <> deputy_id", name="two_people"),
    )


class DecisionSeat(Kept, table=True):
    """One step of one request: who may fill it, and who did, with the names of the time."""

    __tablename__: ClassVar[str] = "decision_seat"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    decision_id: UUID = reference("decision.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    position: int
    title: str = text(limits.NAME)
    people: list[str] = document()
    state: SeatState = choice(SeatState, default=SeatState.WAITING)
    acted_by: UUID | None = reference("account.id", default=None, nullable=True)
    acted_for: UUID | None = reference("account.id", default=None, nullable=True)  # as whose deputy
    acted_at: datetime | None = moment(default=None, nullable=True)
    actor_name: str = text(limits.NAME, default="")
    actor_department: str = text(limits.NAME, default="")
    for_name: str = text(limits.NAME, default="")
    comment: str = text(limits.TEXT, default="")

    __table_args__ = (sa.UniqueConstraint("decision_id", "position"),)

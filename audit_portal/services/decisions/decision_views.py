"""Decisions as pages show them: what was asked, what was frozen with it, what was made of it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.decision import Acceptance, DecisionState, Snapshot, read_snapshot
from audit_portal.domain.errors import Invalid
from audit_portal.domain.route import SeatState, free
from audit_portal.domain.supervision import Gate
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import decisions, get, routes
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.tables.routes import DecisionSeat

_SYSTEM = system("decisions")


@dataclass(frozen=True)
class SeatView:
    """A step of the route; who filled it has the name and department of the time."""

    position: int
    title: str
    people: tuple[str, ...]  # none: whoever is an approver
    state: SeatState
    acted_by: str
    department: str
    deputy_of: str
    acted_at: datetime | None
    comment: str


@dataclass(frozen=True)
class DecisionView:
    id: UUID
    number: str
    engagement_id: UUID
    gate: Gate
    state: DecisionState
    assessment_id: UUID | None
    reason: str
    requested_by: str
    requested_by_id: UUID
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    comment: str
    snapshot_sha256: str
    version: int
    accepted: tuple[Acceptance, ...]
    vendor_words: str
    ended_because: str
    step: int
    seats: tuple[SeatView, ...]


def get_decision(ctx: Context, decision_id: UUID) -> DecisionView:
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        row = get.one(tx, GateRequest, decision_id)
    return _views(ctx, (row,))[0]


def frozen(ctx: Context, decision_id: UUID) -> Snapshot:
    """What was known when it was asked for. Raises Invalid('snapshot_damaged' | 'snapshot_unreadable')."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        row = get.one(tx, GateRequest, decision_id)
    if hashlib.sha256(row.snapshot).hexdigest() != row.snapshot_sha256:
        raise Invalid("snapshot_damaged", number=row.number)
    return read_snapshot(row.snapshot)


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[DecisionView, ...]:
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        rows = decisions.of_engagement(tx, engagement_id)
    return _views(ctx, tuple(rows))


def _views(ctx: Context, rows: tuple[GateRequest, ...]) -> tuple[DecisionView, ...]:
    ids = {each for row in rows for each in (row.requested_by, row.decided_by)}
    with ctx.acting_as(_SYSTEM).read() as tx:
        seats = routes.seats(tx, [row.id for row in rows])
    ids |= {UUID(each) for every in seats.values() for seat in every for each in seat.people}
    people = then(ctx, ids)
    return tuple(_view(row, seats.get(row.id, []), people) for row in rows)


def _view(row: GateRequest, seats: list[DecisionSeat], people: People) -> DecisionView:
    return DecisionView(
        row.id,
        row.number,
        row.engagement_id,
        row.gate,
        row.state,
        row.assessment_id,
        row.reason,
        people.name(row.requested_by, row.requested_at),
        row.requested_by,
        row.requested_at,
        people.name(row.decided_by, row.decided_at),
        row.decided_at,
        row.comment,
        row.snapshot_sha256,
        row.version,
        tuple(
            Acceptance(each["key"], each["reason"], each["measure"], date.fromisoformat(each["expires_on"]))
            for each in row.accepted
        ),
        row.vendor_words,
        row.ended_because,
        row.step,
        tuple(_seat(each, people) for each in seats),
    )


def _seat(seat: DecisionSeat, people: People) -> SeatView:
    names = (people.name(UUID(each), seat.acted_at) for each in seat.people)
    return SeatView(
        seat.position,
        seat.title,
        tuple(names),
        seat.state,
        seat.actor_name,
        seat.actor_department,
        seat.for_name,
        seat.acted_at,
        seat.comment,
    )


@dataclass(frozen=True)
class Waiting:
    """A decision that waits for an approver."""

    id: UUID
    number: str
    engagement_title: str
    vendor_name: str
    requested_at: datetime
    gate: Gate


def waiting(ctx: Context) -> tuple[Waiting, ...]:
    """Decisions whose seat the actor may fill now, the oldest first."""
    require(ctx.actor, Permission.DECISION_MAKE)
    with ctx.acting_as(_SYSTEM).read() as tx:
        people = routes.people(tx, tx.today)
    me = ctx.actor.person
    with ctx.read() as tx:
        every: dict[UUID, list[DecisionSeat]] = {}
        asked_by = {}
        for seat, requester in routes.waiting_seats(tx):
            every.setdefault(seat.decision_id, []).append(seat)
            asked_by[seat.decision_id] = requester
        mine = []
        for decision_id, seats in every.items():
            now = next(each for each in seats if each.state is SeatState.WAITING)
            acted = routes.acted(seats)
            if me in free(routes.step_of(now), people, tx.today, asked_by[decision_id], acted):
                mine.append(decision_id)
        rows = routes.requests(tx, mine[: limits.AWAITING]) if mine else []
    return tuple(
        Waiting(row.id, row.number, work.title, vendor.name, row.requested_at, row.gate)
        for row, work, vendor in rows
    )

"""A seat of an open request that nobody may fill any more: named, and given to others."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.events.decisions import SeatGiven
from audit_portal.domain.route import SeatState, free
from audit_portal.domain.supervision import Gate
from audit_portal.services.house import Context
from audit_portal.storage import accounts, get, parties, routes
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.tables.routes import DecisionSeat

_SYSTEM = system("seats")


@dataclass(frozen=True)
class Vacancy:
    """A seat of an open request that nobody may fill any more."""

    decision_id: UUID
    number: str
    gate: Gate
    position: int
    title: str
    version: int  # of the seat


def vacancies(ctx: Context) -> tuple[Vacancy, ...]:
    """For officers and administrators; the request's number and gate, nothing of what it holds."""
    require(ctx.actor, Permission.ROUTE_MANAGE)
    with ctx.acting_as(_SYSTEM).read() as tx:
        people, today = routes.people(tx, tx.today), tx.today
        every: dict[UUID, list[tuple[DecisionSeat, UUID]]] = {}
        for seat, requester in routes.waiting_seats(tx):
            every.setdefault(seat.decision_id, []).append((seat, requester))
        short: dict[UUID, DecisionSeat] = {}
        for decision_id, pairs in every.items():
            acted = routes.acted([seat for seat, _ in pairs])
            for seat, requester in pairs:
                if seat.state is SeatState.WAITING and not free(
                    routes.step_of(seat), people, today, requester, acted
                ):
                    short.setdefault(decision_id, seat)
        rows = routes.requests(tx, list(short)) if short else []
    return tuple(
        Vacancy(
            row.id, row.number, row.gate, short[row.id].position, short[row.id].title, short[row.id].version
        )
        for row, _, _ in rows
    )


@dataclass(frozen=True)
class Candidate:
    id: UUID
    name: str
    department: str


def candidates(ctx: Context, decision_id: UUID) -> tuple[Vacancy, tuple[Candidate, ...]]:
    """The vacant seat of a request, and who could take it. Raises Conflict('seat_not_vacant')."""
    found = next((each for each in vacancies(ctx) if each.decision_id == decision_id), None)
    with ctx.acting_as(_SYSTEM).read() as tx:
        row = get.one(tx, GateRequest, decision_id)
        if found is None:
            raise Conflict("seat_not_vacant", number=row.number)
        seats = routes.seats(tx, {row.id})[row.id]
        barred = {row.requested_by, *routes.acted(seats)}
        free_ones = [each for each in routes.approvers(tx, tx.today) if each.id not in barred]
    return found, tuple(map(_candidate, free_ones))


def _candidate(row: Account) -> Candidate:
    return Candidate(row.id, row.name, row.department)


@dataclass(frozen=True)
class SeatNow:
    """A seat as it stands: who may fill it by now, or who filled it, by the name of that time."""

    position: int
    title: str
    people: tuple[str, ...]  # none: whoever is an approver
    state: SeatState
    acted_by: str
    acted_at: datetime | None
    changed_at: datetime | None


@dataclass(frozen=True)
class Standing:
    """The seats of a request, for who wanted to give one away; nothing of what the request holds."""

    number: str
    gate: Gate
    open: bool
    vacant: bool  # another seat, or this one again, may be given away
    seats: tuple[SeatNow, ...]
    approvers: tuple[Candidate, ...]


def standing(ctx: Context, decision_id: UUID) -> Standing:
    """How a request's seats stand now, vacant or not."""
    require(ctx.actor, Permission.ROUTE_MANAGE)
    vacant = any(each.decision_id == decision_id for each in vacancies(ctx))
    with ctx.acting_as(_SYSTEM).read() as tx:
        row = get.one(tx, GateRequest, decision_id)
        seats = routes.seats(tx, {row.id}).get(row.id, [])
        known = accounts.people(tx, {UUID(each) for seat in seats for each in seat.people})
        approvers = routes.approvers(tx, tx.today)
    return Standing(
        row.number,
        row.gate,
        row.state is DecisionState.REQUESTED,
        vacant,
        tuple(_now(each, known) for each in seats),
        tuple(map(_candidate, approvers)),
    )


def _now(seat: DecisionSeat, known: Mapping[UUID, Account]) -> SeatNow:
    return SeatNow(
        seat.position,
        seat.title,
        tuple(known[UUID(each)].name for each in seat.people if UUID(each) in known),
        seat.state,
        seat.actor_name,
        seat.acted_at,
        seat.updated_at if seat.version > 1 else None,
    )


@dataclass(frozen=True)
class Seen:
    """The vacant seat that the person saw."""

    position: int
    version: int


def reseat(ctx: Context, decision_id: UUID, people: tuple[UUID, ...], seen: Seen | None = None) -> None:
    """Gives a vacant seat to others. Raises Invalid('seat_needs_people'), Conflict('seat_not_vacant'), also when
    another seat than the one that was seen is vacant by now."""
    require(ctx.actor, Permission.ROUTE_MANAGE)
    vacancy, could = candidates(ctx, decision_id)
    if seen is not None and seen != Seen(vacancy.position, vacancy.version):
        raise Conflict("seat_not_vacant", number=vacancy.number)
    if not people or not set(people) <= {each.id for each in could}:
        raise Invalid("seat_needs_people", field="people")
    with ctx.acting_as(system("seats", by=ctx.actor)).begin() as tx:
        row = get.one(tx, GateRequest, decision_id)
        parties.lock(tx, row.engagement_id)
        seat = routes.seats(tx, {row.id})[row.id][vacancy.position - 1]
        if seat.state is not SeatState.WAITING or seat.version != vacancy.version:
            raise Conflict("seat_not_vacant", number=row.number)
        seat.people = [str(each) for each in people]
        tx.record(
            SeatGiven(
                engagement_id=row.engagement_id,
                decision_id=row.id,
                position=seat.position,
                people=people,
            )
        )
        tx.flush()  # the key names the version that this change makes
        if row.step == seat.position:
            key = f"decision_requested:{row.id}:{seat.position}:{seat.version}"
            tx.send("mail_decision_requested", key, {"decision_id": str(row.id)})
    ctx.house.wake()

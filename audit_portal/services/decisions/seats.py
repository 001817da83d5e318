"""The seats of a request: taken from the route when it is asked, filled one after the other."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.access import system
from audit_portal.domain.checklist import Tier
from audit_portal.domain.errors import Conflict, Forbidden
from audit_portal.domain.events.decisions import SeatFilled
from audit_portal.domain.route import Flaw, SeatState, Step, flaws, in_whose_name
from audit_portal.domain.supervision import Gate
from audit_portal.services.house import Context
from audit_portal.storage import accounts, get, routes
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.tables.routes import DecisionSeat
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("seats")
DEFAULT = (
    Step(""),
)  # where no route is set: one step, any approver; without a title it is named by its role


def route_for(tx: Transaction, gate: Gate, tier: Tier) -> tuple[Step, ...]:
    """The tier's own route, that of all tiers, or the default."""
    row = routes.at(tx, gate, tier.value) or routes.at(tx, gate, "")
    return routes.steps_of(row) if row else DEFAULT


def planned(ctx: Context, gate: Gate, tier: Tier, only_last: bool = False) -> tuple[Step, ...]:
    """The route of a request the actor makes now, or its last seat alone.

    Raises Conflict naming the seat that nobody could fill.
    """
    with ctx.acting_as(_SYSTEM).read() as tx:
        steps = route_for(tx, gate, tier)[-1 if only_last else 0 :]
        people = routes.people(tx, tx.today)
    for place, flaw in flaws(steps, people, ctx.house.today(), ctx.actor.person):
        _refuse(flaw, place, steps[place])
    return steps


def _refuse(flaw: Flaw, place: int, step: Step) -> None:
    at = {"place": place + 1, "seat": step.title}
    if flaw is Flaw.VACANT:
        raise Conflict("route_vacant", **at)
    if flaw is Flaw.LOOP:
        raise Conflict("route_loop", **at)
    raise Conflict("route_requester", **at)


def lay(tx: Transaction, row: GateRequest, steps: tuple[Step, ...]) -> None:
    """Writes the seats of a new request."""
    for position, step in enumerate(steps, 1):
        tx.add(
            DecisionSeat(
                decision_id=row.id,
                engagement_id=row.engagement_id,
                position=position,
                title=step.title,
                people=[str(person) for person in step.people],
            )
        )


@dataclass(frozen=True)
class Turn:
    """The seat a request waits for, as the actor may fill it."""

    seat: DecisionSeat
    last: bool
    instead_of: Account | None  # as whose deputy


def turn(ctx: Context, tx: Transaction, row: GateRequest) -> Turn:
    """Raises Forbidden('own_request' | 'second_seat' | 'not_your_seat')."""
    with ctx.acting_as(_SYSTEM).read() as looking:
        people = routes.people(looking, looking.today)
    seats = routes.seats(tx, {row.id})[row.id]
    seat = seats[row.step - 1]
    instead = in_whose_name(
        routes.step_of(seat), people, tx.today, ctx.actor.person, row.requested_by, routes.acted(seats)
    )
    with ctx.acting_as(_SYSTEM).read() as looking:
        person = accounts.people(looking, {instead}).get(instead) if instead else None
    return Turn(seat, seat.position == len(seats), person)


def fill(ctx: Context, tx: Transaction, row: GateRequest, now: Turn, state: SeatState, comment: str) -> None:
    """Puts on record who acted, in whose name, under which name and department of the time."""
    seat = now.seat
    with ctx.acting_as(_SYSTEM).read() as looking:
        me = get.one(looking, Account, ctx.actor.person)
    seat.state, seat.acted_by, seat.acted_at, seat.comment = state, me.id, tx.now, comment
    seat.actor_name, seat.actor_department = me.name, me.department
    if now.instead_of:
        seat.acted_for, seat.for_name = now.instead_of.id, now.instead_of.name
    tx.record(
        SeatFilled(
            engagement_id=row.engagement_id,
            decision_id=row.id,
            position=seat.position,
            outcome=state.value,
            deputy_of=seat.acted_for,
        )
    )


def mine(ctx: Context, decision_id: UUID) -> tuple[Turn | None, str]:
    """The actor's turn at an open request, or the code that says why it isn't."""
    with ctx.read() as tx:
        row = get.one(tx, GateRequest, decision_id)
        try:
            return turn(ctx, tx, row), ""
        except Forbidden as refusal:
            return None, refusal.code

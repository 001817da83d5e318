"""Routes and stand-ins as officers and administrators set them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.events.decisions import DeputyEnded, DeputyNamed, RouteEnded, RouteWritten
from audit_portal.domain.route import Step, flaws, named
from audit_portal.domain.supervision import Gate
from audit_portal.services.decisions.reseating import Candidate
from audit_portal.services.house import Context
from audit_portal.storage import accounts, get, routes
from audit_portal.storage.tables.routes import DecisionRoute, SeatDeputy

_SYSTEM = system("routes")


@dataclass(frozen=True)
class StepView:
    title: str
    people: tuple[str, ...]  # names; none: whoever is an approver
    ids: tuple[UUID, ...]


@dataclass(frozen=True)
class RouteView:
    """`flaw`: the code of what is wrong with it by now, and the seat it is about."""

    id: UUID
    gate: Gate
    risk_tier: str
    steps: tuple[StepView, ...]
    flaw: tuple[str, str] | None
    version: int


@dataclass(frozen=True)
class DeputyView:
    id: UUID
    person: str
    deputy: str
    first_on: date
    last_on: date
    reason: str


def listed(ctx: Context) -> tuple[RouteView, ...]:
    require(ctx.actor, Permission.ROUTE_MANAGE)
    with ctx.acting_as(_SYSTEM).read() as tx:
        people, found = routes.people(tx, tx.today), []
        for row in routes.standing(tx):
            steps = routes.steps_of(row)
            known = accounts.people(tx, named(steps))
            wrong = flaws(steps, people, tx.today)
            views = (
                StepView(
                    each.title, tuple(known[one].name for one in each.people if one in known), each.people
                )
                for each in steps
            )
            flaw = (wrong[0][1].value, steps[wrong[0][0]].title) if wrong else None
            found.append(RouteView(row.id, row.gate, row.risk_tier, tuple(views), flaw, row.version))
    return tuple(found)


def get_route(ctx: Context, route_id: UUID) -> RouteView:
    require(ctx.actor, Permission.ROUTE_MANAGE)
    with ctx.read() as tx:
        get.one(tx, DecisionRoute, route_id, ended_at=None)
    return next(each for each in listed(ctx) if each.id == route_id)


def candidates(ctx: Context) -> tuple[Candidate, ...]:
    """Who can be named on a seat: active approvers."""
    require(ctx.actor, Permission.ROUTE_MANAGE)
    with ctx.acting_as(_SYSTEM).read() as tx:
        return tuple(
            Candidate(each.id, each.name, each.department) for each in routes.approvers(tx, tx.today)
        )


def save(
    ctx: Context,
    gate: Gate,
    tier: str,
    steps: tuple[Step, ...],
    route_id: UUID | None = None,
    version: int | None = None,
) -> UUID:
    """Sets a route, or changes one. Requests that are open keep the seats they were asked with.

    Raises Invalid('route_empty' | 'route_too_long' | 'route_untitled' | 'route_vacant' | 'route_loop'),
    Conflict('route_there').
    """
    require(ctx.actor, Permission.ROUTE_MANAGE)
    _check(ctx, steps)
    with ctx.begin() as tx:
        other = routes.at(tx, gate, tier)
        if other is not None and other.id != route_id:
            raise Conflict("route_there")
        if route_id is None:
            row = DecisionRoute(gate=gate, risk_tier=tier, steps=[])
            tx.add(row)
        else:
            row = get.one(tx, DecisionRoute, route_id, ended_at=None)
            get.at_version(row, version)
        row.gate, row.risk_tier = gate, tier
        row.steps = [
            {"title": each.title, "people": [str(person) for person in each.people]} for each in steps
        ]
        tx.flush()
        tx.record(RouteWritten(route_id=row.id, gate=gate.value, risk_tier=tier, seats=len(steps)))
    return row.id


def _check(ctx: Context, steps: tuple[Step, ...]) -> None:
    if not steps:
        raise Invalid("route_empty")
    if len(steps) > limits.ROUTE_STEPS:
        raise Invalid("route_too_long", most=limits.ROUTE_STEPS)
    if any(not each.title.strip() for each in steps):
        raise Invalid("route_untitled")
    with ctx.acting_as(_SYSTEM).read() as tx:
        people = routes.people(tx, tx.today)
    for place, flaw in flaws(steps, people, ctx.house.today()):
        raise Invalid(flaw.value, place=place + 1, seat=steps[place].title)


def end(ctx: Context, route_id: UUID) -> None:
    """From now on the route of all tiers holds again, or that of one step."""
    require(ctx.actor, Permission.ROUTE_MANAGE)
    with ctx.begin() as tx:
        row = get.one(tx, DecisionRoute, route_id)
        if row.ended_at is not None:
            return  # pressed twice
        row.ended_at = tx.now
        tx.record(RouteEnded(route_id=row.id))


def deputies(ctx: Context) -> tuple[DeputyView, ...]:
    """Those of today and to come."""
    require(ctx.actor, Permission.ROUTE_MANAGE)
    with ctx.acting_as(_SYSTEM).read() as tx:
        rows = routes.deputies(tx, tx.today)
        known = accounts.people(tx, {each for row in rows for each in (row.person_id, row.deputy_id)})
    return tuple(
        DeputyView(
            row.id,
            known[row.person_id].name,
            known[row.deputy_id].name,
            row.first_on,
            row.last_on,
            row.reason,
        )
        for row in rows
    )


def name_deputy(
    ctx: Context, person_id: UUID, deputy_id: UUID, first_on: date, last_on: date, reason: str
) -> UUID:
    """Raises Invalid('deputy_not_approver' | 'deputy_of_oneself' | 'deputy_days' | 'deputy_past')."""
    require(ctx.actor, Permission.ROUTE_MANAGE)
    if person_id == deputy_id:
        raise Invalid("deputy_of_oneself", field="deputy")
    if last_on < first_on:
        raise Invalid("deputy_days", field="last_on")
    if last_on < ctx.house.today():
        raise Invalid("deputy_past", field="last_on")
    if not {person_id, deputy_id} <= {each.id for each in candidates(ctx)}:
        raise Invalid("deputy_not_approver", field="deputy")
    with ctx.begin() as tx:
        row = SeatDeputy(
            person_id=person_id, deputy_id=deputy_id, first_on=first_on, last_on=last_on, reason=reason
        )
        tx.add(row)
        tx.record(
            DeputyNamed(
                deputy_row_id=row.id,
                person_id=person_id,
                deputy_id=deputy_id,
                first_on=first_on,
                last_on=last_on,
            )
        )
    return row.id


def end_deputy(ctx: Context, row_id: UUID) -> None:
    require(ctx.actor, Permission.ROUTE_MANAGE)
    with ctx.begin() as tx:
        row = get.one(tx, SeatDeputy, row_id)
        if row.ended_at is not None:
            return  # pressed twice
        row.ended_at = tx.now
        tx.record(DeputyEnded(deputy_row_id=row.id))

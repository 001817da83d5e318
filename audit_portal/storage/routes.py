"""Queries on routes, stand-ins and seats."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain.access import Role
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.route import Deputy, People, SeatState, Step
from audit_portal.domain.supervision import Gate
from audit_portal.storage import parties
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.tables.routes import DecisionRoute, DecisionSeat, SeatDeputy
from audit_portal.storage.tables.supervision import Engagement, Party
from audit_portal.storage.transaction import Transaction


def standing(tx: Transaction) -> list[DecisionRoute]:
    query = select(DecisionRoute).where(col(DecisionRoute.ended_at).is_(None))
    return list(tx.session.exec(query.order_by(col(DecisionRoute.gate), col(DecisionRoute.risk_tier))))


def at(tx: Transaction, gate: Gate, tier: str) -> DecisionRoute | None:
    """The route of just this tier ("": of all that have none of their own)."""
    query = select(DecisionRoute).where(
        DecisionRoute.gate == gate, DecisionRoute.risk_tier == tier, col(DecisionRoute.ended_at).is_(None)
    )
    return tx.session.exec(query).one_or_none()


def steps_of(row: DecisionRoute) -> tuple[Step, ...]:
    return tuple(Step(each["title"], tuple(map(UUID, each["people"]))) for each in row.steps)


def step_of(seat: DecisionSeat) -> Step:
    return Step(seat.title, tuple(map(UUID, seat.people)))


def approvers(tx: Transaction, today: date) -> list[Account]:
    """The client's active accounts with the role of approver, by name."""
    client = parties.client(tx)
    if client is None:
        return []
    query = select(Account).where(Account.party_id == client.id, Account.state == AccountState.ACTIVE)
    rows = tx.session.exec(query.order_by(col(Account.name), col(Account.id)))
    return [
        row for row in rows if Role.APPROVER.value in row.roles and (not row.ends_on or row.ends_on >= today)
    ]


def deputies(tx: Transaction, today: date) -> list[SeatDeputy]:
    """Those of today and to come, by their first day."""
    query = select(SeatDeputy).where(col(SeatDeputy.ended_at).is_(None), col(SeatDeputy.last_on) >= today)
    return list(tx.session.exec(query.order_by(col(SeatDeputy.first_on), col(SeatDeputy.id))))


def people(tx: Transaction, today: date) -> People:
    """Who could sit today. For the system: others may not see every account."""
    return People(
        frozenset(row.id for row in approvers(tx, today)),
        tuple(Deputy(row.person_id, row.deputy_id, row.first_on, row.last_on) for row in deputies(tx, today)),
    )


def seats(tx: Transaction, decision_ids: Collection[UUID]) -> dict[UUID, list[DecisionSeat]]:
    """Decision → its seats in their order."""
    if not decision_ids:
        return {}
    query = select(DecisionSeat).where(col(DecisionSeat.decision_id).in_(decision_ids))
    found: dict[UUID, list[DecisionSeat]] = {}
    for row in tx.session.exec(query.order_by(col(DecisionSeat.position))):
        found.setdefault(row.decision_id, []).append(row)
    return found


def waiting_seats(tx: Transaction) -> list[tuple[DecisionSeat, UUID]]:
    """Seats of open requests, acted on or not, with who asked; request by request, the oldest first."""
    query = (
        sa.select(DecisionSeat, col(GateRequest.requested_by))
        .join(GateRequest, col(GateRequest.id) == DecisionSeat.decision_id)
        .where(col(GateRequest.state) == DecisionState.REQUESTED)
        .order_by(col(GateRequest.requested_at), col(GateRequest.id), col(DecisionSeat.position))
    )
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def requests(tx: Transaction, ids: Collection[UUID]) -> list[tuple[GateRequest, Engagement, Party]]:
    """These requests with their engagement and vendor, the oldest first."""
    query = (
        sa.select(GateRequest, Engagement, Party)
        .join(Engagement, col(Engagement.id) == GateRequest.engagement_id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
        .where(col(GateRequest.id).in_(ids))
        .order_by(col(GateRequest.requested_at), col(GateRequest.id))
    )
    return [tuple(row) for row in tx.session.execute(query)]


def acted(seats: Collection[DecisionSeat]) -> frozenset[UUID]:
    """Everybody who filled a seat, and in whose name."""
    done = [each for each in seats if each.state is not SeatState.WAITING]
    return frozenset(person for each in done for person in (each.acted_by, each.acted_for) if person)

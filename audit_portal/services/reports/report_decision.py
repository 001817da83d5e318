"""The decision as a report tells it: who decided along the route, what was accepted, on what conditions."""

from __future__ import annotations

from datetime import date

from audit_portal.domain.condition import ConditionState
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.report import (
    AcceptedBlocker,
    Bilingual,
    ConditionFacts,
    DecisionFacts,
    DecisionOutcome,
)
from audit_portal.domain.route import SeatState
from audit_portal.services.house import House
from audit_portal.storage import approvals, routes
from audit_portal.storage.people import then
from audit_portal.storage.tables.approvals import DecisionCondition
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.tables.routes import DecisionSeat
from audit_portal.storage.transaction import Transaction


def facts(tx: Transaction, row: GateRequest, house: House) -> DecisionFacts | None:
    """None as long as nobody decided."""
    if row.decided_at is None or row.decided_by is None:
        return None
    seats = routes.seats(tx, {row.id}).get(row.id, [])
    names = tuple(_name(each) for each in seats if each.state is not SeatState.WAITING)
    if not names:  # decided before there were routes
        names = (then(tx, {row.decided_by}).name(row.decided_by, row.decided_at),)
    paper = approvals.outside(tx, row.id)
    if paper is not None:  # when it happened; when it was entered is the request's own moment
        said = f"稟議 / outside decision {paper.number} ({paper.decided_on.isoformat()})"
        names = (f"{paper.approver} [{paper.approver_title}] {said}", *names)
    approved = row.state is DecisionState.APPROVED
    return DecisionFacts(
        DecisionOutcome.APPROVED if approved else DecisionOutcome.REFUSED,
        names,
        row.decided_at,
        row.comment or row.reason,
        _accepted(row),
        tuple(
            _condition(each, house)
            for each in approvals.conditions(tx, row.engagement_id)
            if each.decision_id == row.id
        ),
    )


def _name(seat: DecisionSeat) -> str:
    """In both languages at once: names aren't translated."""
    deputy = f"（{seat.for_name} 代理 / deputy）" if seat.for_name else ""
    title = f" [{seat.title}]" if seat.title else ""
    return f"{seat.actor_name}{deputy}{title}"


def _accepted(row: GateRequest) -> tuple[AcceptedBlocker, ...]:
    return tuple(
        AcceptedBlocker(
            Bilingual(each["key"], each["key"]),
            "",
            each["reason"],
            each["measure"],
            date.fromisoformat(each["expires_on"]),
        )
        for each in row.accepted
    )


def _condition(row: DecisionCondition, house: House) -> ConditionFacts:
    confirmed = row.confirmed_at if row.state is ConditionState.CONFIRMED else None
    return ConditionFacts(
        row.what,
        row.who,
        row.due_on,
        row.before_release,
        confirmed.astimezone(house.zone).date() if confirmed else None,
    )

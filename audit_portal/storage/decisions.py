"""Queries on decisions, and on engagements taken up again after one."""

from __future__ import annotations

from uuid import UUID

from sqlmodel import col, select

from audit_portal.domain.decision import DecisionState
from audit_portal.domain.supervision import Gate
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.tables.supervision import Reopening
from audit_portal.storage.transaction import Transaction


def of_engagement(tx: Transaction, engagement_id: UUID) -> list[GateRequest]:
    query = select(GateRequest).where(GateRequest.engagement_id == engagement_id)
    return list(tx.session.exec(query.order_by(col(GateRequest.id).desc())))


def open_requests(tx: Transaction, engagement_id: UUID) -> list[GateRequest]:
    query = select(GateRequest).where(
        GateRequest.engagement_id == engagement_id, GateRequest.state == DecisionState.REQUESTED
    )
    return list(tx.session.exec(query))


def on(tx: Transaction, assessment_id: UUID) -> list[GateRequest]:
    """Every request that rests on this check, whatever became of it."""
    return list(tx.session.exec(select(GateRequest).where(GateRequest.assessment_id == assessment_id)))


def made_on(tx: Transaction, assessment_id: UUID) -> GateRequest | None:
    """The newest approval or refusal that rests on this check."""
    query = select(GateRequest).where(
        GateRequest.assessment_id == assessment_id,
        col(GateRequest.state).in_((DecisionState.APPROVED, DecisionState.REFUSED)),
    )
    return tx.session.exec(query.order_by(col(GateRequest.id).desc()).limit(1)).one_or_none()


def last_made(tx: Transaction, engagement_id: UUID) -> list[GateRequest]:
    """Of approvals and refusals the newest on each check, and the newest at each gate that looks at none."""
    found: dict[UUID | Gate, GateRequest] = {}
    for row in of_engagement(tx, engagement_id):
        if row.state in (DecisionState.APPROVED, DecisionState.REFUSED):
            found.setdefault(row.assessment_id or row.gate, row)
    return list(found.values())


def approvals(tx: Transaction, engagement_id: UUID) -> list[GateRequest]:
    """Those that hold: since the work was last taken up again, and not refused at that gate later on."""
    again = reopenings(tx, engagement_id)
    found: list[GateRequest] = []
    refused: set[Gate] = set()
    for row in of_engagement(tx, engagement_id):
        if row.decided_at is None or (again and row.decided_at < again[0].reopened_at):
            continue
        if row.state is DecisionState.REFUSED:
            refused.add(row.gate)
        elif row.state is DecisionState.APPROVED and row.gate not in refused:
            found.append(row)
    return found


def latest(tx: Transaction, engagement_id: UUID, gate: Gate) -> GateRequest | None:
    query = select(GateRequest).where(GateRequest.engagement_id == engagement_id, GateRequest.gate == gate)
    return tx.session.exec(query.order_by(col(GateRequest.id).desc()).limit(1)).one_or_none()


def latest_refusal(tx: Transaction, engagement_id: UUID) -> GateRequest | None:
    """The newest refusal, at whichever gate."""
    query = select(GateRequest).where(
        GateRequest.engagement_id == engagement_id, GateRequest.state == DecisionState.REFUSED
    )
    return tx.session.exec(query.order_by(col(GateRequest.id).desc()).limit(1)).one_or_none()


def reopenings(tx: Transaction, engagement_id: UUID) -> list[Reopening]:
    """The newest first."""
    query = select(Reopening).where(Reopening.engagement_id == engagement_id)
    return list(tx.session.exec(query.order_by(col(Reopening.id).desc())))

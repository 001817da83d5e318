"""Queries on accepted blockers, conditions of approvals, and what vendors are told of refusals."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.domain.condition import ConditionState
from audit_portal.storage.tables.approvals import (
    AcceptedBlocker,
    DecisionCondition,
    OutsideDecision,
    RefusalNotice,
)
from audit_portal.storage.tables.supervision import Engagement, Party
from audit_portal.storage.transaction import Transaction


def accepted(tx: Transaction, engagement_id: UUID) -> list[AcceptedBlocker]:
    """What is accepted and neither met nor accepted anew, the first to end first."""
    query = select(AcceptedBlocker).where(
        AcceptedBlocker.engagement_id == engagement_id, col(AcceptedBlocker.settled_at).is_(None)
    )
    return list(tx.session.exec(query.order_by(col(AcceptedBlocker.expires_on), col(AcceptedBlocker.id))))


def ever_accepted(tx: Transaction, engagement_id: UUID) -> list[AcceptedBlocker]:
    """Every acceptance there was, settled or not, in the order in which they were given."""
    query = select(AcceptedBlocker).where(AcceptedBlocker.engagement_id == engagement_id)
    return list(tx.session.exec(query.order_by(col(AcceptedBlocker.decision_id), col(AcceptedBlocker.id))))


def ending(
    tx: Transaction, until: date, limit: int = limits.PAGE
) -> list[tuple[AcceptedBlocker, Engagement, Party]]:
    """What ends until this day, or has ended, of all engagements within reach."""
    query = (
        sa.select(AcceptedBlocker, Engagement, Party)
        .join(Engagement, col(Engagement.id) == AcceptedBlocker.engagement_id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
        .where(col(AcceptedBlocker.settled_at).is_(None), col(AcceptedBlocker.expires_on) <= until)
        .order_by(col(AcceptedBlocker.expires_on), col(AcceptedBlocker.id))
        .limit(limit)
    )
    return [tuple(row) for row in tx.session.execute(query)]


def conditions(tx: Transaction, engagement_id: UUID) -> list[DecisionCondition]:
    query = select(DecisionCondition).where(DecisionCondition.engagement_id == engagement_id)
    return list(tx.session.exec(query.order_by(col(DecisionCondition.due_on), col(DecisionCondition.id))))


def open_conditions(
    tx: Transaction, *states: ConditionState, limit: int = limits.AWAITING
) -> list[tuple[DecisionCondition, Engagement, Party]]:
    """Conditions in these states, of all engagements within reach, by due date."""
    query = (
        sa.select(DecisionCondition, Engagement, Party)
        .join(Engagement, col(Engagement.id) == DecisionCondition.engagement_id)
        .join(Party, col(Party.id) == Engagement.vendor_id)
        .where(col(DecisionCondition.state).in_(states))
        .order_by(col(DecisionCondition.due_on), col(DecisionCondition.id))
        .limit(limit)
    )
    return [tuple(row) for row in tx.session.execute(query)]


def notices(tx: Transaction, engagement_id: UUID) -> list[RefusalNotice]:
    """The newest first."""
    query = select(RefusalNotice).where(RefusalNotice.engagement_id == engagement_id)
    return list(tx.session.exec(query.order_by(col(RefusalNotice.id).desc())))


def outside(tx: Transaction, decision_id: UUID) -> OutsideDecision | None:
    query = select(OutsideDecision).where(OutsideDecision.decision_id == decision_id)
    return tx.session.exec(query).one_or_none()

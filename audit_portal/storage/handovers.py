"""Queries on hand-overs, on what a person has in hand, and on new leads of vendors."""

from __future__ import annotations

import json
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col, select

from audit_portal.domain import limits
from audit_portal.domain.access import Level, Role
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.assessment import MAY_COME_BACK
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.handover import OPEN, HandoverState
from audit_portal.domain.lead_change import LeadChangeState
from audit_portal.domain.supervision import State
from audit_portal.storage.tables.accounts import Account, Identity
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.handovers import Handover, LeadChange
from audit_portal.storage.tables.process import Delegation
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Reach
from audit_portal.storage.tables.system import History
from audit_portal.storage.transaction import Transaction

_OVER = (State.CLOSED, State.REFUSED)
Work = tuple[Engagement, EngagementLink]


def listed(tx: Transaction) -> list[Handover]:
    """The newest first."""
    return list(tx.session.exec(select(Handover).order_by(col(Handover.id).desc()).limit(limits.PAGE * 5)))


def in_state(tx: Transaction, state: HandoverState) -> list[Handover]:
    query = select(Handover).where(Handover.state == state)
    return list(tx.session.exec(query.order_by(col(Handover.from_on), col(Handover.id))))


def planned_before(tx: Transaction, day: date) -> list[Handover]:
    query = select(Handover).where(Handover.state == HandoverState.PLANNED, Handover.from_on < day)
    return list(tx.session.exec(query.order_by(col(Handover.from_on), col(Handover.id))))


def due(tx: Transaction, today: date) -> list[UUID]:
    query = select(Handover.id).where(Handover.state == HandoverState.PLANNED, Handover.from_on <= today)
    return list(tx.session.exec(query.order_by(col(Handover.from_on), col(Handover.id))))


def open_of(tx: Transaction, leaver_id: UUID) -> Handover | None:
    query = select(Handover).where(Handover.leaver_id == leaver_id, col(Handover.state).in_(tuple(OPEN)))
    return tx.session.exec(query).one_or_none()


def everybody(tx: Transaction, party_id: UUID) -> list[Account]:
    """All accounts of a party, those that have ended too, by name."""
    query = select(Account).where(Account.party_id == party_id)
    return list(tx.session.exec(query.order_by(col(Account.name), col(Account.id))))


def works(tx: Transaction, account_id: UUID) -> list[Work]:
    """Running engagements that a person owns or deputises in, by number."""
    query = (
        sa.select(Engagement, EngagementLink)
        .join(EngagementLink, col(EngagementLink.id) == Engagement.id)
        .where(
            sa.or_(col(Engagement.owner_id) == account_id, col(Engagement.deputy_id) == account_id),
            col(EngagementLink.state).not_in(_OVER),
        )
    )
    return [(row[0], row[1]) for row in tx.session.execute(query.order_by(col(EngagementLink.number)))]


def assigned(tx: Transaction, account_id: UUID) -> list[Work]:
    """Running engagements that a person was put on, by number."""
    query = (
        sa.select(Engagement, EngagementLink)
        .join(EngagementLink, col(EngagementLink.id) == Engagement.id)
        .join(Reach, col(Reach.engagement_id) == Engagement.id)
        .where(
            col(Reach.subject_id) == account_id,
            col(Reach.level) == Level.ASSIGNED,
            col(EngagementLink.state).not_in(_OVER),
        )
    )
    return [(row[0], row[1]) for row in tx.session.execute(query.order_by(col(EngagementLink.number)))]


def place(tx: Transaction, engagement_id: UUID, account_id: UUID) -> Reach | None:
    """That a person was put on an engagement."""
    return tx.session.get(Reach, (engagement_id, account_id, Level.ASSIGNED))


def held_answers(
    tx: Transaction, account_id: UUID, side: AnsweredBy, assessment_id: UUID | None = None
) -> list[tuple[Answer, Assessment]]:
    """Items of this side that a person was given, in checks (or one) that are answered or may yet be given back."""
    query = (
        sa.select(Answer, Assessment)
        .join(Assessment, col(Assessment.id) == Answer.assessment_id)
        .where(
            col(Answer.delegate_id) == account_id,
            col(Answer.answered_by) == side,
            col(Assessment.state).in_(tuple(MAY_COME_BACK)),
        )
        .order_by(col(Assessment.number), col(Answer.position))
    )
    if assessment_id is not None:
        query = query.where(col(Assessment.id) == assessment_id)
    return [(row[0], row[1]) for row in tx.session.execute(query)]


def newest_gift(tx: Transaction, assessment_id: UUID, account_id: UUID) -> Delegation | None:
    query = select(Delegation).where(
        Delegation.assessment_id == assessment_id, Delegation.delegate_id == account_id
    )
    return tx.session.exec(query.order_by(col(Delegation.id).desc()).limit(1)).one_or_none()


def called_about(tx: Transaction, email: str) -> list[Assessment]:
    """Checks that aren't over, about which the vendor is told to call the person with this address, by number."""
    called = col(Assessment.contact)["email"].as_string() == email
    query = select(Assessment).where(col(Assessment.state).in_(tuple(MAY_COME_BACK)), called)
    return list(tx.session.exec(query.order_by(col(Assessment.number))))


def leads(tx: Transaction, party_id: UUID) -> list[Account]:
    """Of those who joined a vendor, who is or ever was its lead; those who have ended last. For the system."""
    joined = select(Identity.account_id).where(Identity.account_id == Account.id).exists()
    query = select(Account).where(Account.party_id == party_id, joined)
    rows = list(tx.session.exec(query.order_by(col(Account.name), col(Account.id))))
    ever = _ever_leads(tx, [row.id for row in rows])
    found = [row for row in rows if Role.VENDOR_LEAD.value in row.roles or row.id in ever]
    return sorted(found, key=lambda row: row.state is AccountState.ENDED)


def _ever_leads(tx: Transaction, people: list[UUID]) -> set[UUID]:
    """Whom any version in the history calls a lead: a role that was taken away opens nothing again."""
    query = select(History.row_id, History.body).where(
        History.kind == str(Account.__tablename__), col(History.row_id).in_(people)
    )
    return {
        row_id
        for row_id, body in tx.session.exec(query)
        if Role.VENDOR_LEAD.value in json.loads(body)["roles"]
    }


def lead_change_of(tx: Transaction, account_id: UUID) -> LeadChange | None:
    """The change by which this person became lead."""
    query = select(LeadChange).where(LeadChange.account_id == account_id)
    return tx.session.exec(query.order_by(col(LeadChange.id).desc()).limit(1)).one_or_none()


def lead_changes(tx: Transaction, party_id: UUID) -> list[LeadChange]:
    """Those of a vendor, the newest first."""
    query = select(LeadChange).where(LeadChange.party_id == party_id)
    return list(tx.session.exec(query.order_by(col(LeadChange.id).desc())))


def waiting_lead_changes(tx: Transaction, reader_id: UUID) -> list[LeadChange]:
    """The oldest that somebody else noted."""
    query = select(LeadChange).where(
        LeadChange.state == LeadChangeState.WAITING, LeadChange.asked_by != reader_id
    )
    return list(tx.session.exec(query.order_by(col(LeadChange.id)).limit(limits.AWAITING)))

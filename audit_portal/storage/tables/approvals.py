"""What came with a decision: blockers accepted for a time, conditions to fulfil, words for the vendor."""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.condition import ConditionState
from audit_portal.domain.supervision import Gate
from audit_portal.storage.tables.base import (
    Identified,
    Kept,
    Ledger,
    Scope,
    choice,
    moment,
    reference,
    text,
)


class AcceptedBlocker(Kept, table=True):
    """A blocker the final approver accepted; after its last day it stands again, until `settled_at`."""

    __tablename__: ClassVar[str] = "accepted_blocker"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    decision_id: UUID = reference("decision.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    gate: Gate = choice(Gate)
    key: str = text(100)
    reason: str = text(limits.LINE)
    measure: str = text(limits.LINE)
    expires_on: date
    settled_at: datetime | None = moment(default=None, nullable=True)  # met, or accepted anew

    __table_args__ = (sa.Index(None, "settled_at", "expires_on"),)


class DecisionCondition(Kept, table=True):
    """A dated action on which an approval depends."""

    __tablename__: ClassVar[str] = "decision_condition"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    decision_id: UUID = reference("decision.id", index=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    number: str = text(limits.NUMBER, unique=True)
    what: str = text(limits.LINE)
    who: str = text(limits.NAME)
    due_on: date
    before_release: bool = False
    state: ConditionState = choice(ConditionState, default=ConditionState.OPEN)
    note: str = text(limits.LINE, default="")  # of who says that it is done
    fulfilled_by: UUID | None = reference("account.id", default=None, nullable=True)
    fulfilled_name: str = text(limits.NAME, default="")
    fulfilled_at: datetime | None = moment(default=None, nullable=True)
    answer: str = text(limits.LINE, default="")  # of who confirmed it or sent it back
    confirmed_by: UUID | None = reference("account.id", default=None, nullable=True)
    confirmed_name: str = text(limits.NAME, default="")
    confirmed_at: datetime | None = moment(default=None, nullable=True)

    __table_args__ = (sa.Index(None, "state", "due_on"),)


class RefusalNotice(Identified, table=True):
    """What the vendor is told of a refusal: these words alone, none of the reasons."""

    __tablename__: ClassVar[str] = "refusal_notice"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED

    engagement_id: UUID = reference("engagement_link.id", index=True)
    words: str = text(limits.TEXT)
    told_at: datetime = moment()


class OutsideDecision(Identified, table=True):
    """A decision taken outside (稟議), on which a request rests: when it happened, on what paper."""

    __tablename__: ClassVar[str] = "outside_decision"
    __scope__ = Scope.ENGAGEMENT
    __ledger__ = Ledger.RECORDED
    __principal_only__ = True

    decision_id: UUID = reference("decision.id", unique=True)
    engagement_id: UUID = reference("engagement_link.id", index=True)
    number: str = text(limits.NUMBER)
    approver: str = text(limits.NAME)
    approver_title: str = text(limits.NAME)
    decided_on: date
    evidence_version_id: UUID = reference("evidence_version.id")
    entered_at: datetime = moment()  # … and when it was entered here
    entered_by: UUID = reference("account.id")

"""What the ledger says of engagements."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class EngagementRegistered(Event, name="engagement.registered"):
    number: str
    principal_id: UUID
    vendor_id: UUID
    tier: int
    risk_tier: str


@dataclass(frozen=True, kw_only=True)
class EngagementChanged(Event, name="engagement.changed"):
    """`what`: names of facts; `asked_anew`: items that no decided check has asked yet."""

    number: str
    what: frozenset[str]
    before: str  # risk tier
    after: str
    conditions_added: frozenset[str]
    conditions_gone: frozenset[str]
    asked_anew: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecheckSettled(Event, name="engagement.recheck_settled"):
    """What a change had made new is asked and decided, or doesn't apply any more."""

    recheck_id: UUID
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CloudDetermined(Event, name="engagement.cloud_determined"):
    determination_id: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class EngagementMoved(Event, name="engagement.moved"):
    before: str
    after: str
    decision_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class EngagementReopened(Event, name="engagement.reopened"):
    """A refused engagement was taken up again; the reason is in the row."""

    reopening_id: UUID
    decision_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PersonAssigned(Event, name="engagement.person_assigned"):
    account_id: UUID
    role: str

"""What the ledger says of people who are replaced."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class HandoverPlanned(Event, name="handover.planned"):
    handover_id: UUID
    leaver_id: UUID
    worker_id: UUID | None
    decider_id: UUID | None
    from_on: date


@dataclass(frozen=True, kw_only=True)
class HandoverHeld(Event, name="handover.held"):
    handover_id: UUID
    stuck: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class HandoverWithdrawn(Event, name="handover.withdrawn"):
    handover_id: UUID


@dataclass(frozen=True, kw_only=True)
class HandoverDone(Event, name="handover.done"):
    handover_id: UUID
    moved: int


@dataclass(frozen=True, kw_only=True)
class TaskMoved(Event, name="handover.task_moved"):
    """One thing of the person who leaves is another's from now on."""

    handover_id: UUID
    task: str
    thing_id: UUID
    before: UUID
    after: UUID


@dataclass(frozen=True, kw_only=True)
class LeadChangeAsked(Event, name="lead_change.asked"):
    """A contact of the vendor confirmed a new lead; a second person has to look at it."""

    change_id: UUID
    party_id: UUID
    contact_id: UUID
    leaving_id: UUID | None
    means: str
    confirmed_on: date


@dataclass(frozen=True, kw_only=True)
class LeadChangeSettled(Event, name="lead_change.settled"):
    change_id: UUID
    party_id: UUID
    outcome: str
    account_id: UUID | None  # of the new lead

"""What the ledger says of decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class DecisionRequested(Event, name="decision.requested"):
    decision_id: UUID
    gate: str
    snapshot_sha256: str


@dataclass(frozen=True, kw_only=True)
class DecisionMade(Event, name="decision.made"):
    decision_id: UUID
    gate: str
    outcome: str
    snapshot_sha256: str
    accepted: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class SeatFilled(Event, name="decision.seat_filled"):
    """`deputy_of`: in whose name, where the person acted as a deputy."""

    decision_id: UUID
    position: int
    outcome: str
    deputy_of: UUID | None = None


@dataclass(frozen=True, kw_only=True)
class SeatGiven(Event, name="decision.seat_given"):
    """A seat that nobody could fill any more was given to others."""

    decision_id: UUID
    position: int
    people: tuple[UUID, ...]


@dataclass(frozen=True, kw_only=True)
class DecisionOvertaken(Event, name="decision.overtaken"):
    """The facts a request rested on changed: it has to be asked anew."""

    decision_id: UUID
    gate: str
    because: str


@dataclass(frozen=True, kw_only=True)
class AcceptanceSettled(Event, name="decision.acceptance_settled"):
    """What had been accepted for a time doesn't stand in the way any more, or was accepted anew."""

    decision_id: UUID
    keys: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ConditionMoved(Event, name="decision.condition_moved"):
    decision_id: UUID
    number: str
    state: str


@dataclass(frozen=True, kw_only=True)
class RouteWritten(Event, name="route.written"):
    route_id: UUID
    gate: str
    risk_tier: str
    seats: int


@dataclass(frozen=True, kw_only=True)
class RouteEnded(Event, name="route.ended"):
    route_id: UUID


@dataclass(frozen=True, kw_only=True)
class DeputyNamed(Event, name="route.deputy_named"):
    deputy_row_id: UUID
    person_id: UUID
    deputy_id: UUID
    first_on: date
    last_on: date


@dataclass(frozen=True, kw_only=True)
class DeputyEnded(Event, name="route.deputy_ended"):
    deputy_row_id: UUID


@dataclass(frozen=True, kw_only=True)
class OutsideEntered(Event, name="decision.outside_entered"):
    """A decision taken outside was entered, with the digest of its paper; somebody else confirms it."""

    decision_id: UUID
    decided_on: date
    sha256: str

"""What the ledger says of decisions."""

from __future__ import annotations

from dataclasses import dataclass
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

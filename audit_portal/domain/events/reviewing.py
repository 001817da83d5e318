"""What the ledger says of inspections and findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class InspectionRecorded(Event, name="inspection.recorded"):
    """A document was looked at and stayed with its owner."""

    assessment_id: UUID
    inspection_id: UUID
    item: str
    means: str
    inspected_on: date


@dataclass(frozen=True, kw_only=True)
class InspectionWithdrawn(Event, name="inspection.withdrawn"):
    assessment_id: UUID
    inspection_id: UUID
    item: str


@dataclass(frozen=True, kw_only=True)
class FindingRaised(Event, name="finding.raised"):
    assessment_id: UUID
    finding_id: UUID
    number: str
    item: str
    severity: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class FindingChanged(Event, name="finding.changed"):
    finding_id: UUID
    number: str
    severity: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class FindingWithdrawn(Event, name="finding.withdrawn"):
    finding_id: UUID
    number: str

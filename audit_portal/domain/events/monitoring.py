"""What the ledger says of keeping watch: the yearly plan."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class PlanEntryAdded(Event, name="plan.added"):
    entry_id: UUID
    kind: str
    fiscal_year: int
    month: date


@dataclass(frozen=True, kw_only=True)
class PlanEntryMoved(Event, name="plan.moved"):
    entry_id: UUID
    kind: str
    before: date
    after: date


@dataclass(frozen=True, kw_only=True)
class PlanEntryCancelled(Event, name="plan.cancelled"):
    entry_id: UUID
    kind: str
    month: date


@dataclass(frozen=True, kw_only=True)
class PlanEntryStarted(Event, name="plan.started"):
    """The check that was planned was sent."""

    entry_id: UUID
    kind: str
    assessment_id: UUID


@dataclass(frozen=True, kw_only=True)
class FiscalYearChanged(Event, name="installation.fiscal_year_changed"):
    first_month: int

"""What the ledger says of what was brought in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class RowsAdopted(Event, name="row.adopted"):
    """An upgrade made these rows from what was there before; from here on they have a history."""

    kinds: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class RegisterImported(Event, name="register.imported"):
    """One file brought into the register; commits to every row it made or changed."""

    run_id: UUID
    kind: str
    sha256: str
    created: int
    changed: int


@dataclass(frozen=True, kw_only=True)
class EngagementBroughtIn(Event, name="engagement.brought_in"):
    """Live from the first entry on; its gates are not yet shown."""

    number: str
    run_id: UUID
    principal_id: UUID
    vendor_id: UUID
    tier: int
    risk_tier: str
    runs_since: date
    catch_up_on: date


@dataclass(frozen=True, kw_only=True)
class GateShownLater(Event, name="engagement.gate_shown"):
    """A gate of an engagement that was brought in running is shown now, by a decision."""

    gate: str
    decision_id: UUID
    decided_on: date


@dataclass(frozen=True, kw_only=True)
class EvaluationBroughtIn(Event, name="evaluation.brought_in"):
    """An evaluation made before the portal was used: history, no gate rests on it."""

    run_id: UUID
    evaluation_id: UUID
    kind: str
    evaluated_on: date

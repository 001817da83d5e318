"""What the ledger says of rounds to many vendors."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class RoundStarted(Event, name="round.started"):
    round_id: UUID
    checklist: str
    version: str
    fiscal_year: int
    due_on: date
    engagements: int


@dataclass(frozen=True, kw_only=True)
class RoundResumed(Event, name="round.resumed"):
    round_id: UUID
    engagements: int


@dataclass(frozen=True, kw_only=True)
class RoundFinished(Event, name="round.finished"):
    round_id: UUID
    sent: int
    left_out: int

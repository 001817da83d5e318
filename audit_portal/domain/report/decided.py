"""What a report says of a decision: who, why, what was accepted, on what conditions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from audit_portal.domain.report.words import Bilingual


class DecisionOutcome(StrEnum):
    APPROVED = "approved"
    REFUSED = "refused"


@dataclass(frozen=True)
class AcceptedBlocker:
    """A shortfall the final approver accepted; never one of law or of a guideline's "must".

    `renewed_until`: a later decision accepted it anew; `settled`: the day it was found to be met.
    """

    what: Bilingual
    basis: str
    reason: str
    measure: str
    until: date
    duty: str = ""
    renewed_until: date | None = None
    settled: date | None = None


@dataclass(frozen=True)
class ConditionFacts:
    """A dated action on which the approval depends."""

    what: str
    who: str
    due: date
    before_release: bool
    confirmed: date | None  # by an approver


@dataclass(frozen=True)
class DecisionFacts:
    outcome: DecisionOutcome
    by: tuple[str, ...]
    at: datetime
    reason: str
    accepted: tuple[AcceptedBlocker, ...] = ()
    conditions: tuple[ConditionFacts, ...] = ()
    gate: str = ""  # G1 | G2 | G2b
    number: str = ""

    @property
    def open_terms(self) -> tuple[str, ...]:
        """What an approval still depends on."""
        conditions = any(each.confirmed is None for each in self.conditions)
        accepted = any(each.settled is None for each in self.accepted)
        return (*(("conditions",) if conditions else ()), *(("accepted",) if accepted else ()))

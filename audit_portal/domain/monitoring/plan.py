"""The yearly plan (年間計画): which engagement is evaluated in which month, proposed by tier and last date.

For private companies the law says no more than "periodically" (PPC guideline 3-4-4 (3)); the intervals are own
policy (facts.md 4.2), and are never called a duty.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from audit_portal.domain.checklist import Tier
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.monitoring.fiscal_year import FiscalYear, later, month_of
from audit_portal.domain.supervision import Classification, State

# Months from one periodic evaluation (定期評価) to the next.
INTERVALS: Mapping[Tier, int] = {Tier.HIGH: 12, Tier.MEDIUM: 12, Tier.LOW: 24}

# Data is handled there: what isn't released yet, or is over, needs no watching.
WATCHED = frozenset({State.LIVE, State.SUSPENDED})


class PlanState(StrEnum):
    PLANNED = "planned"
    STARTED = "started"  # its check was sent; that check says how far it is
    CANCELLED = "cancelled"


OPEN = frozenset({PlanState.PLANNED, PlanState.STARTED})


@dataclass(frozen=True)
class Watched:
    """What the plan needs to know of an engagement. `verified_on`: when anybody last looked, None for never."""

    state: State
    classification: Classification
    tier: Tier
    verified_on: date | None
    ends_on: date | None = None


@dataclass(frozen=True)
class Proposal:
    """When an engagement is due, and the month of the plan's year that is proposed for it."""

    due_on: date | None  # None: never verified, so due now
    month: date | None  # None: not due in this year, or over before it is due


def propose(found: Watched, year: FiscalYear, today: date) -> Proposal | None:
    """None for what the plan doesn't hold. A month that is over is never proposed."""
    if found.state not in WATCHED or found.classification is not Classification.ENTRUSTMENT:
        return None
    due = later(found.verified_on, INTERVALS[found.tier]) if found.verified_on else None
    earliest = max(year.first, month_of(today))
    month = max(earliest, month_of(due)) if due else earliest
    over = found.ends_on is not None and found.ends_on < month
    return Proposal(due, None if over or month not in year else month)


def check_month(month: date, year: FiscalYear, today: date) -> None:
    """Raises Invalid('plan_month_past' | 'plan_month_outside')."""
    if month not in year:
        raise Invalid("plan_month_outside", field="month", year=year.year)
    if month < month_of(today):
        raise Invalid("plan_month_past", field="month")


def must_be_planned(state: PlanState) -> None:
    """Raises Conflict once it was started or cancelled."""
    if state is PlanState.STARTED:
        raise Conflict("plan_started")
    if state is PlanState.CANCELLED:
        raise Conflict("plan_cancelled")

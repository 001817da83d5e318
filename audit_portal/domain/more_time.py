"""Asking for more time (期限の延長): what may be asked, and what may be granted."""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.errors import Conflict, Invalid

# Only while the vendor has to answer is there a date to move.
WITH_VENDOR = frozenset({AssessmentState.SENT, AssessmentState.IN_PROGRESS, AssessmentState.RETURNED})


class TimeState(StrEnum):
    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"
    REPLACED = "replaced"  # the vendor asked anew before anybody answered


def require_with_vendor(state: AssessmentState) -> None:
    if state not in WITH_VENDOR:
        raise Conflict("assessment_moved_on", state=state.value)


def check_date(day: date, due_on: date, today: date, field: str) -> None:
    """A new date lies after the present one, and not in the past. Raises Invalid on `field`."""
    if day <= due_on:
        raise Invalid("time_not_later", field=field, due=due_on)
    if day < today:
        raise Invalid("time_in_past", field=field)

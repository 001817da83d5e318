"""Findings (指摘事項): what is wrong, how grave, and by when it must be mended.

The days are own policy: neither law nor guideline names any (facts.md 4.2).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid


class Severity(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


DAYS: Mapping[Severity, int] = {Severity.HIGH: 14, Severity.MEDIUM: 30, Severity.LOW: 90}


@dataclass(frozen=True)
class FindingFacts:
    severity: Severity
    what: str
    due_on: date | None = None  # None: by the policy's days


def due_on(facts: FindingFacts, today: date) -> date:
    """The date given, else the one of the policy. Raises Invalid for one in the past, or out of all bounds."""
    if facts.due_on is None:
        return today + timedelta(days=DAYS[facts.severity])
    if facts.due_on < today:
        raise Invalid("finding_due_past", field="due_on", today=today)
    if facts.due_on > today + timedelta(days=limits.FINDING_DAYS):
        raise Invalid("finding_due_too_far", field="due_on", most=limits.FINDING_DAYS)
    return facts.due_on


def check_finding(facts: FindingFacts) -> None:
    if not facts.what.strip():
        raise Invalid("finding_needs_words", field="what")

"""A decision taken outside the portal (稟議): it counts with number, approver, date and paper."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from audit_portal.domain.errors import Invalid


@dataclass(frozen=True)
class OutsideFacts:
    """What the paper says; `reason`: why it is entered, for who confirms it."""

    number: str
    approver: str
    approver_title: str
    decided_on: date
    reason: str


def check(facts: OutsideFacts, today: date) -> None:
    """Raises Invalid('outside_incomplete' | 'outside_in_the_future')."""
    for field in ("number", "approver", "approver_title", "reason"):
        if not getattr(facts, field).strip():
            raise Invalid("outside_incomplete", field=field)
    if facts.decided_on > today:
        raise Invalid("outside_in_the_future", field="decided_on")

"""What a change of an engagement's facts touches: the risk tier, the conditions, what is entrusted, or neither.

Source: design.md section 2: a change of data, numbers, place, system, country or scope re-evaluates tier,
items and gates, asks only what became new, and releases nothing wider before a decision.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import fields
from enum import StrEnum

from audit_portal.domain.engagement import EngagementFacts


class Touch(StrEnum):
    TIER = "tier"
    CONDITIONS = "conditions"
    CLASS = "class"  # whether the three steps apply at all
    WORK = "work"  # what is entrusted, and how it is handed over: a decision that waits was asked on that


_T, _C, _W = Touch.TIER, Touch.CONDITIONS, Touch.WORK
TOUCHES: dict[str, frozenset[Touch]] = {
    "persons": frozenset({_T}),
    "special_care": frozenset({_T}),
    "data_kinds": frozenset({_T}),
    "risk_tier": frozenset({_T}),
    "my_number": frozenset({_T, _C}),
    "handled_abroad": frozenset({_T, _C}),
    "places": frozenset({_T, _C}),
    "recipients": frozenset({_T, _C}),
    "profile": frozenset({_T, _C}),
    "subcontracting": frozenset({_T, _C}),  # conditions may have a floor for the tier
    "work_kind": frozenset({_T, _C}),
    "classification": frozenset({_T, _C, Touch.CLASS}),
    "scope": frozenset({_W}),
    "purpose": frozenset({_W}),
    "data_categories": frozenset({_W}),
    "transfer": frozenset({_W}),
    "transfer_note": frozenset({_W}),
    "abroad_where": frozenset({_W}),
}


def changed(before: EngagementFacts, after: EngagementFacts) -> frozenset[str]:
    """The names of the facts that differ."""
    return frozenset(
        each.name for each in fields(before) if getattr(before, each.name) != getattr(after, each.name)
    )


def touched(what: Set[str]) -> frozenset[Touch]:
    """What has to be worked out anew when these facts change."""
    return frozenset(touch for name in what for touch in TOUCHES.get(name, ()))

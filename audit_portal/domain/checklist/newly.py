"""What a change of facts makes new: items that no decided check has asked yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from audit_portal.domain.checklist.conditions import applicable, fired
from audit_portal.domain.checklist.model import AnsweredBy, AnswerValue, Checklist, Item, Tier


@dataclass(frozen=True)
class Asked:
    """A check as it was asked: its tier, the conditions that held, what was said and which items stood in it."""

    tier: Tier
    conditions: Set[str]
    items: Set[str]
    answers: Mapping[str, AnswerValue] = field(hash=False, default_factory=dict)


def newly_asked(
    checklist: Checklist, before: Sequence[Asked], tier: Tier, conditions: Set[str]
) -> tuple[Item, ...]:
    """The items of `checklist` that apply with this tier and these conditions but were never asked.

    `before` holds the checks that count, the newest last: an item one of them asked isn't new, and neither
    is one that already applied then (an auditor's item waits for the audit, not for this). What the portal
    works out itself is never new. A condition that the answers fired holds on.
    """
    said: dict[str, AnswerValue] = {}
    known: set[str] = set()
    for each in before:
        said |= each.answers
        known |= each.items
        known |= {item.id for item in applicable(checklist, each.tier, each.conditions)}
    now = conditions | fired(checklist, said, conditions)
    return tuple(
        item
        for item in applicable(checklist, tier, now)
        if item.answered_by is not AnsweredBy.PORTAL and item.id not in known
    )

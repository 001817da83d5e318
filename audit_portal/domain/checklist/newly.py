"""What a change of facts makes new: items that no decided check has asked yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

from audit_portal.domain.checklist.conditions import applicable, fired
from audit_portal.domain.checklist.model import AnsweredBy, AnswerValue, Checklist, Item, Tier

_ASKED = (AnsweredBy.CLIENT, AnsweredBy.VENDOR)


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
    return _unknown(checklist, before, tier, _holding(checklist, before, conditions))


def _holding(checklist: Checklist, before: Sequence[Asked], conditions: Set[str]) -> Set[str]:
    said: dict[str, AnswerValue] = {}
    for each in before:
        said |= each.answers
    return conditions | fired(checklist, said, conditions)


def _unknown(
    checklist: Checklist, before: Sequence[Asked], tier: Tier, conditions: Set[str]
) -> tuple[Item, ...]:
    known: set[str] = set()
    for each in before:
        known |= each.items
        known |= {item.id for item in applicable(checklist, each.tier, each.conditions)}
    return tuple(
        item
        for item in applicable(checklist, tier, conditions)
        if item.answered_by is not AnsweredBy.PORTAL and item.id not in known
    )


@dataclass(frozen=True)
class Addition:
    """A check that only asks what became new. `asked` apply now, `items` are frozen: also those that an answer to
    a new question may bring up. `conditions` are its own: those that answers before it set hold on."""

    conditions: frozenset[str]
    asked: tuple[Item, ...]
    items: tuple[Item, ...]


def addition(checklist: Checklist, before: Asked, tier: Tier, conditions: Set[str]) -> Addition | None:
    """What is to be asked beside the check `before`; None when it asked all that a check asks."""
    now = _holding(checklist, (before,), conditions)
    asked = tuple(item for item in _unknown(checklist, (before,), tier, now) if item.answered_by in _ASKED)
    if not asked:
        return None
    items, count = asked, 0
    while len(items) > count:  # what the new questions may bring up, and what that may bring up
        count = len(items)
        possible = now | {item.fires for item in items if item.fires}
        items = tuple(
            item for item in _unknown(checklist, (before,), tier, possible) if item.answered_by in _ASKED
        )
    return Addition(frozenset(now), asked, items)


def is_addition(checklist: Checklist, tier: Tier, conditions: Set[str], asked: Set[str]) -> bool:
    """Whether a check left out what applied when it was sent, and so adds to one before it."""
    every = applicable(checklist, tier, conditions)
    return any(item.answered_by in _ASKED and item.id not in asked for item in every)

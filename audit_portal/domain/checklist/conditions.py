"""Which items apply to an engagement, with what force, and which conditions its answers set."""

from __future__ import annotations

from collections.abc import Mapping, Set

from audit_portal.domain.checklist.model import AnsweredBy, AnswerValue, Checklist, Duty, Item, Kind, Tier

# When several conditions replace the duty of an item, the strongest of them counts.
_STRENGTH = (
    Duty.LAW, Duty.EU, Duty.GUIDELINE_MUST, Duty.GUIDELINE_SHOULD, Duty.STANDARD, Duty.OWN, Duty.SEED,
)  # fmt: skip


def applicable(checklist: Checklist, tier: Tier, conditions: Set[str]) -> tuple[Item, ...]:
    """The items that count at this tier with these conditions, portal items included, in file order."""
    return tuple(each for each in checklist.items if tier in each.tiers and each.conditions <= conditions)


def duty_of(item: Item, conditions: Set[str]) -> Duty:
    """The force of the item on this engagement: `duty`, unless a condition that holds replaces it."""
    replacing = [duty for code, duty in item.duty_if.items() if code in conditions]
    return min(replacing, key=_STRENGTH.index) if replacing else item.duty


def evidence_required(item: Item, tier: Tier) -> bool:
    """Whether a "yes" or "partial" needs a document at this tier."""
    if item.kind is Kind.FACT or item.answered_by is AnsweredBy.PORTAL or item.evidence_from is None:
        return False
    return tier in item.tiers and tier.at_least(item.evidence_from)


def fired(
    checklist: Checklist, answers: Mapping[str, AnswerValue], conditions: Set[str] = frozenset()
) -> frozenset[str]:
    """The conditions that these answers set, given those that hold already (profile, register).

    Only facts whose own conditions hold are looked at: an answer left from before they changed sets nothing.
    A complement holds once every such fact is answered plainly and none of them fired: before that, and
    after an "unknown", neither it nor its opposite is known.
    """
    facts = [each for each in checklist.items if each.fires and each.conditions <= conditions]
    yes = {item_id for item_id, value in answers.items() if value is AnswerValue.YES}
    found = {
        each.fires
        for each in facts
        if each.fires and each.id in yes and not _lifted(checklist, each, yes, conditions)
    }
    for code, opposite in checklist.complements.items():
        firing = [each for each in facts if each.fires == opposite]
        if firing and opposite not in found and all(_plain(answers.get(each.id)) for each in firing):
            found.add(code)
    return frozenset(found)


def _lifted(checklist: Checklist, fact: Item, yes: Set[str], conditions: Set[str]) -> bool:
    if fact.fires_unless is None or fact.fires_unless not in yes:
        return False
    return checklist.item(fact.fires_unless).conditions <= conditions


def _plain(value: AnswerValue | None) -> bool:
    """Partial is no answer to a fact: it neither fires nor denies."""
    return value in (AnswerValue.YES, AnswerValue.NO, AnswerValue.NOT_APPLICABLE)


def least_tier(tier: Tier, conditions: Set[str], floors: Mapping[str, Tier]) -> Tier:
    """The tier the engagement is held to: never below the floor of a condition (`References.floors`)."""
    return max([tier, *(floors[code] for code in conditions if code in floors)], key=lambda each: each.rank)

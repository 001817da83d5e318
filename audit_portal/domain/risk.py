"""Risk tier by rule: it varies how deep a check goes, never whether 別添10 is covered (design.md section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from audit_portal.domain.checklist import Tier, least_tier
from audit_portal.domain.engagement import HOME, MONEY, EngagementFacts, conditions_of

MANY = 50_000
REPORTABLE = 1_000  # a leak of more than 1,000 persons is reportable (施行規則 7条4号)


class Why(StrEnum):
    """What lifts the proposal."""

    MANY = "many"
    SPECIAL_CARE = "special_care"
    MY_NUMBER_OF_MANY = "my_number_of_many"
    MONEY_OF_MANY = "money_of_many"
    REPORTABLE = "reportable"
    MY_NUMBER = "my_number"
    MONEY = "money"
    ABROAD = "abroad"
    CONDITION = "condition"  # a condition has a floor of its own (conditions.yaml)


@dataclass(frozen=True)
class Proposal:
    """The tier the portal proposes, and why not a lower one; people may overrule it with a reason."""

    tier: Tier
    why: tuple[Why, ...]


def proposal(
    facts: EngagementFacts, floors: Mapping[str, Tier] | None = None, vendor_country: str = HOME
) -> Proposal:
    """`floors`: condition → the tier an engagement on which it holds never falls below."""
    money = bool(MONEY & set(facts.data_kinds))
    reportable = facts.persons > REPORTABLE
    high = {
        Why.MANY: facts.persons > MANY,
        Why.SPECIAL_CARE: facts.special_care,
        Why.MY_NUMBER_OF_MANY: facts.my_number and reportable,
        Why.MONEY_OF_MANY: money and reportable,
    }
    medium = {
        Why.REPORTABLE: reportable,
        Why.MY_NUMBER: facts.my_number,
        Why.MONEY: money,
        Why.ABROAD: facts.abroad,
    }
    found = Proposal(Tier.LOW, ())
    for tier, rules in ((Tier.MEDIUM, medium), (Tier.HIGH, high)):
        if why := tuple(each for each, holds in rules.items() if holds):
            found = Proposal(tier, why)
    least = least_tier(found.tier, set(conditions_of(facts, vendor_country)), floors or {})
    return found if least is found.tier else Proposal(least, (*found.why, Why.CONDITION))

"""Risk tier by rule: it varies how deep a check goes, never whether 別添10 is covered (design.md section 2)."""

from __future__ import annotations

from audit_portal.domain.checklist import Tier

MANY = 50_000
REPORTABLE = 1_000  # a leak of more than 1,000 persons is reportable (施行規則 7条4号)


def proposed_tier(persons: int, special_care: bool, my_number: bool, abroad: bool) -> Tier:
    """The tier the portal proposes; people may choose another one with a reason."""
    if persons > MANY or special_care or (my_number and persons > REPORTABLE):
        return Tier.HIGH
    if persons > REPORTABLE or my_number or abroad:
        return Tier.MEDIUM
    return Tier.LOW

"""What a check did not ask, and why: a report says it, so that nobody takes silence for a pass."""

from __future__ import annotations

from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.checklist import Item
from audit_portal.domain.report import Bilingual, NotChecked
from audit_portal.services.assessments.sheets import ASKED, Sheet


def not_checked(found: Sheet) -> tuple[NotChecked, ...]:
    """What the checklist holds and this check did not ask, and what it doesn't cover at all."""
    asked = {item.id for item in found.items}
    left = [item for item in found.checklist.items if item.answered_by in ASKED and item.id not in asked]
    tier = [item for item in left if found.row.risk_tier not in item.tiers]
    condition = [item for item in left if found.row.risk_tier in item.tiers]
    reasons = (
        (tier, Bilingual("このリスク区分では尋ねない項目です。", "Not asked at this risk tier.")),
        (
            condition,
            Bilingual(
                "この委託業務には当てはまらない条件の項目です。",
                "Their condition doesn't hold for this work.",
            ),
        ),
    )
    whole = found.checklist.covers_annex10 or found.row.kind is not AssessmentKind.SELECTION
    short = () if whole else (_SHORT_FORM,)
    return (*short, *(NotChecked(_codes(items), reason) for items, reason in reasons if items))


_SHORT_FORM = NotChecked(
    Bilingual("別添10の全項目", "All items of Annex 10"),
    Bilingual(
        "このチェックリストは短縮版で、別添10のすべてを尋ねていません。",
        "This checklist is a short form and doesn't ask all of Annex 10.",
    ),
)


def _codes(items: list[Item]) -> Bilingual:
    codes = sorted(item.id for item in items)
    return Bilingual(f"{len(codes)}項目：{'、'.join(codes)}", f"{len(codes)} items: {', '.join(codes)}")

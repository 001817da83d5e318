"""What both sides of a running check do with each other: words on an item, a share of the work, a later date."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from audit_portal.domain.access import Role
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.assessments import assessment_view, comments, delegation, more_time
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.sample.company import Company
from audit_portal.services.sample.vendors import Placed

_SHARED = "technical"  # the section that the vendor's lead gives to a colleague


def carry_on(company: Company, vendor: Placed, assessment_id: UUID) -> None:
    _share(company, vendor, assessment_id)
    _talk(company, vendor, assessment_id)
    lead = company.as_(vendor.key)
    due_on = assessment_view.get_assessment(lead, assessment_id).head.due_on
    reason = "技術の項目の確認資料をそろえるのに、情報システム部の時間が必要です。"
    more_time.ask(lead, assessment_id, due_on + timedelta(days=7), reason)


def _share(company: Company, vendor: Placed, assessment_id: UUID) -> None:
    key = f"{vendor.key}-colleague"
    roles = frozenset({Role.VENDOR_CONTRIBUTOR})
    colleague = NewPerson("井上 彩", "inoue@kansai-call.example", roles, "情報システム部", "06-5555-0139")
    company.join(vendor.party_id, key, colleague, "関西コールセンター株式会社 担当者 / vendor contributor")
    lead = company.as_(vendor.key)
    mine = assessment_view.get_assessment(lead, assessment_id).mine
    items = tuple(item.code for item in mine if item.section == _SHARED)
    gift = Gift(items, company.as_(key).actor.person, message="技術の項目をお願いします。")
    delegation.give(lead, assessment_id, gift)


def _talk(company: Company, vendor: Placed, assessment_id: UUID) -> None:
    lead, officer = company.as_(vendor.key), company.as_("hanako")
    item = assessment_view.get_assessment(lead, assessment_id).mine[0].code
    comments.write(lead, assessment_id, item, "別の拠点の分も含めて答えるのでしょうか。", shared=True)
    comments.write(
        officer, assessment_id, item, "はい、この業務を行う拠点をすべて含めてください。", shared=True
    )

"""What stands beside answers of the sample: a refusal, an inspection, a finding, a file used twice, grounds."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.evidence_in_use import Inspected, InspectionMeans, Refusal, RefusalOffer
from audit_portal.domain.findings import FindingFacts, Severity
from audit_portal.domain.review_basis import Sample, ThirdParty
from audit_portal.services.assessments import assessment_view, findings, inspections, refusals
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.evidence import evidence, reuse
from audit_portal.services.sample.company import Company


def keep_back(company: Company, assessment_id: UUID, key: str) -> None:
    """The vendor doesn't hand out one of the documents that are asked for."""
    ctx = company.as_(key)
    item = next(each for each in _items(company, assessment_id, key) if each.evidence_needed)
    for file in item.evidence:
        evidence.detach(ctx, assessment_id, item.code, file.version_id)
    refusal = Refusal(
        RefusalOffer.INSPECTION,
        "ほかの顧客の情報が含まれるため、社外にはお渡しできません。",
        "本社の会議室か画面共有で、原本をご覧いただけます。",
    )
    refusals.refuse(ctx, assessment_id, item.code, refusal, None)


def look(company: Company, assessment_id: UUID, key: str) -> None:
    """The reviewer saw a document on site, and has a finding."""
    ctx = company.as_(key)
    mine = [each for each in _items(company, assessment_id, key) if each.answered_by is AnsweredBy.VENDOR]
    item = next(each for each in mine if each.evidence_needed and not each.beside.refusal)
    seen = Inspected(
        "入退室の記録",
        "2026年10月分",
        ctx.actor.name,
        "委託先の本社 会議室",
        InspectionMeans.ON_SITE,
        ctx.house.today() - timedelta(days=1),
        "取扱区域の入退室が、担当者ごとに記録されていることを確かめました。",
    )
    inspections.record(ctx, assessment_id, item.code, seen)
    what = "退職した担当者1名のIDが、2週間のあいだ有効なままでした。"
    findings.raise_finding(ctx, assessment_id, item.code, FindingFacts(Severity.MEDIUM, what))


def use_again(company: Company, assessment_id: UUID, key: str) -> None:
    """A file that stands on one item is used for another, too."""
    items = _items(company, assessment_id, key)
    first = next((each for each in items if each.evidence), None)
    other = next((each for each in items if each.value and not each.evidence), None)
    if first and other:
        reuse.attach(company.as_(key), assessment_id, other.code, first.evidence[0].version_id)


def judgement(item: ItemView, place: int, today: date) -> Judgement:
    """How the sample's auditor came to know, by the place of the item in the check."""
    if place == 3:
        sample = Sample(240, 20, "直近6か月の申請から、部門が偏らないように無作為に選びました。")
        return Judgement(ReviewResult.CONFORMS, ReviewBasis.SAMPLED, sample=sample)
    if place == 5:
        report = ThirdParty(
            "プライバシーマーク付与適格決定通知",
            "全社の個人情報の取扱い",
            date(today.year - 1, 4, 1),
            date(today.year + 1, 3, 31),
            "なし",
        )
        return Judgement(ReviewResult.CONFORMS, ReviewBasis.THIRD_PARTY, report=report)
    if item.evidence:
        return Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT)
    heard = "担当の責任者から運用を聞き取り、回答のとおりと確かめました。"
    return Judgement(ReviewResult.CONFORMS, ReviewBasis.INTERVIEW, heard)


def _items(company: Company, assessment_id: UUID, key: str) -> tuple[ItemView, ...]:
    return assessment_view.get_assessment(company.as_(key), assessment_id).items

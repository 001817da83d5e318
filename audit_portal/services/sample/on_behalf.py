"""Two vendors of the sample that have no account: a bindery that answers on paper, a cloud provider from its report."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from audit_portal.domain.checklist import AnswerValue, Tier
from audit_portal.domain.on_behalf import Soc2Type, SourceFacts, SourceKind
from audit_portal.domain.supervision import Classification, WorkKind
from audit_portal.services.assessments import (
    assessment_view,
    behalf_views,
    confirming,
    sending,
    sources,
    transcribing,
)
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.assessments.sources import SourceOrder
from audit_portal.services.engagements import engagements
from audit_portal.services.engagements.engagements import EngagementFacts
from audit_portal.services.evidence.evidence import Place, Upload
from audit_portal.services.evidence.source_upload import SourceUpload
from audit_portal.services.house import Context
from audit_portal.services.parties import parties
from audit_portal.services.parties.parties import PartyFacts
from audit_portal.services.sample.company import Company

NAMES = (("山麓製本所", "サンロクセイホンジョ"), ("みどりクラウド株式会社", "ミドリクラウド"))


def without_accounts(company: Company) -> None:
    _on_paper(company, *NAMES[0])
    _from_a_report(company, *NAMES[1])


def _on_paper(company: Company, name: str, kana: str) -> None:
    """Its paper has come; nothing is transcribed yet."""
    officer = company.as_("hanako")
    assessment_id = _asked(officer, name, kana, "申込書の製本", "申込書の保管", 8)
    facts = SourceFacts(company.house.today() - timedelta(days=6), "山本 登", "工場長", "製造部")
    _source(officer, assessment_id, SourceOrder(SourceKind.PAPER, facts), "回答書（押印済み）.txt")


def _from_a_report(company: Company, name: str, kana: str) -> None:
    """Transcribed by one officer, and waiting for the other one to compare it."""
    officer, today = company.as_("makoto"), company.house.today()
    assessment_id = _asked(company.as_("hanako"), name, kana, "申込書の画像の保管", "申込書の保管", 12)
    facts = SourceFacts(
        today - timedelta(days=390),
        soc2_type=Soc2Type.TYPE_2,
        period_from=today - timedelta(days=800),
        period_to=today - timedelta(days=436),
        auditor="見本監査法人",
        covers="みどりストレージ（東京・大阪）",
        exceptions="利用者IDの棚卸しが1回遅れた。翌月に完了しており、この業務への影響はない。",
    )
    controls = "管理者の多要素認証を有効にする\n退職者の利用者IDを停止する\n操作の記録を毎月確認する"
    order = SourceOrder(SourceKind.SOC2, facts, controls=controls)
    source_id = _source(officer, assessment_id, order, "SOC2_Type2報告書（見本）.txt")
    done: set[str] = set()
    while left := [
        item
        for item in assessment_view.get_assessment(officer, assessment_id).behalf
        if item.code not in done
    ]:
        item = left[0]
        done.add(item.code)
        value = AnswerValue.NO if item.fact else AnswerValue.YES
        words = Written(value, "報告書の該当する統制に、例外は記載されていない。")
        transcribing.transcribe(officer, assessment_id, item.code, words, source_id, item.version)
        if item.evidence_needed:
            content = f"{item.code} 報告書の抜粋（見本）\n".encode()
            with Upload(officer, Place(assessment_id, item.code), "報告書の抜粋.txt", len(content)) as upload:
                upload.write(content)
                upload.finish()
    confirming.ask(officer, assessment_id, behalf_views.get_entry(officer, assessment_id).version)


def _asked(officer: Context, name: str, kana: str, title: str, purpose: str, days: int) -> UUID:
    facts = EngagementFacts(
        title=title,
        work_kind=WorkKind.ITO if "クラウド" in name else WorkKind.BPO,
        purpose=purpose,
        data_categories="氏名、住所、申込みの内容",
        persons=400,
        classification=Classification.ENTRUSTMENT,
        classification_reason="個人データを渡して、製本・保管などの取扱いを任せるため。",
        risk_tier=Tier.LOW,
    )
    vendor_id = parties.register(officer, PartyFacts(name, kana))
    engagement_id = engagements.register(officer, vendor_id, facts)
    short = sending.sendable(officer)[-1]
    due = officer.house.today() + timedelta(days=days)
    return sending.send(officer, engagement_id, SendOrder(short.id, due))


def _source(ctx: Context, assessment_id: UUID, order: SourceOrder, name: str) -> UUID:
    source_id = sources.register(ctx, assessment_id, order)
    content = f"{name}（見本）\n".encode()
    with SourceUpload(ctx, assessment_id, source_id, name, len(content)) as upload:
        upload.write(content)
        upload.finish()
    return source_id

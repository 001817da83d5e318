"""The selection checks of the sample: one approved with its report, one handed in, one half answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.condition import NewCondition
from audit_portal.domain.findings import FindingFacts, Severity
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER
from audit_portal.services import jobs
from audit_portal.services.assessments import (
    answers,
    assessment_view,
    findings,
    reviews,
    sending,
    submission,
)
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.decisions import decision_views, decisions
from audit_portal.services.decisions.decisions import Terms
from audit_portal.services.evidence.evidence import Place, Upload
from audit_portal.services.house import Context
from audit_portal.services.reports import reports
from audit_portal.services.sample import looked_at
from audit_portal.services.sample.company import Company


def _send(company: Company, engagement_id: UUID, days: int) -> UUID:
    officer = company.as_("hanako")
    full = sending.sendable(officer)[0]
    due = company.house.today() + timedelta(days=days)
    message = "新しい委託の前の確認です。ご不明な点は、画面の右の連絡先までお尋ねください。"
    return sending.send(officer, engagement_id, SendOrder(full.id, due, message))


_DOCUMENTED = ("basic", "human", "chain")  # sections the sample's vendors bring papers for

_SAID = {
    "organizational": "責任者を総務部長とし、取扱規程に沿って運用しています。点検は年2回行っています。",
    "human": "入社時と年1回、全員が研修を受けています。誓約書は人事部で保管しています。",
    "physical": "取扱区域は入退室をICカードで管理し、記録を1年間保存しています。",
    "technical": "担当者ごとのIDでアクセスを制限し、操作の記録を月1回確認しています。",
}


def _answer_all(
    company: Company,
    assessment_id: UUID,
    key: str,
    most: int | None = None,
    choose: Callable[[int], AnswerValue] = lambda _: AnswerValue.YES,
) -> None:
    """Answers the person's own items until none is left (an answer may bring further ones)."""
    ctx = company.as_(key)
    done: set[str] = set()
    while todo := [
        item for item in assessment_view.get_assessment(ctx, assessment_id).mine if item.code not in done
    ]:
        for item in todo[: None if most is None else most - len(done)]:
            done.add(item.code)
            _answer(company, ctx, assessment_id, item, choose(len(done)))
        if len(done) == most:
            return


def _answer(company: Company, ctx: Context, assessment_id: UUID, item: ItemView, chosen: AnswerValue) -> None:
    value = AnswerValue.NO if item.fact else chosen
    comment = _SAID.get(item.section, "社内の規程に沿って実施しています。")
    plan = ("手順書を改訂し、全員に周知します。", company.house.today() + timedelta(days=60))
    action, due = plan if value is AnswerValue.PARTIAL else ("", None)
    answers.save(ctx, assessment_id, item.code, Written(value, comment, action, due), item.version)
    if item.evidence_needed or item.section in _DOCUMENTED:
        attach(ctx, assessment_id, item.code)


def attach(ctx: Context, assessment_id: UUID, item: str) -> None:
    content = f"{item} 確認資料（見本）\n作成：{ctx.house.today().isoformat()}\n".encode()
    place = Place(
        assessment_id, item, ctx.house.today() - timedelta(days=20), ctx.house.today() + timedelta(days=345)
    )
    with Upload(ctx, place, f"{item}_確認資料.txt", len(content)) as upload:
        upload.write(content)
        upload.finish()


def _hand_in(company: Company, assessment_id: UUID, key: str) -> None:
    ctx = company.as_(key)
    submission.submit(ctx, assessment_id, assessment_view.get_assessment(ctx, assessment_id).head.version)


def in_progress(company: Company, engagement_id: UUID, key: str) -> UUID:
    """Returns the check: half answered, due soon."""
    assessment_id = _send(company, engagement_id, 5)
    _answer_all(company, assessment_id, key, most=9)
    looked_at.use_again(company, assessment_id, key)
    return assessment_id


def submitted(company: Company, engagement_id: UUID, key: str) -> None:
    assessment_id = _send(company, engagement_id, 10)
    _answer_all(company, assessment_id, key)
    looked_at.keep_back(company, assessment_id, key)
    _hand_in(company, assessment_id, key)
    _answer_all(company, assessment_id, "ken")
    looked_at.look(company, assessment_id, "hanako")


def approved_with_report(company: Company, engagement_id: UUID, key: str) -> None:
    assessment_id = _send(company, engagement_id, 14)
    _answer_all(
        company, assessment_id, key, choose=lambda n: AnswerValue.PARTIAL if n == 7 else AnswerValue.YES
    )
    _hand_in(company, assessment_id, key)
    _answer_all(company, assessment_id, "ken")
    auditor = company.as_("yumi")
    for place, item in enumerate(assessment_view.get_assessment(auditor, assessment_id).items):
        partial = item.value is AnswerValue.PARTIAL
        if partial:
            judgement = Judgement(
                ReviewResult.PARTLY, ReviewBasis.DOCUMENT, "是正の予定と期日を確認しました。"
            )
            what = FindingFacts(Severity.LOW, "手順書の改訂がまだ終わっていません。")
            findings.raise_finding(auditor, assessment_id, item.code, what)
        else:
            judgement = looked_at.judgement(item, place, company.house.today())
        reviews.review_item(auditor, assessment_id, item.code, judgement, None)
    reviews.finish(
        auditor, assessment_id, assessment_view.get_assessment(auditor, assessment_id).head.version
    )
    decision_id = decisions.request(
        company.as_("hanako"), engagement_id, "選定の確認が終わりました。承認をお願いします。"
    )
    approver = company.as_("kenji")
    version = decision_views.get_decision(approver, decision_id).version
    due = company.house.today() + timedelta(days=45)
    trained = NewCondition("委託先の新しい担当者の研修の記録を受け取る", "営業企画部 渡辺", due)
    decisions.decide(
        approver, decision_id, version, True, "確認しました。", terms=Terms(conditions=(trained,))
    )
    report_id = reports.create(auditor, assessment_id, "ja")
    jobs.run_due(company.house)
    for field, who in ((FIELD_AUDITOR, "yumi"), (FIELD_OFFICER, "hanako")):
        ctx = company.as_(who)
        version = reports.get_report(ctx, report_id).version
        reports.sign(ctx, report_id, field, company.passphrases[who], version)
        jobs.run_due(company.house)

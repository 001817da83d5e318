"""The contract of the sample: registered with a scan of it, its term ending soon, its clauses being checked."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.contracts import ContractKind, DocumentForm, Reentrustment
from audit_portal.services.assessments import answers, assessment_view, clauses, sending
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.clauses import Spot
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.contracts import contracts
from audit_portal.services.contracts.contract_documents import ContractUpload, DocumentFacts
from audit_portal.services.contracts.contracts import ContractFacts
from audit_portal.services.sample import pdf
from audit_portal.services.sample.company import Company

_TITLE = "業務委託基本契約書"
_PAGES = (
    (
        f"{_TITLE}（見本）",
        "株式会社サンプル商事（甲）と東京データ処理株式会社（乙）は、次のとおり契約する。",
        "第1条（目的） 甲は、会員データの入力と発送名簿の作成を乙に委託する。",
        "第2条（責任の分担） 甲は個人データの授受を、乙はその取扱いを管理する。",
        "第3条（個人データの範囲） 項目、件数、媒体、渡し方は別紙による。",
        "第4条（指示） 乙は、甲の書面による指示の範囲でのみ取り扱う。",
    ),
    (
        "第5条（目的外の利用の禁止） 乙は、本業務の目的以外に利用し、加工しない。",
        "第6条（安全管理） 乙は、別紙の安全管理措置を講じる。",
        "第7条（再委託） 乙は、事前に甲の書面による承諾を得た場合に限り、再委託できる。",
        "第8条（報告と監査） 甲は、取扱いの状況の報告を求め、監査することができる。",
        "第9条（有効期間） 期間は1年とし、満了の1か月前までに申出がなければ1年更新する。",
    ),
)
# Page and clause of the first answers; None: there is no such clause.
_FOUND: tuple[tuple[int, str] | None, ...] = (
    (1, "第2条"),
    (1, "第1条・第3条"),
    (1, "第4条"),
    (2, "第5条"),
    None,
    (2, "第6条"),
)


def under_contract(company: Company, engagement_id: UUID) -> None:
    """A contract for an engagement whose vendor was selected, and its check, begun."""
    contract_id = _register(company, engagement_id)
    document_id = _add_scan(company, contract_id)
    _begin_check(company, engagement_id, document_id)


def _register(company: Company, engagement_id: UUID) -> UUID:
    today = company.house.today()
    facts = ContractFacts(
        ContractKind.MASTER,
        _TITLE,
        starts_on=today - timedelta(days=290),
        ends_on=today + timedelta(days=74),  # home tells of what ends within 90 days
        concluded_on=today - timedelta(days=300),
        reference_number="法務-0142",
        renewal_months=12,
        notice_months=1,
        reentrustment=Reentrustment.PRIOR_CONSENT,
        audit_right=True,
        audit_right_note="第8条",
    )
    return contracts.register(company.as_("hanako"), engagement_id, facts)


def _add_scan(company: Company, contract_id: UUID) -> UUID:
    content = pdf.document(_PAGES)
    facts = DocumentFacts(
        "契約書の写し",
        DocumentForm.SCAN,
        original_place="本社3階 法務キャビネット",
        original_binder="契約2026-1",
        original_keeper="管理本部",
        shared=True,
    )
    name = f"{_TITLE}.pdf"
    with ContractUpload(company.as_("hanako"), contract_id, facts, name, len(content)) as upload:
        upload.write(content)
        return upload.finish()


def _begin_check(company: Company, engagement_id: UUID, document_id: UUID) -> None:
    officer = company.as_("hanako")
    full = sending.sendable(officer, AssessmentKind.CONTRACT)[0]
    order = SendOrder(full.id, company.house.today() + timedelta(days=12))
    check_id = sending.send(officer, engagement_id, order, kind=AssessmentKind.CONTRACT)
    todo = [item for item in assessment_view.get_assessment(officer, check_id).mine if item.is_clause]
    for item, found in zip(todo, _FOUND, strict=False):
        if found is None:
            written = Written(AnswerValue.NO, "契約書に見当たりません。覚書で補う予定です。")
            answers.save(officer, check_id, item.code, written, item.version)
            continue
        page, clause = found
        written = Written(AnswerValue.YES, f"{clause}に定めがあります。")
        answers.save(officer, check_id, item.code, written, item.version)
        clauses.tie(officer, check_id, item.code, Spot(document_id, clause, page))

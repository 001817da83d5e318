"""Contracts for tests: a running one with a document, and a contract check answered, handed in, reviewed."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.contracts import ContractKind, DocumentForm, Reentrustment
from audit_portal.services.assessments import answers, assessment_view, clauses, sending, submission
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.clauses import Spot
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.contracts import contract_documents
from audit_portal.services.contracts.contract_documents import ContractUpload, DocumentFacts
from audit_portal.services.contracts.contracts import ContractFacts
from audit_portal.services.house import Context, House

CONTENT = b"the contract, as it was concluded\n"


def agreement(house: House, **more: Any) -> ContractFacts:
    """A master contract that runs today, renews itself, and asks for consent to re-entrust."""
    today = house.today()
    found: dict[str, Any] = {
        "kind": ContractKind.MASTER,
        "title": "業務委託基本契約書",
        "starts_on": today - timedelta(days=200),
        "ends_on": today + timedelta(days=164),
        "concluded_on": today - timedelta(days=210),
        "renewal_months": 12,
        "notice_months": 3,
        "reentrustment": Reentrustment.PRIOR_CONSENT,
        "audit_right": True,
        **more,
    }
    return ContractFacts(**found)


def add_document(
    ctx: Context,
    contract_id: UUID,
    content: bytes = CONTENT,
    name: str = "契約書.txt",
    form: DocumentForm = DocumentForm.OTHER,
    shared: bool = False,
    **more: Any,
) -> UUID:
    facts = DocumentFacts("契約書", form, shared=shared, **more)
    with ContractUpload(ctx, contract_id, facts, name, len(content)) as upload:
        upload.write(content)
        return upload.finish()


def add_paper(ctx: Context, contract_id: UUID) -> UUID:
    facts = DocumentFacts("原本", DocumentForm.PAPER, "本社3階 法務キャビネット", "契約2026", "管理 花子")
    return contract_documents.record_paper(ctx, contract_id, facts)


def begin(ctx: Context, engagement_id: UUID, due: date | None = None) -> UUID:
    offered = sending.sendable(ctx, AssessmentKind.CONTRACT)
    order = SendOrder(offered[0].id, due or ctx.house.today() + timedelta(days=14))
    return sending.send(ctx, engagement_id, order, kind=AssessmentKind.CONTRACT)


def answer_clauses(
    ctx: Context, assessment_id: UUID, document_id: UUID, unlike: dict[str, Written] | None = None
) -> None:
    """Yes to every item, each clause tied to a place; `unlike`: other answers, by item."""
    from tests.factories.world import attach

    for item in assessment_view.get_assessment(ctx, assessment_id).items:
        written = (unlike or {}).get(item.code, Written(AnswerValue.YES, "条項があります。"))
        answers.save(ctx, assessment_id, item.code, written, None)
        if written.value not in (AnswerValue.YES, AnswerValue.PARTIAL) or written.stand_in:
            continue
        if item.is_clause:
            clauses.tie(ctx, assessment_id, item.code, Spot(document_id, "第12条第2項", 3))
        elif item.evidence_needed:
            attach(ctx, assessment_id, item.code)


def hand_in(ctx: Context, assessment_id: UUID) -> None:
    submission.hand_in(ctx, assessment_id, assessment_view.get_assessment(ctx, assessment_id).head.version)

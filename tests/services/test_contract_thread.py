"""From selection to the release of data: the contract, its check, both gates, four eyes, and what is frozen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from uuid6 import uuid7

from audit_portal.domain.access import system
from audit_portal.domain.assessment import AssessmentState, ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue, Tier
from audit_portal.domain.contracts import Reentrustment, StandIn
from audit_portal.domain.decision import Acceptance, DecisionState
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from audit_portal.domain.events.engagements import EngagementRegistered
from audit_portal.domain.supervision import Gate, State
from audit_portal.services import jobs
from audit_portal.services.assessments import (
    answers,
    assessment_list,
    assessment_view,
    clauses,
    reviews,
    submission,
)
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.clauses import Spot
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.contracts import contract_documents, contracts, memoranda
from audit_portal.services.decisions import decision_views, decisions, gates
from audit_portal.services.decisions.decisions import Terms
from audit_portal.services.engagements import engagements, reopening
from audit_portal.services.house import House
from audit_portal.services.reports import reports
from audit_portal.storage.tables.supervision import EngagementLink
from tests.factories.contracts import add_document, agreement, answer_clauses, begin, hand_in
from tests.factories.house import mailer
from tests.factories.world import review_all, work
from tests.services.steps import ON_SQLITE, Case, make_case


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def state(case: Case) -> State:
    return engagements.get_engagement(case.as_("officer"), case.engagement_id).state


def approve(case: Case, decision_id: UUID, accept: tuple[str, ...] = ()) -> None:
    version = decision_views.get_decision(case.as_("approver"), decision_id).version
    until = case.house.today() + timedelta(days=90)
    taken = tuple(Acceptance(key, "理由", "代わりの対策", until) for key in accept)
    decisions.decide(case.as_("approver"), decision_id, version, True, "確認しました。", Terms(taken))


def selected(case: Case) -> Case:
    approve(case, case.requested())
    return case


def codes(case: Case, which: Gate | None = None) -> set[str]:
    return {each.key for each in gates.gate(case.as_("officer"), case.engagement_id, which).blockers}


def contracted(case: Case) -> tuple[UUID, UUID]:
    """The contract and its document, of an engagement that was selected."""
    contract_id = contracts.register(case.as_("officer"), case.engagement_id, agreement(case.house))
    return contract_id, add_document(case.as_("officer"), contract_id)


def checked(case: Case, document_id: UUID, unlike: dict[str, Written] | None = None) -> UUID:
    assessment_id = begin(case.as_("officer"), case.engagement_id)
    answer_clauses(case.as_("officer"), assessment_id, document_id, unlike)
    hand_in(case.as_("officer"), assessment_id)
    review_all(case.as_("second"), assessment_id)
    return assessment_id


def ask(case: Case) -> UUID:
    return decisions.request(case.as_("officer"), case.engagement_id, "承認をお願いします。")


def test_from_selection_over_contract_to_release(case: Case) -> None:
    officer = case.as_("officer")
    selected(case)
    assert (state(case), gates.gate(officer, case.engagement_id).gate) == (State.SELECTED, Gate.CONTRACT)
    assert codes(case) == {"contract_missing", "contract_not_reviewed"}
    with pytest.raises(Refused, match="gate_shut"):
        ask(case)
    _, document_id = contracted(case)
    assert codes(case) == {"contract_not_reviewed"}
    assessment_id = checked(case, document_id)
    assert codes(case) == set()
    decision_id = ask(case)
    frozen = decision_views.frozen(officer, decision_id)
    assert frozen.gate is Gate.CONTRACT
    assert [each.title for each in frozen.contracts] == ["業務委託基本契約書"]
    assert {each.gate for each in frozen.decisions} == {Gate.SELECTION}
    tied = [item for item in frozen.items if item.clauses]
    assert tied and tied[0].clauses[0].clause == "第12条第2項" and len(tied[0].clauses[0].sha256) == 64
    approve(case, decision_id)
    assert state(case) is State.CONTRACTED
    assert assessment_view.get_assessment(officer, assessment_id).head.state is AssessmentState.DECIDED
    assert (gates.gate(officer, case.engagement_id).gate, codes(case)) == (Gate.RELEASE, set())
    release = ask(case)
    assert decision_views.get_decision(officer, release).assessment_id is None
    assert {each.gate for each in decision_views.frozen(officer, release).decisions} == {
        Gate.SELECTION,
        Gate.CONTRACT,
    }
    approve(case, release)
    assert state(case) is State.LIVE
    with pytest.raises(Invalid, match="action_not_possible"):
        ask(case)


@ON_SQLITE
def test_a_contract_check_begins_only_after_selection_and_one_at_a_time(case: Case) -> None:
    with pytest.raises(Conflict, match="not_selected_yet"):
        begin(case.as_("officer"), case.engagement_id)
    selected(case)
    begin(case.as_("officer"), case.engagement_id)
    with pytest.raises(Conflict, match="assessment_running"):
        begin(case.as_("officer"), case.engagement_id)
    with pytest.raises(Forbidden):
        begin(case.as_("owner"), case.engagement_id)


@ON_SQLITE
def test_the_vendor_never_sees_the_contract_check_and_gets_no_mail_of_it(case: Case) -> None:
    selected(case)
    engagements.assign(case.as_("officer"), case.engagement_id, case.everyone.owner)
    jobs.run_due(case.house)
    mailer(case.house).sent.clear()
    assessment_id = begin(case.as_("officer"), case.engagement_id)
    jobs.run_due(case.house)
    to = {mail.to for mail in mailer(case.house).sent}
    assert len(to) == 1 and next(iter(to)).startswith("owner")
    lead = case.as_("vendor_lead")
    with pytest.raises(NotFound):
        assessment_view.get_assessment(lead, assessment_id)
    assert assessment_id not in {each.id for each in assessment_list.of_engagement(lead, case.engagement_id)}
    assert assessment_list.due(lead) == ()


@ON_SQLITE
def test_it_is_handed_in_only_when_every_clause_is_tied_or_something_stands_in_for_it(case: Case) -> None:
    selected(case)
    _, document_id = contracted(case)
    assessment_id = begin(case.as_("officer"), case.engagement_id)
    officer = case.as_("officer")
    answer_clauses(officer, assessment_id, document_id)
    item = next(i for i in assessment_view.get_assessment(officer, assessment_id).items if i.is_clause)
    clauses.untie(officer, assessment_id, item.code, item.clauses[0].id)
    with pytest.raises(Refused) as refused:
        hand_in(officer, assessment_id)
    assert [each.item_id for each in refused.value.blockers] == [item.code]
    with pytest.raises(Conflict, match="clause_gone"):
        clauses.untie(officer, assessment_id, item.code, item.clauses[0].id)
    wordless = Written(AnswerValue.YES, stand_in=StandIn.TERMS, stand_in_words=" ")
    answers.save(officer, assessment_id, item.code, wordless, None)
    with pytest.raises(Refused):
        hand_in(officer, assessment_id)
    told = replace(wordless, stand_in_words="利用規約第8条。安全管理の内容が十分なため。")
    answers.save(officer, assessment_id, item.code, told, None)
    hand_in(officer, assessment_id)
    found = assessment_view.get_assessment(officer, assessment_id)
    assert found.head.state is AssessmentState.SUBMITTED
    assert found.item(item.code).stand_in is StandIn.TERMS
    with pytest.raises(Conflict):
        clauses.tie(officer, assessment_id, item.code, Spot(document_id, "第1条"))


@ON_SQLITE
def test_who_ties_a_clause_does_not_review_the_answer(case: Case) -> None:
    selected(case)
    _, document_id = contracted(case)
    assessment_id = begin(case.as_("officer"), case.engagement_id)
    answer_clauses(case.as_("officer"), assessment_id, document_id)
    item = next(
        i for i in assessment_view.get_assessment(case.as_("officer"), assessment_id).items if i.is_clause
    )
    clauses.tie(case.as_("second"), assessment_id, item.code, Spot(document_id, "第9条", 2))
    hand_in(case.as_("officer"), assessment_id)
    judgement = Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT, "記録を見ました。")
    with pytest.raises(Forbidden, match="own_answer"):
        reviews.review_item(case.as_("second"), assessment_id, item.code, judgement, None)


@ON_SQLITE
def test_a_returned_clause_is_open_again_and_only_it(case: Case) -> None:
    selected(case)
    _, document_id = contracted(case)
    assessment_id = checked(case, document_id)
    second = case.as_("second")
    view = assessment_view.get_assessment(second, assessment_id)
    code, other = [i.code for i in view.items if i.is_clause][:2]
    submission.give_back(second, assessment_id, [code], "ページを書いてください。", view.head.version)
    clauses.tie(case.as_("officer"), assessment_id, code, Spot(document_id, "第3条", 1))
    with pytest.raises(Conflict, match="answer_closed"):
        clauses.tie(case.as_("officer"), assessment_id, other, Spot(document_id, "第3条", 1))
    hand_in(case.as_("officer"), assessment_id)


@ON_SQLITE
def test_an_ended_contract_or_a_withdrawn_document_unties_its_clauses_and_shuts_the_gate(case: Case) -> None:
    selected(case)
    contract_id, document_id = contracted(case)
    checked(case, document_id)
    officer = case.as_("officer")
    contract_documents.withdraw(officer, contract_id, document_id, "別の契約の文書だった。")
    assert any(key.startswith("clause_untied:CON-") for key in codes(case))
    yesterday = case.house.today() - timedelta(days=1)
    with case.house.db.read(system("tests")) as tx:
        version = contracts.get.one(tx, contracts.Contract, contract_id).version
    contracts.end(officer, contract_id, version, yesterday, "解約した。")
    found = codes(case)
    assert any(key.startswith("contract_over:C-") for key in found)
    # none of it is a "must": the approver could accept each, with reason, measure and expiry
    assert gates.gate(officer, case.engagement_id).can_be_asked


@ON_SQLITE
@pytest.mark.parametrize("policy", [Reentrustment.FREE, Reentrustment.REPORT_AFTER, None])
def test_a_reentrustment_policy_below_the_guideline_is_a_blocker_that_can_be_accepted(
    case: Case, policy: Reentrustment | None
) -> None:
    selected(case)
    officer = case.as_("officer")
    facts = agreement(case.house, reentrustment=policy)
    contract_id = contracts.register(officer, case.engagement_id, facts)
    checked(case, add_document(officer, contract_id))
    (key,) = codes(case)
    assert key.startswith("reentrustment_below_guideline:C-" if policy else "reentrustment_unsaid")
    decision_id = ask(case)
    with pytest.raises(Refused, match="gate_shut"):
        approve(case, decision_id)
    approve(case, decision_id, (key,))
    assert state(case) is State.CONTRACTED


@ON_SQLITE
def test_data_goes_nowhere_before_every_declared_subcontractor_is_through(case: Case) -> None:
    selected(case)
    checked(case, contracted(case)[1])
    approve(case, ask(case))
    child = _child(case)
    (key,) = codes(case)
    assert key == "subcontractor_not_through:E-2026-0099"
    _set_state(case, child, State.CONTRACTED)
    assert codes(case) == set()


def _child(case: Case) -> UUID:
    """A re-entrustment as chains will write it."""
    with case.house.db.begin(system("tests")) as tx:
        parent = contracts.get.one(tx, EngagementLink, case.engagement_id)
        link = EngagementLink(
            id=uuid7(),
            number="E-2026-0099",
            parent_id=parent.id,
            principal_id=parent.vendor_id,
            vendor_id=parent.principal_id,
            tier=2,
            risk_tier=Tier.LOW,
            valid_from=case.house.today(),
        )
        tx.add(link)
        tx.record(
            EngagementRegistered(
                engagement_id=link.id,
                number=link.number,
                principal_id=link.principal_id,
                vendor_id=link.vendor_id,
                tier=2,
                risk_tier="low",
            )
        )
    return link.id


def _set_state(case: Case, link_id: UUID, to: State) -> None:
    from audit_portal.domain.events.engagements import EngagementMoved

    with case.house.db.begin(system("tests")) as tx:
        link = contracts.get.one(tx, EngagementLink, link_id)
        before, link.state = link.state, to
        tx.record(
            EngagementMoved(engagement_id=link_id, before=before.value, after=to.value, decision_id=None)
        )


@ON_SQLITE
def test_abroad_without_a_route_of_article_28_is_a_blocker_of_law(house: House, tmp_path: Path) -> None:
    case = make_case(house, tmp_path, replace(work(), handled_abroad=True))
    found = gates.gate(case.as_("officer"), case.engagement_id, Gate.RELEASE)
    (blocker,) = [each for each in found.blockers if each.code == "abroad_without_route"]
    assert (blocker.duty.value, blocker.acceptable) == ("law", False)


@ON_SQLITE
def test_a_refused_contract_can_be_taken_up_again_from_the_start(case: Case) -> None:
    selected(case)
    checked(case, contracted(case)[1])
    decision_id = ask(case)
    version = decision_views.get_decision(case.as_("approver"), decision_id).version
    decisions.decide(case.as_("approver"), decision_id, version, False, "条件が合わない。")
    assert state(case) is State.REFUSED
    reopening.reopen(case.as_("officer"), case.engagement_id, "条件を見直した。")
    assert state(case) is State.DRAFT
    approve(case, ask(case))
    again = ask(case)
    assert decision_views.get_decision(case.as_("officer"), again).state is DecisionState.REQUESTED


@ON_SQLITE
def test_what_lacks_becomes_a_draft_memorandum(case: Case) -> None:
    selected(case)
    _, document_id = contracted(case)
    lacks = {
        "CON-030": Written(AnswerValue.NO, "期限がない。", "覚書で加える", date(2027, 1, 31)),
        "CON-005": Written(AnswerValue.PARTIAL, "口頭も可。", "覚書で直す", date(2027, 1, 31)),
        "CON-038": Written(AnswerValue.NO, "押印がない。", "押印する", date(2027, 1, 31)),
        "CON-006": Written(AnswerValue.UNKNOWN, "見つからない。"),
    }
    assessment_id = begin(case.as_("officer"), case.engagement_id)
    answer_clauses(case.as_("officer"), assessment_id, document_id, lacks)
    found = memoranda.draft(case.as_("officer"), assessment_id)
    text = found.content.decode("utf-8-sig")
    assert "第3条（指示に従った取扱い）" in text and "第5条（事故の通知）" in text and "第4条（" in text
    assert "24時間以内" in text and "弁護士の確認" in text
    assert "\r\n" in text and "\n\n" not in text.replace("\r\n", "")
    for internal in ("CON-", "所見", "期限がない。", "見つからない。", "契約チェック", "A-2026"):
        assert internal not in text, "the draft goes to the vendor"
    notes = memoranda.internal_notes(case.as_("officer"), assessment_id).content.decode("utf-8-sig")
    assert notes.startswith("【社内用】") and "期限がない。" in notes
    assert notes.index("CON-030") < notes.index("■ 文案がない項目") < notes.index("CON-038")
    assert "CON-006" in notes and "（結果：分からない・確認不能）" in notes
    with pytest.raises(Conflict, match="no_contract_check"):
        memoranda.draft(case.as_("officer"), case.assessment_id)


@ON_SQLITE
def test_a_check_without_gaps_has_no_memorandum_and_its_report_can_be_ordered(case: Case) -> None:
    selected(case)
    assessment_id = checked(case, contracted(case)[1])
    with pytest.raises(Conflict, match="nothing_lacking"):
        memoranda.draft(case.as_("officer"), assessment_id)
    report_id = reports.create(case.as_("officer"), assessment_id, "ja")
    jobs.run_due(case.house)
    assert reports.get_report(case.as_("officer"), report_id).size > 0

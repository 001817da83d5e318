"""Past a gate, a change of facts asks only what became new; the gate is decided on once more, and opens nothing."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Refused
from audit_portal.domain.supervision import Gate, State
from audit_portal.services import history_check, jobs
from audit_portal.services.assessments import assessment_view, sheets
from audit_portal.services.decisions import decision_views, decisions, gates
from audit_portal.services.engagements import rechecks
from audit_portal.services.house import House
from audit_portal.services.reports.report_gaps import not_checked
from tests.factories.contracts import answer_clauses, begin, hand_in
from tests.factories.house import mailer
from tests.factories.world import answer_all, deeper_checklists, review_all, send, submit, tiered_checklists
from tests.services.steps import ON_SQLITE, Case, make_case
from tests.services.test_contract_thread import approve, ask, checked, codes, contracted, selected, state
from tests.services.test_engagement_changes import change


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path, prepare=deeper_checklists)


def asked(case: Case, assessment_id: UUID) -> list[str]:
    return [item.code for item in assessment_view.get_assessment(case.as_("officer"), assessment_id).items]


def answered(case: Case, assessment_id: UUID) -> UUID:
    """By both sides, and reviewed."""
    answer_all(case.as_("vendor_lead"), assessment_id)
    submit(case.as_("vendor_lead"), assessment_id)
    answer_all(case.as_("officer"), assessment_id)
    review_all(case.as_("second"), assessment_id)
    return assessment_id


def ahead(case: Case) -> Gate | None:
    found = gates.gate(case.as_("officer"), case.engagement_id)
    return found.gate if found.ahead else None


def open_items(case: Case) -> list[str]:
    return [
        item.code for each in rechecks.open_of(case.as_("officer"), case.engagement_id) for item in each.items
    ]


def check_state(case: Case, assessment_id: UUID) -> AssessmentState:
    return assessment_view.get_assessment(case.as_("officer"), assessment_id).head.state


def contract_through(case: Case) -> None:
    checked(case, contracted(case)[1])
    approve(case, ask(case))
    assert state(case) is State.CONTRACTED


def again_contract(case: Case) -> UUID:
    """The contract check of what became new, reviewed."""
    officer = case.as_("officer")
    more = begin(officer, case.engagement_id)
    assert asked(case, more) == open_items(case) and all(code.startswith("CON-") for code in open_items(case))
    answer_clauses(officer, more, contracted(case)[1])
    hand_in(officer, more)
    review_all(case.as_("second"), more)
    return more


def test_what_became_new_is_asked_alone_and_decided_and_the_release_is_open_again(case: Case) -> None:
    selected(case)
    contract_through(case)
    assert ahead(case) is Gate.RELEASE
    assert "QSL-003" in change(case, persons=2_000).asked_anew
    assert (ahead(case), codes(case)) == (Gate.SELECTION, {"never_asked:QSL-003"})
    with pytest.raises(Refused, match="gate_shut"):
        ask(case)
    more = send(case.as_("officer"), case.engagement_id)
    assert asked(case, more) == ["QSL-003"]
    answered(case, more)
    assert codes(case) == set() and "QSL-003" in open_items(case), "reviewed is not decided"
    with case.as_("officer").read() as tx:
        alone = sheets.sheet(case.as_("officer"), tx, more)
        said = {each.reason.ja: each.what.ja for each in not_checked(alone, {}, ())}
    (earlier,) = (what for reason, what in said.items() if "前の評価で尋ねた" in reason)
    assert earlier == "3項目：QSL-001、QSL-002、QSL-005"
    decision_id = ask(case)
    found = decision_views.get_decision(case.as_("officer"), decision_id)
    assert (found.gate, found.assessment_id) == (Gate.SELECTION, more)
    frozen = decision_views.frozen(case.as_("officer"), decision_id)
    assert {item.code for item in frozen.items} == {"QSL-001", "QSL-002", "QSL-003", "QSL-005"}
    assert all(item.review for item in frozen.items)
    assert Gate.SELECTION in {each.gate for each in frozen.decisions}, "what it adds to"
    approve(case, decision_id)
    assert (state(case), check_state(case, more)) == (State.CONTRACTED, AssessmentState.DECIDED)
    assert (ahead(case), "QSL-003" in open_items(case)) == (Gate.CONTRACT, False)
    again_contract(case)
    assert codes(case) == set()
    approve(case, ask(case))
    assert (state(case), open_items(case)) == (State.CONTRACTED, [])
    assert (ahead(case), codes(case)) == (Gate.RELEASE, set())
    approve(case, ask(case))
    assert state(case) is State.LIVE
    assert history_check.verify(case.house) == ()


@ON_SQLITE
def test_what_runs_is_asked_and_decided_again_gate_by_gate_and_runs_on(case: Case) -> None:
    selected(case)
    contract_through(case)
    approve(case, ask(case))
    assert {"QSL-003", "QSL-004"} < set(change(case, persons=60_000).asked_anew)
    assert ahead(case) is Gate.SELECTION
    answered(case, send(case.as_("officer"), case.engagement_id))
    approve(case, ask(case))
    assert (state(case), ahead(case)) == (State.LIVE, Gate.CONTRACT)
    again_contract(case)
    approve(case, ask(case))
    assert (state(case), ahead(case), open_items(case)) == (State.LIVE, None, [])


@ON_SQLITE
def test_refused_what_runs_runs_on_with_its_items_open_until_another_decision(case: Case) -> None:
    selected(case)
    contract_through(case)
    approve(case, ask(case))
    change(case, persons=2_000)
    officer = case.as_("officer")
    answered(case, send(officer, case.engagement_id))
    decisions.decide(case.as_("approver"), ask(case), 1, False, "確認が足りない。")
    assert (state(case), ahead(case)) == (State.LIVE, Gate.SELECTION)
    assert "QSL-003" in open_items(case)
    approve(case, ask(case))
    assert "QSL-003" not in open_items(case)


@ON_SQLITE
def test_refused_before_it_runs_it_is_refused(case: Case) -> None:
    selected(case)
    change(case, persons=2_000)
    answered(case, send(case.as_("officer"), case.engagement_id))
    decisions.decide(case.as_("approver"), ask(case), 1, False, "確認が足りない。")
    assert (state(case), open_items(case)) == (State.REFUSED, [])


@ON_SQLITE
def test_two_changes_are_two_checks_and_one_decision(case: Case) -> None:
    selected(case)
    change(case, persons=2_000)
    first = answered(case, send(case.as_("officer"), case.engagement_id))
    change(case, persons=60_000)
    assert (open_items(case), codes(case)) == (["QSL-003", "QSL-004"], {"never_asked:QSL-004"})
    second = send(case.as_("officer"), case.engagement_id)
    assert asked(case, second) == ["QSL-004"]
    answered(case, second)
    approve(case, ask(case))
    assert {check_state(case, each) for each in (first, second)} == {AssessmentState.DECIDED}
    assert (open_items(case), ahead(case)) == ([], Gate.CONTRACT)


@ON_SQLITE
def test_facts_that_go_back_leave_the_first_approval_as_it_was(case: Case) -> None:
    selected(case)
    contract_through(case)
    change(case, persons=2_000)
    answered(case, send(case.as_("officer"), case.engagement_id))
    decision_id = ask(case)
    change(case, persons=900)
    assert decision_views.get_decision(case.as_("officer"), decision_id).state is DecisionState.STALE
    assert (ahead(case), codes(case)) == (Gate.RELEASE, set())


@ON_SQLITE
def test_before_the_first_decision_too_only_what_became_new_is_asked(case: Case) -> None:
    case.reviewed()
    change(case, persons=2_000)
    more = send(case.as_("officer"), case.engagement_id)
    assert asked(case, more) == ["QSL-003"]
    assert codes(case) == {"never_asked:QSL-003"}
    answered(case, more)
    approve(case, ask(case))
    assert (state(case), check_state(case, case.assessment_id)) == (State.SELECTED, AssessmentState.DECIDED)


def client_later(house: House, folder: Path) -> House:
    return tiered_checklists(house, folder, {"QSL-001": "[medium, high]"})


@ON_SQLITE
def test_what_is_new_to_the_client_alone_waits_for_no_vendor(house: House, tmp_path: Path) -> None:
    case = selected(make_case(house, tmp_path, prepare=client_later))
    change(case, persons=2_000)
    jobs.run_due(case.house)
    mailer(case.house).sent.clear()
    more = send(case.as_("officer"), case.engagement_id)
    jobs.run_due(case.house)
    assert mailer(case.house).sent == []
    assert (asked(case, more), check_state(case, more)) == (["QSL-001"], AssessmentState.SUBMITTED)
    answer_all(case.as_("officer"), more)
    review_all(case.as_("second"), more)
    approve(case, ask(case))
    assert (state(case), open_items(case)) == (State.SELECTED, [])

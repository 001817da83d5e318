"""Gates not yet shown of what was brought in running: shown by a decision, due on a day, never passed by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.errors import Conflict, Invalid, Refused
from audit_portal.domain.imports import ImportKind
from audit_portal.domain.lists import WorkFilter
from audit_portal.domain.supervision import Gate, State
from audit_portal.services import history_check
from audit_portal.services.decisions import catching_up, decisions, gates, notices, standing
from audit_portal.services.decisions.standing import Standing
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.services.imports import Order
from tests.factories.world import send
from tests.services.steps import Case, make_case
from tests.services.test_contract_thread import ask, checked, contracted
from tests.services.test_decisions import decide, link_state
from tests.services.test_imports import WORK, bring, csv
from tests.services.test_outside_decisions import enter, facts

ALL = (Gate.SELECTION, Gate.CONTRACT, Gate.RELEASE)


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    """A running engagement, brought in, with a selection check that was sent."""
    case = make_case(house, tmp_path)
    return brought_in(case)


def brought_in(case: Case, days: int = 60) -> Case:
    officer = case.as_("officer")
    row = [
        "K-1",
        "北海印刷株式会社",
        "進行中の業務",
        "BPO",
        "案内",
        "氏名",
        "10",
        "",
        "R5.4.1",
        "",
        "",
        "宛名の印刷",
    ]
    order = Order(basis="台帳", catch_up_on=case.house.today() + timedelta(days))
    bring(officer, ImportKind.ENGAGEMENTS, csv(WORK, row), order)
    (found,) = engagements.listed(officer, wanted=WorkFilter(search="進行中の業務")).items
    return replace(case, engagement_id=found.id, assessment_id=send(officer, found.id))


def stands(case: Case) -> Standing:
    found = standing.of_engagement(case.as_("officer"), case.engagement_id)
    assert found is not None
    return found


def unshown(case: Case) -> tuple[Gate, ...]:
    return tuple(each.gate for each in stands(case).open)


def shown_by(case: Case, gate: Gate) -> UUID | None:
    return next(each.decision_id for each in stands(case).gates if each.gate is gate)


def test_the_three_gates_are_shown_one_after_another_by_their_decisions(case: Case) -> None:
    officer = case.as_("officer")
    first = gates.gate(officer, case.engagement_id)
    assert (first.ahead, first.gate, unshown(case)) == (True, Gate.SELECTION, ALL)
    with pytest.raises(Refused, match="gate_shut"):
        decisions.request(officer, case.engagement_id, "確認前の申請")
    selection = case.requested()
    assert unshown(case) == ALL  # asking shows nothing
    decide(case, selection)
    assert (link_state(case), unshown(case), shown_by(case, Gate.SELECTION)) == (
        State.LIVE, ALL[1:], selection,
    )  # fmt: skip
    _, document = contracted(case)
    checked(case, document)
    contract = ask(case)
    decide(case, contract)
    assert (unshown(case), shown_by(case, Gate.CONTRACT)) == (ALL[2:], contract)
    release = ask(case)
    decide(case, release)
    assert (link_state(case), unshown(case), shown_by(case, Gate.RELEASE)) == (State.LIVE, (), release)
    assert not gates.gate(officer, case.engagement_id).ahead
    with pytest.raises(Invalid, match="action_not_possible"):
        decisions.request(officer, case.engagement_id, "もう一度")
    events = [entry.event for entry in engagements.timeline(officer, case.engagement_id)]
    assert events.count("engagement.gate_shown") == 3 and "engagement.moved" not in events
    assert history_check.verify(case.house) == ()


def test_a_refusal_leaves_the_gate_not_yet_shown_and_the_work_running(case: Case) -> None:
    decide(case, case.requested(), approve=False)
    assert (link_state(case), unshown(case)) == (State.LIVE, ALL)
    again = decisions.request(case.as_("officer"), case.engagement_id, "改めて申請します。")
    decide(case, again)
    assert (unshown(case), shown_by(case, Gate.SELECTION)) == (ALL[1:], again)


def test_the_vendor_of_running_work_reads_the_words_until_the_gate_is_approved(case: Case) -> None:
    words = decisions.Terms(vendor_words="体制を確かめたいので、ご連絡します。")
    lead, approver = case.as_("vendor_lead"), case.as_("approver")
    decisions.decide(approver, case.requested(), 1, False, "記録が足りない。", words)
    notice = notices.standing(lead, case.engagement_id)
    assert notice is not None and notice.words == words.vendor_words
    decide(case, decisions.request(case.as_("officer"), case.engagement_id, "改めて申請します。"))
    assert notices.standing(lead, case.engagement_id) is None


def test_a_decision_taken_outside_shows_the_gate_with_the_day_on_its_paper(case: Case) -> None:
    case.reviewed()
    decision_id = enter(case.as_("officer"), case)
    decide(case, decision_id)
    line = stands(case).gates[0]
    assert (line.shown, line.decision_id, line.decided_on) == (True, decision_id, facts(case).decided_on)


def test_a_decision_asked_on_an_earlier_gate_is_not_asked_again(case: Case) -> None:
    decide(case, case.requested())
    with pytest.raises(Conflict, match="gate_moved_on"):
        decisions.request(case.as_("officer"), case.engagement_id, "古い画面から", Gate.SELECTION)


def test_what_is_due_soon_or_overdue_stands_on_the_officers_page_until_it_is_shown(
    house: House, tmp_path: Path
) -> None:
    case = brought_in(make_case(house, tmp_path), days=40)
    officer = case.as_("officer")
    assert catching_up.due_soon(officer) == ()
    case.house.clock.move(days=20)  # type: ignore[attr-defined]
    officer = case.as_("officer")
    (line,) = catching_up.due_soon(officer)
    assert (line.engagement_id, line.gates) == (case.engagement_id, ALL)
    decide(case, case.requested())
    assert [each.gates for each in catching_up.due_soon(case.as_("officer"))] == [ALL[1:]]


def test_the_list_shows_what_has_a_gate_not_yet_shown(case: Case) -> None:
    officer = case.as_("officer")
    assert len(engagements.listed(officer).items) == 2
    found = engagements.listed(officer, wanted=WorkFilter(unshown=True)).items
    assert [each.id for each in found] == [case.engagement_id]
    assert len(engagements.listed(case.as_("vendor_lead"), wanted=WorkFilter(unshown=True)).items) == 2

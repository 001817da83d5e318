"""What comes with decisions: acceptances that end, conditions, words for the vendor, facts that overtake."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.assessment import ReviewResult
from audit_portal.domain.condition import ConditionState, NewCondition
from audit_portal.domain.decision import Acceptance, DecisionState
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from audit_portal.domain.supervision import Gate, State
from audit_portal.services import jobs
from audit_portal.services.decisions import (
    acceptances,
    conditions,
    decision_views,
    decisions,
    notices,
)
from audit_portal.services.decisions.decisions import Terms
from audit_portal.services.engagements import engagement_changes, engagement_profile, engagements
from audit_portal.services.house import House
from tests.factories.house import account, context, mailer
from tests.services.steps import FACT, ON_SQLITE, Case, at_once, execute, make_case
from tests.services.test_contract_thread import approve, ask, checked, codes, contracted
from tests.services.test_decisions import decide, link_state, reviewed_with

KEY = f"item_unknown:{FACT}"


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def accepted_for(case: Case, days: int) -> UUID:
    """The selection is approved with one soft blocker accepted for so many days."""
    reviewed_with(case, FACT, ReviewResult.UNCONFIRMED)
    decision_id = ask(case)
    until = case.house.today() + timedelta(days)
    decide(case, decision_id, accepted=(Acceptance(KEY, "影響が小さい", "月次の点検", until),))
    return decision_id


def under_contract(case: Case) -> None:
    _, document_id = contracted(case)
    checked(case, document_id)
    approve(case, ask(case))


def move(case: Case, days: int) -> None:
    case.house.clock.move(days=days)  # type: ignore[attr-defined]


def test_an_acceptance_that_has_ended_stands_in_the_way_of_the_release(case: Case) -> None:
    accepted_for(case, 5)
    under_contract(case)
    officer = case.as_("officer")
    again = f"acceptance_over:{KEY}"
    move(case, 5)
    assert codes(case) == set()  # its last day
    move(case, 1)
    assert codes(case) == {again}
    (shown,) = acceptances.ending(officer)
    assert (shown.key, shown.over) == (KEY, True)
    release = ask(case)
    with pytest.raises(Refused):
        decide(case, release)
    anew = Acceptance(again, "まだ小さい", "週次の点検", case.house.today() + timedelta(90))
    decide(case, release, accepted=(anew,))
    assert link_state(case) is State.LIVE
    (left,) = acceptances.of_engagement(officer, case.engagement_id)
    assert (left.key, left.measure, left.over) == (KEY, "週次の点検", False)  # the former one is settled


@ON_SQLITE
def test_the_contract_gate_looks_at_ended_acceptances_too_and_forgets_what_is_met(case: Case) -> None:
    accepted_for(case, 5)
    assert acceptances.ending(case.as_("officer"))[0].over is False  # seen before it ends
    move(case, 6)
    assert f"acceptance_over:{KEY}" in codes(case, Gate.CONTRACT)
    assert acceptances.sweep(case.house) == 0
    execute(case.house, "UPDATE review SET result = 'conforms'")  # confirmed meanwhile
    assert f"acceptance_over:{KEY}" not in codes(case, Gate.CONTRACT)
    assert acceptances.sweep(case.house) == 1
    assert acceptances.ending(case.as_("officer")) == ()


def condition(case: Case, days: int = 10, **more: Any) -> NewCondition:
    due = case.house.today() + timedelta(days)
    return replace(NewCondition("誓約書を集める", "人事部 佐藤", due), **more)


def conditional(case: Case, *wanted: NewCondition) -> None:
    decision_id = case.requested()
    decide(case, decision_id, terms=Terms(conditions=wanted))


def test_a_condition_before_release_keeps_data_back_until_another_person_confirmed_it(case: Case) -> None:
    conditional(case, condition(case, before_release=True), condition(case, 20))
    assert link_state(case) is State.SELECTED  # the gate is open
    under_contract(case)
    officer, approver = case.as_("officer"), case.as_("approver")
    first, _second = conditions.of_engagement(officer, case.engagement_id)
    assert codes(case) == {f"condition_open:{first.number}"}
    with pytest.raises(Refused):
        ask(case)  # nobody may accept it away
    conditions.fulfil(officer, first.id, first.version, "全員分を集めた。")
    assert codes(case) == {f"condition_open:{first.number}"}
    version = conditions.get_condition(officer, first.id).version
    conditions.answer(approver, first.id, version, False, "2名分が足りません。")
    assert conditions.get_condition(officer, first.id).state is ConditionState.OPEN
    conditions.fulfil(officer, first.id, version + 1, "2名分も集めた。")
    with pytest.raises(Conflict, match="changed_meanwhile"):
        conditions.answer(approver, first.id, version, True, "")
    conditions.answer(approver, first.id, version + 2, True, "")
    found = conditions.get_condition(officer, first.id)
    assert (found.state, found.fulfilled_by, found.confirmed_by) == (
        ConditionState.CONFIRMED,
        officer.actor.name,
        approver.actor.name,
    )
    assert codes(case) == set()
    approve(case, ask(case))
    assert link_state(case) is State.LIVE


@ON_SQLITE
def test_who_says_a_condition_is_met_does_not_confirm_it(case: Case) -> None:
    conditional(case, condition(case))
    both = context(case.house, account(case.house, case.everyone.client_id, Role.OFFICER, Role.APPROVER))
    (found,) = conditions.of_engagement(both, case.engagement_id)
    conditions.fulfil(both, found.id, found.version, "済んだ。")
    assert conditions.pending(both) == ()
    with pytest.raises(Forbidden, match="own_condition"):
        conditions.answer(both, found.id, found.version + 1, True, "")
    assert [each.id for each in conditions.pending(case.as_("approver"))] == [found.id]


@ON_SQLITE
def test_a_condition_is_whole_and_late_ones_are_named(case: Case) -> None:
    decision_id = case.requested()
    for code, wanted in (
        ("condition_incomplete", condition(case, text=" ")),
        ("condition_incomplete", condition(case, who="")),
        ("condition_in_the_past", condition(case, -1)),
    ):
        with pytest.raises(Invalid, match=code):
            decide(case, decision_id, terms=Terms(conditions=(wanted,)))
    decide(case, decision_id, terms=Terms(conditions=(condition(case),)))
    officer = case.as_("officer")
    (found,) = conditions.pending(officer)
    assert not found.late
    move(case, 11)
    assert conditions.pending(officer)[0].late
    with pytest.raises(Invalid, match="condition_needs_note"):
        conditions.fulfil(officer, found.id, found.version, " ")
    with pytest.raises(Invalid, match="condition_not_possible"):
        conditions.answer(case.as_("approver"), found.id, found.version, True, "")
    with pytest.raises(NotFound):
        conditions.get_condition(case.as_("owner"), found.id)


def test_the_vendor_reads_the_words_meant_for_it_and_none_of_the_reasons(case: Case) -> None:
    decision_id = case.requested()
    words = Terms(vendor_words="今回は見送ります。体制が整いましたらご連絡ください。")
    decide(case, decision_id, approve=False, comment="社内の評価：信用不安あり。", terms=words)
    lead = case.as_("vendor_lead")
    notice = notices.standing(lead, case.engagement_id)
    assert notice is not None and notice.words.startswith("今回は見送ります")
    mailer(case.house).sent.clear()
    jobs.run_due(case.house)
    told = [mail for mail in mailer(case.house).sent if notice.words in mail.body]
    assert [mail.to.partition("-")[0] for mail in told] == ["vendor_lead"]
    assert "信用不安" not in told[0].body
    with pytest.raises(Forbidden):
        decision_views.get_decision(lead, decision_id)
    assert decision_views.get_decision(case.as_("officer"), decision_id).vendor_words == notice.words


@ON_SQLITE
def test_without_words_the_vendor_learns_of_the_refusal_alone(case: Case) -> None:
    decision_id = case.requested()
    decide(case, decision_id, approve=False, comment="信用不安あり。")
    assert notices.standing(case.as_("vendor_lead"), case.engagement_id) is None


def change(case: Case, **facts: Any) -> None:
    officer = case.as_("officer")
    profile = engagement_profile.get_profile(officer, case.engagement_id)
    engagement_changes.change(officer, case.engagement_id, profile.version, replace(profile.facts, **facts))


def test_facts_that_change_end_the_request_that_rests_on_them(case: Case) -> None:
    decision_id = case.requested()
    change(case, title="会員データの入力（東日本）")  # nothing a decision rests on
    assert decision_views.get_decision(case.as_("officer"), decision_id).state is DecisionState.REQUESTED
    change(case, persons=950)
    found = decision_views.get_decision(case.as_("officer"), decision_id)
    assert (found.state, found.ended_because, found.decided_by) == (DecisionState.STALE, "facts_changed", "")
    with pytest.raises(Conflict, match="decision_overtaken"):
        decide(case, decision_id)
    assert decision_views.waiting(case.as_("approver")) == ()
    again = ask(case)
    decide(case, again)
    assert link_state(case) is State.SELECTED


def test_a_change_and_a_decision_at_once_never_both_hold(case: Case) -> None:
    decision_id = case.requested()
    found = at_once(
        lambda: change(case, persons=950),
        lambda: decisions.decide(case.as_("approver"), decision_id, 1, True, "確認しました。"),
    )
    state = decision_views.get_decision(case.as_("officer"), decision_id).state
    assert found[0] is None
    if state is DecisionState.STALE:
        assert isinstance(found[1], Conflict) and link_state(case) is State.DRAFT
    else:
        assert (state, found[1], link_state(case)) == (DecisionState.APPROVED, None, State.SELECTED)


def test_a_change_and_a_request_at_once_leave_no_request_on_old_facts(case: Case) -> None:
    case.reviewed()
    at_once(lambda: change(case, persons=950), lambda: ask(case))
    officer = case.as_("officer")
    for each in decision_views.of_engagement(officer, case.engagement_id):
        if each.state is DecisionState.REQUESTED:
            changed = [
                entry
                for entry in engagements.timeline(officer, case.engagement_id)
                if entry.event in ("engagement.changed", "decision.requested")
            ]
            assert changed[0].event == "decision.requested"  # the newest first: asked after the change

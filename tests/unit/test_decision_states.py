"""The states of requests and of conditions: every pair is decided; acceptances end by their day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain import condition
from audit_portal.domain.acceptance import OVER, before, first_key, over, standing_again
from audit_portal.domain.condition import ConditionAct, ConditionState, late
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.decision_walk import WALK, Act, walked
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.supervision import Blocker, Duty, Gate, Who

TODAY = date(2026, 11, 21)


@given(st.sampled_from(DecisionState), st.sampled_from(Act), st.booleans())
def test_only_an_open_request_walks_on(state: DecisionState, act: Act, last: bool) -> None:
    if state is not DecisionState.REQUESTED:
        with pytest.raises(Conflict, match="decision_made"):
            walked(state, act, last)
        return
    found = walked(state, act, last)
    assert (found is DecisionState.REQUESTED) is (act is Act.APPROVE and not last)
    assert (found is DecisionState.APPROVED) is (act is Act.APPROVE and last)


def test_every_act_on_an_open_request_is_decided() -> None:
    assert set(WALK) == {(DecisionState.REQUESTED, act, last) for act in Act for last in (False, True)}


@given(st.sampled_from(ConditionState), st.sampled_from(ConditionAct))
def test_a_condition_is_confirmed_only_after_somebody_said_it_is_met(
    state: ConditionState, act: ConditionAct
) -> None:
    try:
        found = condition.after(state, act)
    except Invalid as refusal:
        assert refusal.code == "condition_not_possible" and (state, act) not in condition.NEXT
        return
    assert state is not ConditionState.CONFIRMED
    assert (found is ConditionState.CONFIRMED) is (act is ConditionAct.CONFIRM)
    assert act is ConditionAct.FULFIL or state is ConditionState.FULFILLED


def test_a_condition_is_late_from_the_day_after_until_it_is_said_to_be_met() -> None:
    assert not late(ConditionState.OPEN, TODAY, TODAY)
    assert late(ConditionState.OPEN, TODAY - timedelta(1), TODAY)
    assert not late(ConditionState.FULFILLED, TODAY - timedelta(1), TODAY)


def test_an_acceptance_holds_on_its_last_day_and_no_longer() -> None:
    assert not over(TODAY, TODAY) and over(TODAY - timedelta(1), TODAY)


def blocker(code: str, item: str | None = None) -> Blocker:
    return Blocker(code, Duty.STANDARD, ("X",), Who.VENDOR, item)


def test_what_was_accepted_stands_again_while_it_is_not_met_and_is_said_once() -> None:
    open_one = blocker("item_unknown", "QSL-005")
    earlier = {open_one.key: open_one}
    (again,) = standing_again([open_one.key, f"{OVER}:{open_one.key}"], earlier, ())
    assert (again.code, again.item, again.duty, again.acceptable) == (OVER, open_one.key, Duty.STANDARD, True)
    assert first_key(again.key) == open_one.key
    assert standing_again([open_one.key], {}, ()) == ()  # met by now
    assert standing_again([open_one.key], earlier, (open_one,)) == ()  # the gate says it itself


def test_the_gates_before_a_gate() -> None:
    assert before(Gate.SELECTION) == ()
    assert before(Gate.RELEASE) == (Gate.SELECTION, Gate.CONTRACT)
    assert before(Gate.STANDING) == (Gate.SELECTION, Gate.CONTRACT, Gate.RELEASE)

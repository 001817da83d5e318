"""Which gate is decided next, and where a decision leaves an engagement that was brought in running."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from audit_portal.domain.catching_up import CAUGHT_UP, RUNNING, decided_at, gate_ahead
from audit_portal.domain.errors import Invalid
from audit_portal.domain.supervision import NEXT_GATE, OPENED_BY, Action, Gate, State, after

SOME = [set(each) for each in chain(*(combinations(CAUGHT_UP, count) for count in range(4)))]


@pytest.mark.parametrize("unshown", SOME)
def test_of_what_runs_the_first_gate_not_yet_shown_is_ahead(unshown: set[Gate]) -> None:
    for state in RUNNING:
        ahead = gate_ahead(state, unshown)
        assert (ahead is None) == (not unshown)
        assert ahead is None or all(gate not in unshown for gate in CAUGHT_UP[: CAUGHT_UP.index(ahead)])


@pytest.mark.parametrize("state", sorted(set(State) - RUNNING))
def test_of_what_does_not_run_yet_only_its_state_says_which_gate_is_ahead(state: State) -> None:
    assert {gate_ahead(state, unshown) for unshown in map(frozenset, SOME)} == {NEXT_GATE.get(state)}


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("gate", CAUGHT_UP)
def test_a_decision_on_what_was_not_yet_shown_moves_nothing_that_runs(gate: Gate, approved: bool) -> None:
    for state in RUNNING:
        assert decided_at(state, gate, approved, {gate}) is state
        with pytest.raises(Invalid, match="action_not_possible"):
            decided_at(state, gate, approved, set(CAUGHT_UP) - {gate})


@pytest.mark.parametrize("state", sorted(NEXT_GATE))
def test_on_the_way_a_decision_moves_by_the_table(state: State) -> None:
    gate = NEXT_GATE[state]
    assert decided_at(state, gate, True, ()) is after(state, OPENED_BY[gate])
    assert decided_at(state, gate, False, CAUGHT_UP) is after(state, Action.REFUSE)


@pytest.mark.parametrize("state", [State.CLOSING, State.CLOSED])
def test_of_what_is_over_nothing_is_shown_any_more(state: State) -> None:
    with pytest.raises(Invalid, match="action_not_possible"):
        decided_at(state, Gate.SELECTION, True, CAUGHT_UP)


AGAIN = [set(each) for each in chain(*(combinations(CAUGHT_UP[:2], count) for count in range(1, 3)))]


@pytest.mark.parametrize("again", AGAIN)
def test_a_gate_to_be_gone_through_again_comes_first_and_opens_nothing(again: set[Gate]) -> None:
    for state in RUNNING:
        ahead = gate_ahead(state, (), again)
        assert ahead is min(again, key=CAUGHT_UP.index)
        assert {decided_at(state, ahead, approved, (), again) for approved in (True, False)} == {state}
    assert gate_ahead(State.CONTRACTED, (), again) is min(again, key=CAUGHT_UP.index)
    for gate in again:
        first = gate is gate_ahead(State.CONTRACTED, (), again)
        if first:
            assert decided_at(State.CONTRACTED, gate, True, (), again) is State.CONTRACTED
            assert decided_at(State.CONTRACTED, gate, False, (), again) is State.REFUSED
    assert gate_ahead(State.DRAFT, (), again) is Gate.SELECTION
    with pytest.raises(Invalid, match="action_not_possible"):
        decided_at(State.CLOSED, Gate.SELECTION, True, (), again)


def test_a_gate_that_comes_later_waits_for_the_one_to_be_gone_through_again() -> None:
    again = {Gate.SELECTION, Gate.CONTRACT}
    assert gate_ahead(State.SELECTED, (), again) is Gate.SELECTION
    assert gate_ahead(State.SELECTED, (), {Gate.CONTRACT}) is Gate.CONTRACT
    assert decided_at(State.SELECTED, Gate.CONTRACT, True, (), {Gate.CONTRACT}) is State.CONTRACTED

"""The states of an engagement and its selection gate."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain.errors import Invalid
from audit_portal.domain.supervision import (
    NEVER_ACCEPTED,
    NEXT,
    OPENED_BY,
    Action,
    Blocker,
    Duty,
    Gate,
    GateDecision,
    SelectionFacts,
    State,
    Who,
    after,
    selection_gate,
)

# Written out by hand from design.md section 2, so that a slip in the table shows.
MOVES = """
    draft -select-> selected            draft -refuse-> refused
    selected -contract-> contracted     selected -refuse-> refused
    contracted -release-> live          contracted -refuse-> refused
    contracted -begin_closing-> closing
    live -suspend-> suspended           live -begin_closing-> closing
    suspended -resume-> live            suspended -begin_closing-> closing
    closing -close-> closed             refused -reopen-> draft
"""


def _moves() -> dict[tuple[State, Action], State]:
    words = MOVES.replace("->", " ").split()
    return {
        (State(words[n]), Action(words[n + 1].strip("-"))): State(words[n + 2])
        for n in range(0, len(words), 3)
    }


@pytest.mark.parametrize(("state", "action"), list(product(State, Action)))
def test_every_pair_of_state_and_action_is_decided(state: State, action: Action) -> None:
    expected = _moves().get((state, action))
    if expected:
        assert after(state, action) is expected
        return
    with pytest.raises(Invalid) as refused:
        after(state, action)
    assert refused.value.code == "action_not_possible"
    assert refused.value.facts == {"state": state.value, "action": action.value}


def test_the_table_holds_nothing_that_the_design_does_not() -> None:
    assert _moves() == NEXT


def test_every_state_can_be_reached_and_only_closed_is_final() -> None:
    reached, frontier = {State.DRAFT}, {State.DRAFT}
    while frontier:
        frontier = {to for (state, _), to in NEXT.items() if state in frontier} - reached
        reached |= frontier
    assert reached == set(State)
    assert {state for state in State if all(state is not before for before, _ in NEXT)} == {State.CLOSED}


def test_data_is_released_only_after_selection_and_contract() -> None:
    """Whatever way an engagement goes from the draft to live, it passes both."""

    def ways(state: State, passed: tuple[State, ...]) -> list[tuple[State, ...]]:
        if state is State.LIVE:
            return [passed]
        steps = {to for (before, _), to in NEXT.items() if before is state and to not in passed}
        return [way for to in steps for way in ways(to, (*passed, to))]

    found = ways(State.DRAFT, (State.DRAFT,))
    assert found
    assert all({State.SELECTED, State.CONTRACTED} <= set(way) for way in found)


def test_every_gate_that_moves_an_engagement_names_its_action() -> None:
    assert set(Gate) - set(OPENED_BY) == {Gate.STANDING}
    assert {OPENED_BY[gate] for gate in OPENED_BY} <= {action for _, action in NEXT}


blockers = st.builds(
    Blocker,
    st.sampled_from(["item_unanswered", "item_unknown", "item_blocking_no", "item_no_action"]),
    st.sampled_from(Duty),
    st.just(("APPI-25",)),
    st.sampled_from(Who),
    st.sampled_from([None, "SEL-001", "SEL-002", "SEL-003"]),
)
facts = st.builds(
    SelectionFacts,
    st.sampled_from(State),
    st.booleans(),
    st.booleans(),
    st.booleans(),
    st.lists(blockers, max_size=4).map(tuple),
)


@given(facts)
def test_the_selection_gate_opens_only_when_everything_is_there(known: SelectionFacts) -> None:
    decision = selection_gate(known)
    ready = known.classified and known.checked and known.covers_annex10 and not known.open_items
    assert decision.allowed is ready
    assert decision == selection_gate(replace(known)), "the same facts, the same decision"
    assert set(known.open_items) <= set(decision.blockers)
    own = [each for each in decision.blockers if each not in known.open_items]
    assert not any(each.acceptable for each in own), "the gate's own reasons are duties"
    assert all(each.basis for each in decision.blockers)


@given(facts)
def test_one_fact_less_never_opens_the_gate(known: SelectionFacts) -> None:
    before = selection_gate(known)
    for worse in (
        replace(known, classified=False),
        replace(known, checked=False),
        replace(known, covers_annex10=False),
    ):
        assert not selection_gate(worse).allowed
        assert not (selection_gate(worse).allowed and not before.allowed)


@given(facts, st.data())
def test_a_duty_is_never_accepted_and_the_rest_can_be(known: SelectionFacts, data: st.DataObject) -> None:
    decision = selection_gate(known)
    keys = sorted({each.key for each in decision.blockers})
    chosen = set(data.draw(st.lists(st.sampled_from(keys)))) if keys else set()
    duties = [each for each in decision.blockers if each.key in chosen and each.duty in NEVER_ACCEPTED]
    if duties:
        with pytest.raises(Invalid) as refused:
            decision.without(chosen)
        assert refused.value.code == "blocker_not_acceptable"
        return
    left = decision.without(chosen)
    assert {each.key for each in left.blockers} == set(keys) - chosen
    assert left.allowed is (set(keys) <= chosen)


def test_accepting_what_is_not_there_opens_nothing() -> None:
    decision = GateDecision(Gate.SELECTION, (Blocker("x", Duty.OWN, ("own",), Who.CLIENT),))
    assert decision.without(["y", "x:SEL-001"]) == decision


@pytest.mark.parametrize("duty", Duty)
def test_law_guideline_musts_and_eu_law_are_never_accepted(duty: Duty) -> None:
    acceptable = duty not in (Duty.LAW, Duty.GUIDELINE_MUST, Duty.EU)
    assert Blocker("x", duty, (), Who.CLIENT).acceptable is acceptable

"""Routes: who may fill a seat, what is wrong with a route, and one person never in two seats."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain.errors import Forbidden
from audit_portal.domain.route import Deputy, Flaw, People, Step, fillers, flaws, free, in_whose_name

A, B, C, D = (UUID(int=n) for n in range(1, 5))
TODAY = date(2026, 11, 21)
ALL = People(frozenset({A, B, C}))
ANY = Step("個人情報保護管理者")


def stands_in(person: UUID, deputy: UUID, first: int = 0, last: int = 0) -> Deputy:
    return Deputy(person, deputy, TODAY + timedelta(first), TODAY + timedelta(last))


def test_a_seat_without_names_is_for_every_approver() -> None:
    assert set(fillers(ANY, ALL, TODAY)) == {A, B, C}
    assert set(fillers(Step("部長", (A, D)), ALL, TODAY)) == {A}  # D is no active approver


@pytest.mark.parametrize(
    ("first", "last", "stands"), [(0, 0, True), (-3, -1, False), (1, 2, False), (-1, 1, True)]
)
def test_a_deputy_stands_from_the_first_to_the_last_day(first: int, last: int, stands: bool) -> None:
    people = People(ALL.approvers, (stands_in(A, B, first, last),))
    assert fillers(Step("部長", (A,)), people, TODAY) == ({A: None, B: A} if stands else {A: None})


def test_a_deputy_acts_for_somebody_who_left_and_in_their_own_name_where_they_sit_themselves() -> None:
    people = People(frozenset({B}), (stands_in(A, B),))
    assert fillers(Step("部長", (A,)), people, TODAY) == {B: A}
    assert fillers(Step("部長", (A, B)), people, TODAY) == {B: None}


@pytest.mark.parametrize(
    ("step", "people", "actor", "requester", "acted", "code"),
    [
        (ANY, ALL, A, A, (), "own_request"),
        (ANY, ALL, A, B, (A,), "second_seat"),
        (Step("部長", (B,)), ALL, A, C, (), "not_your_seat"),
        (ANY, ALL, D, C, (), "not_your_seat"),
        (Step("部長", (B,)), People(ALL.approvers, (stands_in(B, A),)), A, B, (), "own_request"),
        (Step("部長", (B,)), People(ALL.approvers, (stands_in(B, A),)), A, C, (B,), "second_seat"),
    ],
    ids=["asked", "acted", "another's", "no approver", "deputy of who asked", "deputy of who acted"],
)
def test_nobody_fills_a_seat_that_is_not_theirs(
    step: Step, people: People, actor: UUID, requester: UUID, acted: tuple[UUID, ...], code: str
) -> None:
    with pytest.raises(Forbidden, match=code):
        in_whose_name(step, people, TODAY, actor, requester, acted)
    assert actor not in free(step, people, TODAY, requester, acted)


def test_what_is_wrong_with_a_route_is_named_by_its_seat() -> None:
    assert flaws((ANY,), ALL, TODAY) == ()
    assert flaws((Step("部長", (D,)), ANY), ALL, TODAY) == ((0, Flaw.VACANT),)
    assert flaws((Step("課長", (A,)), Step("部長", (A, B))), ALL, TODAY) == ((1, Flaw.LOOP),)
    assert flaws((Step("部長", (A,)), ANY), People(frozenset({A})), TODAY) == ((1, Flaw.LOOP),)
    assert flaws((Step("部長", (A,)),), ALL, TODAY, A) == ((0, Flaw.REQUESTER),)
    assert flaws((Step("部長", (A,)),), People(ALL.approvers, (stands_in(A, B),)), TODAY, A) == (
        (0, Flaw.REQUESTER),  # a deputy of who asks is no other pair of eyes
    )


people_of = st.frozensets(st.sampled_from((A, B, C, D)))
steps_of = st.lists(
    people_of.map(lambda who: Step("席", tuple(sorted(who, key=str)))), min_size=1, max_size=4
)


@given(steps_of, people_of, st.sampled_from((None, A, B)))
def test_a_route_without_flaws_can_be_walked_by_different_people(
    steps: list[Step], approvers: frozenset[UUID], requester: UUID | None
) -> None:
    people = People(approvers)
    wrong = flaws(steps, people, TODAY, requester)
    can = any(
        all(who in free(step, people, TODAY, requester, ()) for who, step in zip(order, steps, strict=True))
        for order in permutations(sorted(approvers, key=str), len(steps))
    )
    named = [person for step in steps for person in step.people]
    assert (not wrong) is (can and len(named) == len(set(named)))


@given(st.sampled_from((A, B, C)), st.sampled_from((A, B, C)), people_of)
def test_who_may_fill_a_seat_is_the_same_whoever_asks_it(
    actor: UUID, requester: UUID, acted: frozenset[UUID]
) -> None:
    people = People(ALL.approvers, (stands_in(A, B),))
    step = Step("部長", (A, C))
    may = actor in free(step, people, TODAY, requester, acted)
    try:
        in_whose_name(step, people, TODAY, actor, requester, acted)
    except Forbidden:
        assert not may
    else:
        assert may

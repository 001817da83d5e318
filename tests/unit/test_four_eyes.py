"""Which rules of two people the people at hand can't meet."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain.access import STAFF, Role
from audit_portal.domain.four_eyes import PairRule, unmet

ONE = frozenset({Role.OFFICER, Role.APPROVER})


def test_nobody_meets_no_rule() -> None:
    assert unmet([]) == tuple(PairRule)


def test_one_person_with_every_role_meets_no_rule() -> None:
    assert unmet([STAFF]) == tuple(PairRule)


def test_an_officer_and_an_approver_can_decide_but_nobody_signs() -> None:
    people = [frozenset({Role.OFFICER, Role.ADMIN}), frozenset({Role.APPROVER, Role.OWNER})]
    assert unmet(people) == (PairRule.SIGNATURE,)


def test_two_people_who_both_hold_both_roles_can_decide() -> None:
    assert PairRule.DECISION not in unmet([ONE, ONE])


@given(st.lists(st.frozensets(st.sampled_from(sorted(STAFF))), max_size=4))
def test_a_decision_can_be_made_when_some_two_of_them_can(people: list[frozenset[Role]]) -> None:
    can = any(Role.OFFICER in one and Role.APPROVER in other for one, other in permutations(people, 2))
    assert (PairRule.DECISION in unmet(people)) is not can

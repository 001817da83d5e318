"""Who may take what over, and when a hand-over that was agreed is still the same."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.handover import (
    HandoverState,
    Obstacle,
    Taker,
    Task,
    Thing,
    agreed,
    check,
    must_be_open,
    obstacle,
)

TODAY = date(2026, 4, 1)
APPROVER = frozenset({Role.APPROVER})


def taker(*roles: Role, there: bool = True) -> Taker:
    return Taker(uuid4(), frozenset(roles), there)


def test_a_thing_moves_to_somebody_there_with_the_role() -> None:
    seat = Thing(Task.SEAT, uuid4(), APPROVER)
    assert obstacle(seat, taker(Role.APPROVER, Role.OWNER)) is None
    assert obstacle(seat, None) is Obstacle.NOBODY
    assert obstacle(seat, taker(Role.APPROVER, there=False)) is Obstacle.NOT_THERE
    assert obstacle(seat, taker(Role.OFFICER)) is Obstacle.ROLE


def test_who_asked_for_a_decision_does_not_take_a_seat_of_it() -> None:
    who = taker(Role.APPROVER)
    seat = Thing(Task.SEAT, uuid4(), APPROVER, {who.id: Obstacle.ASKED})
    assert obstacle(seat, who) is Obstacle.ASKED
    assert obstacle(seat, taker(Role.APPROVER)) is None


def test_what_newly_stands_in_the_way_was_not_agreed() -> None:
    assert agreed((), ()) and agreed(("seat:1",), ("seat:1", "seat:2")) and agreed((), ("seat:1",))
    assert not agreed(("seat:3",), ("seat:1",))


def test_an_order_names_another_person_and_a_day_to_come() -> None:
    leaver, other = uuid4(), uuid4()
    check(leaver, (other, None), TODAY, TODAY)
    for takers, day, code in (
        ((None, None), TODAY, "handover_needs_successor"),
        ((other, leaver), TODAY, "handover_to_oneself"),
        ((other,), date(2026, 3, 31), "handover_in_past"),
    ):
        with pytest.raises(Invalid, match=code):
            check(leaver, takers, day, TODAY)


def test_what_is_over_is_not_done_again() -> None:
    must_be_open(HandoverState.PLANNED)
    must_be_open(HandoverState.HELD)
    for state in (HandoverState.DONE, HandoverState.WITHDRAWN):
        with pytest.raises(Conflict, match="handover_over"):
            must_be_open(state)

"""The route (決裁経路) of a decision: ordered seats, who may fill each, and what is wrong with a route.

Four eyes: who asked approves nothing of it, and one person fills one seat of a request, in whosever name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from audit_portal.domain.errors import Forbidden


@dataclass(frozen=True)
class Step:
    """A seat: named people, or (none named) everybody who holds the role of approver."""

    title: str
    people: tuple[UUID, ...] = ()


@dataclass(frozen=True)
class Deputy:
    """`deputy` acts in the name of `person` from the first to the last day, both included."""

    person: UUID
    deputy: UUID
    first_on: date
    last_on: date

    def stands(self, today: date) -> bool:
        return self.first_on <= today <= self.last_on


@dataclass(frozen=True)
class People:
    """Who could sit today: active accounts with the role of approver, and the deputies of that day."""

    approvers: frozenset[UUID]
    deputies: tuple[Deputy, ...] = ()


class Flaw(StrEnum):
    VACANT = "route_vacant"  # no active person, no deputy
    LOOP = "route_loop"  # somebody would have to fill two seats
    REQUESTER = "route_requester"  # only who asks could fill it


class SeatState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    RETURNED = "returned"
    REFUSED = "refused"


def fillers(step: Step, people: People, today: date) -> Mapping[UUID, UUID | None]:
    """Who may fill the seat → in whose name (None: their own)."""
    own = people.approvers & set(step.people) if step.people else people.approvers
    found: dict[UUID, UUID | None] = dict.fromkeys(own)
    for each in people.deputies:
        if each.stands(today) and each.person in step.people and each.deputy in people.approvers:
            found.setdefault(each.deputy, each.person)
    return found


def free(
    step: Step, people: People, today: date, requester: UUID | None, acted: Collection[UUID]
) -> Mapping[UUID, UUID | None]:
    """Who may fill the seat of one request: neither who asked nor who acted before, themselves or by a deputy."""
    barred = {*acted, *([requester] if requester else [])}
    return {
        person: instead
        for person, instead in fillers(step, people, today).items()
        if person not in barred and instead not in barred
    }


def in_whose_name(
    step: Step, people: People, today: date, actor: UUID, requester: UUID, acted: Collection[UUID]
) -> UUID | None:
    """For whom the actor fills the seat (None: for themselves). Raises Forbidden where they may not.

    `acted`: everybody who filled an earlier seat of the request, and in whose name.
    """
    if actor == requester:
        raise Forbidden("own_request")
    if actor in acted:
        raise Forbidden("second_seat")
    found = fillers(step, people, today)
    if actor not in found:
        raise Forbidden("not_your_seat", seat=step.title)
    instead = found[actor]
    if instead == requester:
        raise Forbidden("own_request")
    if instead in acted:
        raise Forbidden("second_seat")
    return instead


def flaws(
    steps: Sequence[Step], people: People, today: date, requester: UUID | None = None
) -> tuple[tuple[int, Flaw], ...]:
    """What is wrong with a route, by place (from 0): each seat is named once, with its gravest flaw."""
    found: dict[int, Flaw] = {}
    for place, step in enumerate(steps):
        earlier = {person for each in steps[:place] for person in each.people}
        if not fillers(step, people, today):
            found[place] = Flaw.VACANT
        elif not free(step, people, today, requester, ()):
            found[place] = Flaw.REQUESTER
        elif earlier & set(step.people):
            found[place] = Flaw.LOOP
    if not found:
        sets = [frozenset(free(step, people, today, requester, ())) for step in steps]
        short = _first_unseated(sets)
        if short is not None:
            found[short] = Flaw.LOOP
    return tuple(sorted(found.items()))


def _first_unseated(seats: Sequence[frozenset[UUID]]) -> int | None:
    """The first seat for which nobody is left when each person fills one (bipartite matching by augmenting)."""
    taken: dict[UUID, int] = {}

    def place(seat: int, tried: set[UUID]) -> bool:
        for person in sorted(seats[seat], key=str):
            if person in tried:
                continue
            tried.add(person)
            if person not in taken or place(taken[person], tried):
                taken[person] = seat
                return True
        return False

    return next((seat for seat in range(len(seats)) if not place(seat, set())), None)


def named(steps: Iterable[Step]) -> frozenset[UUID]:
    return frozenset(person for step in steps for person in step.people)

"""A hand-over (引き継ぎ): what a person who leaves has in hand, who takes it, and what stands in the way.

A thing that can't move stays where it is and says why; nothing is given to somebody who may not have it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from uuid import UUID

from audit_portal.domain.access import Role
from audit_portal.domain.errors import Conflict, Invalid


class HandoverState(StrEnum):
    PLANNED = "planned"
    HELD = "held"  # its day came, and it couldn't be done as it was agreed
    DONE = "done"
    WITHDRAWN = "withdrawn"


OPEN = frozenset({HandoverState.PLANNED, HandoverState.HELD})


class Task(StrEnum):
    """What a person can have in hand."""

    OWNER = "owner"  # of an engagement
    DEPUTY = "deputy"  # of its owner
    ASSIGNED = "assigned"  # put on an engagement: auditor, owner
    ITEMS = "items"  # of a check, given to this person
    CONTACT = "contact"  # whom the vendor calls about a check that isn't over
    SEAT = "seat"  # of a request that is open
    ROUTE = "route"  # a seat of a route
    STAND_IN = "stand_in"  # acts for somebody who is away


# Work goes to the one successor, what is decided to the other: they are seldom the same person.
DECIDING = frozenset({Task.SEAT, Task.ROUTE, Task.STAND_IN})


class Obstacle(StrEnum):
    """Why a thing doesn't move."""

    NOBODY = "nobody"  # no successor was named for things of this kind
    NOT_THERE = "not_there"  # the successor's account isn't in use that day
    ROLE = "role"  # the successor lacks the role
    ASKED = "asked"  # … asked for this very decision
    ACTED = "acted"  # … has filled another seat of it
    OTHER_SEAT = "other_seat"  # … is named on another seat
    ONESELF = "oneself"  # … would stand in for themselves
    PLANNER = "planner"  # … plans the hand-over, and would give themselves a seat of an open request
    OWN_REQUEST = (
        "own_request"  # who plans the hand-over asked for this decision: nobody picks their own approver
    )


@dataclass(frozen=True)
class Taker:
    """Somebody who may take things over: `there` says whether the account is in use on that day."""

    id: UUID
    roles: frozenset[Role]
    there: bool


@dataclass(frozen=True)
class Thing:
    """One thing in hand. `needs`: one of these roles; `barred`: who may not have it, and why; `shut`: why nobody may."""

    task: Task
    id: UUID
    needs: frozenset[Role]
    barred: Mapping[UUID, Obstacle] = field(default_factory=dict)
    shut: Obstacle | None = None

    @property
    def key(self) -> str:
        return f"{self.task.value}:{self.id}"


def obstacle(thing: Thing, taker: Taker | None) -> Obstacle | None:
    """What keeps the thing from moving to this person; None: it moves."""
    if taker is None:
        return Obstacle.NOBODY
    if thing.shut:
        return thing.shut
    if not taker.there:
        return Obstacle.NOT_THERE
    if not thing.needs & taker.roles:
        return Obstacle.ROLE
    return thing.barred.get(taker.id)


def agreed(stuck: Collection[str], left: Collection[str]) -> bool:
    """Whether what is stuck now is no more than what was known to stay when the hand-over was agreed."""
    return set(stuck) <= set(left)


def check(leaver: UUID, takers: Collection[UUID | None], from_on: date, today: date) -> None:
    """Raises Invalid('handover_needs_successor' | 'handover_to_oneself' | 'handover_in_past')."""
    named = {each for each in takers if each is not None}
    if not named:
        raise Invalid("handover_needs_successor", field="worker")
    if leaver in named:
        raise Invalid("handover_to_oneself", field="worker")
    if from_on < today:
        raise Invalid("handover_in_past", field="from_on")


def must_be_open(state: HandoverState) -> None:
    """Raises Conflict('handover_over') for one that was done or withdrawn."""
    if state not in OPEN:
        raise Conflict("handover_over")

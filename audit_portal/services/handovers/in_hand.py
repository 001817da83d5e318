"""What a person of the client has in hand at this moment, each thing with who may take it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.access import Role
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.handover import DECIDING, Obstacle, Taker, Task, Thing, obstacle
from audit_portal.domain.route import SeatState, Step
from audit_portal.storage import handovers, routes
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.routes import DecisionSeat
from audit_portal.storage.transaction import Transaction

_OWNER, _APPROVER = frozenset({Role.OWNER}), frozenset({Role.APPROVER})
_PUT_ON = frozenset({Role.OWNER, Role.AUDITOR})


@dataclass(frozen=True)
class Held:
    """A thing with the words that name it. `number`: of engagement, check or request; of a route its gate."""

    thing: Thing
    number: str
    title: str
    engagement_id: UUID | None = None
    beside: UUID | None = None  # who holds the other post of the engagement


def in_hand(tx: Transaction, leaver: Account, today: date) -> list[Held]:
    """For the system: nobody sees all of this at once."""
    return [
        *_works(tx, leaver),
        *_items(tx, leaver),
        *_contacts(tx, leaver),
        *_seats(tx, leaver),
        *_routes(tx, leaver),
        *_stand_ins(tx, leaver, today),
    ]


def _works(tx: Transaction, leaver: Account) -> Iterable[Held]:
    posts = handovers.works(tx, leaver.id)
    for work, link in posts:
        if work.owner_id == leaver.id:
            yield Held(Thing(Task.OWNER, work.id, _OWNER), link.number, work.title, work.id, work.deputy_id)
        if work.deputy_id == leaver.id:
            yield Held(Thing(Task.DEPUTY, work.id, _OWNER), link.number, work.title, work.id, work.owner_id)
    known = {work.id for work, _ in posts}  # their places go with the posts
    needs = _PUT_ON & {Role(role) for role in leaver.roles} or _PUT_ON
    for work, link in handovers.assigned(tx, leaver.id):
        if work.id not in known:
            yield Held(Thing(Task.ASSIGNED, work.id, needs), link.number, work.title, work.id)


def _items(tx: Transaction, leaver: Account) -> Iterable[Held]:
    checks: dict[UUID, tuple[Assessment, list[Answer]]] = {}
    for answer, row in handovers.held_answers(tx, leaver.id, AnsweredBy.CLIENT):
        checks.setdefault(row.id, (row, []))[1].append(answer)
    for row, answers in checks.values():
        codes = "、".join(answer.item for answer in answers)
        yield Held(Thing(Task.ITEMS, row.id, _OWNER), row.number, codes, row.engagement_id)


def _contacts(tx: Transaction, leaver: Account) -> Iterable[Held]:
    for row in handovers.called_about(tx, leaver.email):
        needs = frozenset({Role.OFFICER})
        yield Held(Thing(Task.CONTACT, row.id, needs), row.number, "", row.engagement_id)


def _seats(tx: Transaction, leaver: Account) -> Iterable[Held]:
    requests: dict[UUID, list[DecisionSeat]] = {}
    asked: dict[UUID, UUID] = {}
    for seat, requester in routes.waiting_seats(tx):
        requests.setdefault(seat.decision_id, []).append(seat)
        asked[seat.decision_id] = requester
    mine = {
        decision_id
        for decision_id, seats in requests.items()
        if any(str(leaver.id) in seat.people for seat in seats if seat.state is SeatState.WAITING)
    }
    for row, _work, _vendor in routes.requests(tx, mine) if mine else ():
        seats = requests[row.id]
        for seat in seats:
            if seat.state is SeatState.WAITING and str(leaver.id) in seat.people:
                others = _named(routes.step_of(each) for each in seats if each is not seat)
                barred = {
                    **dict.fromkeys(others, Obstacle.OTHER_SEAT),
                    **dict.fromkeys(routes.acted(seats), Obstacle.ACTED),
                    asked[row.id]: Obstacle.ASKED,
                }
                thing = Thing(Task.SEAT, seat.id, _APPROVER, barred)
                yield Held(thing, row.number, seat.title, row.engagement_id)


def _routes(tx: Transaction, leaver: Account) -> Iterable[Held]:
    for row in routes.standing(tx):
        steps = routes.steps_of(row)
        for place, step in enumerate(steps):
            if leaver.id in step.people:
                others = _named((*steps[:place], *steps[place + 1 :]))
                barred = dict.fromkeys(others, Obstacle.OTHER_SEAT)
                yield Held(Thing(Task.ROUTE, row.id, _APPROVER, barred), row.gate.value, step.title)


def _stand_ins(tx: Transaction, leaver: Account, today: date) -> Iterable[Held]:
    for row in routes.deputies(tx, today):
        if row.deputy_id == leaver.id:
            thing = Thing(Task.STAND_IN, row.id, _APPROVER, {row.person_id: Obstacle.ONESELF})
            yield Held(thing, "", f"{row.first_on.isoformat()} – {row.last_on.isoformat()}")


def _named(steps: Iterable[Step]) -> set[UUID]:
    return {person for step in steps for person in step.people}


@dataclass(frozen=True)
class Line:
    """One line of the preview: the thing, who takes it, or why it stays."""

    held: Held
    taker: Account | None
    obstacle: Obstacle | None

    @property
    def vacates(self) -> bool:
        """The taker holds the engagement's other post: one person isn't both, so the deputy's falls empty."""
        return self.obstacle is None and self.taker is not None and self.held.beside == self.taker.id


def lines(
    tx: Transaction, leaver: Account, worker: Account | None, decider: Account | None, on: date
) -> list[Line]:
    """Everything in hand, and what would become of it on that day."""
    found = []
    for held in in_hand(tx, leaver, on):
        taker = decider if held.thing.task in DECIDING else worker
        found.append(Line(held, taker, obstacle(held.thing, _taker(taker, on) if taker else None)))
    return found


def _taker(account: Account, on: date) -> Taker:
    there = account.state is AccountState.ACTIVE and (account.ends_on is None or account.ends_on >= on)
    return Taker(account.id, frozenset(Role(role) for role in account.roles), there)

"""Moves one thing from who leaves to who takes over, each in its own way, with its entry in the ledger."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from audit_portal.domain.access import Role
from audit_portal.domain.assessment import RUNNING
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.events.handovers import TaskMoved
from audit_portal.domain.handover import Task
from audit_portal.domain.more_time import WITH_VENDOR
from audit_portal.services.handovers.in_hand import Line
from audit_portal.storage import get, handovers, parties
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import Assessment, GateRequest
from audit_portal.storage.tables.handovers import Handover
from audit_portal.storage.tables.process import Delegation
from audit_portal.storage.tables.routes import DecisionRoute, DecisionSeat, SeatDeputy
from audit_portal.storage.tables.supervision import Engagement
from audit_portal.storage.transaction import Transaction


def move(tx: Transaction, row: Handover, leaver: Account, line: Line) -> None:
    """Moves a thing nothing stands in the way of."""
    thing, taker = line.held.thing, line.taker
    if taker is None:
        return
    _MOVES[thing.task](tx, row, leaver, taker, thing.id)
    tx.record(
        TaskMoved(
            engagement_id=line.held.engagement_id,
            handover_id=row.id,
            task=thing.task.value,
            thing_id=thing.id,
            before=leaver.id,
            after=taker.id,
        )
    )


def _owner(tx: Transaction, row: Handover, leaver: Account, taker: Account, thing_id: UUID) -> None:
    work = get.one(tx, Engagement, thing_id)
    work.owner_id = taker.id
    if work.deputy_id == taker.id:
        work.deputy_id = None
    _post(tx, row, leaver, taker, thing_id)


def _deputy(tx: Transaction, row: Handover, leaver: Account, taker: Account, thing_id: UUID) -> None:
    work = get.one(tx, Engagement, thing_id)
    work.deputy_id = None if work.owner_id == taker.id else taker.id
    _post(tx, row, leaver, taker, thing_id)


def _post(tx: Transaction, row: Handover, leaver: Account, taker: Account, thing_id: UUID) -> None:
    """An auditor's place is a thing of its own: it doesn't go with a post."""
    if Role.AUDITOR.value in leaver.roles:
        parties.assign(tx, thing_id, taker.id)
    else:
        _place(tx, row, leaver, taker, thing_id)


def _place(tx: Transaction, row: Handover, leaver: Account, taker: Account, thing_id: UUID) -> None:
    """From now on the taker reaches the engagement, and who leaves does not."""
    parties.assign(tx, thing_id, taker.id)
    work = get.one(tx, Engagement, thing_id)
    before = handovers.place(tx, thing_id, leaver.id)
    if before is not None and leaver.id not in (work.owner_id, work.deputy_id):
        tx.remove(before)
        tx.flush()


def _items(tx: Transaction, row: Handover, leaver: Account, taker: Account, thing_id: UUID) -> None:
    pass_on(tx, leaver, taker, get.one(tx, Assessment, thing_id), AnsweredBy.CLIENT, row.planned_by)


def pass_on(
    tx: Transaction, leaver: Account, taker: Account, check: Assessment, side: AnsweredBy, by: UUID
) -> tuple[str, ...]:
    """Gives the items that one person holds in a check to another; returns which.

    Due when they were due. What can be answered now is told by mail; what was handed in only waits with the taker,
    should it be given back.
    """
    if side is AnsweredBy.CLIENT:
        parties.assign(tx, check.engagement_id, taker.id)
    held = [each for each, _ in handovers.held_answers(tx, leaver.id, side, check.id)]
    before = handovers.newest_gift(tx, check.id, leaver.id)
    answered = WITH_VENDOR if side is AnsweredBy.VENDOR else RUNNING
    to_do = [each for each in held if each.is_open and check.state in answered]
    for answer in held:
        answer.delegate_id = taker.id
    for items in ([each for each in held if each not in to_do], to_do):
        if not items:
            continue
        gift = Delegation(
            assessment_id=check.id,
            engagement_id=check.engagement_id,
            audience_id=check.vendor_id if side is AnsweredBy.VENDOR else check.principal_id,
            delegate_id=taker.id,
            items=[answer.item for answer in items],
            message=before.message if before else "",
            due_on=before.due_on if before else check.due_on,
            given_by=by,
            given_at=tx.now,
        )
        tx.add(gift)
        if items is to_do:
            tx.send("mail_items_delegated", f"items_delegated:{gift.id}", {"delegation_id": str(gift.id)})
    return tuple(answer.item for answer in held)


def _contact(tx: Transaction, row: Handover, leaver: Account, taker: Account, thing_id: UUID) -> None:
    check = get.one(tx, Assessment, thing_id)
    check.contact = {
        **check.contact,
        "name": taker.name,
        "department": taker.department,
        "phone": taker.phone,
        "email": taker.email,
    }


def _seat(tx: Transaction, row: Handover, leaver: Account, taker: Account, thing_id: UUID) -> None:
    seat = get.one(tx, DecisionSeat, thing_id)
    seat.people = _instead(seat.people, leaver, taker)
    tx.flush()
    request = get.one(tx, GateRequest, seat.decision_id)
    if request.step == seat.position:
        key = f"decision_requested:{request.id}:{seat.position}:{seat.version}"
        tx.send("mail_decision_requested", key, {"decision_id": str(request.id)})


def _route(tx: Transaction, row: Handover, leaver: Account, taker: Account, thing_id: UUID) -> None:
    route = get.one(tx, DecisionRoute, thing_id)
    route.steps = [{**step, "people": _instead(step["people"], leaver, taker)} for step in route.steps]


def _stand_in(tx: Transaction, row: Handover, leaver: Account, taker: Account, thing_id: UUID) -> None:
    """The days that are over stay with who stood in on them."""
    before = get.one(tx, SeatDeputy, thing_id)
    before.ended_at = tx.now
    tx.add(
        SeatDeputy(
            person_id=before.person_id,
            deputy_id=taker.id,
            first_on=max(before.first_on, tx.today),
            last_on=before.last_on,
            reason=before.reason,
        )
    )


def _instead(people: list[str], leaver: Account, taker: Account) -> list[str]:
    """The taker in the leaver's place, nobody twice."""
    named = [str(taker.id) if each == str(leaver.id) else each for each in people]
    return list(dict.fromkeys(named))


_Move = Callable[[Transaction, Handover, Account, Account, UUID], None]
_MOVES: dict[Task, _Move] = {
    Task.OWNER: _owner,
    Task.DEPUTY: _deputy,
    Task.ASSIGNED: _place,
    Task.ITEMS: _items,
    Task.CONTACT: _contact,
    Task.SEAT: _seat,
    Task.ROUTE: _route,
    Task.STAND_IN: _stand_in,
}

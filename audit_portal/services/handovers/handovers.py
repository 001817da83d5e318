"""Hand-overs (引き継ぎ): looked at beforehand, agreed, done on their day in one transaction, or held."""

from __future__ import annotations

import logging
from uuid import UUID

from audit_portal.domain.access import Permission, not_signed_in, require, system
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.errors import Conflict, Invalid, PortalError
from audit_portal.domain.events.accounts import AccountEnded
from audit_portal.domain.events.decisions import DeputyEnded
from audit_portal.domain.events.handovers import (
    HandoverDone,
    HandoverHeld,
    HandoverPlanned,
    HandoverWithdrawn,
)
from audit_portal.domain.handover import DECIDING, HandoverState, agreed, must_be_open
from audit_portal.services.handovers.looking import Order, Preview, check_order, preview_of
from audit_portal.services.handovers.moving import move
from audit_portal.services.house import Context, House
from audit_portal.storage import accounts, get, handovers, parties, routes
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.handovers import Handover
from audit_portal.storage.transaction import Transaction

_log = logging.getLogger(__name__)
_SYSTEM = system("handovers")


def plan(ctx: Context, order: Order, seen: str) -> UUID:
    """Agrees on a hand-over that was looked at; one of today is done at once.

    Raises Conflict('handover_moved_on') when things aren't any more as they were seen,
    Conflict('handover_there') while another one of this person is open, Invalid('handover_nothing').
    """
    require(ctx.actor, Permission.HANDOVER)
    check_order(ctx, order)
    with ctx.acting_as(system("handovers", by=ctx.actor)).begin() as tx:
        if handovers.open_of(tx, order.leaver_id):
            raise Conflict("handover_there")
        found = preview_of(tx, order)
        if found.seen != seen:
            raise Conflict("handover_moved_on")
        if not found.moving and not order.ends_account:
            raise Invalid("handover_nothing")
        row = Handover(
            leaver_id=order.leaver_id,
            worker_id=order.worker_id,
            decider_id=order.decider_id,
            from_on=order.from_on,
            ends_account=order.ends_account,
            reason=order.reason,
            left=[each.held.thing.key for each in found.staying],
            moved=[],
            planned_by=ctx.actor.person,
        )
        tx.add(row)
        tx.flush()
        tx.record(
            HandoverPlanned(
                handover_id=row.id,
                leaver_id=row.leaver_id,
                worker_id=row.worker_id,
                decider_id=row.decider_id,
                from_on=row.from_on,
            )
        )
        if row.from_on <= tx.today:
            _carry_out(tx, row, found)
    return row.id


def _carry_out(tx: Transaction, row: Handover, found: Preview) -> None:
    """Everything that can move moves, in one transaction."""
    for engagement_id in sorted({e.held.engagement_id for e in found.moving if e.held.engagement_id}):
        parties.lock(tx, engagement_id)
    leaver = accounts.lock(tx, row.leaver_id)
    for line in found.moving:
        move(tx, row, leaver, line)
    if row.decider_id and not any(each.held.thing.task in DECIDING for each in found.staying):
        _nobody_away(tx, leaver)
    if row.ends_account and leaver.state is not AccountState.ENDED:
        leaver.state = AccountState.ENDED
        leaver.stamp += 1
        tx.record(AccountEnded(account_id=leaver.id))
    row.moved = [
        {
            "task": each.held.thing.task.value,
            "number": each.held.number,
            "title": each.held.title,
            "to": each.taker.name if each.taker else "",
        }
        for each in found.moving
    ]
    row.state, row.settled_at = HandoverState.DONE, tx.now
    tx.record(HandoverDone(handover_id=row.id, moved=len(row.moved)))


def _nobody_away(tx: Transaction, leaver: Account) -> None:
    """Who stands in for a person without seats has nothing to stand in for."""
    for row in routes.deputies(tx, tx.today):
        if row.person_id == leaver.id:
            row.ended_at = tx.now
            tx.record(DeputyEnded(deputy_row_id=row.id))


def sweep(house: House) -> int:
    """Does what is due; what isn't any more as it was agreed is held. Returns how many were done. A periodic job."""
    with house.db.read(_SYSTEM) as tx:
        ids = handovers.due(tx, tx.today)
    return sum(_sweep_one(house, handover_id) for handover_id in ids)


def _sweep_one(house: House, handover_id: UUID) -> bool:
    with house.db.read(_SYSTEM) as tx:
        by = not_signed_in(get.one(tx, Handover, handover_id).planned_by)
    try:
        with Context(house, system("handovers", by=by)).begin() as tx:
            row = get.one(tx, Handover, handover_id)
            if row.state is not HandoverState.PLANNED:
                return False  # withdrawn meanwhile
            found = preview_of(tx, row)
            stuck = tuple(each.held.thing.key for each in found.staying)
            if not agreed(stuck, row.left):
                row.state = HandoverState.HELD
                tx.record(HandoverHeld(handover_id=row.id, stuck=stuck))
                return False
            _carry_out(tx, row, found)
    except PortalError as error:  # somebody changed one of the things at this moment: the next sweep does it
        _log.warning("hand-over %s not done yet: %s", handover_id, error.code)
        return False
    return True


def carry_out(ctx: Context, handover_id: UUID, version: int, seen: str) -> None:
    """Does one that is held, with what can move now. Raises Conflict as `plan` does."""
    require(ctx.actor, Permission.HANDOVER)
    with ctx.acting_as(system("handovers", by=ctx.actor)).begin() as tx:
        row = get.one(tx, Handover, handover_id)
        must_be_open(row.state)
        if row.state is not HandoverState.HELD:
            raise Conflict("handover_not_due", day=row.from_on)
        get.at_version(row, version)
        found = preview_of(tx, row)
        if found.seen != seen:
            raise Conflict("handover_moved_on")
        if not found.moving and not row.ends_account:
            raise Invalid("handover_nothing")
        row.left = [each.held.thing.key for each in found.staying]
        _carry_out(tx, row, found)


def withdraw(ctx: Context, handover_id: UUID, version: int) -> None:
    """Takes back one that hasn't happened. Raises Conflict('handover_over')."""
    require(ctx.actor, Permission.HANDOVER)
    with ctx.begin() as tx:
        row = get.one(tx, Handover, handover_id)
        must_be_open(row.state)
        get.at_version(row, version)
        row.state, row.settled_at = HandoverState.WITHDRAWN, tx.now
        tx.record(HandoverWithdrawn(handover_id=row.id))

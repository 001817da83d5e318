"""What a hand-over would do, and those there are, for the pages."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.errors import Forbidden, NotFound
from audit_portal.domain.handover import HandoverState, check
from audit_portal.services.handovers.in_hand import Line, lines
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import accounts, get, handovers, parties
from audit_portal.storage.tables.handovers import Handover
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("handovers")


@dataclass(frozen=True)
class Order:
    """Who leaves; who takes the work, who the seats; from which day on; whether the account ends with it."""

    leaver_id: UUID
    worker_id: UUID | None
    decider_id: UUID | None
    from_on: date
    ends_account: bool = False
    reason: str = ""


@dataclass(frozen=True)
class Choice:
    id: UUID
    name: str
    department: str
    state: AccountState


@dataclass(frozen=True)
class Preview:
    """What would become of everything; `seen` names just this outcome."""

    lines: tuple[Line, ...]

    @property
    def moving(self) -> tuple[Line, ...]:
        return tuple(each for each in self.lines if each.obstacle is None)

    @property
    def staying(self) -> tuple[Line, ...]:
        return tuple(each for each in self.lines if each.obstacle is not None)

    @property
    def seen(self) -> str:
        told = sorted(
            f"{each.held.thing.key} {each.taker.id if each.taker else ''} {each.obstacle or ''}"
            for each in self.lines
        )
        return hashlib.sha256("\n".join(told).encode()).hexdigest()


@dataclass(frozen=True)
class HandoverView:
    id: UUID
    leaver: str
    worker: str
    decider: str
    from_on: date
    ends_account: bool
    reason: str
    state: HandoverState
    planned_by: str
    planned_at: datetime
    settled_at: datetime | None
    moved: tuple[dict[str, Any], ...]
    version: int
    late: bool = False  # its day is over, and it is neither done nor held


def people(ctx: Context) -> tuple[Choice, ...]:
    """The client's people; those who are gone may still have open work."""
    require(ctx.actor, Permission.HANDOVER)
    with ctx.read() as tx:
        client = parties.client(tx)
        rows = handovers.everybody(tx, client.id) if client else []
    return tuple(Choice(row.id, row.name, row.department, row.state) for row in rows)


def preview(ctx: Context, order: Order) -> Preview:
    """What an order would do as things are now. Raises Invalid, Forbidden, NotFound."""
    require(ctx.actor, Permission.HANDOVER)
    check_order(ctx, order)
    with ctx.acting_as(_SYSTEM).read() as tx:
        return preview_of(tx, order, ctx.actor.person)


def check_order(ctx: Context, order: Order) -> None:
    check(order.leaver_id, (order.worker_id, order.decider_id), order.from_on, ctx.house.today())
    if order.ends_account:
        require(ctx.actor, Permission.ACCOUNTS)
        if order.leaver_id == ctx.actor.account_id:
            raise Forbidden("not_on_yourself")


def preview_of(tx: Transaction, order: Order | Handover, *by: UUID) -> Preview:
    """`by`: who agreed on it, and who does it."""
    client = parties.client(tx)
    if client is None:
        raise NotFound()
    known = accounts.people(tx, {order.leaver_id, order.worker_id, order.decider_id})
    if any(each.party_id != client.id for each in known.values()) or order.leaver_id not in known:
        raise NotFound()
    worker = known.get(order.worker_id) if order.worker_id else None
    decider = known.get(order.decider_id) if order.decider_id else None
    on = max(order.from_on, tx.today)
    return Preview(tuple(lines(tx, known[order.leaver_id], worker, decider, frozenset(by), on)))


def listed(ctx: Context) -> tuple[HandoverView, ...]:
    require(ctx.actor, Permission.HANDOVER)
    with ctx.read() as tx:
        rows = handovers.listed(tx)
    return _views(ctx, rows)


def held(ctx: Context) -> tuple[HandoverView, ...]:
    """Those whose day has come and that couldn't be done: held, or kept from it since before today."""
    require(ctx.actor, Permission.HANDOVER)
    with ctx.read() as tx:
        late = handovers.planned_before(tx, ctx.house.today())
        rows = [*handovers.in_state(tx, HandoverState.HELD), *late]
    return _views(ctx, rows)


def get_handover(ctx: Context, handover_id: UUID) -> tuple[HandoverView, Preview | None]:
    """One, and while it is open what it would do as things are now."""
    require(ctx.actor, Permission.HANDOVER)
    with ctx.read() as tx:
        row = get.one(tx, Handover, handover_id)
    (view,) = _views(ctx, [row])
    if row.settled_at is not None:
        return view, None
    with ctx.acting_as(_SYSTEM).read() as tx:
        return view, preview_of(tx, row, row.planned_by, ctx.actor.person)


def _views(ctx: Context, rows: Sequence[Handover]) -> tuple[HandoverView, ...]:
    """With the names people had when it was settled."""
    if not rows:
        return ()
    ids = {who for row in rows for who in (row.leaver_id, row.worker_id, row.decider_id, row.planned_by)}
    people = then(ctx, ids)
    return tuple(
        HandoverView(
            row.id,
            people.name(row.leaver_id, row.settled_at),
            people.name(row.worker_id, row.settled_at),
            people.name(row.decider_id, row.settled_at),
            row.from_on,
            row.ends_account,
            row.reason,
            row.state,
            people.name(row.planned_by, row.created_at),
            row.created_at,
            row.settled_at,
            tuple(row.moved),
            row.version,
            row.state is HandoverState.PLANNED and row.from_on < ctx.house.today(),
        )
        for row in rows
    )

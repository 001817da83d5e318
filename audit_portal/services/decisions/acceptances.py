"""Accepted blockers: written with the approval, shown before and after they end, settled when met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.acceptance import before, first_key, over
from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.decision import Acceptance
from audit_portal.domain.errors import Invalid
from audit_portal.domain.events.decisions import AcceptanceSettled
from audit_portal.domain.supervision import Gate
from audit_portal.services.decisions.gate_facts import standing_at
from audit_portal.services.house import Context, House
from audit_portal.storage import approvals, parties
from audit_portal.storage.tables.approvals import AcceptedBlocker
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("acceptances")
_MOST = 1_000  # looked through in one sweep


def check(today: date, accepted: tuple[Acceptance, ...]) -> None:
    """Raises Invalid('acceptance_incomplete' | 'acceptance_over' | 'acceptance_too_long')."""
    for each in accepted:
        if not each.reason.strip() or not each.measure.strip():
            raise Invalid("acceptance_incomplete", blocker=each.key)
        if each.expires_on <= today:
            raise Invalid("acceptance_over", blocker=each.key)
        if each.expires_on > today + timedelta(days=limits.ACCEPTANCE_DAYS):
            raise Invalid("acceptance_too_long", blocker=each.key)


def write(tx: Transaction, row: GateRequest, accepted: tuple[Acceptance, ...]) -> None:
    """What an approval accepts; it takes the place of what was accepted at this gate before, and of what ended."""
    anew = {first_key(each.key) for each in accepted}
    old = [
        each
        for each in approvals.accepted(tx, row.engagement_id)
        if each.gate is row.gate or first_key(each.key) in anew
    ]
    _settle(tx, row.engagement_id, old)
    for each in accepted:
        tx.add(
            AcceptedBlocker(
                decision_id=row.id,
                engagement_id=row.engagement_id,
                gate=row.gate,
                key=each.key,
                reason=each.reason,
                measure=each.measure,
                expires_on=each.expires_on,
            )
        )


def _settle(tx: Transaction, engagement_id: UUID, rows: list[AcceptedBlocker]) -> None:
    for decision_id in dict.fromkeys(each.decision_id for each in rows):
        mine = [each for each in rows if each.decision_id == decision_id]
        for each in mine:
            each.settled_at = tx.now
        tx.record(
            AcceptanceSettled(
                engagement_id=engagement_id,
                decision_id=decision_id,
                keys=tuple(each.key for each in mine),
            )
        )


def sweep(house: House) -> int:
    """Settles what has ended or soon will, and is met by now; returns how many. A periodic job."""
    until = house.today() + timedelta(days=limits.ACCEPTANCE_WARNING_DAYS)
    ctx = Context(house, _SYSTEM)
    with house.db.read(_SYSTEM) as tx:
        ids = dict.fromkeys(work.id for _, work, _ in approvals.ending(tx, until, _MOST))
    return sum(_settle_met(ctx, engagement_id) for engagement_id in ids)


def _settle_met(ctx: Context, engagement_id: UUID) -> int:
    with ctx.begin() as tx:
        parties.lock(tx, engagement_id)
        placed = parties.placed(tx, engagement_id)
        if placed is None:
            return 0
        met = []
        for row in approvals.accepted(tx, engagement_id):
            if first_key(row.key) not in standing_at(ctx, tx, placed, (*before(row.gate), row.gate)):
                met.append(row)
        _settle(tx, engagement_id, met)
    return len(met)


@dataclass(frozen=True)
class AcceptedView:
    decision_id: UUID
    engagement_id: UUID
    engagement_title: str
    vendor_name: str
    gate: Gate
    key: str  # of the blocker itself
    reason: str
    measure: str
    expires_on: date
    over: bool


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[AcceptedView, ...]:
    """What stands accepted, the first to end first; also what has ended."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        rows = approvals.accepted(tx, engagement_id)
    return tuple(_view(ctx, row, "", "") for row in rows)


def ending(ctx: Context) -> tuple[AcceptedView, ...]:
    """What has ended or ends soon, of all engagements within reach."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    until = ctx.house.today() + timedelta(days=limits.ACCEPTANCE_WARNING_DAYS)
    with ctx.read() as tx:
        rows = approvals.ending(tx, until)
    return tuple(_view(ctx, row, work.title, vendor.name) for row, work, vendor in rows)


def _view(ctx: Context, row: AcceptedBlocker, title: str, vendor: str) -> AcceptedView:
    return AcceptedView(
        row.decision_id,
        row.engagement_id,
        title,
        vendor,
        row.gate,
        first_key(row.key),
        row.reason,
        row.measure,
        row.expires_on,
        over(row.expires_on, ctx.house.today()),
    )

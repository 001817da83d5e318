"""Gates not yet shown of an engagement that was brought in running: shown by a decision, or due."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.events.imports import GateShownLater
from audit_portal.domain.supervision import Gate
from audit_portal.services.house import Context
from audit_portal.storage import approvals, brought_in
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.tables.brought_in import GateShown, StandingState
from audit_portal.storage.transaction import Transaction


def show(ctx: Context, tx: Transaction, decision: GateRequest) -> None:
    """Ends the mark of the gate with reference to the decision that was approved at it, if it has one."""
    standing = brought_in.unshown(tx, decision.engagement_id).get(decision.gate)
    if standing is None:
        return
    standing.state = StandingState.SHOWN
    outside = approvals.outside(tx, decision.id)
    decided_on = outside.decided_on if outside else ctx.house.today()
    tx.add(
        GateShown(
            id=uuid7(),
            engagement_id=decision.engagement_id,
            gate=decision.gate,
            decision_id=decision.id,
            decided_on=decided_on,
            entered_at=tx.now,
        )
    )
    tx.record(
        GateShownLater(
            engagement_id=decision.engagement_id,
            gate=decision.gate.value,
            decision_id=decision.id,
            decided_on=decided_on,
        )
    )


@dataclass(frozen=True)
class ToCatchUp:
    """Gates of one engagement that are to be shown soon on the same day, or should have been."""

    engagement_id: UUID
    number: str
    title: str
    vendor_name: str
    gates: tuple[Gate, ...]
    catch_up_on: date


def due_soon(ctx: Context) -> tuple[ToCatchUp, ...]:
    """What is overdue or due soon, of all engagements within reach; the earliest first."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    until = ctx.house.today() + timedelta(days=limits.CATCH_UP_WARNING_DAYS)
    with ctx.read() as tx:
        rows = brought_in.to_catch_up(tx, until)
    found: list[ToCatchUp] = []
    for (day, _), group in groupby(rows, lambda each: (each[0].catch_up_on, each[1].id)):
        together = list(group)
        _, work, link, vendor = together[0]
        gates = tuple(each[0].gate for each in together)
        found.append(ToCatchUp(work.id, link.number, work.title, vendor.name, gates, day))
    return tuple(found)

"""Controls that a provider leaves to its user: what the client's own people say they do about each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import RUNNING, AssessmentState
from audit_portal.domain.errors import Conflict
from audit_portal.domain.events.on_behalf import ControlAnswered
from audit_portal.domain.on_behalf import ControlStatus, check_control
from audit_portal.services.house import Context
from audit_portal.storage import assessments, get, on_behalf
from audit_portal.storage.tables.assessments import Assessment
from audit_portal.storage.tables.on_behalf import UserControl

# What was said before the review ended may be made good until the decision: an open control holds the gate.
_ANSWERED = RUNNING | {AssessmentState.REVIEWED}


@dataclass(frozen=True)
class Waiting:
    """An assessment on which controls of the user are still open."""

    assessment_id: UUID
    number: str
    vendor_name: str
    engagement_title: str
    due_on: date
    left: int


def waiting(ctx: Context) -> tuple[Waiting, ...]:
    """Within reach, as long as they can be answered; those due first."""
    require(ctx.actor, Permission.USER_CONTROL)
    with ctx.read() as tx:
        rows = on_behalf.controls_awaiting(tx, RUNNING)
    return tuple(
        Waiting(row.id, row.number, vendor.name, work.title, row.due_on, left)
        for row, work, vendor, left in rows
    )


def answer(
    ctx: Context,
    assessment_id: UUID,
    control_id: UUID,
    status: ControlStatus,
    note: str,
    due_on: date | None,
    version: int,
) -> None:
    """Until the decision. Raises Invalid for a plan without a day or a "no" without a reason."""
    require(ctx.actor, Permission.USER_CONTROL)
    check_control(status, note, due_on, ctx.house.today())
    with ctx.begin() as tx:
        assessments.lock(tx, assessment_id)
        row = get.one(tx, Assessment, assessment_id)
        control = get.one(tx, UserControl, control_id, assessment_id=row.id)
        if row.state not in _ANSWERED:
            raise Conflict("assessment_moved_on", state=row.state.value)
        get.at_version(control, version)
        control.status, control.note = status, note
        control.due_on = due_on if status is ControlStatus.PLANNED else None
        control.answered_by, control.answered_at = ctx.actor.person, tx.now
        tx.record(
            ControlAnswered(
                engagement_id=row.engagement_id,
                assessment_id=row.id,
                control_id=control.id,
                state=status.value,
            )
        )

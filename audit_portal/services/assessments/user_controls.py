"""Controls that a provider leaves to its user: what the client's own people say they do about each."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import RUNNING
from audit_portal.domain.errors import Conflict
from audit_portal.domain.events.on_behalf import ControlAnswered
from audit_portal.domain.on_behalf import ControlStatus, check_control
from audit_portal.services.house import Context
from audit_portal.storage import assessments, get
from audit_portal.storage.tables.assessments import Assessment
from audit_portal.storage.tables.on_behalf import UserControl


def answer(
    ctx: Context,
    assessment_id: UUID,
    control_id: UUID,
    status: ControlStatus,
    note: str,
    due_on: date | None,
    version: int,
) -> None:
    """Until the review has ended. Raises Invalid for a plan without a day or a "no" without a reason."""
    require(ctx.actor, Permission.USER_CONTROL)
    check_control(status, note, due_on, ctx.house.today())
    with ctx.begin() as tx:
        assessments.lock(tx, assessment_id)
        row = get.one(tx, Assessment, assessment_id)
        control = get.one(tx, UserControl, control_id, assessment_id=row.id)
        if row.state not in RUNNING:
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

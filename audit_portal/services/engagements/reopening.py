"""A refused engagement taken up again: back to draft, with the reason on record."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.errors import Invalid
from audit_portal.domain.events.engagements import EngagementMoved, EngagementReopened
from audit_portal.domain.supervision import Action, after
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import decisions, get
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Reopening


def reopen(ctx: Context, engagement_id: UUID, reason: str) -> None:
    """Raises Invalid('reopen_needs_reason'), and Invalid('action_not_possible') unless it was refused.

    Nothing that was decided changes; a new decision is asked for, on the old check or on a new one.
    """
    require(ctx.actor, Permission.ENGAGEMENT_REOPEN)
    if not reason.strip():
        raise Invalid("reopen_needs_reason", field="reason")
    with ctx.begin() as tx:
        get.one(tx, Engagement, engagement_id)  # relatives see the link alone
        link = get.one(tx, EngagementLink, engagement_id)
        before, link.state = link.state, after(link.state, Action.REOPEN)
        refusal = decisions.latest_refusal(tx, engagement_id)
        row = Reopening(
            engagement_id=engagement_id,
            decision_id=refusal.id if refusal else None,
            reason=reason,
            reopened_at=tx.now,
            reopened_by=ctx.actor.person,
        )
        tx.add(row)
        tx.record(
            EngagementReopened(engagement_id=engagement_id, reopening_id=row.id, decision_id=row.decision_id)
        )
        tx.record(
            EngagementMoved(
                engagement_id=engagement_id,
                before=before.value,
                after=link.state.value,
                decision_id=row.decision_id,
            )
        )


@dataclass(frozen=True)
class ReopeningView:
    reason: str
    reopened_by: str
    reopened_at: datetime


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[ReopeningView, ...]:
    """When and why it was taken up again, the newest first."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        rows = decisions.reopenings(tx, engagement_id)
    people = then(ctx, {row.reopened_by for row in rows})
    return tuple(
        ReopeningView(row.reason, people.name(row.reopened_by, row.reopened_at), row.reopened_at)
        for row in rows
    )

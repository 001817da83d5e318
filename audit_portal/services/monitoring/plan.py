"""The yearly plan (年間計画): entries are added, moved, cancelled with a reason, and started."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.monitoring import (
    PlanEntryAdded,
    PlanEntryCancelled,
    PlanEntryMoved,
    PlanEntryStarted,
)
from audit_portal.domain.monitoring import PlanState, check_month, must_be_planned
from audit_portal.services.assessments import sending
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.house import Context
from audit_portal.services.monitoring.fiscal import span
from audit_portal.storage import get, parties, plans
from audit_portal.storage.tables.monitoring import PlanEntry
from audit_portal.storage.transaction import Transaction


def add(
    ctx: Context, year: int, months: Mapping[UUID, date], kind: AssessmentKind = AssessmentKind.PERIODIC
) -> int:
    """Puts engagements (id → month, its first day) into the plan, all or none. Returns how many.

    Raises Invalid('plan_empty' | of the month), NotFound, Conflict('plan_there' | 'plan_not_live') when things
    have changed since they were seen.
    """
    require(ctx.actor, Permission.PLAN_WRITE)
    if not months:
        raise Invalid("plan_empty", field="engagements")
    if len(months) > limits.PLAN_AT_ONCE:
        raise Invalid("plan_too_many", field="engagements", most=limits.PLAN_AT_ONCE)
    with ctx.begin() as tx:
        within = span(tx, year)
        for month in months.values():
            check_month(month, within, tx.today)
        _check_there(tx, year, kind, months)
        for engagement_id, month in sorted(months.items(), key=lambda each: (each[1], str(each[0]))):
            row = PlanEntry(
                engagement_id=engagement_id,
                fiscal_year=year,
                kind=kind,
                month=month,
                planned_by=ctx.actor.person,
            )
            tx.add(row)
            tx.record(
                PlanEntryAdded(
                    engagement_id=engagement_id,
                    entry_id=row.id,
                    kind=kind.value,
                    fiscal_year=year,
                    month=month,
                )
            )
    return len(months)


def _check_there(tx: Transaction, year: int, kind: AssessmentKind, months: Mapping[UUID, date]) -> None:
    others = months.keys() - {work.id for work, _, _ in plans.watched(tx, months)}
    if any(parties.placed(tx, each) is None for each in others):
        raise NotFound()
    if others:
        raise Conflict("plan_not_live")
    if plans.planned(tx, year, kind, months):
        raise Conflict("plan_there")


def move(ctx: Context, entry_id: UUID, version: int, month: date, reason: str) -> None:
    """To another month of the same year. Raises Invalid('plan_needs_reason' | of the month), Conflict."""
    require(ctx.actor, Permission.PLAN_WRITE)
    with ctx.begin() as tx:
        row = _changeable(tx, entry_id, version, reason)
        check_month(month, span(tx, row.fiscal_year), tx.today)
        if month == row.month:
            raise Invalid("plan_same_month", field="month")
        before, row.month, row.reason = row.month, month, reason
        tx.record(
            PlanEntryMoved(
                engagement_id=row.engagement_id,
                entry_id=row.id,
                kind=row.kind.value,
                before=before,
                after=month,
            )
        )


def cancel(ctx: Context, entry_id: UUID, version: int, reason: str) -> None:
    """It stays on record, with the reason. Raises Invalid('plan_needs_reason'), Conflict."""
    require(ctx.actor, Permission.PLAN_WRITE)
    with ctx.begin() as tx:
        row = _changeable(tx, entry_id, version, reason)
        row.state, row.reason = PlanState.CANCELLED, reason
        tx.record(
            PlanEntryCancelled(
                engagement_id=row.engagement_id, entry_id=row.id, kind=row.kind.value, month=row.month
            )
        )


def _changeable(tx: Transaction, entry_id: UUID, version: int, reason: str) -> PlanEntry:
    if not reason.strip():
        raise Invalid("plan_needs_reason", field="reason")
    row = get.one(tx, PlanEntry, entry_id)
    must_be_planned(row.state)
    get.at_version(row, version)
    return row


def start(ctx: Context, entry_id: UUID, version: int, order: SendOrder) -> UUID:
    """Sends the check that was planned; the entry is tied to it in the same transaction.

    Raises what `sending.send` raises, and Conflict once it was started or cancelled.
    """
    require(ctx.actor, Permission.PLAN_WRITE)
    with ctx.read() as tx:
        row = get.one(tx, PlanEntry, entry_id)
        must_be_planned(row.state)
        engagement_id, kind = row.engagement_id, row.kind

    def tie(tx: Transaction, assessment_id: UUID) -> None:
        entry = get.one(tx, PlanEntry, entry_id)
        must_be_planned(entry.state)
        get.at_version(entry, version)
        entry.state, entry.assessment_id = PlanState.STARTED, assessment_id
        tx.record(
            PlanEntryStarted(
                engagement_id=engagement_id, entry_id=entry.id, kind=kind.value, assessment_id=assessment_id
            )
        )

    return sending.send(ctx, engagement_id, order, and_then=tie, kind=kind)

"""Findings (指摘事項) raised while answers are reviewed. The vendor sees them once the review is over or items go back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, other_person, require
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.reviewing import FindingChanged, FindingRaised, FindingWithdrawn
from audit_portal.domain.findings import FindingFacts, check_finding, due_on
from audit_portal.domain.numbers import Numbered
from audit_portal.services.assessments.beside_items import FindingView, finding_view
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import assessments, get, reviewing
from audit_portal.storage.numbers import next_number
from audit_portal.storage.page import Page
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.reviewing import Finding
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class FindingLine:
    """A finding in a list, with where it belongs."""

    finding: FindingView
    assessment_id: UUID
    assessment_number: str
    engagement_id: UUID
    engagement_title: str
    vendor_name: str


def raise_finding(ctx: Context, assessment_id: UUID, item: str, facts: FindingFacts) -> UUID:
    """Returns the finding's id. Raises Conflict('assessment_moved_on') unless the check is being reviewed."""
    require(ctx.actor, Permission.REVIEW_WRITE)
    check_finding(facts)
    by = due_on(facts, ctx.house.today())
    with ctx.begin() as tx:
        answer, row = _reviewed(ctx, tx, assessment_id, item)
        if reviewing.findings_of_item(tx, answer.id) >= limits.FINDINGS_PER_ITEM:
            raise Conflict("too_many_findings", most=limits.FINDINGS_PER_ITEM)
        found = Finding(
            number=next_number(tx, Numbered.FINDING),
            engagement_id=row.engagement_id,
            assessment_id=row.id,
            answer_id=answer.id,
            item=item,
            severity=facts.severity,
            what=facts.what,
            due_on=by,
            raised_by=ctx.actor.person,
            raised_at=tx.now,
        )
        tx.add(found)
        tx.record(
            FindingRaised(
                engagement_id=row.engagement_id,
                assessment_id=row.id,
                finding_id=found.id,
                number=found.number,
                item=item,
                severity=found.severity.value,
                due_on=by,
            )
        )
    return found.id


def raisable(ctx: Context, assessment_id: UUID, item: str) -> None:
    """Raises what `raise_finding` would."""
    require(ctx.actor, Permission.REVIEW_WRITE)
    with ctx.read() as tx:
        _reviewed(ctx, tx, assessment_id, item)


def change(ctx: Context, finding_id: UUID, facts: FindingFacts, version: int) -> tuple[UUID, str]:
    """Until the review is finished. Returns assessment and item."""
    require(ctx.actor, Permission.REVIEW_WRITE)
    check_finding(facts)
    with ctx.begin() as tx:
        found = _changeable(ctx, tx, finding_id)
        get.at_version(found, version)
        kept = facts.due_on == found.due_on  # a date that has passed meanwhile may stay
        found.due_on = found.due_on if kept else due_on(facts, ctx.house.today())
        found.severity, found.what = facts.severity, facts.what
        tx.record(
            FindingChanged(
                engagement_id=found.engagement_id,
                finding_id=found.id,
                number=found.number,
                severity=found.severity.value,
                due_on=found.due_on,
            )
        )
        return found.assessment_id, found.item


def withdraw(ctx: Context, finding_id: UUID, reason: str, version: int) -> tuple[UUID, str]:
    """One raised by mistake: it stays on record and is no longer shown. Until the review is finished."""
    require(ctx.actor, Permission.REVIEW_WRITE)
    if not reason.strip():
        raise Invalid("withdrawal_needs_reason", field="reason")
    with ctx.begin() as tx:
        found = _changeable(ctx, tx, finding_id)
        get.at_version(found, version)
        found.withdrawn_at, found.withdrawn_reason = tx.now, reason
        tx.record(
            FindingWithdrawn(engagement_id=found.engagement_id, finding_id=found.id, number=found.number)
        )
        return found.assessment_id, found.item


def get_finding(ctx: Context, finding_id: UUID) -> tuple[UUID, FindingView]:
    """One that can still be changed, with its assessment."""
    require(ctx.actor, Permission.REVIEW_WRITE)
    with ctx.read() as tx:
        found = _changeable(ctx, tx, finding_id)
        return found.assessment_id, finding_view(found, tx.today, "")


def listed(ctx: Context, after: str | None = None, engagement_id: UUID | None = None) -> Page[FindingLine]:
    """Open findings within reach, those due first at the front."""
    require(ctx.actor, Permission.FINDING_VIEW)
    with ctx.read() as tx:
        page = reviewing.listed_findings(tx, after, engagement_id)
        today = tx.today
    people = then(ctx, {row[0].raised_by for row in page.items})
    return page.map(
        lambda row: FindingLine(
            finding_view(row[0], today, people.name(row[0].raised_by, row[0].raised_at)),
            row[1].id,
            row[1].number,
            row[2].id,
            row[2].title,
            row[3].name,
        )
    )


def count_open(ctx: Context) -> tuple[int, int]:
    """How many are open within reach, and how many of those are overdue."""
    require(ctx.actor, Permission.FINDING_VIEW)
    with ctx.read() as tx:
        return reviewing.open_findings(tx, tx.today)


def _reviewed(ctx: Context, tx: Transaction, assessment_id: UUID, item: str) -> tuple[Answer, Assessment]:
    """The item under review, for one who had no part in the answer."""
    assessments.lock(tx, assessment_id)
    found = assessments.answer_of(tx, assessment_id, item)
    if found is None:
        raise NotFound()
    if found[1].state is not AssessmentState.SUBMITTED:
        raise Conflict("assessment_moved_on", state=found[1].state.value)
    answer = found[0]
    other_person(ctx.actor, answer.answered_account_id, *map(UUID, answer.writers), code="own_answer")
    return found


def _changeable(ctx: Context, tx: Transaction, finding_id: UUID) -> Finding:
    found = get.one(tx, Finding, finding_id)
    _reviewed(ctx, tx, found.assessment_id, found.item)
    if found.withdrawn_at is not None:
        raise Conflict("finding_withdrawn")
    return found

"""Inspected, not handed over (現地・画面で確認、資料は受領せず): a document the reviewer saw and its owner kept.

It counts as evidence of the item, with that mark. Who answered the item, or brought a file to it, can't record one;
whoever inspected may review the item: looking is part of reviewing, and the two pairs of eyes are the answering
party's and the reviewer's.
"""

from __future__ import annotations

from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, other_person, require
from audit_portal.domain.assessment import RUNNING
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.reviewing import InspectionRecorded, InspectionWithdrawn
from audit_portal.domain.evidence_in_use import Inspected, check_inspected
from audit_portal.services.house import Context
from audit_portal.storage import assessments, get, reviewing
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.reviewing import Inspection
from audit_portal.storage.transaction import Transaction


def record(ctx: Context, assessment_id: UUID, item: str, inspected: Inspected) -> UUID:
    """Returns the record's id. Raises Forbidden('own_answer') for who had a part in the answer."""
    require(ctx.actor, Permission.REVIEW_WRITE)
    check_inspected(inspected, ctx.house.today())
    with ctx.begin() as tx:
        answer, row = _reviewed(ctx, tx, assessment_id, item)
        there = reviewing.inspections(tx, row.id).get(answer.id, ())
        if len(there) >= limits.INSPECTIONS_PER_ANSWER:
            raise Conflict("too_many_inspections", most=limits.INSPECTIONS_PER_ANSWER)
        found = Inspection(
            engagement_id=row.engagement_id,
            assessment_id=row.id,
            answer_id=answer.id,
            document=inspected.document,
            edition=inspected.edition,
            inspector=inspected.inspector,
            place=inspected.place,
            means=inspected.means,
            inspected_on=inspected.inspected_on,
            seen=inspected.seen,
            recorded_by=ctx.actor.person,
            recorded_at=tx.now,
        )
        tx.add(found)
        tx.record(
            InspectionRecorded(
                engagement_id=row.engagement_id,
                assessment_id=row.id,
                inspection_id=found.id,
                item=item,
                means=inspected.means.value,
                inspected_on=inspected.inspected_on,
            )
        )
    return found.id


def recordable(ctx: Context, assessment_id: UUID, item: str) -> None:
    """Raises what `record` would."""
    require(ctx.actor, Permission.REVIEW_WRITE)
    with ctx.read() as tx:
        _reviewed(ctx, tx, assessment_id, item)


def withdraw(ctx: Context, inspection_id: UUID, reason: str, version: int) -> tuple[UUID, str]:
    """One recorded by mistake: it stays on record and counts no longer. Returns assessment and item."""
    require(ctx.actor, Permission.REVIEW_WRITE)
    if not reason.strip():
        raise Invalid("withdrawal_needs_reason", field="reason")
    with ctx.begin() as tx:
        found, answer, _ = _there(ctx, tx, inspection_id)
        get.at_version(found, version)
        found.withdrawn_at, found.withdrawn_reason = tx.now, reason
        tx.record(
            InspectionWithdrawn(
                engagement_id=found.engagement_id,
                assessment_id=found.assessment_id,
                inspection_id=found.id,
                item=answer.item,
            )
        )
        return found.assessment_id, answer.item


def place_of(ctx: Context, inspection_id: UUID) -> tuple[UUID, str]:
    """Assessment and item of one that can be withdrawn now."""
    require(ctx.actor, Permission.REVIEW_WRITE)
    with ctx.read() as tx:
        found, answer, _ = _there(ctx, tx, inspection_id)
        return found.assessment_id, answer.item


def _there(ctx: Context, tx: Transaction, inspection_id: UUID) -> tuple[Inspection, Answer, Assessment]:
    found = get.one(tx, Inspection, inspection_id)
    item = get.one(tx, Answer, found.answer_id).item
    answer, row = _reviewed(ctx, tx, found.assessment_id, item)
    if found.withdrawn_at is not None:
        raise Conflict("inspection_withdrawn")
    return found, answer, row


def _reviewed(ctx: Context, tx: Transaction, assessment_id: UUID, item: str) -> tuple[Answer, Assessment]:
    """The item, while its check runs, for one who had no part in the answer."""
    assessments.lock(tx, assessment_id)
    found = assessments.answer_of(tx, assessment_id, item)
    if found is None:
        raise NotFound()
    answer, row = found
    if row.state not in RUNNING:
        raise Conflict("assessment_moved_on", state=row.state.value)
    other_person(ctx.actor, answer.answered_account_id, *map(UUID, answer.writers), code="own_answer")
    return answer, row

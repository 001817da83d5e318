"""Words on one item: shared by both sides, or kept to one. They are added and never change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.assessments import ItemCommented
from audit_portal.services.assessments.notify_process import leads_of
from audit_portal.services.assessments.sheets import side_of
from audit_portal.services.house import Context
from audit_portal.services.notify import officers_of
from audit_portal.services.people import then
from audit_portal.storage import accounts, assessments, outbox, process
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.process import AnswerComment
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("comments")
_GAP = timedelta(seconds=limits.COMMENT_MAIL_GAP)


@dataclass(frozen=True)
class CommentView:
    author: str
    side: AnsweredBy  # vendor, or client for everybody of the principal's
    at: datetime
    text: str
    shared: bool


def of_item(ctx: Context, assessment_id: UUID, item: str) -> tuple[CommentView, ...]:
    """What the reader may read on an item, the newest last. NotFound outside one's reach."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        answer, row = _found(ctx, tx, assessment_id, item)
        found = process.comments(tx, answer.id)
    if not found:
        return ()
    people = then(ctx, {each.author_id for each in found})
    return tuple(
        CommentView(
            people.name(each.author_id, each.written_at),
            AnsweredBy.VENDOR if each.author_party_id == row.vendor_id else AnsweredBy.CLIENT,
            each.written_at,
            each.text,
            each.audience_id is None,
        )
        for each in found
    )


def _found(ctx: Context, tx: Transaction, assessment_id: UUID, item: str) -> tuple[Answer, Assessment]:
    found = assessments.answer_of(tx, assessment_id, item)
    if found is None:
        raise NotFound()
    answer, row = found
    if side_of(ctx, row) is AnsweredBy.VENDOR and answer.answered_by is not AnsweredBy.VENDOR:
        raise NotFound()
    return answer, row


def write(ctx: Context, assessment_id: UUID, item: str, text: str, shared: bool) -> None:
    """Adds a comment. Raises Invalid('comment_stays_inside') for sharing what the vendor isn't asked."""
    require(ctx.actor, Permission.COMMENT_WRITE)
    if not text.strip():
        raise Invalid("comment_needed", field="text")
    with ctx.begin() as tx:
        assessments.lock(tx, assessment_id)
        answer, row = _found(ctx, tx, assessment_id, item)
        if row.state is AssessmentState.DECIDED:
            raise Conflict("assessment_moved_on", state=row.state.value)
        if shared and answer.answered_by is not AnsweredBy.VENDOR:
            raise Invalid("comment_stays_inside", field="shared")
        if len(process.comments(tx, answer.id)) >= limits.COMMENTS_PER_ITEM:
            raise Conflict("too_many_comments", most=limits.COMMENTS_PER_ITEM)
        own = row.vendor_id if side_of(ctx, row) is AnsweredBy.VENDOR else row.principal_id
        added = AnswerComment(
            assessment_id=row.id,
            engagement_id=row.engagement_id,
            answer_id=answer.id,
            audience_id=None if shared else own,
            author_id=ctx.actor.person,
            author_party_id=own,
            text=text,
            written_at=tx.now,
        )
        tx.add(added)
        tx.record(
            ItemCommented(
                engagement_id=row.engagement_id if shared else None,
                assessment_id=row.id,
                word_id=added.id,
                item=item,
                shared=shared,
            )
        )
        if shared:
            _tell(ctx, tx, row, answer)


def _tell(ctx: Context, tx: Transaction, row: Assessment, answer: Answer) -> None:
    """A letter to each person of the other side, at most one an hour and assessment."""
    for account_id in _others(ctx, row, answer):
        payload = {"assessment_id": str(row.id), "account_id": str(account_id), "item": answer.item}
        outbox.send_spaced(tx, "mail_commented", f"commented:{row.id}:{account_id}", payload, _GAP)


def _others(ctx: Context, row: Assessment, answer: Answer) -> list[UUID]:
    """To the vendor: its leads and whoever holds the item; to the client: the officer who sent the check."""
    with ctx.acting_as(_SYSTEM).read() as tx:
        if side_of(ctx, row) is AnsweredBy.VENDOR:
            people = officers_of(tx, row.principal_id, row.sent_by)
        else:
            people = [*leads_of(tx, row.vendor_id), *accounts.people(tx, {answer.delegate_id}).values()]
        return sorted({each.id for each in people if each.state is AccountState.ACTIVE})

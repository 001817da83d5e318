"""Who may write an answer for the party it was asked of, and whose answer it then is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from audit_portal.domain.access import Permission
from audit_portal.domain.assessment import AssessmentAction, after
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, NotFound
from audit_portal.domain.on_behalf import EntryAction, EntryState
from audit_portal.domain.on_behalf import after as entry_after
from audit_portal.services.assessments.sheets import hands_in, side_of
from audit_portal.services.house import Context
from audit_portal.storage import on_behalf
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.on_behalf import AnswerSource, BehalfEntry, Transcription
from audit_portal.storage.transaction import Transaction


def for_the_vendor(ctx: Context, answer: Answer, row: Assessment) -> bool:
    """Whether this person of the client's would write what the vendor was asked."""
    return (
        answer.answered_by is AnsweredBy.VENDOR
        and hands_in(row) is AnsweredBy.VENDOR
        and side_of(ctx, row) is AnsweredBy.CLIENT
    )


def check_writable(ctx: Context, tx: Transaction, answer: Answer, row: Assessment) -> None:
    """Raises NotFound without an open entry, Conflict for what is closed, waits for its confirmation, or was
    answered by the vendor itself: that is never written over."""
    if not ctx.actor.may(Permission.BEHALF_ENTER):
        raise NotFound()
    entry = on_behalf.entry(tx, row.id)
    if entry is None:
        raise NotFound()
    after(row.state, AssessmentAction.ANSWER)
    if entry.state is not EntryState.TRANSCRIBING:
        raise Conflict("entry_moved_on", state=entry.state.value)
    if not answer.is_open:
        raise Conflict("answer_closed")
    if by_vendor(answer, on_behalf.transcription(tx, answer.id)):
        raise Conflict("vendor_answered_itself", item=answer.item)


def by_vendor(answer: Answer, transcription: Transcription | None) -> bool:
    """Whether the answer as it stands is the vendor's own word."""
    if answer.answered_account_id is None:
        return False
    return transcription is None or transcription.transcribed_by != answer.answered_account_id


def vendors_own(answers: Iterable[Answer], current: Mapping[UUID, Transcription]) -> tuple[Answer, ...]:
    return tuple(
        each
        for each in answers
        if each.answered_by is AnsweredBy.VENDOR and by_vendor(each, current.get(each.id))
    )


def add_writers(answer: Answer, people: Iterable[str]) -> None:
    """They had a part in the answer: they don't review it."""
    new = [who for who in dict.fromkeys(people) if who not in answer.writers]
    if new:
        answer.writers = [*answer.writers, *new]  # a new list: a change inside one would not be stored


def note_part(tx: Transaction, source: AnswerSource) -> None:
    """Whoever says what a source is has a part in all that was taken from it."""
    me = str(tx.actor.person)
    if me not in source.writers:
        source.writers = [*source.writers, me]
    for answer in on_behalf.taken_from(tx, source.id):
        add_writers(answer, source.writers)


def relied_on(tx: Transaction, source: AnswerSource) -> bool:
    """Whether answers that are closed were taken from it: a reviewer has seen what it was."""
    return any(not answer.is_open for answer in on_behalf.taken_from(tx, source.id))


def move(entry: BehalfEntry, action: EntryAction) -> None:
    entry.state = entry_after(entry.state, action)


def reopen(tx: Transaction, assessment_id: UUID) -> None:
    """The reviewer returned items: they are transcribed anew, and confirmed anew."""
    entry = on_behalf.entry(tx, assessment_id)
    if entry is None:
        return
    move(entry, EntryAction.REOPEN)
    for each in on_behalf.current(tx, assessment_id).values():
        each.confirmed_by = each.confirmed_at = None
        each.is_draft = True


def settle(tx: Transaction, assessment_id: UUID) -> tuple[UUID, ...]:
    """The acting person stands for what was transcribed; returns the answers it wasn't confirmed for before."""
    found = []
    for each in on_behalf.current(tx, assessment_id).values():
        if each.is_draft:
            each.confirmed_by, each.confirmed_at, each.is_draft = tx.actor.person, tx.now, False
            found.append(each.answer_id)
    return tuple(found)

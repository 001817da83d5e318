"""The second person: compares what was transcribed with its sources, and confirms it or gives it back.

House rule (docs/adr/0011): whoever had a part in the transcription neither confirms nor reviews it; who confirmed
may review, as both compare with the same document.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from audit_portal.domain.access import Permission, other_person, require
from audit_portal.domain.checklist import AnsweredBy, Missing
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from audit_portal.domain.events.on_behalf import (
    ConfirmationAsked,
    TranscriptionConfirmed,
    TranscriptionReturned,
)
from audit_portal.domain.on_behalf import EntryAction
from audit_portal.services.assessments import behalf_rules, resting
from audit_portal.services.assessments.sheets import Sheet, lacking, sheet, side_of
from audit_portal.services.assessments.submission import record_hand_in
from audit_portal.services.house import Context
from audit_portal.storage import get, on_behalf
from audit_portal.storage.tables.assessments import Answer
from audit_portal.storage.tables.on_behalf import AnswerSource, BehalfEntry, Transcription
from audit_portal.storage.transaction import Transaction


def ask(ctx: Context, assessment_id: UUID, version: int) -> None:
    """Puts what was transcribed before a second person. Raises Refused('assessment_incomplete', what lacks)."""
    require(ctx.actor, Permission.BEHALF_ENTER)
    with ctx.begin() as tx:
        found, entry = _entry(ctx, tx, assessment_id)
        get.at_version(entry, version)
        current = on_behalf.current(tx, assessment_id)
        if not current:
            raise Invalid("nothing_transcribed")
        if short := _short(tx, found, current):
            raise Refused("assessment_incomplete", short, count=len(short))
        behalf_rules.move(entry, EntryAction.ASK)
        entry.asked_by, entry.asked_at = ctx.actor.person, tx.now
        for each in transcribed(found, current):
            behalf_rules.add_writers(each, [str(ctx.actor.person)])
        items = tuple(sorted(each.item for each in transcribed(found, current) if current[each.id].is_draft))
        tx.record(
            ConfirmationAsked(engagement_id=found.row.engagement_id, assessment_id=found.row.id, items=items)
        )


def _short(tx: Transaction, found: Sheet, current: Mapping[UUID, Transcription]) -> tuple[Missing, ...]:
    """What lacks; where the vendor has begun to answer itself, of what was transcribed."""
    short = lacking(tx, found)
    if not behalf_rules.vendors_own(found.answers.values(), current):
        return short
    mine = {each.item for each in transcribed(found, current)}
    return tuple(each for each in short if each.item_id in mine)


def confirm(ctx: Context, assessment_id: UUID, version: int, seen: str) -> bool:
    """Confirms what this person saw, and hands it in; False when the vendor answers the rest and hands in itself.

    `seen` is `digest` of the page. Raises Forbidden('own_transcription'), Refused('source_not_opened', the
    documents never opened), Conflict for a stale page or the second of two who confirm at once.
    """
    require(ctx.actor, Permission.BEHALF_CONFIRM)
    with ctx.begin() as tx:
        found, entry = _entry(ctx, tx, assessment_id)
        behalf_rules.move(entry, EntryAction.CONFIRM)
        get.at_version(entry, version)
        sources = on_behalf.sources(tx, assessment_id)
        current = on_behalf.current(tx, assessment_id)
        if not_second(ctx, found, entry, sources, current):
            raise Forbidden("own_transcription")
        _opened(ctx, tx, [each for each in sources if each.id in _used(current)])
        if seen != digest(found, current, resting.refused_words(tx, assessment_id)):
            raise Conflict("changed_meanwhile", version=entry.version)
        confirmed = behalf_rules.settle(tx, assessment_id)
        entry.confirmed_by, entry.confirmed_at = ctx.actor.person, tx.now
        items = tuple(sorted(each.item for each in found.answers.values() if each.id in confirmed))
        tx.record(
            TranscriptionConfirmed(
                engagement_id=found.row.engagement_id, assessment_id=found.row.id, items=items
            )
        )
        if behalf_rules.vendors_own(found.answers.values(), current):
            for each in transcribed(found, current):
                each.returned_note = ""
            return False
        record_hand_in(ctx, tx, found, found.row.version)
        return True


def give_back(ctx: Context, assessment_id: UUID, items: Sequence[str], note: str, version: int) -> None:
    """Gives transcribed items back with a note: something doesn't agree with the source."""
    require(ctx.actor, Permission.BEHALF_CONFIRM)
    if not note.strip():
        raise Invalid("return_note_needed", field="note")
    if not items:
        raise Invalid("return_items_needed", field="items")
    with ctx.begin() as tx:
        found, entry = _entry(ctx, tx, assessment_id)
        behalf_rules.move(entry, EntryAction.GIVE_BACK)
        get.at_version(entry, version)
        current = on_behalf.current(tx, assessment_id)
        there = {each.item: each for each in transcribed(found, current) if current[each.id].is_draft}
        for item in items:
            if item not in there:
                raise NotFound()
            there[item].returned_note = note
        tx.record(
            TranscriptionReturned(
                engagement_id=found.row.engagement_id,
                assessment_id=found.row.id,
                items=tuple(sorted(items)),
            )
        )


def _entry(ctx: Context, tx: Transaction, assessment_id: UUID) -> tuple[Sheet, BehalfEntry]:
    """Held from here on. NotFound for the vendor's own people, and without an entry."""
    found = sheet(ctx, tx, assessment_id)
    entry = on_behalf.entry(tx, assessment_id)
    if entry is None or side_of(ctx, found.row) is AnsweredBy.VENDOR:
        raise NotFound()
    return found, entry


def transcribed(found: Sheet, current: Mapping[UUID, Transcription]) -> tuple[Answer, ...]:
    """The answers that were transcribed, of the questions that apply, in the order of the checklist."""
    return tuple(
        found.answers[item.id]
        for item in found.items
        if item.id in found.answers and found.answers[item.id].id in current
    )


def _used(current: Mapping[UUID, Transcription]) -> set[UUID]:
    return {each.source_id for each in current.values()}


def not_second(
    ctx: Context,
    found: Sheet,
    entry: BehalfEntry,
    sources: Iterable[AnswerSource],
    current: Mapping[UUID, Transcription],
) -> bool:
    """Whether this person had a part in the transcription: wrote, brought a file, named a source or asked."""
    used = _used(current)
    others = {entry.asked_by, *(UUID(who) for each in sources if each.id in used for who in each.writers)}
    others |= {UUID(who) for each in transcribed(found, current) for who in each.writers}
    try:
        other_person(ctx.actor, *others, code="own_transcription")
    except Forbidden:
        return True
    return False


def _opened(ctx: Context, tx: Transaction, sources: Sequence[AnswerSource]) -> None:
    ids = {each.evidence_version_id for each in sources if each.evidence_version_id is not None}
    read = on_behalf.read_by(tx, ctx.actor.person, ids)
    closed = tuple(each.position for each in sources if each.evidence_version_id not in read)
    if closed:
        raise Refused("source_not_opened", closed, count=len(closed))


def digest(found: Sheet, current: Mapping[UUID, Transcription], refused: Mapping[UUID, str]) -> str:
    """Of the very answers, sources and refusals to disclose that a page shows to be confirmed."""
    lines = sorted(
        f"{each.id} {each.version} {current[each.id].source_id} {refused.get(each.id, '')}"
        for each in transcribed(found, current)
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()

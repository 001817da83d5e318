"""Transcribing one answer from its source, as a draft, for the party that was asked."""

from __future__ import annotations

from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.errors import Invalid, NotFound
from audit_portal.services.assessments import behalf_rules
from audit_portal.services.assessments.answers import Written, put, said, writable
from audit_portal.services.house import Context
from audit_portal.storage import get, on_behalf
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.on_behalf import AnswerSource, Transcription
from audit_portal.storage.transaction import Transaction


def transcribe(
    ctx: Context,
    assessment_id: UUID,
    item: str,
    written: Written,
    source_id: UUID | None,
    version: int | None,
) -> int:
    """As `answers.save`, with the source it was taken from. Raises Invalid('source_needed' |
    'source_without_document'), and what `behalf_rules.check_writable` refuses."""
    require(ctx.actor, Permission.BEHALF_ENTER)
    with ctx.begin() as tx:
        answer, row = writable(ctx, tx, assessment_id, item, for_vendor=True)
        if not behalf_rules.for_the_vendor(ctx, answer, row):
            raise NotFound()  # what the client is asked it answers itself
        if source_id is None:
            raise Invalid("source_needed", field="source")
        source = get.one(tx, AnswerSource, source_id, assessment_id=row.id)
        if source.evidence_version_id is None:
            raise Invalid("source_without_document", field="source")
        there = on_behalf.transcription(tx, answer.id)
        same = written == said(answer) and there is not None and there.source_id == source.id
        if version not in (None, answer.version) and same:
            return answer.version
        get.at_version(answer, version)
        put(ctx, tx, answer, row, written)
        behalf_rules.add_writers(answer, source.writers)
        _note(ctx, tx, answer, row, source, there)
        tx.flush()
        return answer.version


def _note(
    ctx: Context,
    tx: Transaction,
    answer: Answer,
    row: Assessment,
    source: AnswerSource,
    there: Transcription | None,
) -> None:
    if there is None:
        there = Transcription(
            assessment_id=row.id,
            engagement_id=row.engagement_id,
            answer_id=answer.id,
            source_id=source.id,
            transcribed_by=ctx.actor.person,
            transcribed_at=tx.now,
        )
        tx.add(there)
        return
    there.source_id, there.transcribed_by, there.transcribed_at = source.id, ctx.actor.person, tx.now


def note_transcriber(ctx: Context, tx: Transaction, answer: Answer) -> None:
    """Whoever writes more of a transcribed answer stands for all of it, as taken from the same source."""
    row = on_behalf.transcription(tx, answer.id)
    if row is None:
        raise NotFound()
    source = get.one(tx, AnswerSource, row.source_id, assessment_id=answer.assessment_id)
    behalf_rules.add_writers(answer, source.writers)
    row.transcribed_by, row.transcribed_at = ctx.actor.person, tx.now
    answer.answered_account_id = ctx.actor.person

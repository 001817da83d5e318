"""Disclosure refused (開示拒否): a vendor says of a required document that it doesn't hand it out.

It may hand its answers in all the same. For the gates the item stays unknown until something is shown, or the
reviewer says that it could not be confirmed. Where the client enters the answers, the refusal is taken from the
very source of the answer, and waits with it for the second person.
"""

from __future__ import annotations

from uuid import UUID

from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.checklist import AnsweredBy, evidence_required
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.evidence_in_use import Refusal, check_refusal
from audit_portal.services.assessments import behalf_rules
from audit_portal.services.assessments.answers import note_writer, writable
from audit_portal.services.assessments.sheets import sheet
from audit_portal.services.assessments.transcribing import note_transcriber
from audit_portal.services.house import Context
from audit_portal.storage import get, on_behalf, reviewing
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.reviewing import DisclosureRefusal
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("refusals")


def refuse(
    ctx: Context, assessment_id: UUID, item: str, refusal: Refusal | None, version: int | None
) -> None:
    """Says that the document isn't disclosed, says it otherwise, or (None) takes it back.

    `version` is that of the answer the person saw. NotFound for an item of the client's;
    Invalid('no_evidence_asked') where none is required at this tier; on behalf of the vendor also
    Conflict('transcribe_first') as long as no source of the answer is named.
    """
    require(ctx.actor, Permission.ANSWER_WRITE)
    if refusal is not None:
        check_refusal(refusal)
    with ctx.begin() as tx:
        answer, row = _held(ctx, tx, assessment_id, item)
        if refusal == _standing(tx, answer):
            return  # pressed twice
        get.at_version(answer, version)
        _not_the_vendors_own(ctx, tx, answer, row)
        if refusal is not None and not _asked(ctx, tx, row, item):
            raise Invalid("no_evidence_asked")
        _put(tx, answer, row, refusal)
        note_writer(ctx, answer)
        answer.answered_at = tx.now  # one that was given back counts as worked on
        if behalf_rules.for_the_vendor(ctx, answer, row):
            note_transcriber(ctx, tx, answer)


def _held(ctx: Context, tx: Transaction, assessment_id: UUID, item: str) -> tuple[Answer, Assessment]:
    """The vendor's answer, to be written by it, or for it once the source of the answer is named."""
    answer, row = writable(ctx, tx, assessment_id, item, for_vendor=True)
    if answer.answered_by is not AnsweredBy.VENDOR:
        raise NotFound()
    if behalf_rules.for_the_vendor(ctx, answer, row) and on_behalf.transcription(tx, answer.id) is None:
        raise Conflict("transcribe_first", item=answer.item)
    return answer, row


def _not_the_vendors_own(ctx: Context, tx: Transaction, answer: Answer, row: Assessment) -> None:
    """What somebody of the vendor's said itself, nobody says otherwise on its behalf."""
    if not behalf_rules.for_the_vendor(ctx, answer, row) or _standing(tx, answer) is None:
        return
    with ctx.acting_as(_SYSTEM).read() as everyone:
        if on_behalf.any_of_party(everyone, row.vendor_id, [UUID(who) for who in answer.writers]):
            raise Conflict("vendor_refused_itself", item=answer.item)


def _standing(tx: Transaction, answer: Answer) -> Refusal | None:
    row = reviewing.refusal(tx, answer.id)
    return Refusal(row.offer, row.reason, row.words) if row is not None and row.offer else None


def _asked(ctx: Context, tx: Transaction, row: Assessment, code: str) -> bool:
    items = sheet(ctx, tx, row.id).items
    return any(item.id == code and evidence_required(item, row.risk_tier) for item in items)


def _put(tx: Transaction, answer: Answer, row: Assessment, refusal: Refusal | None) -> None:
    found = reviewing.refusal(tx, answer.id)
    if found is None:
        found = DisclosureRefusal(engagement_id=row.engagement_id, assessment_id=row.id, answer_id=answer.id)
        tx.add(found)
    found.offer = refusal.offer if refusal else None
    found.reason, found.words = (refusal.reason, refusal.words) if refusal else ("", "")


def refusable(ctx: Context, assessment_id: UUID, item: str) -> None:
    """Raises what `refuse` would."""
    require(ctx.actor, Permission.ANSWER_WRITE)
    with ctx.read() as tx:
        answer, row = _held(ctx, tx, assessment_id, item)
        if not _asked(ctx, tx, row, item) and reviewing.refusal(tx, answer.id) is None:
            raise Invalid("no_evidence_asked")

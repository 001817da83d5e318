"""Handing the answers of an assessment in, and giving items back to who answered them."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import (
    AssessmentAction,
    after,
)
from audit_portal.domain.checklist import (
    AnsweredBy,
)
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Conflict, Invalid, NotFound, Refused
from audit_portal.domain.events.assessments import AssessmentReturned, AssessmentSubmitted
from audit_portal.domain.events.on_behalf import TranscriptionConfirmed
from audit_portal.domain.ledger import leaf_hash, tree_root
from audit_portal.domain.on_behalf import EntryState
from audit_portal.services.assessments import behalf_rules, clause_support, copies, given, resting
from audit_portal.services.assessments.report_ending import outdate
from audit_portal.services.assessments.sheets import (
    DECIDED_AT,
    Sheet,
    answer_digest,
    hands_in,
    lacking,
    sheet,
    side_of,
)
from audit_portal.services.house import Context
from audit_portal.storage import assessments, decisions, get, on_behalf
from audit_portal.storage.tables.assessments import Assessment
from audit_portal.storage.transaction import Transaction


def submit(ctx: Context, assessment_id: UUID, version: int) -> None:
    """Hands the vendor's answers in. Raises Refused('assessment_incomplete', blockers = what is missing)."""
    require(ctx.actor, Permission.ASSESSMENT_SUBMIT)
    with ctx.begin() as tx:
        found = sheet(ctx, tx, assessment_id)
        if side_of(ctx, found.row) is not AnsweredBy.VENDOR:
            raise NotFound()
        confirmed_by_vendor(tx, found)
        record_hand_in(ctx, tx, found, version)


def hand_in(ctx: Context, assessment_id: UUID, version: int) -> None:
    """Hands in what the client's own people answered, as `submit` does for a vendor.

    Raises Conflict('vendor_hands_in') for a check that the vendor answers.
    """
    require(ctx.actor, Permission.ASSESSMENT_HAND_IN)
    with ctx.begin() as tx:
        found = sheet(ctx, tx, assessment_id)
        if hands_in(found.row) is not AnsweredBy.CLIENT:
            raise Conflict("vendor_hands_in")
        record_hand_in(ctx, tx, found, version)


def record_hand_in(ctx: Context, tx: Transaction, found: Sheet, version: int) -> None:
    """Hands in what stands there now; who may do so is for the caller to say."""
    row, side = found.row, hands_in(found.row)
    get.at_version(row, version)
    state = after(row.state, AssessmentAction.SUBMIT)
    if short := lacking(tx, found):
        raise Refused("assessment_incomplete", short, count=len(short))
    evidence = assessments.evidence_of(tx, row.id)
    files = {key: [v.sha256 for _, v, _ in uses] for key, uses in evidence.items()}
    places = clause_support.wording(tx, row.id)
    mine = sorted((a for a in found.answers.values() if a.answered_by is side), key=lambda a: a.position)
    refused = resting.refused_words(tx, row.id)
    digests = [
        answer_digest(each, files.get(each.id, ()), places.get(each.id, ()), refused.get(each.id, ""))
        for each in mine
    ]
    asked = {item.id for item in found.items}
    for answer in mine:
        if answer.item in asked:  # the rest stays open: a returned answer may yet bring it up
            answer.is_open = answer.is_draft = False
        answer.returned_note = ""
    clause_support.settle(tx, mine, draft=False)
    resting.settle(tx, mine, draft=False)
    row.state, row.submitted_at, row.submitted_by = state, tx.now, ctx.actor.person
    row.answers_root = tree_root(leaf_hash(digest) for digest in digests).hex()
    if ctx.actor.is_vendor:  # the copy is for who hands in what belongs to somebody else
        copies.keep(tx, row, mine, digests, evidence, asked, refused)
    given.keep(tx, found, side)
    tx.record(
        AssessmentSubmitted(
            engagement_id=row.engagement_id,
            assessment_id=row.id,
            answers=len(mine),
            answers_root=row.answers_root,
        )
    )
    tx.send(
        "mail_assessment_submitted",
        f"assessment_submitted:{row.id}:{uuid7()}",
        {"assessment_id": str(row.id)},
    )


def give_back(ctx: Context, assessment_id: UUID, items: Sequence[str], note: str, version: int) -> None:
    """Returns items to who answered them, with a note; just those are open again."""
    require(ctx.actor, Permission.REVIEW_WRITE)
    if not note.strip():
        raise Invalid("return_note_needed", field="note")
    if not items:
        raise Invalid("return_items_needed", field="items")
    with ctx.begin() as tx:
        found = sheet(ctx, tx, assessment_id)
        get.at_version(found.row, version)
        _no_decision_waits(tx, found.row)
        found.row.state = after(found.row.state, AssessmentAction.RETURN)
        found.row.returned_note = note
        outdate(tx, found.row.id)
        behalf_rules.reopen(tx, found.row.id)
        resting.show_findings(tx, found.row.id)
        for code in items:
            answer = found.answers.get(code)
            if answer is None or answer.answered_by is not hands_in(found.row):
                raise NotFound()
            answer.is_open = answer.is_draft = True
            answer.returned_note = note
            clause_support.settle(tx, [answer], draft=True)
            resting.settle(tx, [answer], draft=True)
        tx.record(
            AssessmentReturned(
                engagement_id=found.row.engagement_id, assessment_id=found.row.id, items=tuple(sorted(items))
            )
        )
        tx.send(
            "mail_assessment_returned",
            f"assessment_returned:{found.row.id}:{uuid7()}",
            {"assessment_id": str(found.row.id)},
        )


def confirmed_by_vendor(tx: Transaction, found: Sheet) -> None:
    """What the client had entered for it, the vendor takes for its own word by handing it in."""
    if items := behalf_rules.settle(tx, found.row.id):
        entry = on_behalf.entry(tx, found.row.id)
        if entry is not None:
            entry.state = EntryState.CONFIRMED
            entry.confirmed_by, entry.confirmed_at = tx.actor.person, tx.now
        tx.record(
            TranscriptionConfirmed(
                engagement_id=found.row.engagement_id,
                assessment_id=found.row.id,
                items=tuple(sorted(a.item for a in found.answers.values() if a.id in items)),
            )
        )


def _no_decision_waits(tx: Transaction, row: Assessment) -> None:
    """What a decision was asked on stays as it is until it is made."""
    gate = DECIDED_AT.get(row.kind)
    latest = decisions.latest(tx, row.engagement_id, gate) if gate else None
    if latest and latest.state is DecisionState.REQUESTED and latest.assessment_id == row.id:
        raise Conflict("decision_open", number=latest.number)

"""Assessments: sent with frozen questions, shown with what is still missing, submitted, returned."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import (
    AssessmentAction,
    AssessmentKind,
    AssessmentState,
    after,
)
from audit_portal.domain.checklist import (
    AnsweredBy,
    AnswerValue,
    Checklist,
    Item,
    applicable,
)
from audit_portal.domain.contracts import ContractKind
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Conflict, Invalid, NotFound, Refused
from audit_portal.domain.events import AssessmentReturned, AssessmentSent, AssessmentSubmitted
from audit_portal.domain.ledger import leaf_hash, tree_root
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.supervision import State
from audit_portal.services import checklists
from audit_portal.services.assessments import clause_support, copies
from audit_portal.services.assessments.sheets import (
    ASKED,
    DECIDED_AT,
    KINDS,
    STEPS,
    Sheet,
    answer_digest,
    build_sheet,
    document_counts,
    hands_in,
    lacking,
    sheet,
    side_of,
)
from audit_portal.services.house import Context
from audit_portal.services.reports.report_ending import outdate
from audit_portal.storage import assessments, contracts, decisions, get, parties
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import Answer, Assessment, ChecklistVersion
from audit_portal.storage.tables.supervision import Engagement
from audit_portal.storage.transaction import Transaction

_CHECKABLE = frozenset({State.SELECTED, State.CONTRACTED, State.LIVE, State.SUSPENDED})  # a contract


@dataclass(frozen=True)
class SendOrder:
    checklist_version_id: UUID
    due_on: date
    message: str = ""


@dataclass(frozen=True)
class SendableChecklist:
    id: UUID
    title: dict[str, str]
    version: str
    covers_annex10: bool


def sendable(ctx: Context, kind: AssessmentKind = AssessmentKind.SELECTION) -> tuple[SendableChecklist, ...]:
    """Published checklists of a kind in force today, the full one first."""
    require(ctx.actor, Permission.ASSESSMENT_SEND)
    with ctx.read() as tx:
        rows = assessments.all_published(tx)
    found = []
    for row in rows:
        checklist = checklists.parsed(ctx.house, row)
        if _can_be_sent(ctx, checklist, kind):
            title = {"ja": checklist.title.ja, "en": checklist.title.en}
            found.append(SendableChecklist(row.id, title, checklist.version, checklist.covers_annex10))
    return tuple(sorted(found, key=lambda each: not each.covers_annex10))


def _can_be_sent(ctx: Context, checklist: Checklist, kind: AssessmentKind) -> bool:
    return checklist.step == STEPS[kind] and checklist.in_force(ctx.house.today())


def send(
    ctx: Context,
    engagement_id: UUID,
    order: SendOrder,
    and_then: Callable[[Transaction, UUID], None] | None = None,
    kind: AssessmentKind = AssessmentKind.SELECTION,
) -> UUID:
    """Freezes the questions and sends them; a contract check goes to the client's own people.

    `and_then`: what must be stored with it or not at all. Raises Invalid for a date past, NotFound, Conflict
    when one runs or ('not_selected_yet') before selection.
    """
    require(ctx.actor, Permission.ASSESSMENT_SEND)
    if order.due_on < ctx.house.today():
        raise Invalid("due_in_past", field="due_on")
    with ctx.begin() as tx:
        placed = parties.placed(tx, engagement_id)
        if placed is None:
            raise NotFound()
        version = get.one(tx, ChecklistVersion, order.checklist_version_id)
        checklist = checklists.parsed(ctx.house, version)
        if not _can_be_sent(ctx, checklist, kind):
            raise NotFound()
        if kind is AssessmentKind.CONTRACT and placed.link.state not in _CHECKABLE:
            raise Conflict("not_selected_yet")
        number = next_number(tx, Numbered.ASSESSMENT)  # holds off others that send, until the commit
        _none_running(tx, engagement_id, kind)
        officer = get.one(tx, Account, ctx.actor.person)
        row = Assessment(
            number=number,
            engagement_id=engagement_id,
            principal_id=placed.principal.id,
            vendor_id=placed.vendor.id,
            kind=kind,
            state=after(AssessmentState.DRAFT, AssessmentAction.SEND),
            checklist_version_id=version.id,
            risk_tier=placed.link.risk_tier,
            conditions=_conditions(ctx, tx, placed.engagement, kind),
            due_on=order.due_on,
            message=order.message,
            sent_at=tx.now,
            sent_by=ctx.actor.person,
            contact={
                "name": officer.name,
                "department": officer.department,
                "phone": officer.phone,
                "email": officer.email,
                "party": placed.principal.name,
            },
        )
        tx.add(row)
        tx.flush()
        items = _frozen(checklist, row)
        for position, item in enumerate(items):
            tx.add(
                Answer(
                    assessment_id=row.id,
                    engagement_id=engagement_id,
                    position=position,
                    item=item.id,
                    answered_by=item.answered_by,
                    salt=secrets.token_bytes(16),
                )
            )
        tx.record(
            AssessmentSent(
                engagement_id=engagement_id,
                assessment_id=row.id,
                number=row.number,
                checklist=checklist.id,
                version=checklist.version,
                sha256=checklist.sha256,
                items=len(items),
                due_on=order.due_on,
            )
        )
        tx.send("mail_assessment_sent", f"assessment_sent:{row.id}", {"assessment_id": str(row.id)})
        if and_then:
            and_then(tx, row.id)
    return row.id


def _conditions(ctx: Context, tx: Transaction, work: Engagement, kind: AssessmentKind) -> list[str]:
    """The engagement's own, and that its contract is the vendor's standard terms."""
    found = set(work.conditions)
    if kind is AssessmentKind.CONTRACT and any(
        row.kind is ContractKind.TERMS for _, row in contracts.of_engagement(tx, work.id)
    ):
        found.add("standard_terms")
    return sorted(found)


def _none_running(tx: Transaction, engagement_id: UUID, kind: AssessmentKind) -> None:
    over = (AssessmentState.REVIEWED, AssessmentState.DECIDED)
    for other in assessments.of_engagement(tx, engagement_id):
        if other.kind is kind and other.state not in over:
            raise Conflict("assessment_running", number=other.number)
    gate = DECIDED_AT.get(kind)
    latest = decisions.latest(tx, engagement_id, gate) if gate else None
    if latest and latest.state is DecisionState.REQUESTED:
        raise Conflict("decision_open", number=latest.number)  # it was asked on the check there is


def _frozen(checklist: Checklist, row: Assessment) -> tuple[Item, ...]:
    """Every question that may come up: those that a fact could still fire are there, but not shown."""
    possible = frozenset(row.conditions) | {item.fires for item in checklist.items if item.fires}
    asked = applicable(checklist, row.risk_tier, possible)
    return tuple(item for item in asked if item.answered_by in ASKED)


def submit(ctx: Context, assessment_id: UUID, version: int) -> None:
    """Hands the vendor's answers in. Raises Refused('assessment_incomplete', blockers = what is missing)."""
    require(ctx.actor, Permission.ASSESSMENT_SUBMIT)
    with ctx.begin() as tx:
        found = sheet(ctx, tx, assessment_id)
        if side_of(ctx, found.row) is not AnsweredBy.VENDOR:
            raise NotFound()
        _hand_in(ctx, tx, found, version)


def hand_in(ctx: Context, assessment_id: UUID, version: int) -> None:
    """Hands in what the client's own people answered, as `submit` does for a vendor.

    Raises Conflict('vendor_hands_in') for a check that the vendor answers.
    """
    require(ctx.actor, Permission.ASSESSMENT_HAND_IN)
    with ctx.begin() as tx:
        found = sheet(ctx, tx, assessment_id)
        if hands_in(found.row) is not AnsweredBy.CLIENT:
            raise Conflict("vendor_hands_in")
        _hand_in(ctx, tx, found, version)


def _hand_in(ctx: Context, tx: Transaction, found: Sheet, version: int) -> None:
    row, side = found.row, hands_in(found.row)
    get.at_version(row, version)
    state = after(row.state, AssessmentAction.SUBMIT)
    if short := lacking(tx, found):
        raise Refused("assessment_incomplete", short, count=len(short))
    evidence = assessments.evidence_of(tx, row.id)
    files = {key: [v.sha256 for _, v, _ in uses] for key, uses in evidence.items()}
    places = clause_support.wording(tx, row.id)
    mine = sorted((a for a in found.answers.values() if a.answered_by is side), key=lambda a: a.position)
    digests = [answer_digest(each, files.get(each.id, ()), places.get(each.id, ())) for each in mine]
    asked = {item.id for item in found.items}
    for answer in mine:
        if answer.item in asked:  # the rest stays open: a returned answer may yet bring it up
            answer.is_open = answer.is_draft = False
        answer.returned_note = ""
    clause_support.settle(tx, mine, draft=False)
    row.state, row.submitted_at, row.submitted_by = state, tx.now, ctx.actor.person
    row.answers_root = tree_root(leaf_hash(digest) for digest in digests).hex()
    if side is AnsweredBy.VENDOR:  # the copy is for who hands in what belongs to somebody else
        copies.keep(tx, row, mine, digests, evidence, asked)
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
        for code in items:
            answer = found.answers.get(code)
            if answer is None or answer.answered_by is not hands_in(found.row):
                raise NotFound()
            answer.is_open = answer.is_draft = True
            answer.returned_note = note
            clause_support.settle(tx, [answer], draft=True)
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


def _no_decision_waits(tx: Transaction, row: Assessment) -> None:
    """What a decision was asked on stays as it is until it is made."""
    gate = DECIDED_AT.get(row.kind)
    latest = decisions.latest(tx, row.engagement_id, gate) if gate else None
    if latest and latest.state is DecisionState.REQUESTED and latest.assessment_id == row.id:
        raise Conflict("decision_open", number=latest.number)


__all__ = [
    "ASKED", "DECIDED_AT", "KINDS", "AnswerValue", "SendOrder", "Sheet", "answer_digest", "build_sheet",
    "document_counts", "give_back", "hand_in", "hands_in", "send", "sendable", "sheet", "side_of", "submit",
]  # fmt: skip

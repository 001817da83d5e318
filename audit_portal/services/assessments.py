"""Assessments: sent with frozen questions, shown with what is still missing, submitted, returned."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentAction, AssessmentKind, AssessmentState, after
from audit_portal.domain.checklist import (
    Answer as AnswerFacts,
)
from audit_portal.domain.checklist import (
    AnsweredBy,
    AnswerValue,
    Checklist,
    Item,
    Missing,
    applicable,
    fired,
    missing,
)
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Conflict, Invalid, NotFound, Refused
from audit_portal.domain.events import AssessmentReturned, AssessmentSent, AssessmentSubmitted
from audit_portal.domain.ledger import canonical, leaf_hash, tree_root
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.supervision import Gate
from audit_portal.services import checklists
from audit_portal.services.house import Context
from audit_portal.services.report_ending import outdate
from audit_portal.storage import assessments, decisions, get, parties
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import Answer, Assessment, ChecklistVersion
from audit_portal.storage.transaction import Transaction

KINDS = {
    1: AssessmentKind.SELECTION,
    2: AssessmentKind.CONTRACT,
    3: AssessmentKind.PERIODIC,
    4: AssessmentKind.EXIT,
}
ASKED = (AnsweredBy.CLIENT, AnsweredBy.VENDOR)


@dataclass(frozen=True)
class Sheet:
    """An assessment as loaded: the questions that apply now, and what stands on each."""

    row: Assessment
    checklist: Checklist
    conditions: frozenset[str]
    items: tuple[Item, ...]  # applicable now, portal items too
    answers: dict[str, Answer]
    evidence_counts: dict[UUID, int]

    def facts(self, answered_by: AnsweredBy | None = None) -> dict[str, AnswerFacts]:
        return {
            code: AnswerFacts(row.value, row.comment, self.evidence_counts.get(row.id, 0))
            for code, row in self.answers.items()
            if answered_by in (None, row.answered_by)
        }

    def of(self, answered_by: AnsweredBy) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.answered_by is answered_by)

    def missing(self, answered_by: AnsweredBy) -> tuple[Missing, ...]:
        return missing(self.of(answered_by), self.facts(answered_by), self.row.risk_tier)


def sheet(ctx: Context, tx: Transaction, assessment_id: UUID) -> Sheet:
    """Loads an assessment within reach; a writing transaction holds it from here on."""
    assessments.lock(tx, assessment_id)
    row = get.one(tx, Assessment, assessment_id)
    version = get.one(tx, ChecklistVersion, row.checklist_version_id)
    counts = {key: len(uses) for key, uses in assessments.evidence_of(tx, row.id).items()}
    return build_sheet(row, checklists.parsed(ctx.house, version), assessments.answers(tx, row.id), counts)


def build_sheet(
    row: Assessment, checklist: Checklist, answers: Sequence[Answer], evidence_counts: dict[UUID, int]
) -> Sheet:
    by_item = {answer.item: answer for answer in answers}
    values = {code: answer.value for code, answer in by_item.items() if answer.value}
    profile = frozenset(row.conditions)
    held = profile | fired(checklist, values, profile)
    items = tuple(
        item
        for item in applicable(checklist, row.risk_tier, held)
        if item.id in by_item or item.answered_by is AnsweredBy.PORTAL
    )
    return Sheet(row, checklist, held, items, by_item, evidence_counts)


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


def sendable(ctx: Context) -> tuple[SendableChecklist, ...]:
    """Published selection checklists in force today, the full one first."""
    require(ctx.actor, Permission.ASSESSMENT_SEND)
    with ctx.read() as tx:
        rows = assessments.all_published(tx)
    found = []
    for row in rows:
        checklist = checklists.parsed(ctx.house, row)
        if _can_be_sent(ctx, checklist):
            title = {"ja": checklist.title.ja, "en": checklist.title.en}
            found.append(SendableChecklist(row.id, title, checklist.version, checklist.covers_annex10))
    return tuple(sorted(found, key=lambda each: not each.covers_annex10))


def _can_be_sent(ctx: Context, checklist: Checklist) -> bool:
    return checklist.step == 1 and checklist.in_force(ctx.house.today())


def send(ctx: Context, engagement_id: UUID, order: SendOrder) -> UUID:
    """Freezes the questions and sends them. Raises Invalid for a date past, NotFound, Conflict when one runs."""
    require(ctx.actor, Permission.ASSESSMENT_SEND)
    if order.due_on < ctx.house.today():
        raise Invalid("due_in_past", field="due_on")
    with ctx.begin() as tx:
        placed = parties.placed(tx, engagement_id)
        if placed is None:
            raise NotFound()
        version = get.one(tx, ChecklistVersion, order.checklist_version_id)
        checklist = checklists.parsed(ctx.house, version)
        if not _can_be_sent(ctx, checklist):
            raise NotFound()
        kind = KINDS[checklist.step]
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
            conditions=list(placed.engagement.conditions),
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
    return row.id


def _none_running(tx: Transaction, engagement_id: UUID, kind: AssessmentKind) -> None:
    over = (AssessmentState.REVIEWED, AssessmentState.DECIDED)
    for other in assessments.of_engagement(tx, engagement_id):
        if other.kind is kind and other.state not in over:
            raise Conflict("assessment_running", number=other.number)
    latest = decisions.latest(tx, engagement_id, Gate.SELECTION)
    if kind is AssessmentKind.SELECTION and latest and latest.state is DecisionState.REQUESTED:
        raise Conflict("decision_open", number=latest.number)  # it was asked on the check there is


def _frozen(checklist: Checklist, row: Assessment) -> tuple[Item, ...]:
    """Every question that may come up: those that a fact could still fire are there, but not shown."""
    possible = frozenset(row.conditions) | {item.fires for item in checklist.items if item.fires}
    asked = applicable(checklist, row.risk_tier, possible)
    return tuple(item for item in asked if item.answered_by in ASKED)


def side_of(ctx: Context, row: Assessment) -> AnsweredBy:
    """Which items the actor may answer here."""
    return (
        AnsweredBy.VENDOR
        if ctx.actor.is_vendor and ctx.actor.party_id == row.vendor_id
        else AnsweredBy.CLIENT
    )


def answer_digest(answer: Answer, files: Iterable[str]) -> bytes:
    """SHA-256 over salt and the canonical answer with the digests of its evidence."""
    body = {
        "item": answer.item,
        "value": answer.value.value if answer.value else None,
        "comment": answer.comment,
        "action": answer.action,
        "action_due": answer.action_due.isoformat() if answer.action_due else None,
        "evidence": sorted(files),
    }
    return hashlib.sha256(answer.salt + canonical(body)).digest()


def submit(ctx: Context, assessment_id: UUID, version: int) -> None:
    """Hands the vendor's answers in. Raises Refused('assessment_incomplete', blockers = what is missing)."""
    require(ctx.actor, Permission.ASSESSMENT_SUBMIT)
    with ctx.begin() as tx:
        found = sheet(ctx, tx, assessment_id)
        row = found.row
        if side_of(ctx, row) is not AnsweredBy.VENDOR:
            raise NotFound()
        get.at_version(row, version)
        state = after(row.state, AssessmentAction.SUBMIT)
        if lacking := found.missing(AnsweredBy.VENDOR):
            raise Refused("assessment_incomplete", lacking, count=len(lacking))
        files = {
            key: [v.sha256 for _, v, _ in uses] for key, uses in assessments.evidence_of(tx, row.id).items()
        }
        mine = sorted(
            (a for a in found.answers.values() if a.answered_by is AnsweredBy.VENDOR),
            key=lambda a: a.position,
        )
        digests = [answer_digest(answer, files.get(answer.id, ())) for answer in mine]
        asked = {item.id for item in found.items}
        for answer in mine:
            if answer.item in asked:  # the rest stays open: a returned answer may yet bring it up
                answer.is_open = answer.is_draft = False
            answer.returned_note = ""
        row.state, row.submitted_at, row.submitted_by = state, tx.now, ctx.actor.person
        row.answers_root = tree_root(leaf_hash(digest) for digest in digests).hex()
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
    """Returns items to the vendor with a note; just those are open again."""
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
            if answer is None or answer.answered_by is not AnsweredBy.VENDOR:
                raise NotFound()
            answer.is_open = answer.is_draft = True
            answer.returned_note = note
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
    latest = decisions.latest(tx, row.engagement_id, Gate.SELECTION)
    if latest and latest.state is DecisionState.REQUESTED and latest.assessment_id == row.id:
        raise Conflict("decision_open", number=latest.number)


__all__ = ["AnswerValue", "SendOrder", "Sheet", "give_back", "send", "sendable", "sheet", "submit"]

"""An assessment as loaded: its checklist, the questions that apply now, and what stands on each."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.access import Permission, system
from audit_portal.domain.assessment import CLIENT_ONLY, RUNNING, AssessmentKind, AssessmentState
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
from audit_portal.domain.errors import NotFound
from audit_portal.domain.ledger import canonical
from audit_portal.domain.supervision import Gate
from audit_portal.services import checklists
from audit_portal.services.assessments import clause_support, resting
from audit_portal.services.house import Context
from audit_portal.storage import assessments, get, process
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("sheets")
KINDS = {
    1: AssessmentKind.SELECTION,
    2: AssessmentKind.CONTRACT,
    3: AssessmentKind.PERIODIC,
    4: AssessmentKind.EXIT,
}
ASKED = (AnsweredBy.CLIENT, AnsweredBy.VENDOR)
STEPS = {kind: step for step, kind in KINDS.items()}
DECIDED_AT = {AssessmentKind.SELECTION: Gate.SELECTION, AssessmentKind.CONTRACT: Gate.CONTRACT}


def hands_in(row: Assessment) -> AnsweredBy:
    """Which side hands the answers in."""
    return AnsweredBy.CLIENT if row.kind in CLIENT_ONLY else AnsweredBy.VENDOR


@dataclass(frozen=True)
class Sheet:
    """An assessment as loaded: the questions that apply now, and what stands on each."""

    row: Assessment
    checklist: Checklist
    conditions: frozenset[str]
    items: tuple[Item, ...]  # applicable now, portal items too
    answers: dict[str, Answer]
    evidence_counts: dict[UUID, int]
    refused: frozenset[UUID] = frozenset()  # answers whose evidence isn't disclosed
    parts: tuple[Sheet, ...] = ()  # the checks it is put together from, the newest first; see settled.py

    @property
    def checks(self) -> tuple[Sheet, ...]:
        """Check by check, each with the answers that count from it."""
        return self.parts or (self,)

    def facts(self, answered_by: AnsweredBy | None = None) -> dict[str, AnswerFacts]:
        return {
            code: AnswerFacts(
                row.value, row.comment, self.evidence_counts.get(row.id, 0), row.id in self.refused
            )
            for code, row in self.answers.items()
            if answered_by in (None, row.answered_by)
        }

    @property
    def refusing(self) -> frozenset[str]:
        """Items whose evidence isn't disclosed."""
        return frozenset(code for code, row in self.answers.items() if row.id in self.refused)

    @property
    def shown(self) -> dict[str, int]:
        """By item: how many documents and inspections it rests on."""
        return {code: self.evidence_counts.get(row.id, 0) for code, row in self.answers.items()}

    def of(self, answered_by: AnsweredBy) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.answered_by is answered_by)

    def missing(self, answered_by: AnsweredBy) -> tuple[Missing, ...]:
        return missing(self.of(answered_by), self.facts(answered_by), self.row.risk_tier)


def sheet(ctx: Context, tx: Transaction, assessment_id: UUID) -> Sheet:
    """Loads an assessment within reach; a writing transaction holds it from here on."""
    assessments.lock(tx, assessment_id)
    row = get.one(tx, Assessment, assessment_id)
    version = checklists.version(tx, row.checklist_version_id)
    rows = assessments.answers(tx, row.id)
    beside = resting.beside(tx, row.id)
    evidence = assessments.evidence_of(tx, row.id)
    counts = resting.counts(ctx, tx, row, rows, evidence, beside.inspections)
    parsed = checklists.parsed(ctx.house, version)
    return build_sheet(row, parsed, rows, counts, said(ctx, row.id), beside.refusals)


def said(ctx: Context, assessment_id: UUID) -> dict[str, AnswerValue] | None:
    """For a vendor's people: what all items were answered with. They don't reach the others' answers, but
    those decide which of their own items apply. None for who reaches them all."""
    if not ctx.actor.is_vendor:
        return None
    with ctx.acting_as(_SYSTEM).read() as tx:
        return process.values(tx, assessment_id)


def build_sheet(
    row: Assessment,
    checklist: Checklist,
    answers: Sequence[Answer],
    evidence_counts: dict[UUID, int],
    said: Mapping[str, AnswerValue] | None = None,
    refused: Iterable[UUID] = (),
) -> Sheet:
    """`said`: what all items were answered with, where `answers` are only those the reader reaches."""
    by_item = {answer.item: answer for answer in answers}
    values = said or {code: answer.value for code, answer in by_item.items() if answer.value}
    profile = frozenset(row.conditions)
    held = profile | fired(checklist, values, profile)
    items = tuple(
        item
        for item in applicable(checklist, row.risk_tier, held)
        if item.id in by_item or item.answered_by is AnsweredBy.PORTAL
    )
    return Sheet(row, checklist, held, items, by_item, evidence_counts, frozenset(refused))


def side_of(ctx: Context, row: Assessment) -> AnsweredBy:
    """Which items the actor may answer here."""
    if ctx.actor.is_vendor and ctx.actor.party_id == row.vendor_id:
        return AnsweredBy.VENDOR
    if ctx.actor.is_vendor and ctx.actor.party_id != row.principal_id:
        raise NotFound()  # it may see the work, and has no part in the check
    return AnsweredBy.CLIENT


def may_answer(ctx: Context, row: Assessment, answer: Answer) -> bool:
    """Whether the reader may write this answer now, as one of their own side's."""
    side = side_of(ctx, row)
    if answer.answered_by is not side or not answer.is_open or not ctx.actor.may(Permission.ANSWER_WRITE):
        return False
    if side is not hands_in(row):  # the client answers while the vendor's are reviewed
        return row.state in RUNNING
    return row.state in RUNNING and row.state is not AssessmentState.SUBMITTED


def answer_digest(
    answer: Answer, files: Iterable[str], clauses: Iterable[str] = (), refused: str = ""
) -> bytes:
    """SHA-256 over salt and the canonical answer with the digests of its evidence, where in the contract it
    finds its clause, and why a document isn't disclosed."""
    more: dict[str, object] = {"clauses": sorted(clauses)} if clauses else {}
    if refused:
        more["refused"] = refused
    body = {
        **more,
        "item": answer.item,
        "value": answer.value.value if answer.value else None,
        "comment": answer.comment,
        "action": answer.action,
        "action_due": answer.action_due.isoformat() if answer.action_due else None,
        "evidence": sorted(files),
    }
    return hashlib.sha256(answer.salt + canonical(body)).digest()


def lacking(tx: Transaction, found: Sheet) -> tuple[Missing, ...]:
    """What keeps the answers from being handed in."""
    missing_items = found.missing(hands_in(found.row))
    if found.row.kind is not AssessmentKind.CONTRACT:
        return missing_items
    untied = clause_support.untied(tx, found.row.id, found.items, found.answers)
    return clause_first(missing_items, untied)


def clause_first(missing: Iterable[Missing], untied: Iterable[str]) -> tuple[Missing, ...]:
    """One reason an item: what the answer itself lacks, then the clause's place, then the evidence."""
    found = tuple(missing)
    answer_first = {each.item_id for each in found if each.reason != "evidence_required"}
    places = [item for item in untied if item not in answer_first]
    rest = (each for each in found if each.item_id not in places)
    return (*rest, *(Missing(item, "clause_required") for item in places))

"""Clauses (条項): where in the contract an answer finds what it says, or what stands in for it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.contracts import ClauseTied, ClauseUntied
from audit_portal.services.assessments.answers import note_writer, writable
from audit_portal.services.house import Context
from audit_portal.storage import assessments, contracts, get
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.contracts import ClauseTie, ContractDocument
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class Spot:
    """A place in a document: the page of a file, the number of the article."""

    document_id: UUID
    clause: str
    page: int | None = None


@dataclass(frozen=True)
class ClauseView:
    id: UUID
    contract_id: UUID
    contract_number: str
    contract_title: str
    document_title: str
    version_id: UUID | None
    file_name: str
    media_type: str
    original: str  # where the paper is kept
    page: int | None
    clause: str
    over: bool  # the document was withdrawn since
    document_id: UUID


def tie(ctx: Context, assessment_id: UUID, item: str, spot: Spot) -> None:
    """Ties an open answer of a contract check to a place in a document of a contract that serves its engagement.

    Raises Conflict('no_clause_here' | 'answer_closed' | 'too_many_clauses'), Invalid('document_not_here' |
    'clause_needed' | 'page_out_of_range').
    """
    require(ctx.actor, Permission.CLAUSE_TIE)
    if not spot.clause.strip():
        raise Invalid("clause_needed", field="clause")
    if spot.page is not None and not 1 <= spot.page <= limits.PDF_PAGES:
        raise Invalid("page_out_of_range", field="page", most=limits.PDF_PAGES)
    with ctx.begin() as tx:
        answer, row = _open(ctx, tx, assessment_id, item)
        if len(contracts.clauses(tx, row.id).get(answer.id, ())) >= limits.CLAUSES:
            raise Conflict("too_many_clauses", most=limits.CLAUSES)
        document = _document(ctx, tx, row.engagement_id, spot.document_id)
        tx.add(
            ClauseTie(
                engagement_id=row.engagement_id,
                assessment_id=row.id,
                answer_id=answer.id,
                contract_id=document.contract_id,
                document_id=document.id,
                page=spot.page,
                clause=spot.clause,
            )
        )
        _changed(ctx, tx, answer, row)
        tx.record(
            ClauseTied(
                engagement_id=row.engagement_id,
                assessment_id=row.id,
                item=item,
                contract_id=document.contract_id,
                document_id=document.id,
            )
        )


def untie(ctx: Context, assessment_id: UUID, item: str, tie_id: UUID) -> None:
    """Takes a place off an open answer. Raises Conflict('clause_gone') when it isn't there."""
    require(ctx.actor, Permission.CLAUSE_TIE)
    with ctx.begin() as tx:
        answer, row = _open(ctx, tx, assessment_id, item)
        try:
            found = get.one(tx, ClauseTie, tie_id, answer_id=answer.id)
        except NotFound:
            raise Conflict("clause_gone") from None
        tx.remove(found)
        _changed(ctx, tx, answer, row)
        tx.record(
            ClauseUntied(
                engagement_id=row.engagement_id,
                assessment_id=row.id,
                item=item,
                contract_id=found.contract_id,
                document_id=found.document_id,
            )
        )


def _open(ctx: Context, tx: Transaction, assessment_id: UUID, item: str) -> tuple[Answer, Assessment]:
    answer, row = writable(ctx, tx, assessment_id, item)
    if row.kind is not AssessmentKind.CONTRACT:
        raise Conflict("no_clause_here")
    return answer, row


def _document(ctx: Context, tx: Transaction, engagement_id: UUID, document_id: UUID) -> ContractDocument:
    today = ctx.house.today()
    serving = {
        row.id
        for found, row in contracts.of_engagement(tx, engagement_id)
        if found.valid_to is None or found.valid_to >= today
    }
    for each in (each for every in contracts.documents(tx, serving).values() for each in every):
        if each.id == document_id and each.withdrawn_at is None:
            return each
    raise Invalid("document_not_here", field="document")


def _changed(ctx: Context, tx: Transaction, answer: Answer, row: Assessment) -> None:
    """Whoever ties a clause has a part in the answer: they don't review it."""
    note_writer(ctx, answer)
    if row.state is AssessmentState.SUBMITTED:
        answer.answered_at = tx.now


def of_item(ctx: Context, assessment_id: UUID, item: str) -> tuple[ClauseView, ...]:
    """The places one answer is tied to."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        return views(tx, assessment_id).get(item, ())


def views(tx: Transaction, assessment_id: UUID) -> dict[str, tuple[ClauseView, ...]]:
    """By item: the places its answer is tied to."""
    found = contracts.clauses(tx, assessment_id)
    documents = [document for every in found.values() for _, _, document in every]
    files = assessments.versions_by_id(tx, [each.evidence_version_id for each in documents])
    codes = {row.id: row.item for row in assessments.answers(tx, assessment_id)}
    return {
        codes[answer_id]: tuple(
            ClauseView(
                tie.id,
                contract.id,
                contract.number,
                contract.title,
                document.title,
                document.evidence_version_id,
                files[document.evidence_version_id].file_name if document.evidence_version_id else "",
                files[document.evidence_version_id].media_type if document.evidence_version_id else "",
                " ".join(filter(None, (document.original_place, document.original_binder))),
                tie.page,
                tie.clause,
                document.withdrawn_at is not None,
                document.id,
            )
            for tie, contract, document in every
        )
        for answer_id, every in found.items()
        if answer_id in codes
    }

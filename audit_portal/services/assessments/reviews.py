"""Reviews (審査): what the reviewer concludes of each answer, and on what basis."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.access import Permission, other_person, require
from audit_portal.domain.assessment import (
    AssessmentAction,
    AssessmentState,
    ReviewBasis,
    ReviewResult,
    after,
    check_review,
)
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, Invalid, NotFound, Refused
from audit_portal.domain.events.assessments import AssessmentReviewed, ItemReviewed
from audit_portal.domain.review_basis import Grounds, Sample, ThirdParty, needs_record
from audit_portal.domain.review_basis import grounds as checked_grounds
from audit_portal.services.assessments import clause_support, given, resting
from audit_portal.services.assessments.sheets import ASKED, Sheet, answer_digest, hands_in, sheet
from audit_portal.services.house import Context
from audit_portal.storage import assessments, get, on_behalf
from audit_portal.storage.tables.assessments import Review
from audit_portal.storage.transaction import Transaction

_NEEDS_ANSWER = (ReviewResult.CONFORMS, ReviewResult.PARTLY)
_ON_A_REFUSAL = (ReviewResult.NOT, ReviewResult.UNCONFIRMED)  # the rest would wave it away


@dataclass(frozen=True)
class Judgement:
    result: ReviewResult
    basis: ReviewBasis
    comment: str = ""
    sample: Sample | None = None
    report: ThirdParty | None = None


def review_item(
    ctx: Context,
    assessment_id: UUID,
    item: str,
    judgement: Judgement,
    version: int | None,
    answer_version: int | None = None,
) -> None:
    """Reviews one answer; a client's answer is frozen by it.

    Nobody reviews an answer they had a part in: Forbidden('own_answer') for all who wrote or brought a file.

    `version` is that of the review the person saw (None: there was none), `answer_version` that of the
    answer. Raises Conflict('changed_meanwhile') when either moved on.
    """
    require(ctx.actor, Permission.REVIEW_WRITE)
    check_review(judgement.result, judgement.comment)
    grounds = checked_grounds(judgement.basis, judgement.sample, judgement.report)
    with ctx.begin() as tx:
        found = sheet(ctx, tx, assessment_id)
        answer = found.answers.get(item)
        if answer is None or item not in {each.id for each in found.items}:
            raise NotFound()
        if found.row.state is not AssessmentState.SUBMITTED:
            raise Conflict("assessment_moved_on", state=found.row.state.value)
        other_person(ctx.actor, answer.answered_account_id, *map(UUID, answer.writers), code="own_answer")
        get.at_version(answer, answer_version)
        if answer.answered_by is AnsweredBy.CLIENT and any(
            m.item_id == item for m in found.missing(AnsweredBy.CLIENT)
        ):
            raise Invalid("answer_incomplete", item=item)
        if answer.value is None and judgement.result in _NEEDS_ANSWER:
            raise Invalid("answer_incomplete", item=item)
        refusal_open = item in found.refusing and not found.shown.get(item)
        if refusal_open and judgement.result not in _ON_A_REFUSAL:
            raise Invalid("refusal_unresolved", field="result")
        if needs_record(judgement.basis, judgement.comment) and not _on_record(tx, found, answer.id):
            raise Invalid("basis_needs_record", field="comment")
        answer.is_open = answer.is_draft = False
        tx.flush()  # the review is of this very version of the answer
        files = [v.sha256 for _, v, _ in assessments.evidence_of(tx, found.row.id).get(answer.id, ())]
        places = clause_support.wording(tx, found.row.id).get(answer.id, [])
        refused = resting.refused_words(tx, found.row.id).get(answer.id, "")
        row = assessments.reviews(tx, found.row.id).get(answer.id)
        if row is None:
            row = Review(
                assessment_id=found.row.id,
                engagement_id=found.row.engagement_id,
                answer_id=answer.id,
                answer_version=answer.version,
                result=judgement.result,
                basis=judgement.basis,
                reviewer_id=ctx.actor.person,
                reviewed_at=tx.now,
            )
            tx.add(row)
        elif version is None:
            raise Conflict("changed_meanwhile", version=row.version)
        else:
            get.at_version(row, version)
        row.answer_version = answer.version
        row.result, row.basis, row.comment = judgement.result, judgement.basis, judgement.comment
        _put_grounds(row, grounds)
        row.reviewer_id, row.reviewed_at = ctx.actor.person, tx.now
        tx.record(
            ItemReviewed(
                engagement_id=found.row.engagement_id,
                assessment_id=found.row.id,
                item=item,
                result=judgement.result.value,
                basis=judgement.basis.value,
                answer_digest=answer_digest(answer, files, places, refused).hex(),
            )
        )


def _on_record(tx: Transaction, found: Sheet, answer_id: UUID) -> bool:
    """Whether a file, an inspection, a place in a contract or the document it was transcribed from shows it."""
    if found.evidence_counts.get(answer_id, 0):
        return True
    taken = on_behalf.current(tx, found.row.id).get(answer_id)
    sources = on_behalf.sources(tx, found.row.id) if taken else []
    return any(row.id == taken.source_id and row.evidence_version_id for row in sources if taken)


def _put_grounds(row: Review, grounds: Grounds) -> None:
    sample, report = grounds.sample or Sample(None, None), grounds.report or ThirdParty()
    row.population, row.sample_size, row.sample_choice = sample.population, sample.size, sample.choice
    row.source_title, row.source_scope = report.title, report.scope
    row.source_from, row.source_to = report.period_from, report.period_to
    row.source_exceptions = report.exceptions


def finish(ctx: Context, assessment_id: UUID, version: int) -> None:
    """Ends the review. Raises Refused('review_incomplete', blockers = the items without a review)."""
    require(ctx.actor, Permission.REVIEW_WRITE)
    with ctx.begin() as tx:
        found = sheet(ctx, tx, assessment_id)
        get.at_version(found.row, version)
        state = after(found.row.state, AssessmentAction.FINISH_REVIEW)
        reviewed = assessments.current_reviews(tx, found.row.id)
        left = tuple(
            item.id
            for item in found.items
            if item.answered_by in ASKED and found.answers[item.id].id not in reviewed
        )
        if left:
            raise Refused("review_incomplete", left, count=len(left))
        if waiting := on_behalf.open_controls(tx, found.row.id):
            raise Refused("user_controls_open", count=waiting)
        found.row.state, found.row.reviewed_at, found.row.reviewed_by = state, tx.now, ctx.actor.person
        if hands_in(found.row) is AnsweredBy.VENDOR:  # the client's own answers are settled only now
            given.keep(tx, found, AnsweredBy.CLIENT)
        resting.show_findings(tx, found.row.id)
        tx.record(AssessmentReviewed(engagement_id=found.row.engagement_id, assessment_id=found.row.id))

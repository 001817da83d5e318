"""One assessment as its page shows it, with all its items."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.checklist import (
    AnsweredBy,
)
from audit_portal.domain.errors import NotFound
from audit_portal.services import checklists
from audit_portal.services.assessments import behalf, resting
from audit_portal.services.assessments.assessment_list import AssessmentHead, head
from audit_portal.services.assessments.beside_items import FindingView
from audit_portal.services.assessments.item_views import ItemMaker, ItemView, SectionView, rests_on
from audit_portal.services.assessments.scoring import Scores, scores_of
from audit_portal.services.assessments.sheets import (
    build_sheet,
    hands_in,
    said,
    side_of,
)
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import assessments

_HANDS_IN = {
    AnsweredBy.VENDOR: Permission.ASSESSMENT_SUBMIT,
    AnsweredBy.CLIENT: Permission.ASSESSMENT_HAND_IN,
}


@dataclass(frozen=True)
class AssessmentView:
    head: AssessmentHead
    contact: dict[str, Any]
    message: str
    returned_note: str
    sections: tuple[SectionView, ...]
    side: AnsweredBy  # whose items the reader answers
    can_submit: bool
    can_review: bool
    sent_at: datetime | None
    submitted_at: datetime | None
    reviewed_at: datetime | None
    checklist_version: str
    checklist_sha256: str
    scores: Scores | None = None  # for who reviews; never for the vendor

    @property
    def items(self) -> tuple[ItemView, ...]:
        return tuple(item for section in self.sections for item in section.items)

    def item(self, code: str) -> ItemView:
        """Raises NotFound for an item that isn't asked here."""
        for each in self.items:
            if each.code == code:
                return each
        raise NotFound()

    @property
    def findings(self) -> tuple[FindingView, ...]:
        return tuple(each for item in self.items for each in item.beside.findings)

    @property
    def mine(self) -> tuple[ItemView, ...]:
        """The reader's own items."""
        return tuple(item for item in self.items if item.answered_by is self.side)

    @property
    def todo(self) -> tuple[ItemView, ...]:
        return tuple(item for item in self.mine if item.editable and item.missing)

    @property
    def behalf(self) -> tuple[ItemView, ...]:
        """What the reader may transcribe now."""
        return tuple(item for item in self.items if item.on_behalf)

    @property
    def unreviewed(self) -> tuple[ItemView, ...]:
        return tuple(item for item in self.items if item.review is None or not item.review.current)


def get_assessment(ctx: Context, assessment_id: UUID) -> AssessmentView:
    """An assessment with everything its page shows; NotFound outside one's reach."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        found = assessments.in_context(tx, assessment_id)
        if found is None:
            raise NotFound()
        row = found[0]
        version = checklists.version(tx, row.checklist_version_id)
        evidence = assessments.evidence_of(tx, row.id)
        rows = assessments.answers(tx, row.id)
        beside = resting.beside(tx, row.id)
        sheet = build_sheet(
            row,
            checklists.parsed(ctx.house, version),
            rows,
            resting.counts(ctx, tx, row, rows, evidence, beside.inspections),
            said(ctx, row.id),
            beside.refusals,
        )
        reviews = assessments.reviews(tx, row.id)
        rests, entered = rests_on(tx, sheet), behalf.load(tx, row.id)
        ids = {r.reviewer_id for r in reviews.values()}
        ids |= beside.people()
        ids |= {who for a in sheet.answers.values() for who in (a.answered_account_id, a.delegate_id) if who}
        ids |= entered.people
    people = then(ctx, ids)
    maker = ItemMaker(ctx, sheet, evidence, reviews, people, rests, entered, beside)
    state = row.state
    side = side_of(ctx, row)
    open_to_answers = state in (AssessmentState.SENT, AssessmentState.IN_PROGRESS, AssessmentState.RETURNED)
    return AssessmentView(
        head=head(ctx, found, version),
        contact=dict(row.contact),
        message=row.message,
        returned_note=row.returned_note,
        sections=maker.sections(),
        side=side,
        can_submit=side is hands_in(row) and ctx.actor.may(_HANDS_IN[side]) and open_to_answers,
        can_review=maker.can_review,
        sent_at=row.sent_at,
        submitted_at=row.submitted_at,
        reviewed_at=row.reviewed_at,
        checklist_version=sheet.checklist.version,
        checklist_sha256=sheet.checklist.sha256,
        scores=scores_of(sheet, reviews) if side is AnsweredBy.CLIENT else None,
    )

"""Assessments as pages show them: every item with its answer, evidence, review, and what may be done now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.assessment import AssessmentKind, AssessmentState, ReviewBasis, ReviewResult
from audit_portal.domain.checklist import (
    AnsweredBy,
    AnswerValue,
    Duty,
    Item,
    Kind,
    LegalRef,
    duty_of,
    evidence_required,
)
from audit_portal.domain.contracts import StandIn, is_clause
from audit_portal.domain.errors import NotFound
from audit_portal.domain.lists import RUNNING_CHECKS, CheckFilter
from audit_portal.services import checklists
from audit_portal.services.assessments import clause_support, clauses
from audit_portal.services.assessments.assessments import (
    ASKED,
    Sheet,
    build_sheet,
    document_counts,
    hands_in,
    side_of,
)
from audit_portal.services.assessments.clauses import ClauseView
from audit_portal.services.house import Context
from audit_portal.services.readings import spellings
from audit_portal.storage import accounts, assessments, contracts, get, process
from audit_portal.storage.assessments import Listed
from audit_portal.storage.page import Page
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import (
    Answer,
    ChecklistVersion,
    Evidence,
    EvidenceVersion,
    Review,
)
from audit_portal.storage.tables.contracts import ClauseStandIn
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("assessment_view")
_RUNNING = (
    AssessmentState.SENT,
    AssessmentState.IN_PROGRESS,
    AssessmentState.SUBMITTED,
    AssessmentState.RETURNED,
)
_HANDS_IN = {
    AnsweredBy.VENDOR: Permission.ASSESSMENT_SUBMIT,
    AnsweredBy.CLIENT: Permission.ASSESSMENT_HAND_IN,
}
_SETTLED = (AssessmentState.REVIEWED, AssessmentState.DECIDED)


@dataclass(frozen=True)
class EvidenceView:
    version_id: UUID
    number: str
    name: str
    media_type: str
    size: int
    sha256: str
    observed_on: date | None
    expires_on: date | None
    uploaded_at: datetime


@dataclass(frozen=True)
class ReviewView:
    result: ReviewResult
    basis: ReviewBasis
    comment: str
    reviewer: str
    reviewed_at: datetime
    version: int
    current: bool  # of the answer as it stands


@dataclass(frozen=True)
class LegalView:
    code: str
    title: str
    url: str


@dataclass(frozen=True)
class ItemView:
    code: str
    section: str
    question: dict[str, str]
    hint: dict[str, str]
    answered_by: AnsweredBy
    duty: Duty
    legal: tuple[LegalView, ...]
    blocking: bool
    mandatory: bool
    fact: bool  # yes is not a pass
    evidence_needed: bool
    evidence_kinds: tuple[dict[str, str], ...]
    value: AnswerValue | None
    comment: str
    action: str
    action_due: date | None
    answered_name: str
    answered_at: datetime | None
    returned_note: str
    version: int
    editable: bool
    missing: str | None  # unanswered, reason_required, evidence_required
    evidence: tuple[EvidenceView, ...]
    review: ReviewView | None
    reviewable: bool
    own_answer: bool  # the reader had a part in it, so somebody else reviews it
    delegate_id: UUID | None = None  # to whom the reader's own side gave it
    delegate_name: str = ""
    clauses: tuple[ClauseView, ...] = ()  # of a contract check: where the contract says it …
    stand_in: StandIn | None = None  # … or what takes the place of a clause
    stand_in_words: str = ""
    is_clause: bool = False


@dataclass(frozen=True)
class SectionView:
    code: str
    title: dict[str, str]
    items: tuple[ItemView, ...]


@dataclass(frozen=True)
class AssessmentHead:
    """One line of a list."""

    id: UUID
    number: str
    kind: AssessmentKind
    state: AssessmentState
    title: dict[str, str]
    engagement_id: UUID
    engagement_number: str
    engagement_title: str
    vendor_id: UUID
    vendor_name: str
    due_on: date
    version: int


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
    def mine(self) -> tuple[ItemView, ...]:
        """The reader's own items."""
        return tuple(item for item in self.items if item.answered_by is self.side)

    @property
    def todo(self) -> tuple[ItemView, ...]:
        return tuple(item for item in self.mine if item.editable and item.missing)

    @property
    def unreviewed(self) -> tuple[ItemView, ...]:
        return tuple(item for item in self.items if item.review is None or not item.review.current)


def listed(
    ctx: Context,
    after: str | None = None,
    wanted: CheckFilter = RUNNING_CHECKS,
    limit: int = limits.PAGE,
) -> Page[AssessmentHead]:
    """Assessments within reach, those still running unless something else is wanted."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        words = spellings(wanted.search)
        page = assessments.listed(tx, wanted, words, ctx.house.today(), after, limit)
        versions = {row.id: row for row in assessments.all_published(tx)}
    return page.map(lambda row: _head(ctx, row, versions[row[0].checklist_version_id]))


def due(
    ctx: Context, states: tuple[AssessmentState, ...] = _RUNNING, limit: int = limits.PAGE
) -> tuple[AssessmentHead, ...]:
    """Assessments within reach in these states, those due first at the front."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        rows = assessments.by_due(tx, states, limit)
        versions = {row.id: row for row in assessments.all_published(tx)}
    return tuple(_head(ctx, row, versions[row[0].checklist_version_id]) for row in rows)


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[AssessmentHead, ...]:
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        rows = assessments.of_engagement(tx, engagement_id)
        found = [row for each in rows if (row := assessments.in_context(tx, each.id))]
        versions = {row.id: row for row in assessments.all_published(tx)}
    return tuple(_head(ctx, row, versions[row[0].checklist_version_id]) for row in found)


def _head(ctx: Context, found: Listed, version: ChecklistVersion) -> AssessmentHead:
    row, work, link, vendor = found
    checklist = checklists.parsed(ctx.house, version)
    return AssessmentHead(
        row.id,
        row.number,
        row.kind,
        row.state,
        {"ja": checklist.title.ja, "en": checklist.title.en},
        work.id,
        link.number,
        work.title,
        vendor.id,
        vendor.name,
        row.due_on,
        row.version,
    )


def get_assessment(ctx: Context, assessment_id: UUID) -> AssessmentView:
    """An assessment with everything its page shows; NotFound outside one's reach."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        found = assessments.in_context(tx, assessment_id)
        if found is None:
            raise NotFound()
        row = found[0]
        version = get.one(tx, ChecklistVersion, row.checklist_version_id)
        evidence = assessments.evidence_of(tx, row.id)
        counts = document_counts(tx, row, evidence)
        sheet = build_sheet(
            row,
            checklists.parsed(ctx.house, version),
            assessments.answers(tx, row.id),
            counts,
            _said(ctx, row.id) if ctx.actor.only_delegated else None,
        )
        reviews = assessments.reviews(tx, row.id)
        rests = _rests_on(tx, sheet)
        ids = {r.reviewer_id for r in reviews.values()}
        ids |= {who for a in sheet.answers.values() for who in (a.answered_account_id, a.delegate_id) if who}
    with ctx.acting_as(_SYSTEM).read() as tx:
        people = accounts.people(tx, ids)
    maker = _Maker(ctx, sheet, evidence, reviews, people, rests)
    state = row.state
    side = side_of(ctx, row)
    open_to_answers = state in (AssessmentState.SENT, AssessmentState.IN_PROGRESS, AssessmentState.RETURNED)
    return AssessmentView(
        head=_head(ctx, found, version),
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
    )


@dataclass(frozen=True)
class _Rests:
    """What the answers of a contract check rest on; nothing of any other."""

    clauses: dict[str, tuple[ClauseView, ...]]
    stand_ins: dict[UUID, ClauseStandIn]
    lacking: tuple[tuple[str, str], ...]  # item, reason


def _rests_on(tx: Transaction, sheet: Sheet) -> _Rests:
    if sheet.row.kind is not AssessmentKind.CONTRACT:
        return _Rests({}, {}, ())
    lacking = tuple(
        (item, "clause_required")
        for item in clause_support.untied(tx, sheet.row.id, sheet.items, sheet.answers)
    )
    return _Rests(clauses.views(tx, sheet.row.id), contracts.stand_ins(tx, sheet.row.id), lacking)


def _said(ctx: Context, assessment_id: UUID) -> dict[str, AnswerValue]:
    """A contributor doesn't reach the others' answers, but those decide which of their own items apply."""
    with ctx.acting_as(_SYSTEM).read() as tx:
        return process.values(tx, assessment_id)


class _Maker:
    """Makes item views; what a reader may not know yet (reviews, for a vendor) is left out."""

    def __init__(
        self,
        ctx: Context,
        sheet: Sheet,
        evidence: dict[UUID, list[Any]],
        reviews: dict[UUID, Review],
        people: dict[UUID, Account],
        rests: _Rests,
    ) -> None:
        self._rests = rests
        self._ctx, self._sheet, self._evidence, self._reviews, self._people = (
            ctx,
            sheet,
            evidence,
            reviews,
            people,
        )
        references = checklists.references(ctx.house)
        self._legal: Mapping[str, LegalRef] = references.legal
        self._kinds = references.evidence_kinds
        self._titles = references.sections
        self._side = side_of(ctx, sheet.row)
        self.can_review = (
            ctx.actor.may(Permission.REVIEW_WRITE) and sheet.row.state is AssessmentState.SUBMITTED
        )
        self._missing = dict(rests.lacking) | {
            m.item_id: m.reason for who in ASKED for m in sheet.missing(who)
        }

    def sections(self) -> tuple[SectionView, ...]:
        found = []
        for code in self._sheet.checklist.sections:
            items = tuple(
                self._item(item)
                for item in self._sheet.items
                if item.section == code and item.answered_by in ASKED and self._shown(item)
            )
            if items:
                title = self._titles[code]
                found.append(SectionView(code, {"ja": title.ja, "en": title.en}, items))
        return tuple(found)

    def _shown(self, item: Item) -> bool:
        """A vendor isn't shown the client's items."""
        return self._side is AnsweredBy.CLIENT or item.answered_by is AnsweredBy.VENDOR

    def _item(self, item: Item) -> ItemView:
        answer = self._sheet.answers[item.id]
        me = self._ctx.actor.account_id
        instead = self._rests.stand_ins.get(answer.id)
        is_contract = self._sheet.row.kind is AssessmentKind.CONTRACT
        own = me is not None and (me == answer.answered_account_id or str(me) in answer.writers)
        return ItemView(
            code=item.id,
            section=item.section,
            question={"ja": item.question.ja, "en": item.question.en},
            hint={"ja": item.hint.ja, "en": item.hint.en},
            answered_by=item.answered_by,
            duty=duty_of(item, self._sheet.conditions),
            legal=tuple(
                LegalView(code, self._legal[code].title, self._legal[code].url or "")
                for code in item.legal_basis
                if code in self._legal
            ),
            blocking=item.gate_blocking,
            mandatory=item.mandatory,
            fact=item.kind is Kind.FACT,
            evidence_needed=evidence_required(item, self._sheet.row.risk_tier),
            evidence_kinds=tuple(
                {"ja": self._kinds[kind].ja, "en": self._kinds[kind].en} for kind in item.evidence
            ),
            value=answer.value,
            comment=answer.comment,
            action=answer.action,
            action_due=answer.action_due,
            answered_name=self._name(answer.answered_account_id),
            answered_at=answer.answered_at,
            returned_note=answer.returned_note,
            version=answer.version,
            editable=self._editable(item, answer),
            missing=self._missing.get(item.id),
            evidence=self._files(answer),
            review=self._review(answer),
            reviewable=self.can_review and not own,
            own_answer=own,
            clauses=self._rests.clauses.get(item.id, ()),
            stand_in=instead.kind if instead else None,
            stand_in_words=instead.words if instead else "",
            is_clause=is_contract and is_clause(item.evidence),
            delegate_id=answer.delegate_id if item.answered_by is self._side else None,
            delegate_name=self._name(answer.delegate_id) if item.answered_by is self._side else "",
        )

    def _name(self, account_id: UUID | None) -> str:
        return self._people[account_id].name if account_id in self._people else ""

    def _editable(self, item: Item, answer: Answer) -> bool:
        if item.answered_by is not self._side or not answer.is_open:
            return False
        if not self._ctx.actor.may(Permission.ANSWER_WRITE):
            return False
        if self._side is not hands_in(self._sheet.row):  # the client answers while the vendor's are reviewed
            return self._sheet.row.state in _RUNNING
        return self._sheet.row.state in _RUNNING and self._sheet.row.state is not AssessmentState.SUBMITTED

    def _files(self, answer: Answer) -> tuple[EvidenceView, ...]:
        return tuple(_file(version, evidence) for _, version, evidence in self._evidence.get(answer.id, ()))

    def _review(self, answer: Answer) -> ReviewView | None:
        row = self._reviews.get(answer.id)
        if row is None or (self._side is AnsweredBy.VENDOR and self._sheet.row.state not in _SETTLED):
            return None
        return ReviewView(
            row.result,
            row.basis,
            row.comment,
            self._name(row.reviewer_id),
            row.reviewed_at,
            row.version,
            row.answer_version == answer.version,
        )


def _file(version: EvidenceVersion, evidence: Evidence) -> EvidenceView:
    return EvidenceView(
        version.id,
        evidence.number,
        version.file_name,
        version.media_type,
        version.size,
        version.sha256,
        version.observed_on,
        version.expires_on,
        version.uploaded_at,
    )

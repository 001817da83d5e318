"""Items as pages show them: question, answer, evidence, review, and what the reader may do now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Permission
from audit_portal.domain.assessment import (
    SETTLED,
    AssessmentKind,
    AssessmentState,
    ReviewBasis,
    ReviewResult,
)
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
from audit_portal.domain.evidence_in_use import counts
from audit_portal.domain.review_basis import Grounds
from audit_portal.services import checklists
from audit_portal.services.assessments import clause_support, clauses
from audit_portal.services.assessments.behalf import Behalf, Transcribed
from audit_portal.services.assessments.beside_items import NOTHING_BESIDE, BesideItem, BesideMaker
from audit_portal.services.assessments.clauses import ClauseView
from audit_portal.services.assessments.resting import Beside, grounds_of
from audit_portal.services.assessments.sheets import (
    ASKED,
    Sheet,
    clause_first,
    may_answer,
    side_of,
)
from audit_portal.services.house import Context
from audit_portal.storage import contracts
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import (
    Answer,
    Evidence,
    EvidenceVersion,
    Review,
)
from audit_portal.storage.tables.contracts import ClauseStandIn
from audit_portal.storage.transaction import Transaction


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
    expired: bool = False  # today


@dataclass(frozen=True)
class ReviewView:
    result: ReviewResult
    basis: ReviewBasis
    comment: str
    reviewer: str
    reviewed_at: datetime
    version: int
    current: bool  # of the answer as it stands
    grounds: Grounds


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
    transcribed: Transcribed | None = None  # entered on behalf of the vendor
    on_behalf: bool = False  # the reader may do so now: then it is editable, too
    behalf_left: bool = False  # and it isn't done yet
    beside: BesideItem = NOTHING_BESIDE

    @property
    def begun(self) -> bool:
        """Whether anything was written or attached."""
        return bool(self.value or self.comment or self.action or self.evidence)


@dataclass(frozen=True)
class SectionView:
    code: str
    title: dict[str, str]
    items: tuple[ItemView, ...]


@dataclass(frozen=True)
class Rests:
    """What the answers of a contract check rest on; nothing of any other."""

    clauses: dict[str, tuple[ClauseView, ...]]
    stand_ins: dict[UUID, ClauseStandIn]
    untied: tuple[str, ...]  # items


def rests_on(tx: Transaction, sheet: Sheet) -> Rests:
    if sheet.row.kind is not AssessmentKind.CONTRACT:
        return Rests({}, {}, ())
    untied = clause_support.untied(tx, sheet.row.id, sheet.items, sheet.answers)
    return Rests(clauses.views(tx, sheet.row.id), contracts.stand_ins(tx, sheet.row.id), untied)


class ItemMaker:
    """Makes item views; what a reader may not know yet (reviews, for a vendor) is left out."""

    def __init__(
        self,
        ctx: Context,
        sheet: Sheet,
        evidence: dict[UUID, list[Any]],
        reviews: dict[UUID, Review],
        people: People,
        rests: Rests,
        behalf: Behalf,
        beside: Beside,
    ) -> None:
        self._rests, self._behalf = rests, behalf
        self._beside = BesideMaker(ctx, sheet, beside, people)
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
        lacking = clause_first((each for who in ASKED for each in sheet.missing(who)), rests.untied)
        self._missing = {each.item_id: each.reason for each in lacking}

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
        on_behalf = self._behalf.editable(self._ctx, answer, self._sheet.row)
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
            answered_name=self._people.name(answer.answered_account_id, answer.answered_at),
            answered_at=answer.answered_at,
            returned_note=answer.returned_note,
            version=answer.version,
            editable=on_behalf or may_answer(self._ctx, self._sheet.row, answer),
            on_behalf=on_behalf,
            behalf_left=on_behalf and (item.id in self._missing or self._behalf.given_back(answer)),
            transcribed=self._behalf.of(answer.id, self._people),
            missing=self._missing.get(item.id),
            evidence=self._files(answer),
            review=self._review(answer),
            reviewable=self.can_review and not own,
            own_answer=own,
            clauses=self._rests.clauses.get(item.id, ()),
            stand_in=instead.kind if instead else None,
            stand_in_words=instead.words if instead else "",
            is_clause=is_contract and is_clause(item.evidence),
            beside=self._beside.of(answer),
            delegate_id=answer.delegate_id if item.answered_by is self._side else None,
            delegate_name=self._people.name(answer.delegate_id) if item.answered_by is self._side else "",
        )

    def _files(self, answer: Answer) -> tuple[EvidenceView, ...]:
        return tuple(
            _file(version, evidence, self._ctx.house.today())
            for _, version, evidence in self._evidence.get(answer.id, ())
        )

    def _review(self, answer: Answer) -> ReviewView | None:
        row = self._reviews.get(answer.id)
        if row is None or (self._side is AnsweredBy.VENDOR and self._sheet.row.state not in SETTLED):
            return None
        return ReviewView(
            row.result,
            row.basis,
            row.comment,
            self._people.name(row.reviewer_id, row.reviewed_at),
            row.reviewed_at,
            row.version,
            row.answer_version == answer.version,
            grounds_of(row),
        )


def _file(version: EvidenceVersion, evidence: Evidence, today: date) -> EvidenceView:
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
        not counts(version.expires_on, today),
    )

"""From rows to the content of an assessment report: frozen answers, reviews, evidence, decision, proofs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from uuid import UUID

from audit_portal.domain.access import system
from audit_portal.domain.assessment import AssessmentState, ReviewResult
from audit_portal.domain.checklist import AnsweredBy, Item, LegalRef, duty_of
from audit_portal.domain.contracts import StandIn
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.on_behalf import ControlStatus
from audit_portal.domain.report import (
    FIELD_AUDITOR,
    FIELD_OFFICER,
    AnswerFacts,
    Basis,
    Bilingual,
    ChecklistFacts,
    Conclusion,
    EvidenceFacts,
    LedgerFacts,
    LedgerProof,
    PartyFacts,
    PlannedSigner,
    Report,
    ReportItem,
    ReportKind,
    ReportSection,
    ReviewFacts,
    Summary,
)
from audit_portal.services import checklists, checkpoints
from audit_portal.services.assessments import behalf, resting
from audit_portal.services.assessments.scoring import scores_of
from audit_portal.services.assessments.sheets import ASKED, Sheet, sheet
from audit_portal.services.contracts.contracts import serving_today
from audit_portal.services.house import Context, House
from audit_portal.services.reports import behalf_content, report_beside, report_decision, report_work
from audit_portal.services.reports.portal_items import portal_items
from audit_portal.services.reports.report_gaps import not_checked
from audit_portal.storage import assessments, contracts, decisions, on_behalf, parties
from audit_portal.storage.parties import Placed
from audit_portal.storage.people import People, then
from audit_portal.storage.tables.assessments import Answer, EvidenceVersion, Review, SignedReport
from audit_portal.storage.tables.supervision import Party
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("report_content")
_STATEMENT = "Audit Portal"
# In both languages at once: the text of an answer is not translated.
_STAND_INS = {
    StandIn.TERMS: "条項に代わる約款 (standard terms in place of the clause)",
    StandIn.LAW: "条項に代わる法令 (law in place of the clause)",
    StandIn.OTHER: "条項に代わる文書 (another document in place of the clause)",
}


class _Loaded:
    """Everything one report is made of, loaded once."""

    def __init__(self, ctx: Context, tx: Transaction, row: SignedReport) -> None:
        placed = parties.placed(tx, row.engagement_id)
        if placed is None:
            raise LookupError(row.engagement_id)
        self.placed: Placed = placed
        self.sheet: Sheet = sheet(ctx, tx, row.assessment_id)
        self.reviews = assessments.current_reviews(tx, row.assessment_id)
        self.evidence = assessments.evidence_of(tx, row.assessment_id)
        self.beside = resting.beside(tx, row.assessment_id)
        self.scores = scores_of(self.sheet, self.reviews)
        self.behalf = behalf.load(tx, row.assessment_id)
        self.controls = on_behalf.controls(tx, row.assessment_id)
        self.decision = decisions.made_on(tx, row.assessment_id)
        ids: set[UUID | None] = {answer.answered_account_id for answer in self.sheet.answers.values()}
        ids |= {review.reviewer_id for review in self.reviews.values()}
        ids |= {*self.behalf.people, *(each.answered_by for each in self.controls)}
        self.people: People = then(tx, ids)
        self._clauses = contracts.clauses(tx, row.assessment_id)
        self._stand_ins = contracts.stand_ins(tx, row.assessment_id)
        references = checklists.references(ctx.house)
        self.legal = references.legal
        self.sections = references.sections
        self.made = self.release = None
        if self.decision:
            known = report_decision.Known(self.sheet, self.legal)
            self.made = report_decision.facts(tx, self.decision, ctx.house, known)
            self.release = report_decision.release(tx, self.decision, ctx.house, known)
        self.work = report_work.engagement(ctx, tx, placed, self.decision)
        self.contracts = report_work.contracts(ctx, tx, self.sheet.row, self.decision)
        self.standing = report_work.standing(ctx, tx, placed)
        self.portal = portal_items(self.sheet, self.made, _documents(ctx, tx, row.engagement_id))

    def places(self, answer_id: UUID) -> list[str]:
        """Where the contract says it, and what stands in for a clause: one line each, as written."""
        found = []
        for tie, contract, document in self._clauses.get(answer_id, ()):
            page = f" p.{tie.page}" if tie.page else ""
            found.append(f"{contract.number} {contract.title} / {document.title}{page} {tie.clause}")
        instead = self._stand_ins.get(answer_id)
        if instead is not None and instead.kind is not None:
            found.append(f"{_STAND_INS[instead.kind]}: {instead.words}")
        return found


def build(house: House, row: SignedReport) -> Report:
    """The report's content with the newest checkpoint and the proofs of its engagement's entries."""
    ctx = Context(house, _SYSTEM)
    with house.db.read(_SYSTEM) as tx:
        loaded = _Loaded(ctx, tx, row)
    checklist = loaded.sheet.checklist
    return Report(
        id=str(row.id),
        number=row.number,
        kind=ReportKind.ASSESSMENT,
        title=Bilingual(f"{checklist.title.ja} 報告書", f"{checklist.title.en}: report"),
        client=_party(loaded.placed.principal),
        vendor=_party(loaded.placed.vendor),
        engagement=loaded.work,
        summary=_summary(loaded),
        sections=_sections(loaded),
        checklist=ChecklistFacts(
            checklist.id,
            checklist.version,
            Bilingual(checklist.title.ja, checklist.title.en),
            checklist.sha256,
        ),
        signers=(
            PlannedSigner(FIELD_AUDITOR, "", Bilingual("監査人", "Auditor")),
            PlannedSigner(FIELD_OFFICER, "", Bilingual("個人情報保護担当", "Privacy officer")),
        ),
        generated_at=house.clock.now(),
        zone=house.zone.key,
        decision=loaded.made,
        not_checked=not_checked(loaded.sheet, loaded.reviews, [each.code for each in loaded.portal]),
        sources=behalf_content.sources(loaded.behalf, house.today()),
        user_controls=behalf_content.controls(loaded.behalf, loaded.controls, loaded.people),
        statement=_STATEMENT,
        ledger=_ledger(house, row.engagement_id),
        score=loaded.scores.whole,
        release=loaded.release,
        contracts=loaded.contracts,
        brought_in=loaded.standing,
        portal_items=loaded.portal,
    )


def _party(row: Party) -> PartyFacts:
    return PartyFacts(row.name, row.number, row.corporate_number or "", row.address)


def _documents(ctx: Context, tx: Transaction, engagement_id: UUID) -> int:
    """How many documents the contracts have that serve the engagement."""
    serving = [row.id for row, _ in serving_today(ctx, tx, engagement_id)]
    rows = contracts.documents(tx, serving) if serving else {}
    return sum(row.withdrawn_at is None for each in rows.values() for row in each)


def _summary(loaded: _Loaded) -> Summary:
    row = loaded.sheet.row
    if row.state not in (AssessmentState.REVIEWED, AssessmentState.DECIDED):
        return Summary(Conclusion.OPEN)
    results = {loaded.reviews[a.id].result for a in loaded.sheet.answers.values() if a.id in loaded.reviews}
    short = bool(results - {ReviewResult.CONFORMS, ReviewResult.NOT_APPLICABLE})
    if loaded.decision and loaded.decision.state is DecisionState.REFUSED:
        return Summary(Conclusion.NOT_SATISFIED, loaded.decision.comment)
    approved = loaded.decision is not None and loaded.decision.state is DecisionState.APPROVED
    if short and not approved:
        return Summary(Conclusion.NOT_SATISFIED)
    depends = _depends_on(loaded, short)
    return Summary(Conclusion.CONDITIONAL if depends else Conclusion.SATISFIED, depends_on=depends)


def _depends_on(loaded: _Loaded, short: bool) -> tuple[str, ...]:
    """What is still to come, or was let pass for a time, where the criteria are said to be met."""
    terms = [each for made in (loaded.made, loaded.release) if made for each in made.open_terms]
    left = any(each.status is not ControlStatus.DONE for each in loaded.controls)
    return (
        *(("items",) if short else ()),
        *dict.fromkeys(terms),
        *(("controls",) if left else ()),
    )


def _sections(loaded: _Loaded) -> tuple[ReportSection, ...]:
    found = []
    for code in loaded.sheet.checklist.sections:
        items = [item for item in loaded.sheet.items if item.section == code and item.answered_by in ASKED]
        if items:
            title = loaded.sections[code]
            found.append(
                ReportSection(
                    code,
                    Bilingual(title.ja, title.en),
                    tuple(_item(loaded, item) for item in items),
                    loaded.scores.sections.get(code),
                )
            )
    return tuple(found)


def _item(loaded: _Loaded, item: Item) -> ReportItem:
    answer = loaded.sheet.answers[item.id]
    review = loaded.reviews.get(answer.id)
    return ReportItem(
        code=item.id,
        question=Bilingual(item.question.ja, item.question.en),
        duty=duty_of(item, loaded.sheet.conditions).value,
        basis=_basis(item.legal_basis, loaded.legal),
        blocking=item.gate_blocking,
        answer=_answer(loaded, answer),
        review=_review(loaded, review),
        evidence=(
            *(_evidence(version) for _, version, _ in loaded.evidence.get(answer.id, ())),
            *report_beside.inspected(loaded.beside, answer.id),
        ),
        refusal=report_beside.refusal(loaded.beside, answer.id, loaded.sheet.evidence_counts),
        findings=report_beside.findings(loaded.beside, answer.id),
    )


def _basis(codes: Iterable[str], legal: Mapping[str, LegalRef]) -> tuple[Basis, ...]:
    return tuple(Basis(code, legal[code].title, legal[code].url or "") for code in codes if code in legal)


def _answer(loaded: _Loaded, answer: Answer) -> AnswerFacts | None:
    if answer.value is None or answer.answered_at is None:
        return None
    entered = loaded.behalf.of(answer.id, loaded.people)
    vendor = answer.answered_by is AnsweredBy.VENDOR and entered is None
    party = loaded.placed.vendor.name if vendor else loaded.placed.principal.name
    text = answer.comment
    text = "\n".join(filter(None, (text, *loaded.places(answer.id))))
    if answer.action:
        due = f" ({answer.action_due.isoformat()})" if answer.action_due else ""
        text = f"{text}\n→ {answer.action}{due}".strip()
    return AnswerFacts(
        answer.value,
        text,
        loaded.people.name(answer.answered_account_id, answer.answered_at),
        party,
        answer.answered_at,
        behalf_content.on_behalf(entered) if entered else None,
    )


def _review(loaded: _Loaded, review: Review | None) -> ReviewFacts | None:
    if review is None:
        return None
    grounds = resting.grounds_of(review)
    return ReviewFacts(
        review.result,
        (review.basis,),
        review.comment,
        loaded.people.name(review.reviewer_id, review.reviewed_at),
        review.reviewed_at,
        grounds.sample,
        grounds.report,
    )


def _evidence(version: EvidenceVersion) -> EvidenceFacts:
    return EvidenceFacts(
        version.file_name,
        version.number,
        version.sha256,
        version.size,
        version.observed_on,
        version.expires_on,
    )


def _ledger(house: House, engagement_id: UUID) -> LedgerFacts | None:
    checkpoint = checkpoints.sign_head(house)
    if checkpoint is None:
        return None
    proofs = tuple(
        LedgerProof(
            str(json.loads(entry.body)["event"]),
            entry.seq,
            checkpoints.leaf(entry.body).hex(),
            tuple(each.hex() for each in entry.proof),
        )
        for entry in checkpoints.proofs(house, checkpoint, engagement_id)
    )
    return LedgerFacts(checkpoint.note, proofs)

"""Freezes what is known when a decision is asked for (design.md section 2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from audit_portal.domain.access import system
from audit_portal.domain.checklist import Item, LegalRef
from audit_portal.domain.contracts import end_of_term, last_day_for_notice
from audit_portal.domain.decision import (
    FORMAT,
    FrozenBasis,
    FrozenBlocker,
    FrozenCheck,
    FrozenClause,
    FrozenContract,
    FrozenControl,
    FrozenDecision,
    FrozenFile,
    FrozenFinding,
    FrozenItem,
    FrozenLink,
    FrozenOutside,
    FrozenReview,
    FrozenSeat,
    FrozenSource,
    Snapshot,
)
from audit_portal.domain.route import Step, named
from audit_portal.domain.supervision import Blocker, Gate
from audit_portal.services import checklists
from audit_portal.services.assessments import behalf, resting
from audit_portal.services.assessments.behalf import Transcribed
from audit_portal.services.assessments.beside_items import inspected_of, refusal_of
from audit_portal.services.assessments.sheets import Sheet
from audit_portal.services.contracts.contracts import serving_today, terms_of
from audit_portal.services.decisions.gate_facts import Judged, declared_below
from audit_portal.services.decisions.known_facts import known
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import accounts, assessments, contracts, decisions, on_behalf
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import Answer, Evidence, EvidenceVersion, Review
from audit_portal.storage.tables.contracts import ClauseTie, Contract, ContractDocument
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("decision_snapshot")


def freeze(
    ctx: Context,
    tx: Transaction,
    which: Gate,
    judged: Judged,
    reason: str,
    steps: tuple[Step, ...],
    outside: FrozenOutside | None = None,
) -> Snapshot:
    """The snapshot of a decision at a gate that the acting person asks for now, to walk these steps."""
    placed, found = judged.placed, judged.sheet
    past_selection = which is not Gate.SELECTION
    again = bool(found and found.parts)  # it adds to what was decided before
    legal = checklists.references(ctx.house).legal
    return Snapshot(
        format=FORMAT,
        gate=which,
        engagement=placed.link.number,
        title=placed.engagement.title,
        client=placed.principal.name,
        vendor=placed.vendor.name,
        risk_tier=placed.link.risk_tier,
        asked_by=ctx.actor.name,
        asked_at=tx.now,
        reason=reason,
        check=_check(found) if found else None,
        blockers=tuple(_blocker(each, legal) for each in judged.decision.blockers),
        items=tuple(each for part in found.checks for each in _Items(ctx, tx, part).all()) if found else (),
        contracts=contracts_of(ctx, tx, placed.link.id) if past_selection else (),
        decisions=_decisions(tx, placed.link.id) if past_selection or again else (),
        subcontractors=_subcontractors(ctx, placed.link.id) if which is Gate.RELEASE else (),
        user_controls=_controls(tx, found) if found else (),
        route=_route(ctx, steps),
        outside=outside,
        facts=known(ctx, tx, placed),
    )


def _route(ctx: Context, steps: tuple[Step, ...]) -> tuple[FrozenSeat, ...]:
    with ctx.acting_as(_SYSTEM).read() as tx:
        people = accounts.people(tx, named(steps))
    return tuple(
        FrozenSeat(step.title, tuple(people[each].name for each in step.people if each in people))
        for step in steps
    )


def _controls(tx: Transaction, found: Sheet) -> tuple[FrozenControl, ...]:
    rows = [row for part in found.checks for row in on_behalf.controls(tx, part.row.id)]
    return tuple(FrozenControl(each.words, each.status, each.note, each.due_on) for each in rows)


def contracts_of(ctx: Context, tx: Transaction, engagement_id: UUID) -> tuple[FrozenContract, ...]:
    """Those that serve the engagement, as they stand today."""
    today = ctx.house.today()
    return tuple(
        FrozenContract(
            row.number,
            row.title,
            row.kind,
            how,
            row.concluded_on,
            row.starts_on,
            end_of_term(terms_of(row), today),
            row.reentrustment,
            last_day_for_notice(terms_of(row), today),
        )
        for row, how in serving_today(ctx, tx, engagement_id)
    )


def _decisions(tx: Transaction, engagement_id: UUID) -> tuple[FrozenDecision, ...]:
    """The newest decision at each gate that has one, in the order of the gates."""
    newest = (decisions.latest(tx, engagement_id, gate) for gate in (Gate.SELECTION, Gate.CONTRACT))
    return tuple(
        FrozenDecision(row.number, row.gate, row.state, row.decided_at, row.snapshot_sha256)
        for row in newest
        if row is not None
    )


def _subcontractors(ctx: Context, engagement_id: UUID) -> tuple[FrozenLink, ...]:
    return tuple(
        FrozenLink(link.number, vendor.name, link.state)
        for link, vendor in declared_below(ctx, engagement_id)
    )


def _check(found: Sheet) -> FrozenCheck:
    checklist = found.checklist
    title = {"ja": checklist.title.ja, "en": checklist.title.en}
    reviewed_at: datetime | None = found.row.reviewed_at
    return FrozenCheck(
        found.row.number, title, checklist.id, checklist.version, checklist.sha256, reviewed_at
    )


def _blocker(blocker: Blocker, legal: Mapping[str, LegalRef]) -> FrozenBlocker:
    basis = tuple(FrozenBasis(code, legal[code].title if code in legal else code) for code in blocker.basis)
    return FrozenBlocker(blocker.code, blocker.item, blocker.duty, basis, blocker.who)


class _Items:
    """The items of one check with everything said about them, loaded once."""

    def __init__(self, ctx: Context, tx: Transaction, found: Sheet) -> None:
        self._found = found
        self._reviews = assessments.current_reviews(tx, found.row.id)
        self._evidence = assessments.evidence_of(tx, found.row.id)
        self._beside = resting.beside(tx, found.row.id)
        self._stand_ins = contracts.stand_ins(tx, found.row.id)
        self._clauses = contracts.clauses(tx, found.row.id)
        documents = [each[2].evidence_version_id for every in self._clauses.values() for each in every]
        self._versions = assessments.versions_by_id(tx, documents)
        ids: set[UUID | None] = {answer.answered_account_id for answer in found.answers.values()}
        ids |= {review.reviewer_id for review in self._reviews.values()}
        self._behalf = behalf.load(tx, found.row.id)
        ids |= self._behalf.people
        self._people: People = then(ctx, ids)

    def all(self) -> tuple[FrozenItem, ...]:
        answers = self._found.answers
        return tuple(self._item(item, answers[item.id]) for item in self._found.items if item.id in answers)

    def _item(self, item: Item, answer: Answer) -> FrozenItem:
        review = self._reviews.get(answer.id)
        instead = self._stand_ins.get(answer.id)
        return FrozenItem(
            code=item.id,
            question={"ja": item.question.ja, "en": item.question.en},
            answered_by=item.answered_by,
            value=answer.value,
            comment=answer.comment,
            action=answer.action,
            action_due=answer.action_due,
            answerer=self._people.name(answer.answered_account_id, answer.answered_at),
            answered_at=answer.answered_at,
            files=tuple(_file(v, e) for _, v, e in self._evidence.get(answer.id, ())),
            review=self._review(review) if review else None,
            clauses=tuple(self._clause(*each) for each in self._clauses.get(answer.id, ())),
            stand_in=instead.kind if instead else None,
            stand_in_words=instead.words if instead else "",
            source=_source(self._behalf.of(answer.id, self._people)),
            inspections=tuple(inspected_of(row) for row in self._beside.inspections.get(answer.id, ())),
            refusal=refusal_of(self._beside.refusals.get(answer.id)),
            findings=tuple(
                FrozenFinding(row.number, row.severity, row.what, row.due_on)
                for row in self._beside.findings.get(answer.id, ())
            ),
        )

    def _clause(self, tie: ClauseTie, contract: Contract, document: ContractDocument) -> FrozenClause:
        file = self._versions.get(document.evidence_version_id) if document.evidence_version_id else None
        digest = file.sha256 if file else ""
        return FrozenClause(contract.number, document.title, digest, tie.page, tie.clause)

    def _review(self, review: Review) -> FrozenReview:
        name = self._people.name(review.reviewer_id, review.reviewed_at)
        grounds = resting.grounds_of(review)
        return FrozenReview(
            review.result,
            review.basis,
            review.comment,
            name,
            review.reviewed_at,
            grounds.sample,
            grounds.report,
        )


def _source(entered: Transcribed | None) -> FrozenSource | None:
    if entered is None or entered.kind is None or entered.facts is None:
        return None
    return FrozenSource(
        entered.kind,
        entered.answerer,
        entered.document,
        entered.sha256,
        entered.facts.dated_on,
        entered.transcriber,
        entered.confirmer,
    )


def _file(version: EvidenceVersion, evidence: Evidence) -> FrozenFile:
    return FrozenFile(
        evidence.number,
        version.number,
        version.file_name,
        version.sha256,
        version.observed_on,
        version.expires_on,
    )

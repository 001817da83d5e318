"""What the answers of a check rest on beside their words: files that count, inspections, refusals, findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from audit_portal.domain.assessment import AssessmentKind, ReviewBasis
from audit_portal.domain.evidence_in_use import counts as still_counts
from audit_portal.domain.review_basis import Grounds, Sample, ThirdParty
from audit_portal.services.assessments import clause_support
from audit_portal.services.house import Context
from audit_portal.storage import reviewing
from audit_portal.storage.tables.assessments import Answer, Assessment, Review
from audit_portal.storage.tables.reviewing import DisclosureRefusal, Finding, Inspection
from audit_portal.storage.transaction import Transaction

Uses = Mapping[UUID, Sequence[tuple[Any, Any, Any]]]  # answer → use, version, evidence


@dataclass(frozen=True)
class Beside:
    """Rows that stand beside answers, by answer id; no withdrawn ones."""

    inspections: Mapping[UUID, Sequence[Inspection]]
    refusals: Mapping[UUID, DisclosureRefusal]
    findings: Mapping[UUID, Sequence[Finding]]

    def people(self) -> set[UUID]:
        """Whose names are shown with them."""
        inspectors = {row.recorded_by for rows in self.inspections.values() for row in rows}
        return inspectors | {row.raised_by for rows in self.findings.values() for row in rows}


def beside(tx: Transaction, assessment_id: UUID) -> Beside:
    inspected, refused, found = reviewing.beside(tx, assessment_id)
    inspections: dict[UUID, list[Inspection]] = {}
    for each in inspected:
        inspections.setdefault(each.answer_id, []).append(each)
    findings: dict[UUID, list[Finding]] = {}
    for row in found:
        findings.setdefault(row.answer_id, []).append(row)
    return Beside(inspections, {each.answer_id: each for each in refused}, findings)


def counts(
    ctx: Context,
    tx: Transaction,
    row: Assessment,
    answers: Sequence[Answer],
    evidence: Uses,
    inspected: Mapping[UUID, Sequence[Inspection]],
) -> dict[UUID, int]:
    """By answer id: the documents that show something, inspections and places in contracts counted in.

    A file that has expired shows nothing; under an answer that was handed in it counts if it held that day.
    """
    handed_in = _day(ctx, row)
    days = {answer.id: tx.today if answer.is_open else handed_in or tx.today for answer in answers}
    found = {
        key: sum(still_counts(version.expires_on, days.get(key, tx.today)) for _, version, _ in uses)
        for key, uses in evidence.items()
    }
    for answer_id, rows in inspected.items():
        found[answer_id] = found.get(answer_id, 0) + len(rows)
    if row.kind is AssessmentKind.CONTRACT:
        for answer_id, count in clause_support.counts(tx, row.id).items():
            found[answer_id] = found.get(answer_id, 0) + count
    return found


def _day(ctx: Context, row: Assessment) -> date | None:
    return row.submitted_at.astimezone(ctx.house.zone).date() if row.submitted_at else None


def refused_words(tx: Transaction, assessment_id: UUID) -> dict[UUID, str]:
    """By answer id: a refusal as fixed text, for the digest that a submission commits to."""
    return {
        answer_id: f"{row.offer.value}|{row.reason}|{row.words}"
        for answer_id, row in reviewing.refusals(tx, assessment_id).items()
        if row.offer is not None
    }


def settle(tx: Transaction, answers: Sequence[Answer], draft: bool) -> None:
    """A refusal is a draft as long as its answer is."""
    for answer in answers:
        row = reviewing.refusal(tx, answer.id)
        if row is not None:
            row.is_draft = draft


def show_findings(tx: Transaction, assessment_id: UUID) -> None:
    """From now on the vendor sees them."""
    for row in reviewing.not_shown(tx, assessment_id):
        row.shown_at = tx.now


def grounds_of(row: Review) -> Grounds:
    """How the reviewer came to know, as it was stored."""
    sample = Sample(row.population, row.sample_size, row.sample_choice)
    report = ThirdParty(
        row.source_title, row.source_scope, row.source_from, row.source_to, row.source_exceptions
    )
    return Grounds(
        row.basis,
        sample if row.basis is ReviewBasis.SAMPLED else None,
        report if row.basis is ReviewBasis.THIRD_PARTY else None,
    )

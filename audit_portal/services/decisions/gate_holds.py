"""What a check rests on, put before the rules of `domain.gate_holds`: files, certifications, reports, controls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from uuid import UUID

from audit_portal.domain import gate_holds
from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.gate_holds import CERTIFICATE, Certificate, Conclusion
from audit_portal.domain.on_behalf import THIRD_PARTY, as_of, from_details
from audit_portal.domain.supervision import Blocker
from audit_portal.services.assessments import clause_support, resting
from audit_portal.services.assessments.sheets import Sheet
from audit_portal.services.engagements import cloud
from audit_portal.storage import assessments, decisions, on_behalf, register
from audit_portal.storage.tables.assessments import Review
from audit_portal.storage.tables.supervision import Engagement
from audit_portal.storage.transaction import Transaction


def of_class(tx: Transaction, work: Engagement, today: date) -> tuple[Blocker, ...]:
    """What holds the selection gate because of how the work is classed."""
    return (gate_holds.cloud_undetermined(),) if cloud.undetermined(tx, work, today) else ()


def of_check(
    tx: Transaction,
    found: Sheet,
    reviews: Mapping[UUID, Review],
    outcomes: Mapping[str, AnswerValue],
    today: date,
) -> tuple[Blocker, ...]:
    """What holds the gate of one reviewed check, or of its part of several that are judged together.

    `reviews`: by answer, of the answers as they stand. A check that was approved can't be given back: what lapsed
    since is flagged, and only what an approver may accept is held against it.
    """
    concluded = {
        code: Conclusion(row.result, row.basis, row.comment, row.source_to)
        for code, answer in found.answers.items()
        if (row := reviews.get(answer.id)) is not None
    }
    answered = {code: answer.value for code, answer in found.answers.items() if answer.value}
    selection = found.row.kind is AssessmentKind.SELECTION
    blockers = (
        *(
            gate_holds.said_not_to_apply(found.items, answered, concluded, found.conditions)
            if selection
            else ()
        ),
        *gate_holds.evidence_expired(
            found.items,
            outcomes,
            _lapsed(tx, found, today),
            _certificate_lost(tx, found, today),
            found.conditions,
        ),
        *gate_holds.controls_open(
            row.position
            for row in on_behalf.controls(tx, found.row.id)
            if not gate_holds.control_settled(row.status, row.due_on, today)
        ),
        *gate_holds.reports_old(_old(tx, found, concluded, today)),
    )
    if _approved(tx, found):
        return tuple(each for each in blockers if each.acceptable)
    return blockers


def _approved(tx: Transaction, found: Sheet) -> bool:
    if found.row.state is not AssessmentState.DECIDED:
        return False
    return any(row.assessment_id == found.row.id for row in decisions.approvals(tx, found.row.engagement_id))


def _lapsed(tx: Transaction, found: Sheet, today: date) -> frozenset[str]:
    """Items whose files have all expired, and that rest on nothing else."""
    evidence = assessments.evidence_of(tx, found.row.id)
    codes = {
        answer.id: code
        for code, answer in found.answers.items()
        if gate_holds.lapsed((version.expires_on for _, version, _ in evidence.get(answer.id, ())), today)
    }
    if not codes:
        return frozenset()
    inspected = resting.beside(tx, found.row.id).inspections
    places = (
        clause_support.counts(tx, found.row.id)
        if found.row.kind is AssessmentKind.CONTRACT
        else dict[UUID, int]()
    )
    return frozenset(code for key, code in codes.items() if not inspected.get(key) and not places.get(key))


def _certificate_lost(tx: Transaction, found: Sheet, today: date) -> bool:
    if not any(item.evidence == (CERTIFICATE,) for item in found.items):
        return False
    return bool(lost(tx, found.row.vendor_id, today))


def lost(tx: Transaction, vendor_id: UUID, today: date) -> tuple[Certificate, ...]:
    """Certifications of a vendor that stand no more and weren't replaced."""
    rows = register.certifications(tx, vendor_id)
    return gate_holds.lost(
        (Certificate(row.kind, row.title, row.expires_on, row.withdrawn_on) for row in rows), today
    )


def _old(tx: Transaction, found: Sheet, concluded: Mapping[str, Conclusion], today: date) -> Iterator[str]:
    """Items reviewed on a report that is too old, and numbers of such sources that answers were taken from."""
    for item in found.items:
        review = concluded.get(item.id)
        if review and review.period_to and gate_holds.too_old(review.period_to, today):
            yield item.id
    old = {
        row.id: row.position
        for row in on_behalf.sources(tx, found.row.id)
        if row.kind in THIRD_PARTY
        and gate_holds.too_old(as_of(row.kind, from_details(row.dated_on, row.details)), today)
    }
    if old:
        used = {each.source_id for each in on_behalf.current(tx, found.row.id).values()}
        yield from (f"#{position}" for key, position in old.items() if key in used)

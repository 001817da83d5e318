"""What a report says beside the files: inspections, refusals to disclose, findings."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from audit_portal.domain.report import EvidenceFacts, FindingFacts, RefusalFacts
from audit_portal.services.assessments.resting import Beside


def inspected(beside: Beside, answer_id: UUID) -> tuple[EvidenceFacts, ...]:
    """What was inspected and not handed over, as evidence without digest and size."""
    return tuple(
        EvidenceFacts(
            row.document,
            observed=row.inspected_on,
            handed_over=False,
            inspected_by=row.inspector,
            inspected_at=row.place,
            edition=row.edition,
            means=row.means,
            seen=row.seen,
        )
        for row in beside.inspections.get(answer_id, ())
    )


def refusal(beside: Beside, answer_id: UUID, shown: Mapping[UUID, int]) -> RefusalFacts | None:
    row = beside.refusals.get(answer_id)
    if row is None or row.offer is None:
        return None
    return RefusalFacts(row.reason, row.offer, row.words, bool(shown.get(answer_id)))


def findings(beside: Beside, answer_id: UUID) -> tuple[FindingFacts, ...]:
    return tuple(
        FindingFacts(row.number, row.severity, row.what, row.due_on)
        for row in beside.findings.get(answer_id, ())
    )

"""Reports that end unfinished: each says why, keeps what it has, and leaves the way free for another."""

from __future__ import annotations

from uuid import UUID

from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.events.reports import ReportEnded
from audit_portal.domain.report.state import ReportState
from audit_portal.storage import assessments, get
from audit_portal.storage.tables.assessments import Assessment, SignedReport
from audit_portal.storage.transaction import Transaction


def end(tx: Transaction, row: SignedReport, state: ReportState, reason: str) -> None:
    """`reason` is a code: of the refusal, or of what happened to the check."""
    row.state = state
    tx.record(
        ReportEnded(engagement_id=row.engagement_id, report_id=row.id, outcome=state.value, reason=reason)
    )


def outdate(tx: Transaction, assessment_id: UUID) -> None:
    """A check that goes back to the vendor will be reviewed anew: nothing that reports on it is finished."""
    for row in assessments.unfinished_reports(tx, assessment_id):
        end(tx, row, ReportState.OUTDATED, "returned")


def outdated(tx: Transaction, row: SignedReport) -> bool:
    """Whether the check was returned or reviewed anew since the report was ordered."""
    check = get.one(tx, Assessment, row.assessment_id)
    done = check.state in (AssessmentState.REVIEWED, AssessmentState.DECIDED)
    return not done or check.reviewed_at != row.reviewed_at

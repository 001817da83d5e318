"""Of several things an item of the contract check lacks, the next one to do is told."""

from __future__ import annotations

from audit_portal.domain.checklist import Missing
from audit_portal.services.assessments.sheets import clause_first


def test_the_answer_comes_first_then_the_clause_then_the_evidence() -> None:
    missing = (Missing("A", "evidence_required"), Missing("B", "reason_required"), Missing("C", "unanswered"))
    assert clause_first(missing, ("A", "B", "D")) == (
        Missing("B", "reason_required"),
        Missing("C", "unanswered"),
        Missing("A", "clause_required"),
        Missing("D", "clause_required"),
    )
    assert clause_first(missing, ()) == missing

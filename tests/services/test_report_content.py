"""What a report says of decisions, of the work, and of what was not checked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import system
from audit_portal.domain.contracts import Reentrustment
from audit_portal.domain.decision import Acceptance
from audit_portal.domain.report import Conclusion, Report
from audit_portal.services.contracts import contracts
from audit_portal.services.decisions import conditions
from audit_portal.services.house import House
from audit_portal.services.reports import report_content, reports
from audit_portal.storage import assessments, get
from audit_portal.storage.tables.assessments import SignedReport
from tests.factories.contracts import add_document, agreement
from tests.services.steps import FACT, ON_SQLITE, Case, make_case
from tests.services.test_contract_thread import approve, ask, checked, codes, selected
from tests.services.test_decisions import decide
from tests.services.test_terms_of_approvals import (
    KEY,
    accepted_for,
    condition,
    conditional,
    move,
    under_contract,
)


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def report(case: Case, assessment_id: UUID | None = None) -> Report:
    report_id = reports.create(case.as_("officer"), assessment_id or case.assessment_id, "ja")
    with case.house.db.read(system("tests")) as tx:
        row = get.one(tx, SignedReport, report_id)
    return report_content.build(case.house, row)


def decided(found: Report) -> tuple[str, str]:
    assert found.decision
    return found.decision.gate, found.decision.number


@ON_SQLITE
def test_what_was_accepted_is_named_in_words_with_its_basis_and_force(case: Case) -> None:
    accepted_for(case, 30)
    found = report(case)
    assert found.decision
    (accepted,) = found.decision.accepted
    question = case.item(FACT).question["ja"]
    assert accepted.what.ja == f"必要な項目が「分からない」または「確認不能」のままです。 {FACT} {question}"
    assert accepted.what.en.startswith("A required item is still") and FACT in accepted.what.en
    assert accepted.basis and KEY not in accepted.basis
    assert accepted.duty in {"prac", "gl_should", "std"}
    assert (accepted.renewed_until, accepted.settled) == (None, None)
    assert found.summary.depends_on == ("items", "accepted")
    assert found.decision.gate == "G1" and found.decision.number.startswith("D-")


@ON_SQLITE
def test_an_approval_on_open_conditions_is_not_called_satisfied(case: Case) -> None:
    conditional(case, condition(case, before_release=True), condition(case, 20))
    found = report(case)
    assert (found.summary.conclusion, found.summary.depends_on) == (Conclusion.CONDITIONAL, ("conditions",))
    officer, approver = case.as_("officer"), case.as_("approver")
    for each in conditions.of_engagement(officer, case.engagement_id):
        conditions.fulfil(officer, each.id, each.version, "済んだ。")
        conditions.answer(approver, each.id, each.version + 1, True, "")
    found = report(case)
    assert (found.summary.conclusion, found.summary.depends_on) == (Conclusion.SATISFIED, ())


@ON_SQLITE
def test_an_accepted_shortfall_of_the_contract_is_not_called_satisfied(case: Case) -> None:
    selected(case)
    terms = agreement(case.house, reentrustment=Reentrustment.FREE)
    contract_id = contracts.register(case.as_("officer"), case.engagement_id, terms)
    check = checked(case, add_document(case.as_("officer"), contract_id))
    (below,) = codes(case)
    approve(case, ask(case), (below,))
    found = report(case, check)
    assert (found.summary.conclusion, found.summary.depends_on) == (Conclusion.CONDITIONAL, ("accepted",))
    assert found.decision and "再委託の定めが" in found.decision.accepted[0].what.ja


@ON_SQLITE
def test_what_is_accepted_anew_at_the_release_is_reported_in_both_reports(case: Case) -> None:
    accepted_for(case, 5)
    under_contract(case)
    move(case, 6)
    release = ask(case)
    until = case.house.today() + timedelta(90)
    decide(case, release, accepted=(Acceptance(f"acceptance_over:{KEY}", "まだ小さい", "週次の点検", until),))
    selection = report(case)
    assert selection.decision and selection.release is None
    assert selection.decision.accepted[0].renewed_until == until
    with case.house.db.read(system("tests")) as tx:
        checks = [row.id for row in assessments.of_engagement(tx, case.engagement_id)]
    contract = report(case, next(each for each in checks if each != case.assessment_id))
    assert decided(contract)[0] == "G2"
    assert contract.release and contract.release.gate == "G2b"
    (again,) = contract.release.accepted
    assert again.until == until and again.reason == "まだ小さい"
    assert "再度の受け入れ" in again.what.ja and case.item(FACT).question["ja"] in again.what.ja
    assert contract.summary.depends_on == ("accepted",)

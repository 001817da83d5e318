"""The criteria alone, table by table: what a vendor's people get of one engagement, whatever a service would ask.

A query that forgets every condition must still not show the client's own side.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from audit_portal.domain.access import Role
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.findings import FindingFacts, Severity
from audit_portal.services.assessments import comments, delegation, findings, reviews
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.services.reports import reports
from audit_portal.storage.scope import tables
from audit_portal.storage.tables.assessments import Evidence, EvidenceVersion
from audit_portal.storage.tables.base import Row
from audit_portal.storage.tables.contracts import ContractDocument
from tests.factories.contracts import add_document
from tests.factories.house import account, context, vendor
from tests.factories.world import attach, work
from tests.services.steps import CLIENT_ITEM, VENDOR_ITEM, Case, make_case
from tests.services.test_contract_thread import ask, checked, contracted, selected

# Nothing of these for the vendor whose engagement it is.
CLIENTS_OWN = {
    "ClauseTie", "ClauseStandIn", "GateRequest", "SignedReport", "ReportFile", "ReportSignature", "Reopening",
    "AnswerSource", "UserControl", "AnswerSettlement", "LedgerEntry", "BroughtIn", "DecisionSeat",
    "AcceptedBlocker", "DecisionCondition", "DecisionRoute",
    "BroughtEvaluation", "GateShown", "Handover", "LeadChange", "SeatDeputy", "OutsideDecision", "CheckRound",
    "CheckRoundLine", "PlanEntry",
}  # fmt: skip
OPEN_TO_ALL = {"ChecklistVersion"}


@pytest.fixture
def whole(house: House, tmp_path: Path) -> tuple[Case, UUID, UUID]:
    """Both steps gone through, with an internal comment, and a document of the contract shown to the vendor."""
    case = make_case(house, tmp_path)
    officer = case.as_("officer")
    comments.write(officer, case.assessment_id, CLIENT_ITEM, "社内だけの話です。", shared=False)
    selected(case)
    contract_id, hidden = contracted(case)
    shown = add_document(officer, contract_id, name="写し.txt", shared=True)
    checked(case, hidden)
    ask(case)
    reports.create(officer, case.assessment_id, "ja")
    return case, hidden, shown


def everything(case: Case, account_id: UUID) -> dict[str, list[Row]]:
    """Table → all rows that this person's transactions return."""
    with context(case.house, account_id).read() as tx:
        return {cls.__name__: list(tx.session.exec(select(cls)).all()) for cls in tables()}


def test_a_vendors_lead_gets_nothing_of_the_clients_own_side(whole: tuple[Case, UUID, UUID]) -> None:
    case, hidden, shown = whole
    theirs = everything(case, case.everyone.officer)
    assert not CLIENTS_OWN - theirs.keys()
    for name in ("ClauseTie", "GateRequest", "DecisionSeat", "SignedReport", "LedgerEntry", "AnswerComment"):
        assert theirs[name], f"the client has none either: {name}"
    found = everything(case, case.everyone.vendor_lead)
    assert {name: len(found[name]) for name in CLIENTS_OWN if found[name]} == {}
    assert found["AnswerComment"] == []
    asked = {
        each.answered_by for each in found["Answer"] if each.id in {g.answer_id for g in found["GivenAnswer"]}
    }  # type: ignore[attr-defined]
    assert asked == {AnsweredBy.VENDOR} and len(found["GivenAnswer"]) < len(theirs["GivenAnswer"])
    check = {each.assessment_id for name in ("Answer", "Review") for each in found[name]}  # type: ignore[attr-defined]
    assert check == {case.assessment_id}
    assert [each.id for each in found["ContractDocument"]] == [shown]  # type: ignore[attr-defined]
    with case.as_("officer").read() as tx:
        files = {row.id: row.evidence_id for row in tx.session.exec(select(ContractDocument))}
    for cls in (Evidence, EvidenceVersion):
        rows = [row for row in found[cls.__name__] if row.contract_id]  # type: ignore[attr-defined]
        assert {getattr(row, "evidence_id", row.id) for row in rows} == {files[shown]}, cls  # type: ignore[attr-defined]
    assert files[hidden] not in {row.id for row in found["Evidence"]}  # type: ignore[attr-defined]


def test_a_vendor_gets_no_review_and_no_finding_before_its_time_and_never_its_principals_answers(
    house: House, tmp_path: Path
) -> None:
    case = make_case(house, tmp_path).submitted()
    case.write("officer", CLIENT_ITEM)
    reviewer = case.as_("second")
    judgement = Judgement(ReviewResult.NOT, ReviewBasis.DOCUMENT, "規程がない。")
    reviews.review_item(reviewer, case.assessment_id, VENDOR_ITEM, judgement, None)
    findings.raise_finding(
        reviewer, case.assessment_id, VENDOR_ITEM, FindingFacts(Severity.LOW, "規程がない。")
    )
    attach(case.as_("officer"), case.assessment_id, CLIENT_ITEM)
    before = everything(case, case.everyone.vendor_lead)
    assert before["Review"] == before["Finding"] == []
    assert {each.answered_by for each in before["Answer"]} == {AnsweredBy.VENDOR}  # type: ignore[attr-defined]
    own = {each.id for each in before["Answer"]}  # type: ignore[attr-defined]
    assert {each.answer_id for each in before["EvidenceUse"]} <= own  # type: ignore[attr-defined]
    vendor_id = case.everyone.vendor_id
    with case.as_("officer").read() as tx:
        assert any(each.party_id != vendor_id for each in tx.session.exec(select(Evidence)))
    assert all(each.party_id == vendor_id for each in before["Evidence"])  # type: ignore[attr-defined]
    files = {each.id for each in before["Evidence"]}  # type: ignore[attr-defined]
    assert {each.evidence_id for each in before["EvidenceVersion"]} <= files  # type: ignore[attr-defined]
    case.give_back(VENDOR_ITEM)
    after = everything(case, case.everyone.vendor_lead)
    assert after["Review"] == [] and len(after["Finding"]) == 1
    assert all(everything(case, case.everyone.officer)[name] for name in ("Review", "Finding"))


def test_a_contributor_gets_no_answers_and_no_files_that_were_not_given_to_them(
    whole: tuple[Case, UUID, UUID],
) -> None:
    case, _, _ = whole
    found = everything(case, case.everyone.vendor_contributor)
    assert found["GivenAnswer"] == found["AnswerConfirmation"] == []
    assert found["Answer"] == found["EvidenceUse"] == found["Review"] == found["Finding"] == []
    assert found["Evidence"] == found["EvidenceVersion"] == found["EvidenceReading"] == []
    assert not any(found[name] for name in CLIENTS_OWN)


def test_a_contributor_gets_the_files_of_items_given_to_them_alone(house: House, tmp_path: Path) -> None:
    case = make_case(house, tmp_path)
    lead, contributor = case.as_("vendor_lead"), case.everyone.vendor_contributor
    attach(lead, case.assessment_id, VENDOR_ITEM)
    files = ("Evidence", "EvidenceVersion", "EvidenceUse")
    assert all(everything(case, case.everyone.vendor_lead)[name] for name in files)
    assert not any(everything(case, contributor)[name] for name in files)
    due = case.house.today()
    delegation.give(lead, case.assessment_id, Gift((VENDOR_ITEM,), contributor, due))
    assert all(everything(case, contributor)[name] for name in files)


def test_a_neighbour_gets_nothing_at_all(whole: tuple[Case, UUID, UUID]) -> None:
    case, _, _ = whole
    other = vendor(case.house, case.everyone.officer, "隣の会社株式会社", "トナリノカイシャ")
    lead = account(case.house, other, Role.VENDOR_LEAD)
    engagements.register(case.as_("officer"), other, work("別の業務"))
    mine = case.engagement_id
    found = everything(case, lead)
    near: Counter[str] = Counter()
    for name, rows in found.items():
        near[name] += sum(
            mine in (getattr(row, "engagement_id", None), getattr(row, "id", None)) for row in rows
        )
    assert {name: count for name, count in near.items() if count and name not in OPEN_TO_ALL} == {}
    assert found["Contract"] == found["ContractDocument"] == []

"""What a report says of decisions, of the work, and of what was not checked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from uuid6 import uuid7

from audit_portal.domain.access import system
from audit_portal.domain.assessment import ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.contracts import Reentrustment
from audit_portal.domain.decision import Acceptance
from audit_portal.domain.engagement import Place, Recipient, Route
from audit_portal.domain.report import (
    Conclusion,
    DecisionFacts,
    DecisionOutcome,
    RecipientFacts,
    Report,
)
from audit_portal.services.assessments.sheets import sheet
from audit_portal.services.contracts import contracts
from audit_portal.services.decisions import conditions
from audit_portal.services.house import House
from audit_portal.services.reports import report_content, reports
from audit_portal.services.reports.portal_items import portal_items
from audit_portal.services.reports.report_gaps import not_checked
from audit_portal.storage import assessments, get
from audit_portal.storage.tables.assessments import SignedReport
from tests.factories.contracts import add_document, agreement
from tests.factories.world import work
from tests.services.steps import CLIENT_ITEM, FACT, ON_SQLITE, Case, execute, make_case, send_full
from tests.services.test_contract_thread import approve, ask, checked, codes, selected
from tests.services.test_decisions import decide, reviewed_with
from tests.services.test_terms_of_approvals import (
    KEY,
    accepted_for,
    change,
    condition,
    conditional,
    move,
    under_contract,
)
from tests.unit.test_decision_snapshot import in_former_three


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


ABROAD = replace(
    work("委託の内容が報告書に載る業務"),
    special_care=True,
    places=(Place("US", None, "ネバダ"),),
    handled_abroad=True,
    recipients=(Recipient("Example Inc.", "US", Route.CONFORMING, "基本契約 第9条"),),
)


@ON_SQLITE
def test_the_facts_are_those_of_the_decision_and_name_their_day(house: House, tmp_path: Path) -> None:
    case = make_case(house, tmp_path, ABROAD)
    decision_id = case.requested()
    before = report(case).engagement
    assert before.as_of is None, "nothing is decided yet"
    approve(case, decision_id)
    change(case, persons=950, places=(), special_care=False, purpose="別の目的")
    found = report(case).engagement
    assert found.as_of is not None
    assert (found.persons, found.purpose, found.special_care) == (ABROAD.persons, ABROAD.purpose, True)
    assert (found.places, found.countries) == (("ネバダ",), ("US",))
    assert found.recipients == (RecipientFacts("Example Inc.", "US", "conforming", "基本契約 第9条"),)
    assert (found.classification, found.my_number) == ("entrustment", False)
    execute(case.house, "UPDATE decision SET snapshot = :old", old=in_former_three())
    assert report(case).engagement.persons == 950, "a former format froze no facts: those of today are told"


@ON_SQLITE
def test_the_report_of_a_contract_check_names_the_contract_and_its_days(case: Case) -> None:
    under_contract_of(case)
    with case.house.db.read(system("tests")) as tx:
        check = assessments.of_engagement(tx, case.engagement_id)[0].id
    found = report(case, check)
    (contract,) = found.contracts
    assert (contract.kind, contract.standing, contract.reentrustment) == (
        "master",
        "running",
        "prior_consent",
    )
    assert contract.concluded and contract.notice_by and contract.end and contract.notice_by < contract.end
    assert report(case).contracts == (), "a selection comes before them"
    portal = {each.code: each for each in found.portal_items}
    assert portal["CON-049"].value is AnswerValue.YES and "1 件" in portal["CON-049"].how.ja


def under_contract_of(case: Case) -> None:
    selected(case)
    under_contract(case)


@ON_SQLITE
def test_what_runs_since_before_it_was_entered_says_so(house: House, tmp_path: Path) -> None:
    case = make_case(house, tmp_path)
    case.reviewed()
    run_id, now = uuid7().hex, "2026-11-01 00:00:00"
    officer = case.everyone.officer.hex
    execute(
        case.house,
        "INSERT INTO import_run (id, kind, file_name, sha256, rows_read, created, changed, unchanged, basis,"
        " applied_at, applied_by) VALUES (:id, 'engagements', 'f', 'x', 1, 1, 0, 0, '台帳', :now, :who)",
        id=run_id,
        now=now,
        who=officer,
    )
    execute(
        case.house,
        "INSERT INTO brought_in (id, engagement_id, run_id, runs_since, entered_at, entered_by, basis)"
        " VALUES (:id, :work, :run, '2019-04-01', :now, :who, '契約台帳 2026年版')",
        id=uuid7().hex,
        work=case.engagement_id.hex,
        run=run_id,
        now=now,
        who=officer,
    )
    found = report(case).brought_in
    assert found and (found.runs_since, found.basis) == (date(2019, 4, 1), "契約台帳 2026年版")
    assert found.entered_by == case.as_("officer").actor.name


def lines(found: Report) -> dict[str, str]:
    return {each.reason.ja: each.what.ja for each in found.not_checked}


@ON_SQLITE
def test_what_could_not_be_confirmed_or_was_only_said_is_named_as_not_checked(case: Case) -> None:
    reviewed_with(case, FACT, ReviewResult.UNCONFIRMED)
    execute(
        case.house,
        "UPDATE review SET basis = 'statement' WHERE answer_id IN"
        " (SELECT id FROM answer WHERE item IN (:client, :vendor))",
        client=CLIENT_ITEM,
        vendor=FACT,
    )
    named = lines(report(case))
    unconfirmed = next(what for why, what in named.items() if "確認不能とした" in why)
    stated = next(what for why, what in named.items() if "申告だけで判断" in why)
    assert unconfirmed == f"1項目：{FACT}" and stated == f"1項目：{CLIENT_ITEM}"


@ON_SQLITE
def test_items_of_the_portal_are_answered_from_its_records_or_named_as_not_checked(case: Case) -> None:
    full = send_full(case)
    with full.house.db.read(system("tests")) as tx:
        found = sheet(full.as_("officer"), tx, full.assessment_id)
        left = " ".join(each.what.ja for each in not_checked(found, {}, ["SEL-016"]))
    items = portal_items(found, None, 0)
    assert [each.code for each in items] == ["SEL-016"]
    assert "SEL-039" in left and "SEL-016" not in left
    made = DecisionFacts(DecisionOutcome.APPROVED, ("人",), case.house.clock.now(), "", number="D-1")
    derived = {each.code: each for each in portal_items(found, made, 0)}
    assert derived["SEL-039"].value is AnswerValue.YES and "D-1" in derived["SEL-039"].how.en

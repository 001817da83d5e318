"""Reviews in full: grounds, inspections, refusals to disclose, findings, the score, and the way back to the vendor."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.decision import read_snapshot
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.domain.evidence_in_use import Inspected, InspectionMeans, Refusal, RefusalOffer
from audit_portal.domain.findings import FindingFacts, Severity
from audit_portal.domain.review_basis import Sample, ThirdParty
from audit_portal.domain.supervision import Gate
from audit_portal.services.assessments import copies, findings, inspections, refusals, reviews
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.decisions import decisions, gates
from audit_portal.services.house import House
from audit_portal.services.reports import report_content, reports
from audit_portal.storage import get
from audit_portal.storage.tables.assessments import GateRequest, SignedReport
from tests.factories.world import answer_all, submit, work
from tests.services.steps import CLIENT_ITEM, VENDOR_ITEM, Case, execute, make_case

REFUSED = "QSL-003"  # mandatory, blocking, with evidence
OFFER = Refusal(RefusalOffer.INSPECTION, "顧客との契約で社外に出せません。", "本社でご覧いただけます。")
SAMPLE = Sample(400, 25, "無作為に選んだ。")
REPORT = ThirdParty("SOC 2 Type 2", "保管の業務", date(2025, 4, 1), date(2026, 3, 31), "なし")


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path, replace(work(), persons=60_000))


def seen(case: Case, **more: object) -> Inspected:
    found = Inspected(
        "入退室記録",
        "2026年10月分",
        "監査 花子",
        "本社の会議室",
        InspectionMeans.ON_SITE,
        case.house.today(),
        "全件を見た。",
    )
    return replace(found, **more)  # type: ignore[arg-type]


def refused(case: Case) -> Case:
    """Handed in with one document not disclosed; the client's part answered."""
    lead = case.as_("vendor_lead")
    answer_all(lead, case.assessment_id)
    for file in case.item(REFUSED).evidence:
        execute(
            case.house,
            "DELETE FROM evidence_use WHERE evidence_version_id = :id",
            id=_raw(case, file.version_id),
        )
    refusals.refuse(lead, case.assessment_id, REFUSED, OFFER, None)
    submit(lead, case.assessment_id)
    answer_all(case.as_("officer"), case.assessment_id)
    return case


def _raw(case: Case, row_id: object) -> object:
    return row_id.hex if case.house.db.kind == "sqlite" else row_id


def judge(case: Case, code: str, judgement: Judgement) -> None:
    found = case.item(code)
    version = found.review.version if found.review else None
    reviews.review_item(case.as_("second"), case.assessment_id, code, judgement, version, found.version)


def review_rest(case: Case, *but: str) -> None:
    for item in case.view().items:
        if item.code not in but:
            judge(case, item.code, Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT, "記録を見ました。"))


def finished(case: Case) -> None:
    reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)


def shut(case: Case) -> set[tuple[str, str | None]]:
    found = gates.gate(case.as_("officer"), case.engagement_id, Gate.SELECTION)
    return {(each.code, each.item) for each in found.blockers}


def test_a_refusal_counts_as_unknown_and_the_gate_names_it(case: Case) -> None:
    refused(case)
    with pytest.raises(Invalid, match="refusal_unresolved"):
        judge(case, REFUSED, Judgement(ReviewResult.CONFORMS, ReviewBasis.STATEMENT))
    judge(case, REFUSED, Judgement(ReviewResult.NOT, ReviewBasis.STATEMENT, "資料が示されない。"))
    review_rest(case, REFUSED)
    finished(case)
    assert ("item_disclosure_refused", REFUSED) in shut(case)
    assert case.item(REFUSED).beside.refusal == OFFER and case.item(REFUSED).beside.refusal_open


def test_an_inspection_resolves_it_and_is_shown_to_the_vendor(case: Case) -> None:
    refused(case)
    inspections.record(case.as_("second"), case.assessment_id, REFUSED, seen(case))
    judge(case, REFUSED, Judgement(ReviewResult.CONFORMS, ReviewBasis.ON_SITE))  # who inspected may review
    review_rest(case, REFUSED)
    finished(case)
    assert shut(case) == set()
    (shown,) = case.item(REFUSED, "vendor_lead").beside.inspections
    assert shown.facts == seen(case) and not case.item(REFUSED).beside.refusal_open


def test_could_not_be_confirmed_resolves_it_into_a_plain_unknown(case: Case) -> None:
    refused(case)
    judge(case, REFUSED, Judgement(ReviewResult.UNCONFIRMED, ReviewBasis.INTERVIEW, "確かめられない。"))
    review_rest(case, REFUSED)
    finished(case)
    assert shut(case) == {("item_unknown", REFUSED)}


def test_a_refusal_is_for_documents_that_are_asked_for_of_the_vendor_while_it_answers(case: Case) -> None:
    lead, officer = case.as_("vendor_lead"), case.as_("officer")
    with pytest.raises(NotFound):
        refusals.refuse(officer, case.assessment_id, CLIENT_ITEM, OFFER, None)
    with pytest.raises(NotFound):
        refusals.refuse(lead, case.assessment_id, CLIENT_ITEM, OFFER, None)
    with pytest.raises(Invalid, match="no_evidence_asked"):
        refusals.refuse(lead, case.assessment_id, "QSL-005", OFFER, None)
    refusals.refuse(lead, case.assessment_id, REFUSED, OFFER, None)
    refusals.refuse(lead, case.assessment_id, REFUSED, None, None)
    assert case.item(REFUSED, "vendor_lead").beside.refusal is None
    refused(case)
    with pytest.raises(Conflict):
        refusals.refuse(lead, case.assessment_id, REFUSED, None, None)


def test_who_answered_records_no_inspection_and_a_withdrawn_one_counts_no_longer(case: Case) -> None:
    case.write("officer", CLIENT_ITEM)
    with pytest.raises(Forbidden, match="own_answer"):
        inspections.record(case.as_("officer"), case.assessment_id, CLIENT_ITEM, seen(case))
    with pytest.raises(Forbidden):
        inspections.record(case.as_("vendor_lead"), case.assessment_id, VENDOR_ITEM, seen(case))
    found = inspections.record(case.as_("second"), case.assessment_id, REFUSED, seen(case))
    case.write("vendor_lead", REFUSED)
    assert case.item(REFUSED).missing is None
    inspections.withdraw(case.as_("second"), found, "別の項目の記録だった。", 1)
    assert case.item(REFUSED).missing == "evidence_required" and not case.item(REFUSED).beside.inspections
    with pytest.raises(Conflict, match="inspection_withdrawn"):
        inspections.withdraw(case.as_("second"), found, "もう一度", 2)


def test_a_sample_above_its_population_never_becomes_a_review(case: Case) -> None:
    case.submitted()
    wrong = Judgement(ReviewResult.CONFORMS, ReviewBasis.SAMPLED, sample=replace(SAMPLE, size=401))
    with pytest.raises(Invalid, match="sample_above_population"):
        judge(case, VENDOR_ITEM, wrong)
    assert case.item(VENDOR_ITEM).review is None


def test_grounds_inspections_and_findings_stand_in_snapshot_and_report(case: Case) -> None:
    case.submitted()
    answer_all(case.as_("officer"), case.assessment_id)
    judge(case, VENDOR_ITEM, Judgement(ReviewResult.CONFORMS, ReviewBasis.SAMPLED, sample=SAMPLE))
    judge(case, REFUSED, Judgement(ReviewResult.CONFORMS, ReviewBasis.THIRD_PARTY, report=REPORT))
    inspections.record(case.as_("second"), case.assessment_id, "QSL-004", seen(case))
    findings.raise_finding(
        case.as_("second"), case.assessment_id, "QSL-004", FindingFacts(Severity.HIGH, "退職者の権限が残る。")
    )
    review_rest(case, VENDOR_ITEM, REFUSED)
    finished(case)
    asked = decisions.request(case.as_("officer"), case.engagement_id, "承認をお願いします。")
    with case.as_("officer").read() as tx:
        items = {each.code: each for each in read_snapshot(get.one(tx, GateRequest, asked).snapshot).items}
    assert items[VENDOR_ITEM].review.sample == SAMPLE and items[REFUSED].review.report == REPORT  # type: ignore[union-attr]
    assert items["QSL-004"].inspections == (seen(case),)
    assert [each.number for each in items["QSL-004"].findings] == ["F-2026-0001"]
    report_id = reports.create(case.as_("officer"), case.assessment_id, "ja")
    with case.as_("officer").read() as tx:
        found = report_content.build(case.house, get.one(tx, SignedReport, report_id))
    told = {each.code: each for each in found.items()}
    assert told[VENDOR_ITEM].review.sample == SAMPLE and told[REFUSED].review.source == REPORT  # type: ignore[union-attr]
    assert [each.handed_over for each in told["QSL-004"].evidence][-1] is False
    assert told["QSL-004"].findings[0].severity is Severity.HIGH
    assert found.score == 100


def test_a_finding_is_raised_changed_and_shown_once_the_review_is_over(case: Case) -> None:
    reviewer, lead = case.as_("second"), case.as_("vendor_lead")
    with pytest.raises(Conflict, match="assessment_moved_on"):
        findings.raise_finding(reviewer, case.assessment_id, VENDOR_ITEM, FindingFacts(Severity.LOW, "早い"))
    case.submitted()
    answer_all(case.as_("officer"), case.assessment_id)
    raised = findings.raise_finding(
        reviewer, case.assessment_id, VENDOR_ITEM, FindingFacts(Severity.LOW, "規程が古い。")
    )
    day = case.house.today() + timedelta(days=10)
    findings.change(reviewer, raised, FindingFacts(Severity.HIGH, "規程が古い。", day), 1)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        findings.change(reviewer, raised, FindingFacts(Severity.LOW, "x", day), 1)
    assert case.view("vendor_lead").findings == () and findings.listed(lead).items == ()
    review_rest(case)
    finished(case)
    (shown,) = case.view("vendor_lead").findings
    assert (shown.number, shown.severity, shown.due_on) == ("F-2026-0001", Severity.HIGH, day)
    assert findings.count_open(lead) == (1, 0)
    with pytest.raises(Conflict, match="assessment_moved_on"):
        findings.change(reviewer, raised, FindingFacts(Severity.LOW, "x", day), 2)
    case.house.clock.move(days=11)  # type: ignore[attr-defined]
    assert findings.count_open(case.as_("officer")) == (1, 1)
    assert findings.listed(case.as_("officer"), engagement_id=case.engagement_id).items[0].finding.overdue


def test_a_withdrawn_finding_is_gone_from_every_list(case: Case) -> None:
    case.submitted()
    reviewer = case.as_("second")
    raised = findings.raise_finding(
        reviewer, case.assessment_id, VENDOR_ITEM, FindingFacts(Severity.LOW, "誤り")
    )
    with pytest.raises(Forbidden):
        findings.withdraw(case.as_("owner"), raised, "誤記", 1)
    findings.withdraw(reviewer, raised, "誤記", 1)
    assert findings.count_open(reviewer) == (0, 0) and case.view().findings == ()
    with pytest.raises(Conflict, match="finding_withdrawn"):
        findings.withdraw(reviewer, raised, "誤記", 2)


def test_returned_items_come_first_alone_open_with_the_note_and_their_findings(case: Case) -> None:
    case.submitted()
    findings.raise_finding(
        case.as_("second"), case.assessment_id, VENDOR_ITEM, FindingFacts(Severity.MEDIUM, "規程が古い。")
    )
    case.give_back(VENDOR_ITEM, note="改訂した規程を付けてください。")
    view = case.view("vendor_lead")
    assert [item.code for item in view.items if item.editable] == [VENDOR_ITEM]
    found = view.item(VENDOR_ITEM)
    assert found.returned_note == "改訂した規程を付けてください。"
    assert [each.what for each in found.beside.findings] == ["規程が古い。"]
    with pytest.raises(Conflict):
        case.write("vendor_lead", REFUSED, AnswerValue.NO)


def test_the_score_is_for_the_reviewer_alone_and_a_refusal_lowers_it(case: Case) -> None:
    refused(case)
    assert case.view("vendor_lead").scores is None
    scores = case.view().scores
    assert scores is not None and scores.whole is not None and scores.whole < 100


def test_the_copy_of_what_was_handed_in_holds_the_refusal(case: Case) -> None:
    refused(case)
    copy = copies.get_copy(case.as_("vendor_lead"), case.assessment_id)
    said = {item.code: item.refused for section in copy.sections for item in section.items}
    assert OFFER.reason in said[REFUSED] and said[VENDOR_ITEM] == ""

"""What holds the selection gate beside the answers: files that expired, items said not to apply, old reports."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue, Scope
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Invalid, Refused
from audit_portal.domain.register import CertificationKind
from audit_portal.domain.review_basis import ThirdParty
from audit_portal.domain.supervision import Duty, Gate
from audit_portal.services.assessments import inspections, reviews, stale
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.decisions import decision_views, decisions, gates
from audit_portal.services.engagements import lost_certifications
from audit_portal.services.evidence.evidence import Place, Upload
from audit_portal.services.house import House
from audit_portal.services.parties import party_certifications
from audit_portal.services.parties.party_certifications import CertificationFacts
from tests.factories.world import answer_all, inspected, review_all, submit, work
from tests.services.steps import VENDOR_ITEM, Case, make_case, send_full

WHY = "この業務では媒体を使わないと、責任者から聞き取りました。"


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def held(case: Case) -> dict[str, Duty]:
    return {each.key: each.duty for each in gates.gate(case.as_("officer"), case.engagement_id).blockers}


def move(case: Case, days: int) -> None:
    case.house.clock.move(days=days)  # type: ignore[attr-defined]


def prove(case: Case, expires_on: date | None) -> None:
    place = Place(case.assessment_id, VENDOR_ITEM, None, expires_on)
    with Upload(case.as_("vendor_lead"), place, "規程.txt", 3) as upload:
        upload.write(b"abc")
        upload.finish()


def proved(case: Case, *expiries: date | None) -> None:
    """Handed in with these files on an item that weighs, and the client's part answered."""
    answer_all(case.as_("vendor_lead"), case.assessment_id)
    for each in expiries:
        prove(case, each)
    submit(case.as_("vendor_lead"), case.assessment_id)
    answer_all(case.as_("officer"), case.assessment_id)


def test_evidence_that_expires_before_the_decision_holds_the_gate_until_it_is_renewed(case: Case) -> None:
    proved(case, case.house.today() + timedelta(days=5))
    review_all(case.as_("second"), case.assessment_id)
    assert held(case) == {}
    move(case, 6)
    assert held(case) == {f"evidence_expired:{VENDOR_ITEM}": Duty.GUIDELINE_MUST}
    with pytest.raises(Refused, match="gate_shut"):
        decisions.request(case.as_("officer"), case.engagement_id, "承認をお願いします。")
    case.give_back(VENDOR_ITEM)
    prove(case, None)
    submit(case.as_("vendor_lead"), case.assessment_id)
    found = case.item(VENDOR_ITEM)
    judgement = Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT)
    seen = found.review.version if found.review else None
    reviews.review_item(case.as_("second"), case.assessment_id, VENDOR_ITEM, judgement, seen)
    reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)
    assert held(case) == {}


def test_what_expires_after_the_approval_is_flagged_and_not_held_against_it(case: Case) -> None:
    proved(case, case.house.today() + timedelta(days=5))
    review_all(case.as_("second"), case.assessment_id)
    decision_id = decisions.request(case.as_("officer"), case.engagement_id, "承認をお願いします。")
    decisions.decide(case.as_("approver"), decision_id, 1, True, "確認しました。")
    move(case, 6)
    again = gates.gate(case.as_("officer"), case.engagement_id, Gate.SELECTION)
    assert again.blockers == (), "nobody could give the check back any more"
    assert stale.count_of(case.as_("officer"), case.engagement_id) == 1


def test_a_file_or_an_inspection_that_still_shows_it_keeps_the_gate_open(case: Case) -> None:
    proved(case, case.house.today() + timedelta(days=5))
    inspections.record(case.as_("second"), case.assessment_id, VENDOR_ITEM, inspected(case.house))
    review_all(case.as_("second"), case.assessment_id)
    move(case, 6)
    assert held(case) == {}


def test_that_nothing_applies_does_not_open_the_gate_on_the_vendors_word(case: Case) -> None:
    for item in case.view("vendor_lead").mine:
        case.write("vendor_lead", item.code, AnswerValue.NOT_APPLICABLE, "該当なし")
    submit(case.as_("vendor_lead"), case.assessment_id)
    answer_all(case.as_("officer"), case.assessment_id)
    conclude(case, ReviewBasis.STATEMENT)
    reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)
    must = dict.fromkeys(
        (f"not_applicable_alone:QSL-00{number}" for number in (2, 3, 4)), Duty.GUIDELINE_MUST
    )
    assert held(case) == must
    for item in must:
        case.give_back(item.partition(":")[2])
        break
    submit(case.as_("vendor_lead"), case.assessment_id)
    conclude(case, ReviewBasis.INTERVIEW)
    reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)
    assert held(case) == {}


def conclude(case: Case, basis: ReviewBasis) -> None:
    """The reviewer concludes that it doesn't apply, of the client's own item that it conforms."""
    for item in case.view().items:
        result = ReviewResult.NOT_APPLICABLE if item.answered_by.value == "vendor" else ReviewResult.CONFORMS
        seen = item.review.version if item.review else None
        judgement = Judgement(result, basis, WHY)
        reviews.review_item(case.as_("second"), case.assessment_id, item.code, judgement, seen)


def test_a_third_partys_report_of_long_ago_is_told_and_may_be_accepted(case: Case) -> None:
    proved(case)
    old = ThirdParty("SOC 2 Type 2", "保管の業務", date(2020, 4, 1), date(2021, 3, 31), "なし")
    for item in case.view().items:
        basis = ReviewBasis.THIRD_PARTY if item.code == VENDOR_ITEM else ReviewBasis.STATEMENT
        judgement = Judgement(ReviewResult.CONFORMS, basis, report=old)
        reviews.review_item(case.as_("second"), case.assessment_id, item.code, judgement, None)
    reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)
    assert held(case) == {f"source_stale:{VENDOR_ITEM}": Duty.OWN}
    assert decisions.request(case.as_("officer"), case.engagement_id, "承認をお願いします。")


MARK = CertificationFacts(CertificationKind.P_MARK, number="10000001(03)")


def lose(case: Case, certification_id: UUID, day: date | None = None) -> None:
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    found = party_certifications.get_certification(officer, vendor_id, certification_id)
    day = day or case.house.today()
    party_certifications.withdraw(officer, vendor_id, found.id, found.version, day, "取消しの公表")


def flags(case: Case) -> list[str]:
    """What is lost, on the engagement's own page and on the home page alike."""
    found = lost_certifications.of_engagement(case.as_("officer"), case.engagement_id)
    lines = lost_certifications.listed(case.as_("officer"))
    assert [each.certificates for each in lines] == ([found] if found else [])
    return [each.kind.value for each in found]


def test_a_certification_is_not_withdrawn_in_advance(case: Case) -> None:
    found = party_certifications.add(case.as_("officer"), case.everyone.vendor_id, MARK)
    with pytest.raises(Invalid, match="withdrawn_in_future") as refused:
        lose(case, found, case.house.today() + timedelta(days=1))
    assert refused.value.field == "day"


def test_a_lost_certification_ends_open_requests_and_flags_what_was_checked_before(case: Case) -> None:
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    found = party_certifications.add(officer, vendor_id, MARK)
    decision_id = case.requested()
    assert flags(case) == []
    case.house.clock.move(seconds=1)  # type: ignore[attr-defined]
    lose(case, found)
    decision = decision_views.get_decision(officer, decision_id)
    assert (decision.state, decision.ended_because) == (DecisionState.STALE, "certificate_withdrawn")
    assert flags(case) == ["p_mark"]
    party_certifications.add(officer, vendor_id, replace(MARK, number="10000001(04)"))
    assert flags(case) == []


def test_the_flag_of_a_lost_certification_goes_with_a_review_after_it(case: Case) -> None:
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    ends = case.house.today() + timedelta(days=5)
    party_certifications.add(officer, vendor_id, replace(MARK, expires_on=ends))
    case.reviewed()
    assert flags(case) == []
    move(case, 6)
    assert flags(case) == ["p_mark"]
    case.give_back(VENDOR_ITEM)
    submit(case.as_("vendor_lead"), case.assessment_id)
    found = case.item(VENDOR_ITEM)
    seen = found.review.version if found.review else None
    judgement = Judgement(ReviewResult.CONFORMS, ReviewBasis.STATEMENT)
    reviews.review_item(case.as_("second"), case.assessment_id, VENDOR_ITEM, judgement, seen)
    reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)
    assert flags(case) == []


def test_an_answer_on_certificates_alone_holds_the_gate_once_they_are_lost(case: Case) -> None:
    full = send_full(case, replace(work("本番の選定"), persons=200_000))
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    found = party_certifications.add(officer, vendor_id, MARK)
    answer_all(full.as_("vendor_lead"), full.assessment_id)
    submit(full.as_("vendor_lead"), full.assessment_id)
    answer_all(officer, full.assessment_id)
    review_all(full.as_("second"), full.assessment_id)
    assert "evidence_expired:SEL-032" not in held(full)
    lose(full, found)
    assert held(full)["evidence_expired:SEL-032"] is Duty.STANDARD
    party_certifications.add(officer, vendor_id, replace(MARK, number="10000001(04)"))
    assert "evidence_expired:SEL-032" not in held(full)


def test_evidence_of_the_work_itself_that_expired_is_flagged_until_somebody_looked(case: Case) -> None:
    answer_all(case.as_("vendor_lead"), case.assessment_id)
    place = Place(case.assessment_id, "QSL-004", None, case.house.today() + timedelta(days=5))
    with Upload(case.as_("vendor_lead"), place, "権限一覧.txt", 3) as upload:
        upload.write(b"abc")
        upload.finish()
    submit(case.as_("vendor_lead"), case.assessment_id)
    assert stale.count_of(case.as_("officer"), case.engagement_id) == 0
    move(case, 6)
    (found,) = stale.of_engagement(case.as_("officer"), case.engagement_id)
    assert (found.item, found.scope, len(found.expired)) == ("QSL-004", Scope.ENGAGEMENT, 1)
    stale.settle(
        case.as_("officer"), case.engagement_id, found.given_id, found.version, "", "更新版を画面で見ました。"
    )
    assert stale.count_of(case.as_("officer"), case.engagement_id) == 0

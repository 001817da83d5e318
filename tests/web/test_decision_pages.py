"""Decisions through the web: asked for, made by another person, refused, with blockers accepted."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from werkzeug.test import TestResponse

from audit_portal.domain.access import Role
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue, Duty
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Conflict
from audit_portal.domain.supervision import State
from audit_portal.services.assessments import answers, assessment_view, reviews, submission
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.decisions import decision_views, decisions
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from tests.factories.house import account, context, vendor
from tests.factories.world import answer_all, attach, send, submit, work
from tests.services.steps import execute
from tests.web.client import Browser, text
from tests.web.floor import Floor, make_floor


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def reviewed(floor: Floor, unconfirmed: str | None = None) -> None:
    """Every answer is in and conforms, but the one that could not be confirmed."""
    lead, officer = (
        context(floor.house, floor.everyone.vendor_lead),
        context(floor.house, floor.everyone.officer),
    )
    answer_all(lead, floor.assessment_id)
    attach(lead, floor.assessment_id, floor.vendor_item)
    submit(lead, floor.assessment_id)
    answer_all(officer, floor.assessment_id)
    second = context(floor.house, account(floor.house, floor.everyone.client_id, Role.OFFICER))
    for item in assessment_view.get_assessment(second, floor.assessment_id).items:
        short = item.code == unconfirmed
        result = ReviewResult.UNCONFIRMED if short else ReviewResult.CONFORMS
        judgement = Judgement(result, ReviewBasis.DOCUMENT, "確かめられません" if short else "見ました")
        reviews.review_item(second, floor.assessment_id, item.code, judgement, None)
    version = assessment_view.get_assessment(second, floor.assessment_id).head.version
    reviews.finish(second, floor.assessment_id, version)


def asked(floor: Floor, unconfirmed: str | None = None) -> UUID:
    reviewed(floor, unconfirmed)
    officer = context(floor.house, floor.everyone.officer)
    return decisions.request(officer, floor.engagement_id, "承認をお願いします。")


def decide(browser: Browser, decision_id: UUID, version: int = 1, **typed: Any) -> TestResponse:
    sent = {"version": version, "outcome": "approve", "comment": "確認しました", **typed}
    return browser.post(f"/decisions/{decision_id}", sent, page="/account")


def state(floor: Floor) -> State:
    return engagements.get_engagement(context(floor.house, floor.everyone.officer), floor.engagement_id).state


def test_asked_by_one_person_and_approved_by_another_through_the_pages(floor: Floor) -> None:
    reviewed(floor)
    officer, approver = floor.browser(floor.everyone.officer), floor.browser(floor.everyone.approver)
    work_page = f"/engagements/{floor.engagement_id}"
    assert "選定の決裁を申請してください" in text(officer.get(work_page))
    answer = officer.post(f"{work_page}/decisions/new", {"reason": "確認が終わりました"})
    assert answer.status_code == 303
    here = answer.headers["Location"]
    assert "決裁を待っています" in text(officer.get(work_page))
    shown = text(approver.get(here))
    assert "確認が終わりました" in shown and "承認する" in shown and "QSL-001" in shown
    version = re.findall(r'name="version"[^>]*value="(\d+)"', shown)[0]
    made = approver.post(here, {"version": version, "outcome": "approve", "comment": "よい"})
    assert made.status_code == 303
    assert "承認しました" in text(approver.follow(made))
    assert state(floor) is State.SELECTED
    assert "選定済み" in text(officer.get(work_page))


def test_while_the_gate_is_shut_the_page_says_why_and_takes_no_request(floor: Floor) -> None:
    officer = floor.browser(floor.everyone.officer)
    url = f"/engagements/{floor.engagement_id}/decisions/new"
    shown = text(officer.get(url))
    assert "まだ申請できません" in shown and "選定チェックの審査が終わっていません" in shown
    assert 'name="reason"' not in shown
    answer = officer.post(url, {"reason": "急ぎです"}, page="/account")
    assert answer.status_code == 422 and "急ぎです" in text(answer)


def test_a_second_request_is_refused_while_one_waits(floor: Floor) -> None:
    decision_id = asked(floor)
    url = f"/engagements/{floor.engagement_id}/decisions/new"
    officer = floor.browser(floor.everyone.officer)
    assert str(decision_id) in text(officer.get(url))
    assert officer.post(url, {"reason": "もう一度"}, page="/account").status_code == 409


def test_who_asked_does_not_approve(floor: Floor) -> None:
    reviewed(floor)
    both = account(floor.house, floor.everyone.client_id, Role.OFFICER, Role.APPROVER)
    decision_id = decisions.request(context(floor.house, both), floor.engagement_id, "お願いします")
    browser = floor.browser(both)
    shown = text(browser.get(f"/decisions/{decision_id}"))
    assert "あなたは承認も不承認もできません" in shown and 'name="outcome"' not in shown
    answer = decide(browser, decision_id)
    assert answer.status_code == 403 and "確認しました" in text(answer)
    assert state(floor) is State.DRAFT
    assert decision_views.waiting(context(floor.house, both)) == ()
    assert len(decision_views.waiting(context(floor.house, floor.everyone.approver))) == 1


def test_of_two_decisions_made_at_once_the_second_is_told_so(floor: Floor) -> None:
    decision_id = asked(floor)
    other = account(floor.house, floor.everyone.client_id, Role.APPROVER)
    assert decide(floor.browser(floor.everyone.approver), decision_id).status_code == 303
    late = decide(floor.browser(other), decision_id, outcome="refuse", comment="待ってください")
    assert late.status_code == 409 and "待ってください" in text(late)
    assert state(floor) is State.SELECTED


def test_a_refusal_needs_its_reason_and_ends_the_selection(floor: Floor) -> None:
    decision_id = asked(floor)
    browser = floor.browser(floor.everyone.approver)
    bare = decide(browser, decision_id, outcome="refuse", comment="")
    assert bare.status_code == 422 and 'id="comment-error"' in text(bare)
    assert decide(browser, decision_id, outcome="refuse", comment="体制が不十分です").status_code == 303
    assert state(floor) is State.REFUSED
    page = text(floor.browser(floor.everyone.officer).get(f"/engagements/{floor.engagement_id}"))
    assert "選定は承認されませんでした" in page


def test_only_approvers_decide_and_only_officers_ask(floor: Floor) -> None:
    decision_id = asked(floor)
    assert decide(floor.browser(floor.everyone.officer), decision_id).status_code == 403
    assert decide(floor.browser(), decision_id).status_code == 403
    assert floor.browser().get(f"/decisions/{decision_id}").status_code == 403
    assert floor.browser(floor.everyone.auditor).get(f"/decisions/{decision_id}").status_code == 404
    ask = f"/engagements/{floor.engagement_id}/decisions/new"
    assert floor.browser(floor.everyone.approver).get(ask).status_code == 403


def test_what_a_decision_waits_on_cannot_be_given_back_meanwhile(floor: Floor) -> None:
    decision_id = asked(floor)
    officer = context(floor.house, floor.everyone.officer)
    version = assessment_view.get_assessment(officer, floor.assessment_id).head.version
    with pytest.raises(Conflict, match="decision_open"):
        submission.give_back(officer, floor.assessment_id, [floor.vendor_item], "直してください", version)
    found = decision_views.get_decision(officer, decision_id)
    assert found.state is DecisionState.REQUESTED


JUNK = {
    "a digit that int() does not take": {"accepted-²-key": "x", "accepted-²-reason": "x"},
    "digits of another script": {"accepted-４-key": "x", "accepted-٣-reason": "x"},
    "an index of thousands of digits": {f"accepted-{'9' * 5_000}-key": "x"},
    "no index at all": {"accepted": "x", "accepted-": "x", "accepted--key": "x", "accepted-0": "x"},
    "hundreds of entries": {f"accepted-{n}-key": f"item_{n}" for n in range(500)},
    "hundreds begun": {f"accepted-{n}-reason": "x" for n in range(1_200)},
}


@pytest.mark.parametrize("junk", JUNK)
def test_made_up_entries_of_the_form_are_no_fault(floor: Floor, junk: str) -> None:
    code = soft_item(floor)
    assert code is not None
    decision_id = asked(floor, unconfirmed=code)
    browser = floor.browser(floor.everyone.approver)
    answer = decide(browser, decision_id, **JUNK[junk])
    assert answer.status_code == 422
    assert re.findall(r'name="accepted-\d+-key"[^>]*value="([^"]+)"', text(answer)) == [
        f"item_unknown:{code}"
    ]
    assert state(floor) is State.DRAFT


def test_a_blocker_sent_twice_is_accepted_once(floor: Floor) -> None:
    code = soft_item(floor)
    assert code is not None
    decision_id = asked(floor, unconfirmed=code)
    twice = {
        f"accepted-{n}-{name}": value
        for n in (0, 1)
        for name, value in {
            "key": f"item_unknown:{code}",
            "reason": f"理由{n}",
            "measure": "月次の点検",
            "expires_on": ["2027", "3", "31"],
        }.items()
    }
    answer = decide(floor.browser(floor.everyone.approver), decision_id, **twice)
    assert answer.status_code == 303
    found = decision_views.get_decision(context(floor.house, floor.everyone.officer), decision_id)
    assert [each.reason for each in found.accepted] == ["理由0"]


def soft_item(floor: Floor) -> str | None:
    """A mandatory item whose duty the approver may accept."""
    view = assessment_view.get_assessment(context(floor.house, floor.everyone.officer), floor.assessment_id)
    hard = (Duty.LAW, Duty.GUIDELINE_MUST, Duty.EU)
    return next((i.code for i in view.items if i.mandatory and i.duty not in hard), None)


def test_a_soft_blocker_is_accepted_whole_or_not_at_all(floor: Floor) -> None:
    code = soft_item(floor)
    assert code is not None
    decision_id = asked(floor, unconfirmed=code)
    officer = context(floor.house, floor.everyone.officer)
    approver = floor.browser(floor.everyone.approver)
    shown = text(approver.get(f"/decisions/{decision_id}"))
    key = re.findall(r'name="accepted-0-key"[^>]*value="([^"]+)"', shown)[0]
    assert key.endswith(code)
    assert decide(approver, decision_id).status_code == 422  # not accepted: the gate stays shut
    begun = {"accepted-0-key": key, "accepted-0-reason": "影響が小さいため"}
    half = decide(approver, decision_id, **begun)
    assert half.status_code == 422 and "影響が小さいため" in text(half)
    whole = {**begun, "accepted-0-measure": "月次の点検", "accepted-0-expires_on": ["2027", "3", "31"]}
    assert decide(approver, decision_id, **whole).status_code == 303
    (accepted,) = decision_views.get_decision(officer, decision_id).accepted
    assert (accepted.key, accepted.measure) == (key, "月次の点検")
    assert "月次の点検" in text(approver.get(f"/decisions/{decision_id}"))


def test_a_hard_blocker_is_never_offered_for_acceptance(floor: Floor) -> None:
    lead, officer = (
        context(floor.house, floor.everyone.vendor_lead),
        context(floor.house, floor.everyone.officer),
    )
    answer_all(lead, floor.assessment_id)
    item = assessment_view.get_assessment(lead, floor.assessment_id).item(floor.vendor_item)
    assert item.duty in (Duty.LAW, Duty.GUIDELINE_MUST)
    answers.save(lead, floor.assessment_id, item.code, Written(AnswerValue.NO, "まだです"), item.version)
    submit(lead, floor.assessment_id)
    answer_all(officer, floor.assessment_id)
    second = context(floor.house, account(floor.house, floor.everyone.client_id, Role.OFFICER))
    for each in assessment_view.get_assessment(second, floor.assessment_id).items:
        result = ReviewResult.NOT if each.code == item.code else ReviewResult.CONFORMS
        judgement = Judgement(result, ReviewBasis.DOCUMENT, "していません")
        reviews.review_item(second, floor.assessment_id, each.code, judgement, None)
    version = assessment_view.get_assessment(second, floor.assessment_id).head.version
    reviews.finish(second, floor.assessment_id, version)
    shown = text(floor.browser(floor.everyone.officer).get(f"/engagements/{floor.engagement_id}"))
    assert item.code in shown and item.question["ja"] in shown
    assert f"/assessments/{floor.assessment_id}/items/{item.code}" in shown
    ask = text(floor.browser(floor.everyone.officer).get(f"/engagements/{floor.engagement_id}/decisions/new"))
    assert "まだ申請できません" in ask


def test_a_decision_on_another_house_of_work_is_not_found(floor: Floor) -> None:
    decision_id = asked(floor)
    other = vendor(floor.house, floor.everyone.officer, "関西コールセンター株式会社", "カンサイ")
    theirs = engagements.register(context(floor.house, floor.everyone.officer), other, work())
    send(context(floor.house, floor.everyone.officer), theirs)
    owner = floor.everyone.owner
    engagements.assign(context(floor.house, floor.everyone.officer), theirs, owner)
    assert floor.browser(owner).get(f"/engagements/{theirs}").status_code == 200
    assert floor.browser(owner).get(f"/decisions/{decision_id}").status_code == 404


def test_the_page_shows_what_was_frozen_whatever_changes_afterwards(floor: Floor) -> None:
    decision_id = asked(floor)
    approver = floor.browser(floor.everyone.approver)
    before = main(approver, decision_id)
    assert floor.vendor_item in before and "確認資料.txt" in before and "SHA-256" in before
    assert "試験 officer" in before and "試験 vendor_lead" in before and "しています。" in before
    for change in (
        "UPDATE party SET name = '改名した会社'",
        "UPDATE account SET name = '別の名' WHERE name != '試験 approver'",
        "UPDATE engagement SET title = '別の業務'",
        "UPDATE answer SET comment = '書き換えた回答', value = 'no'",
        "UPDATE review SET comment = '書き換えた所見'",
        "UPDATE evidence_version SET file_name = '書き換えた.txt'",
    ):
        execute(floor.house, change)
    assert main(approver, decision_id) == before
    assert decide(approver, decision_id).status_code == 303
    made = main(approver, decision_id)
    assert "北海印刷" in made and "確認資料.txt" in made and "書き換えた" not in made and "別の名" not in made


def main(browser: Browser, decision_id: UUID) -> str:
    """The page's own part, without the tokens of its form."""
    shown = text(browser.get(f"/decisions/{decision_id}")).partition("<main")[2].partition("</main>")[0]
    assert shown
    return re.sub(r'name="(csrf_token|idempotency_key)"[^>]*>', "", shown)


def test_the_approver_is_warned_when_the_gate_moved_since_the_request(floor: Floor) -> None:
    decision_id = asked(floor)
    approver = floor.browser(floor.everyone.approver)
    assert "申請のあとに変わったことがあります" not in main(approver, decision_id)
    execute(
        floor.house,
        "UPDATE review SET result = 'unconfirmed' WHERE answer_id IN "
        f"(SELECT id FROM answer WHERE item = '{floor.vendor_item}')",
    )
    shown = main(approver, decision_id)
    assert "申請のあとに変わったことがあります" in shown and "いまは承認できません" in shown
    assert "ありません。承認条件をすべて満たしていました。" in shown
    assert decide(approver, decision_id).status_code == 422


def test_a_refused_engagement_is_taken_up_again_from_its_page(floor: Floor) -> None:
    decision_id = asked(floor)
    decide(floor.browser(floor.everyone.approver), decision_id, outcome="refuse", comment="体制が不十分です")
    officer = floor.browser(floor.everyone.officer)
    page, url = f"/engagements/{floor.engagement_id}", f"/engagements/{floor.engagement_id}/reopen"
    assert url in text(officer.get(page))
    assert url not in text(floor.browser(floor.everyone.approver).get(page))
    assert "体制が不十分です" in text(officer.get(url))
    bare = officer.post(url, {"reason": " "})
    assert bare.status_code == 422 and 'id="reason-error"' in text(bare)
    answer = officer.post(url, {"reason": "体制が整ったため"})
    assert answer.status_code == 303 and state(floor) is State.DRAFT
    shown = text(officer.follow(answer))
    assert "体制が整ったため" in shown and "もう一度取り上げました" in shown
    assert "決裁を申請してください" in shown
    late = officer.post(url, {"reason": "もう一度"}, page="/account")
    assert late.status_code == 422 and "もう一度" in text(late)
    assert floor.browser(floor.everyone.approver).get(url).status_code == 403
    assert floor.browser().get(url).status_code == 403

"""Engagements through the web: registered, shown to each side, people put on them."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.events.event import REGISTRY
from audit_portal.services.assessments import assessment_list
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.web.engagements.happened import SENTENCES
from audit_portal.web.home.tasks import tasks_for
from tests.factories.house import BASE_URL, account, context, vendor
from tests.factories.world import answer_all, send, submit, work
from tests.web.client import errors, text
from tests.web.floor import Floor, make_floor


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def typed(**more: Any) -> dict[str, Any]:
    return {
        "title": "会員証の印刷",
        "work_kind": "bpo",
        "purpose": "会員証を届けるため",
        "data_categories": "氏名、会員番号",
        "persons": "１２，０００",
        "classification": "entrustment",
        "classification_reason": "氏名を渡して印刷を任せるため",
        "risk_tier": "",
        **more,
    }


def test_an_officer_registers_work_and_lands_on_its_page_with_the_next_thing_to_do(floor: Floor) -> None:
    browser = floor.browser(floor.everyone.officer)
    url = f"/vendors/{floor.everyone.vendor_id}/engagements/new"
    answer = browser.post(url, typed(starts_on=["2027", "1", "15"]))
    assert answer.status_code == 303
    page = text(browser.follow(answer))
    assert "会員証の印刷" in page and "12,000人" in page
    assert "選定チェックを送り、委託先に回答してもらってください" in page
    assert "選定チェックの審査が終わっていません。" in page  # the blocker
    assert "ガイドライン：義務" in page


def test_what_is_missing_is_said_beside_its_field_and_nothing_typed_is_lost(floor: Floor) -> None:
    browser = floor.browser(floor.everyone.officer)
    url = f"/vendors/{floor.everyone.vendor_id}/engagements/new"
    answer = browser.post(url, typed(title="", persons="たくさん", description="長い説明"))
    assert answer.status_code == 422
    assert "委託業務の名称を入力してください" in errors(answer)
    assert 'id="persons-error"' in text(answer) and "たくさん" in text(answer)
    assert "長い説明" in text(answer)


def test_an_end_before_the_start_is_refused_beside_the_date(floor: Floor) -> None:
    browser = floor.browser(floor.everyone.officer)
    url = f"/vendors/{floor.everyone.vendor_id}/engagements/new"
    answer = browser.post(url, typed(starts_on=["2027", "2", "1"], ends_on=["2027", "1", "1"]))
    assert answer.status_code == 422
    assert 'id="ends_on-error"' in text(answer)


def test_my_number_work_cannot_be_given_the_lowest_tier(floor: Floor) -> None:
    browser = floor.browser(floor.everyone.officer)
    url = f"/vendors/{floor.everyone.vendor_id}/engagements/new"
    answer = browser.post(url, typed(my_number="y", risk_tier="low"))
    assert answer.status_code == 422
    assert 'id="risk_tier-error"' in text(answer)


def test_the_same_form_twice_registers_once(floor: Floor) -> None:
    browser = floor.browser(floor.everyone.officer)
    url = f"/vendors/{floor.everyone.vendor_id}/engagements/new"
    first, second = (browser.post(url, typed(), key="a" * 32) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    assert len(engagements.listed(context(floor.house, floor.everyone.officer)).items) == 2


def test_the_vendor_sees_the_work_reduced_to_what_is_theirs(floor: Floor) -> None:
    page = text(floor.browser().get(f"/engagements/{floor.engagement_id}"))
    assert "会員データの入力" in page and "株式会社サンプル商事" in page
    assert str(floor.assessment_id) in page  # its check, and whom to call
    assert "困ったときは" in page
    for inside in ("入力を任せるため", "承認条件", "履歴", "リスク区分", "決裁"):
        assert inside not in page


def test_another_vendors_work_is_not_found(floor: Floor) -> None:
    other = vendor(floor.house, floor.everyone.officer, "関西コールセンター株式会社", "カンサイ")
    stranger = account(floor.house, other, Role.VENDOR_LEAD)
    assert floor.browser(stranger).get(f"/engagements/{floor.engagement_id}").status_code == 404
    assert floor.browser(floor.everyone.auditor).get(f"/engagements/{floor.engagement_id}").status_code == 404
    assert floor.browser().get(f"/engagements/{uuid4()}").status_code == 404


def test_an_auditor_reaches_the_work_once_assigned_and_only_once(floor: Floor) -> None:
    browser = floor.browser(floor.everyone.officer)
    page = f"/engagements/{floor.engagement_id}"
    sent = {"person": str(floor.everyone.auditor)}
    assert browser.post(f"{page}/people", sent, page=page).status_code == 303
    shown = text(floor.browser(floor.everyone.auditor).get(page))
    assert "会員データの入力" in shown and "担当する人を割り当てました" in shown
    assert browser.post(f"{page}/people", sent, page=page).status_code == 409


def test_only_those_who_can_be_assigned_are_offered_and_taken(floor: Floor) -> None:
    browser = floor.browser(floor.everyone.officer)
    page = f"/engagements/{floor.engagement_id}"
    assert str(floor.everyone.approver) not in text(browser.get(page))
    answer = browser.post(f"{page}/people", {"person": str(floor.everyone.approver)}, page=page)
    assert answer.status_code == 422


def test_the_list_goes_on_page_by_page(floor: Floor) -> None:
    officer = context(floor.house, floor.everyone.officer)
    for number in range(21):
        engagements.register(officer, floor.everyone.vendor_id, work(f"業務その{number:02}"))
    browser = floor.browser(floor.everyone.officer)
    first = text(browser.get("/engagements"))
    assert "業務その02" in first and "業務その00" not in first
    following = first.partition('rel="next" href="')[2].partition('"')[0]
    assert "業務その00" in text(browser.get(following))


def test_a_list_that_begins_at_a_made_up_place_is_refused_plainly(floor: Floor) -> None:
    assert floor.browser().get("/engagements?after=nonsense").status_code == 400


def test_the_next_thing_follows_the_check(floor: Floor) -> None:
    page = f"/engagements/{floor.engagement_id}"
    officer = floor.browser(floor.everyone.officer)
    assert "の回答を待っています" in text(officer.get(page))
    lead = context(floor.house, floor.everyone.vendor_lead)
    answer_all(lead, floor.assessment_id)
    submit(lead, floor.assessment_id)
    assert "の回答を審査してください" in text(officer.get(page))


def test_every_event_of_the_ledger_has_a_sentence() -> None:
    assert set(SENTENCES) == set(REGISTRY)


def test_each_person_is_told_what_waits_for_them(floor: Floor) -> None:
    lead, officer = floor.everyone.vendor_lead, floor.everyone.officer

    def told(account_id: Any) -> list[str]:
        with floor.app.test_request_context(base_url=BASE_URL):
            return [each.text for each in tasks_for(context(floor.house, account_id)).all]

    assert told(lead) == ["会員データの入力 の確認に回答する"]
    assert told(officer) == told(floor.everyone.approver) == []
    answer_all(context(floor.house, lead), floor.assessment_id)
    submit(context(floor.house, lead), floor.assessment_id)
    assert told(lead) == []
    assert told(officer) == ["北海印刷株式会社 の回答を審査する"]
    assert told(floor.everyone.auditor) == []  # not assigned
    engagements.assign(context(floor.house, officer), floor.engagement_id, floor.everyone.owner)
    assert told(floor.everyone.owner) == ["会員データの入力 の委託元の項目に回答する"]


def test_a_second_check_is_not_offered_while_one_runs(floor: Floor) -> None:
    officer = context(floor.house, floor.everyone.officer)
    assert "assessments/new" not in text(
        floor.browser(floor.everyone.officer).get(f"/engagements/{floor.engagement_id}")
    )
    fresh = engagements.register(officer, floor.everyone.vendor_id, work("別の業務"))
    assert "assessments/new" in text(floor.browser(floor.everyone.officer).get(f"/engagements/{fresh}"))
    send(officer, fresh)
    assert len(assessment_list.of_engagement(officer, fresh)) == 1

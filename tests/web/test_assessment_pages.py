"""Assessments through the web: sent, answered, handed in, reviewed, given back; and every way it is refused."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from audit_portal.domain.access import Role, system
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.checklist import AnswerValue
from audit_portal.services.assessments import answers, assessment_list, assessment_view
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.storage import ledger
from tests.factories.house import account, context, vendor
from tests.factories.world import answer_all, attach, send, submit, work
from tests.web.client import Browser, errors, text
from tests.web.floor import Floor, make_floor

_VERSION = re.compile(r'name="version"[^>]*value="(\d*)"')


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def seen(floor: Floor, account_id: UUID) -> AssessmentView:
    return assessment_view.get_assessment(context(floor.house, account_id), floor.assessment_id)


def stored(floor: Floor, code: str | None = None, account_id: UUID | None = None) -> ItemView:
    return seen(floor, account_id or floor.everyone.vendor_lead).item(code or floor.vendor_item)


def page(floor: Floor, code: str | None = None) -> str:
    here = f"/assessments/{floor.assessment_id}"
    return f"{here}/items/{code}" if code else here


def handed_in(floor: Floor) -> None:
    lead = context(floor.house, floor.everyone.vendor_lead)
    answer_all(lead, floor.assessment_id)
    submit(lead, floor.assessment_id)


def give_answer(browser: Browser, url: str, version: int, **typed: Any) -> TestResponse:
    return browser.post(url, {"version": version, "value": "yes", **typed})


def give_review(browser: Browser, floor: Floor, item: ItemView, **typed: Any) -> TestResponse:
    url = page(floor, item.code)
    sent = {
        "version": item.review.version if item.review else "",
        "answer_version": item.version,
        "result": "conforms",
        "basis": "statement",
    }
    return browser.post(f"{url}/review", {**sent, **typed}, page=url)


def test_a_check_goes_from_the_officer_to_the_vendor_and_back_through_the_pages(floor: Floor) -> None:
    officer, lead = floor.browser(floor.everyone.officer), floor.browser()
    fresh = engagements.register(
        context(floor.house, floor.everyone.officer), floor.everyone.vendor_id, work("会報の発送")
    )
    url = f"/engagements/{fresh}/assessments/new"
    offered = re.findall(r'name="checklist" type="radio" value="([^"]+)"', text(officer.get(url)))
    assert len(offered) == 2
    short = (
        offered[0] if "選定の簡易確認" in text(officer.get(url)).split(offered[0])[1][:400] else offered[1]
    )
    sent = officer.post(url, {"checklist": short, "due_on": ["2027", "1", "20"], "message": "お願いします"})
    assert sent.status_code == 303
    here = sent.headers["Location"]
    task = text(lead.get(here))
    assert "お願いします" in task and "2027年1月20日" in task and "困ったときは" in task
    assessment_id = UUID(here.rsplit("/", 1)[1])
    ctx = context(floor.house, floor.everyone.vendor_lead)
    for _turn in range(10):
        left = assessment_view.get_assessment(ctx, assessment_id).todo
        if not left:
            break
        item = left[0]
        url = f"{here}/items/{item.code}"
        if item.evidence_needed:
            attach(ctx, assessment_id, item.code)
        assert give_answer(lead, url, item.version, comment="しています").status_code == 303
    assert "回答がそろいました" in text(lead.get(here))
    version = assessment_view.get_assessment(ctx, assessment_id).head.version
    assert lead.post(f"{here}/submit", {"version": version}, page=here).status_code == 303
    assert "依頼元の確認をお待ちください" in text(lead.get(here))
    assert "審査" in text(officer.get(here))


def test_sending_a_second_check_or_one_due_yesterday_is_refused_on_the_form(floor: Floor) -> None:
    browser = floor.browser(floor.everyone.officer)
    url = f"/engagements/{floor.engagement_id}/assessments/new"
    chosen = re.findall(r'name="checklist" type="radio" value="([^"]+)"', text(browser.get(url)))[0]
    past = browser.post(url, {"checklist": chosen, "due_on": ["2020", "1", "1"], "message": "残る文"})
    assert past.status_code == 422 and 'id="due_on-error"' in text(past) and "残る文" in text(past)
    again = [
        browser.post(url, {"checklist": each, "due_on": ["2027", "1", "1"], "message": "残る文"})
        for each in (chosen,)
    ]
    assert all(each.status_code == 422 and "残る文" in text(each) for each in again)


def test_the_item_page_says_why_it_is_asked_and_what_would_show_it(floor: Floor) -> None:
    shown = text(floor.browser().get(page(floor, floor.vendor_item)))
    item = stored(floor)
    assert item.question["ja"] in shown and item.hint["ja"] in shown
    assert all(each.title in shown for each in item.legal)
    assert 'rel="noreferrer"' in shown
    assert all(kind["ja"] in shown for kind in item.evidence_kinds)


def test_an_english_reader_gets_the_question_in_english(floor: Floor) -> None:
    browser = floor.browser()
    browser.post("/language", {"language": "en", "page": "/"}, page="/account")
    assert stored(floor).question["en"] in text(browser.get(page(floor, floor.vendor_item)))


def test_saving_leads_to_the_next_item_that_is_left(floor: Floor) -> None:
    first, second = seen(floor, floor.everyone.vendor_lead).todo[:2]
    answer = give_answer(
        floor.browser(), page(floor, first.code), first.version, value="no", comment="まだです"
    )
    assert answer.status_code == 303
    assert answer.headers["Location"] == page(floor, second.code)
    assert stored(floor, first.code).value is AnswerValue.NO
    assert seen(floor, floor.everyone.vendor_lead).head.state is AssessmentState.IN_PROGRESS


def test_a_plan_with_half_a_date_is_told_at_the_date_and_kept(floor: Floor) -> None:
    answer = give_answer(
        floor.browser(),
        page(floor, floor.vendor_item),
        stored(floor).version,
        value="no",
        action="直します",
        action_due=["2027", "", ""],
    )
    assert answer.status_code == 422
    assert 'id="action_due-error"' in text(answer) and "直します" in text(answer)


def test_a_stale_answer_is_refused_with_both_texts_on_the_page(floor: Floor) -> None:
    browser, url, old = floor.browser(), page(floor, floor.vendor_item), stored(floor).version
    colleague = context(floor.house, floor.everyone.vendor_lead)
    answers.save(colleague, floor.assessment_id, floor.vendor_item, Written(AnswerValue.NO, "同僚の文"), old)
    answer = give_answer(browser, url, old, comment="わたしの文")
    assert answer.status_code == 409
    shown = text(answer)
    assert "同僚の文" in shown and "わたしの文" in shown
    assert stored(floor).comment == "同僚の文"
    newest = _VERSION.findall(shown)[0]
    assert int(newest) == stored(floor).version  # saving once more, knowingly, goes through
    assert give_answer(browser, url, int(newest), comment="わたしの文").status_code == 303
    assert stored(floor).comment == "わたしの文"


def draft(browser: Browser, floor: Floor, version: Any, **typed: Any) -> TestResponse:
    url = page(floor, floor.vendor_item)
    sent = {"version": version, "value": "yes", "comment": "途中", **typed}
    return browser.post(f"{url}/draft", sent, page=url, headers={"Accept": "application/json"})


def test_a_draft_is_saved_while_typing_and_tells_the_new_version(floor: Floor) -> None:
    before = stored(floor).version
    answer = draft(floor.browser(), floor, before)
    assert answer.status_code == 200
    assert answer.json == {"version": stored(floor).version}
    assert stored(floor).version > before and stored(floor).comment == "途中"


def test_a_stale_or_malformed_draft_is_refused_in_json(floor: Floor) -> None:
    browser, version = floor.browser(), stored(floor).version
    assert draft(browser, floor, version).status_code == 200
    stale = draft(browser, floor, version, comment="後から")
    assert stale.status_code == 409 and set(stale.json or {}) == {"error"}
    assert draft(browser, floor, "").status_code == 422
    assert stored(floor).comment == "途中"


def test_handing_in_too_early_names_the_items_and_why(floor: Floor) -> None:
    browser, view = floor.browser(), seen(floor, floor.everyone.vendor_lead)
    answers.save(
        context(floor.house, floor.everyone.vendor_lead),
        floor.assessment_id,
        view.todo[0].code,
        Written(AnswerValue.NOT_APPLICABLE),
        view.todo[0].version,
    )
    left = seen(floor, floor.everyone.vendor_lead)
    answer = browser.post(f"{page(floor)}/submit", {"version": left.head.version}, page=page(floor))
    assert answer.status_code == 422
    told = errors(answer)
    assert len(told) == len(left.todo) > 1
    assert "理由" in told[0] and all("まだ回答していません" in each for each in told[1:])
    assert all(f'href="{page(floor, item.code)}"' in text(answer) for item in left.todo)
    assert seen(floor, floor.everyone.vendor_lead).head.state is AssessmentState.IN_PROGRESS


def submissions(floor: Floor) -> int:
    with floor.house.db.read(system("tests")) as tx:
        bodies = [body for _, body in ledger.positions(tx, floor.engagement_id)]
    return sum(b'"assessment.submitted"' in body for body in bodies)


def test_handing_in_twice_counts_once(floor: Floor) -> None:
    answer_all(context(floor.house, floor.everyone.vendor_lead), floor.assessment_id)
    browser, version = floor.browser(), seen(floor, floor.everyone.vendor_lead).head.version
    sent = {"version": version}
    first = browser.post(f"{page(floor)}/submit", sent, page=page(floor), key="b" * 32)
    same = browser.post(f"{page(floor)}/submit", sent, page="/account", key="b" * 32)
    other = browser.post(f"{page(floor)}/submit", sent, page="/account")
    assert (first.status_code, same.status_code, other.status_code) == (303, 303, 409)
    assert first.headers["Location"] == same.headers["Location"]
    assert submissions(floor) == 1


def test_after_handing_in_nothing_is_written_and_the_text_stays(floor: Floor) -> None:
    browser, version = floor.browser(), stored(floor).version
    handed_in(floor)
    sent = {"version": version, "value": "no", "comment": "遅れた文"}
    answer = browser.post(page(floor, floor.vendor_item), sent, page="/account")
    assert answer.status_code == 409 and "遅れた文" in text(answer)
    assert stored(floor).comment != "遅れた文"


def test_a_contributor_can_neither_hand_in_nor_see_what_was_not_delegated(floor: Floor) -> None:
    browser = floor.browser(floor.everyone.vendor_contributor)
    assert browser.post(f"{page(floor)}/submit", {"version": 1}, page="/account").status_code == 403
    assert "あなたに割り振られた項目はありません" in text(browser.get(page(floor)))
    assert browser.get(page(floor, floor.vendor_item)).status_code == 404


def test_other_peoples_checks_and_items_are_not_found(floor: Floor) -> None:
    officer = context(floor.house, floor.everyone.officer)
    other = vendor(floor.house, floor.everyone.officer, "関西コールセンター株式会社", "カンサイ")
    stranger = floor.browser(account(floor.house, other, Role.VENDOR_LEAD))
    assert stranger.get(page(floor)).status_code == 404
    assert stranger.get(page(floor, floor.vendor_item)).status_code == 404
    sent = {"version": 1, "value": "yes"}
    assert stranger.post(page(floor, floor.vendor_item), sent, page="/account").status_code == 404
    assert stranger.post(f"{page(floor, floor.vendor_item)}/draft", {}, page="/account").status_code == 404
    # An item that is asked, but not in this assessment; one that is nobody's; the client's own.
    theirs = engagements.register(officer, other, work())
    elsewhere = send(officer, theirs)
    lead = floor.browser()
    assert lead.get(f"/assessments/{elsewhere}/items/{floor.vendor_item}").status_code == 404
    assert lead.get(page(floor, "SEL-009")).status_code == 404
    assert lead.get(page(floor, floor.client_item)).status_code == 404
    assert lead.get(f"/assessments/{uuid4()}").status_code == 404
    officer_browser = floor.browser(floor.everyone.officer)
    mismatched = officer_browser.post(page(floor, floor.vendor_item), sent, page="/account")
    assert mismatched.status_code == 404  # it is the vendor's to answer


def test_a_review_is_kept_and_leads_to_the_next_item(floor: Floor) -> None:
    handed_in(floor)
    officer = floor.browser(floor.everyone.officer)
    item = stored(floor, account_id=floor.everyone.officer)
    answer = give_review(officer, floor, item, result="partly", remark="期日を確かめました")
    assert answer.status_code == 303
    assert answer.headers["Location"] != page(floor, item.code)
    found = stored(floor, account_id=floor.everyone.officer).review
    assert found and found.comment == "期日を確かめました" and found.current


def test_less_than_conforms_needs_a_word_why(floor: Floor) -> None:
    handed_in(floor)
    item = stored(floor, account_id=floor.everyone.officer)
    answer = give_review(floor.browser(floor.everyone.officer), floor, item, result="not")
    assert answer.status_code == 422 and 'id="remark-error"' in text(answer)


def test_a_review_of_a_page_opened_too_long_ago_is_refused_and_kept_on_the_page(floor: Floor) -> None:
    handed_in(floor)
    item = stored(floor, account_id=floor.everyone.officer)
    second = account(floor.house, floor.everyone.client_id, Role.OFFICER)
    assert give_review(floor.browser(second), floor, item, remark="先の所見").status_code == 303
    late = give_review(floor.browser(floor.everyone.officer), floor, item, result="not", remark="後の所見")
    assert late.status_code == 409
    assert "先の所見" in text(late) and "後の所見" in text(late)
    found = stored(floor, account_id=floor.everyone.officer).review
    assert found and found.comment == "先の所見"


def test_an_answer_that_changed_under_the_reviewer_is_not_reviewed(floor: Floor) -> None:
    handed_in(floor)
    owner = account(floor.house, floor.everyone.client_id, Role.OFFICER)
    ctx = context(floor.house, owner)
    answer_all(ctx, floor.assessment_id)
    item = stored(floor, floor.client_item, floor.everyone.officer)
    answers.save(
        ctx, floor.assessment_id, item.code, Written(AnswerValue.NO, "やはり違いました"), item.version
    )
    answer = give_review(floor.browser(floor.everyone.officer), floor, item)
    assert answer.status_code == 409 and "やはり違いました" in text(answer)
    assert stored(floor, item.code, floor.everyone.officer).review is None


def test_nobody_reviews_their_own_answer(floor: Floor) -> None:
    handed_in(floor)
    answer_all(context(floor.house, floor.everyone.officer), floor.assessment_id)
    item = stored(floor, floor.client_item, floor.everyone.officer)
    browser = floor.browser(floor.everyone.officer)
    assert "あなたは審査できません" in text(browser.get(page(floor, item.code)))
    assert give_review(browser, floor, item, remark="").status_code == 403
    assert stored(floor, item.code, floor.everyone.officer).review is None


def test_a_vendor_cannot_post_a_review_a_return_or_a_finish(floor: Floor) -> None:
    handed_in(floor)
    lead = floor.browser()
    url = page(floor, floor.vendor_item)
    sent = {"answer_version": 1, "result": "conforms", "basis": "document", "version": ""}
    assert lead.post(f"{url}/review", sent, page="/account").status_code == 403
    assert lead.post(f"{page(floor)}/return", {"version": 1}, page="/account").status_code == 403
    assert lead.post(f"{page(floor)}/finish", {"version": 1}, page="/account").status_code == 403


def test_the_review_cannot_end_while_items_are_left_and_they_are_named(floor: Floor) -> None:
    handed_in(floor)
    view = seen(floor, floor.everyone.officer)
    browser = floor.browser(floor.everyone.officer)
    answer = browser.post(f"{page(floor)}/finish", {"version": view.head.version}, page=page(floor))
    assert answer.status_code == 422
    assert len(errors(answer)) == len(view.items)


def test_a_vendor_sees_no_review_before_it_is_over(floor: Floor) -> None:
    handed_in(floor)
    item = stored(floor, account_id=floor.everyone.officer)
    give_review(floor.browser(floor.everyone.officer), floor, item, result="not", remark="まだ秘密")
    assert "まだ秘密" not in text(floor.browser().get(page(floor, item.code)))
    assert "まだ秘密" not in text(floor.browser().get(page(floor)))


def returned(floor: Floor, *codes: str, note: str = "記録の写しを付けてください") -> TestResponse:
    browser = floor.browser(floor.everyone.officer)
    url = f"{page(floor)}/return"
    version = seen(floor, floor.everyone.officer).head.version
    return browser.post(url, {"version": version, "items": list(codes), "note": note})


def test_returned_items_are_open_again_with_the_note_and_just_those(floor: Floor) -> None:
    handed_in(floor)
    other = next(i.code for i in seen(floor, floor.everyone.vendor_lead).mine if i.code != floor.vendor_item)
    assert returned(floor, floor.vendor_item).status_code == 303
    lead = floor.browser()
    task = text(lead.get(page(floor)))
    assert "記録の写しを付けてください" in task and "差し戻された項目を直して" in task
    assert "記録の写しを付けてください" in text(lead.get(page(floor, floor.vendor_item)))
    closed = stored(floor, other)
    sent = {"version": closed.version, "value": "no"}
    assert lead.post(page(floor, other), sent, page="/account").status_code == 409
    a_minute_passes(floor)
    item = stored(floor)
    assert give_answer(lead, page(floor, item.code), item.version, comment="付けました").status_code == 303
    assert "回答がそろいました" in text(lead.get(page(floor)))


def a_minute_passes(floor: Floor) -> None:
    floor.house.clock.move(minutes=1)  # type: ignore[attr-defined]


def test_a_return_needs_items_and_a_note(floor: Floor) -> None:
    handed_in(floor)
    assert 'id="items-error"' in text(returned(floor, note="直してください"))
    without = returned(floor, floor.vendor_item, note="")
    assert without.status_code == 422 and 'id="note-error"' in text(without)
    assert seen(floor, floor.everyone.officer).head.state is AssessmentState.SUBMITTED


def test_a_return_from_a_stale_page_keeps_the_note(floor: Floor) -> None:
    handed_in(floor)
    browser = floor.browser(floor.everyone.officer)
    sent = {"version": 1, "items": [floor.vendor_item], "note": "残る指示"}
    answer = browser.post(f"{page(floor)}/return", sent)
    assert answer.status_code == 409 and "残る指示" in text(answer)


def test_a_list_shows_what_runs_and_on_request_what_is_over(floor: Floor) -> None:
    browser = floor.browser()
    assert str(floor.assessment_id) in text(browser.get("/assessments"))
    assert str(floor.assessment_id) in text(browser.get("/assessments?all=1"))
    stranger = vendor(floor.house, floor.everyone.officer, "関西コールセンター株式会社", "カンサイ")
    other = floor.browser(account(floor.house, stranger, Role.VENDOR_LEAD))
    assert str(floor.assessment_id) not in text(other.get("/assessments?all=1"))


def test_the_home_page_shows_what_is_due_first_however_many_are_running(floor: Floor) -> None:
    officer = context(floor.house, floor.everyone.officer)
    for n in range(20):
        send(
            officer, engagements.register(officer, floor.everyone.vendor_id, work(f"あとの業務{n}")), days=60
        )
    urgent = send(
        officer, engagements.register(officer, floor.everyone.vendor_id, work("急ぎの業務")), days=1
    )
    floor.house.clock.move(days=3)  # type: ignore[attr-defined]
    shown = text(floor.browser().get("/"))
    assert "急ぎの業務 の確認に回答する" in shown
    staff = text(floor.browser(floor.everyone.officer).get("/"))
    tasks, running = staff.split('id="running"')
    assert f"/assessments/{urgent}" in tasks and "催促" in tasks
    assert running.index(f"/assessments/{urgent}") < running.index(f"/assessments/{floor.assessment_id}")
    owner = context(floor.house, floor.everyone.officer)
    assert [head.id for head in assessment_list.due(owner, limit=2)] == [urgent, floor.assessment_id]

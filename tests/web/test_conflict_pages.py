"""Two people on one answer: both texts side by side, chosen or joined, and nothing typed is lost."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from audit_portal.domain.checklist import AnswerValue
from audit_portal.services.assessments import answers, assessment_view, delegation
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.house import House
from tests.factories.house import context
from tests.web.client import Browser, text
from tests.web.floor import Floor, make_floor

_VERSION = re.compile(r'name="version"[^>]*value="(\d*)"')
_COMMENT = re.compile(r'<textarea[^>]*name="comment"[^>]*>(.*?)</textarea>', re.DOTALL)


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def url(floor: Floor) -> str:
    return f"/assessments/{floor.assessment_id}/items/{floor.vendor_item}"


def stored(floor: Floor) -> Any:
    lead = context(floor.house, floor.everyone.vendor_lead)
    return assessment_view.get_assessment(lead, floor.assessment_id).item(floor.vendor_item)


def colleague_saves(floor: Floor, comment: str, value: AnswerValue = AnswerValue.NO) -> None:
    lead = context(floor.house, floor.everyone.vendor_lead)
    answers.save(lead, floor.assessment_id, floor.vendor_item, Written(value, comment), None)


def late(floor: Floor, browser: Browser, version: int, **typed: Any) -> TestResponse:
    return browser.post(url(floor), {"version": version, "value": "yes", **typed})


def form_of(response: TestResponse) -> tuple[int, str]:
    """The version and the text that the form on the page would send."""
    shown = text(response)
    return int(_VERSION.findall(shown)[0]), _COMMENT.findall(shown)[0].strip()


def test_both_texts_stand_side_by_side_with_who_and_when(floor: Floor) -> None:
    old, browser = stored(floor).version, floor.browser()
    colleague_saves(floor, "同僚の文")
    answer = late(floor, browser, old, comment="わたしの文", action="直します")
    assert answer.status_code == 409
    shown = text(answer)
    assert "試験 vendor_lead さんが" in shown and "違い" in shown
    for side, words in (
        ("保存済み", "同僚の文"),
        ("あなたの入力", "わたしの文"),
        ("あなたの入力", "直します"),
    ):
        assert re.search(rf'data-label="{side}">{words}', shown), words
    assert "data-autosave-url" not in shown  # nothing is replaced while they look
    assert form_of(answer) == (stored(floor).version, "わたしの文")
    assert stored(floor).comment == "同僚の文"


def test_mine_can_replace_theirs_and_theirs_can_stay(floor: Floor) -> None:
    old, browser = stored(floor).version, floor.browser()
    colleague_saves(floor, "同僚の文")
    newest, _ = form_of(late(floor, browser, old, comment="わたしの文"))
    left = late(floor, browser, newest, comment="わたしの文", leave="1")
    assert left.status_code == 303 and stored(floor).comment == "同僚の文"
    assert late(floor, browser, newest, comment="わたしの文").status_code == 303
    assert stored(floor).comment == "わたしの文"


def test_both_can_be_joined_and_edited_before_saving(floor: Floor) -> None:
    old, browser = stored(floor).version, floor.browser()
    colleague_saves(floor, "同僚の文")
    newest, _ = form_of(late(floor, browser, old, comment="わたしの文"))
    joined = late(floor, browser, newest, comment="わたしの文", join="1")
    version, both = form_of(joined)
    assert both == "同僚の文\n\nわたしの文" and stored(floor).comment == "同僚の文"
    assert late(floor, browser, version, comment=both).status_code == 303
    assert stored(floor).comment == both


def test_a_third_save_meanwhile_is_another_conflict(floor: Floor) -> None:
    old, browser = stored(floor).version, floor.browser()
    colleague_saves(floor, "二番目")
    newest, _ = form_of(late(floor, browser, old, comment="わたしの文"))
    colleague_saves(floor, "三番目")
    again = late(floor, browser, newest, comment="わたしの文")
    assert again.status_code == 409 and "三番目" in text(again)
    assert stored(floor).comment == "三番目"


def test_the_same_text_twice_is_no_conflict(floor: Floor) -> None:
    old, browser = stored(floor).version, floor.browser()
    colleague_saves(floor, "同じ文", AnswerValue.YES)
    version = stored(floor).version
    assert late(floor, browser, old, comment="同じ文").status_code == 303
    assert stored(floor).version == version


def test_what_was_typed_is_given_back_when_the_item_was_taken_away(floor: Floor) -> None:
    lead, holder = context(floor.house, floor.everyone.vendor_lead), floor.everyone.vendor_contributor
    delegation.give(lead, floor.assessment_id, Gift((floor.vendor_item,), holder))
    browser, version = floor.browser(holder), stored(floor).version
    assert browser.get(url(floor)).status_code == 200
    delegation.give(lead, floor.assessment_id, Gift((floor.vendor_item,), None))
    sent = {"version": version, "value": "yes", "comment": "一時間かけて書いた文"}
    answer = browser.post(url(floor), sent, page="/account")
    assert answer.status_code == 404 and "一時間かけて書いた文" in text(answer)
    assert stored(floor).comment == ""

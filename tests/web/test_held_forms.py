"""What was typed survives a session that ended meanwhile."""

from __future__ import annotations

import html
import re
from uuid import uuid4

import pytest
from werkzeug.test import TestResponse

from tests.factories.house import BASE_URL, People
from tests.web.client import Browser, csrf_token, text

OURS = {"Origin": BASE_URL, "Sec-Fetch-Site": "same-origin"}
TYPED = {"name": "髙﨑データ 𠮷野家", "kana": "タカサキデータ", "corporate_number": "", "country": "JP"}
_HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')


def late(browser: Browser, headers: dict[str, str] = OURS, **more: str) -> TestResponse:
    """The form of a new vendor, opened while signed in and sent after the session has ended."""
    token = csrf_token(browser.client, "/vendors/new")
    browser.post("/sign-out", page="/account")
    sent = {"csrf_token": token, "idempotency_key": uuid4().hex, **TYPED, **more}
    return browser.client.post("/vendors/new", data=sent, base_url=BASE_URL, headers=headers)


def held(response: TestResponse) -> dict[str, str]:
    """The fields of the form that sends again (the last one on the page)."""
    page = response.get_data(as_text=True).rsplit("<form", 1)[1]
    return {html.unescape(name): html.unescape(value) for name, value in _HIDDEN.findall(page)}


def send(browser: Browser, response: TestResponse) -> TestResponse:
    return browser.client.post("/vendors/new", data=held(response), base_url=BASE_URL, headers=OURS)


def test_a_form_sent_after_the_session_ended_comes_back_whole_and_can_be_sent_again(
    browser: Browser, everyone: People
) -> None:
    answer = late(browser.sign_in(everyone.officer))
    assert answer.status_code == 401
    assert TYPED["name"] in text(answer)
    browser.sign_in(everyone.officer)
    again = send(browser, answer)
    assert again.status_code == 400  # the page was another session's: a second look, with a fresh token
    assert send(browser, again).status_code == 303
    assert TYPED["name"] in text(browser.get("/vendors"))


def test_what_another_site_posts_is_not_offered_for_sending(browser: Browser, everyone: People) -> None:
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
        answer = late(browser.sign_in(everyone.officer), headers)
        assert answer.status_code == 401
        assert TYPED["name"] not in text(answer)


@pytest.mark.parametrize("page", ["/account/password", "/account/signing-key", "/sign-in"])
def test_what_is_typed_unseen_is_not_given_back(browser: Browser, everyone: People, page: str) -> None:
    """Whatever the fields are called: all those that the page itself has."""
    if page != "/sign-in":
        browser.sign_in(everyone.officer)
    fields = re.findall(r'<input[^>]*type="password"[^>]*>', browser.get(page).get_data(as_text=True))
    names = [found[1] for field in fields if (found := re.search(r'name="([^"]+)"', field))]
    assert names
    sent = {name: f"秘密の 合言葉 {name}" for name in names} | {
        "csrf_token": "old",
        "remark": "見せてよい 文章",
    }
    answer = text(browser.client.post(page, data=sent, base_url=BASE_URL, headers=OURS))
    assert "見せてよい 文章" in answer
    assert "秘密の" not in answer


def test_a_script_is_told_that_the_session_ended(browser: Browser, everyone: People) -> None:
    answer = late(browser.sign_in(everyone.officer), {**OURS, "Accept": "application/json"})
    assert answer.status_code == 401
    assert "サインイン" in answer.get_json()["error"]

"""Signing in and out, links by mail, the own account: as a browser meets them."""

from __future__ import annotations

import re
from uuid import UUID

import pyotp
import pytest
from werkzeug.test import TestResponse

from audit_portal.domain import limits
from audit_portal.services import jobs
from audit_portal.services.accounts import accounts, sessions, setup, sign_in
from audit_portal.services.house import House
from tests.clock import SetClock
from tests.factories.house import PASSWORD, People, context, mailer
from tests.web.client import Browser, cookie_name, csrf_token, errors, text

NEW = "まったく別の合い言葉 2"
HOSTILE = [
    "x" * 100_000,
    "a\x00b",
    "‮gnp.exe",
    "😀👨‍👩‍👧",
    "𠮷髙﨑",
    "<script>alert(1)</script>",
    "'; --",
    "%s%(x)s{}",
]


def email(house: House, account_id: UUID) -> str:
    return sessions.person_in(house, account_id).email


def enter(browser: Browser, account_id: UUID, password: str = PASSWORD) -> TestResponse:
    return browser.post("/sign-in", {"email": email(browser.house, account_id), "password": password})


def shown_secret(page: TestResponse) -> str:
    found = re.search(r'class="app-reference">([A-Z2-7]{32})<', text(page))
    assert found, "a page of an enrolment"
    return found[1]


def enrolled(house: House, account_id: UUID, clock: SetClock) -> str:
    """Sets the second factor up; returns the secret."""
    begun = sign_in.begin_enrolment(house, account_id)
    sign_in.confirm_enrolment(house, account_id, begun.sealed, pyotp.TOTP(begun.secret).at(clock.now()))
    return begun.secret


def reset_link(browser: Browser, account_id: UUID) -> str:
    accounts.request_reset(browser.house, email(browser.house, account_id), "127.0.0.1")
    jobs.run_due(browser.house)
    return mailer(browser.house).last_link()


# signing in


def test_a_vendors_person_signs_in_with_a_password(browser: Browser, everyone: People) -> None:
    response = enter(browser, everyone.vendor_lead)
    assert browser.follow(response).status_code == 200
    cookie = next(
        each for each in response.headers.getlist("Set-Cookie") if each.startswith(cookie_name(browser.app))
    )
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie


def test_staff_enrol_then_enter_with_a_code_that_cannot_be_replayed(
    browser: Browser, everyone: People, clock: SetClock
) -> None:
    page = browser.follow(enter(browser, everyone.officer))
    secret = shown_secret(page)
    assert "<svg" in text(page)
    assert not browser.signed_in()
    totp = pyotp.TOTP(secret)
    wrong = browser.post("/sign-in/second-factor", {"code": "12345"})
    assert wrong.status_code == 422
    code = totp.at(clock.now())
    assert browser.follow(browser.post("/sign-in/second-factor", {"code": code})).status_code == 200
    assert browser.signed_in()

    second = browser.other()
    assert enter(second, everyone.officer).headers["Location"] == "/sign-in/code"
    replayed = second.post("/sign-in/code", {"code": code})
    assert (replayed.status_code, second.signed_in()) == (422, False)
    clock.move(seconds=30)
    assert second.post("/sign-in/code", {"code": totp.at(clock.now())}).status_code == 303
    assert second.signed_in()


@pytest.mark.parametrize("path", ["/sign-in/code", "/sign-in/second-factor"])
def test_the_second_step_cannot_be_had_without_the_first(browser: Browser, path: str) -> None:
    assert browser.get(path).headers["Location"] == "/sign-in"


def test_an_enrolled_person_cannot_enrol_anew_with_the_password_alone(
    browser: Browser, everyone: People, clock: SetClock
) -> None:
    enrolled(browser.house, everyone.officer, clock)
    enter(browser, everyone.officer)
    assert browser.get("/sign-in/second-factor").headers["Location"] == "/sign-in"


def test_two_browsers_with_the_same_password_see_different_secrets(
    browser: Browser, everyone: People, clock: SetClock
) -> None:
    thief = browser.other()
    stolen = shown_secret(thief.follow(enter(thief, everyone.officer)))
    secret = shown_secret(browser.follow(enter(browser, everyone.officer)))
    assert secret != stolen
    assert shown_secret(browser.get("/sign-in/second-factor")) == secret
    code = pyotp.TOTP(secret).at(clock.now())
    assert thief.post("/sign-in/second-factor", {"code": code}).status_code == 422
    assert browser.post("/sign-in/second-factor", {"code": code}).status_code == 303
    assert browser.signed_in()
    assert thief.get("/sign-in/second-factor").headers["Location"] == "/sign-in", "the account has changed"


@pytest.mark.parametrize("what", ["ten minutes", "new password", "ended"])
@pytest.mark.parametrize("second", ["code", "second-factor"])
def test_half_a_sign_in_is_over_soon_or_when_the_account_changes(
    browser: Browser, everyone: People, clock: SetClock, second: str, what: str
) -> None:
    house, officer = browser.house, everyone.officer
    secret = enrolled(house, officer, clock) if second == "code" else ""
    page = browser.follow(enter(browser, officer))
    secret = secret or shown_secret(page)
    if what == "ten minutes":
        clock.move(seconds=limits.HALF_SIGN_IN_LIFE)
    elif what == "new password":
        accounts.change_password(context(house, officer), PASSWORD, NEW)
    else:
        accounts.end_account(context(house, everyone.admin), officer)
    clock.move(seconds=30)
    code = pyotp.TOTP(secret).at(clock.now())
    late = browser.post(f"/sign-in/{second}", {"code": code}, page="/forgotten")
    assert late.headers["Location"] == "/sign-in"
    assert not browser.signed_in()
    assert "はじめからサインインしてください" in text(browser.get("/sign-in"))


def test_known_and_unknown_people_read_the_same_words(browser: Browser, everyone: People) -> None:
    known = email(browser.house, everyone.owner)
    answers: dict[str, list[tuple[int, str]]] = {known: [], "nobody@example.jp": []}
    for who, seen in answers.items():
        for _try in range(limits.SIGN_IN_TRIES + 1):
            response = browser.post("/sign-in", {"email": who, "password": "wrong password"})
            seen.append((response.status_code, " ".join(errors(response))))
    one, other = answers.values()
    assert one == other
    assert one[0] != one[-1], "the lock-out is told"
    assert browser.post("/sign-in", {"email": known, "password": PASSWORD}).status_code == 422


def test_the_page_first_asked_for_comes_after_signing_in(browser: Browser, everyone: People) -> None:
    path = f"/vendors/{everyone.vendor_id}"
    assert browser.get(path).headers["Location"] == "/sign-in"
    assert enter(browser, everyone.vendor_lead).headers["Location"] == path


@pytest.mark.parametrize(
    "target", ["//evil.example", "/\\evil.example", "https://evil.example/", "javascript:x"]
)
def test_nothing_leads_out_of_the_house(browser: Browser, everyone: People, target: str) -> None:
    for name in ("next", "after", "page"):
        browser.get("/account", query_string={name: target})
        response = browser.post(
            f"/sign-in?{name}={target}",
            {"email": email(browser.house, everyone.vendor_lead), "password": PASSWORD, name: target},
            page="/sign-in",
        )
        assert response.headers["Location"] == "/account"
        browser.post("/sign-out", page="/account")
    for who in (browser, browser.other().sign_in(everyone.vendor_lead)):
        page = "/sign-in" if who is browser else "/account"
        switched = who.post("/language", {"language": "en", "page": target}, page=page)
        assert switched.headers["Location"] == "/"


def test_a_new_token_comes_with_every_sign_in(browser: Browser, everyone: People) -> None:
    enter(browser, everyone.vendor_lead)
    first = browser.token
    browser.post("/sign-out", page="/account")
    enter(browser, everyone.vendor_lead)
    assert browser.token and browser.token != first


def test_a_token_planted_before_signing_in_is_not_taken_over(browser: Browser, everyone: People) -> None:
    browser.client.set_cookie(cookie_name(browser.app), "planted", domain="127.0.0.1")
    enter(browser, everyone.vendor_lead)
    assert browser.token != "planted"
    assert browser.signed_in()


def test_a_cookie_replayed_after_signing_out_is_dead(browser: Browser, everyone: People) -> None:
    browser.sign_in(everyone.vendor_lead)
    token = browser.token
    assert browser.post("/sign-out", page="/account").headers["Location"] == "/sign-in"
    assert browser.token is None
    thief = browser.other()
    thief.client.set_cookie(cookie_name(browser.app), str(token), domain="127.0.0.1")
    assert not thief.signed_in()


def test_signing_out_needs_the_forms_token(browser: Browser, everyone: People) -> None:
    browser.sign_in(everyone.vendor_lead)
    assert browser.client.post("/sign-out", base_url="http://127.0.0.1:8000").status_code == 400
    assert browser.signed_in()


def test_a_forged_host_makes_no_links_and_no_page(browser: Browser, everyone: People) -> None:
    assert browser.client.get("/sign-in", base_url="http://evil.example").status_code == 400
    browser.post(
        "/forgotten",
        {"email": email(browser.house, everyone.owner)},
        headers={
            "X-Forwarded-Host": "evil.example",
            "X-Forwarded-Proto": "https",
            "Forwarded": "host=evil.example",
        },
    )
    jobs.run_due(browser.house)
    assert mailer(browser.house).last_link().startswith("http://127.0.0.1:8000/reset/")
    page = browser.get("/sign-in", headers={"X-Forwarded-Host": "evil.example"})
    assert "evil" not in text(page)


def test_pages_are_not_kept_by_browsers_and_carry_the_policy(browser: Browser) -> None:
    headers = browser.get("/sign-in").headers
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'self'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_sign_ins_are_answered_plainly(browser: Browser, everyone: People, typed: str) -> None:
    for data in ({"email": typed, "password": typed}, {"email": "a@example.jp", "password": typed}, {}):
        assert browser.post("/sign-in", data).status_code == 422
    assert browser.post("/forgotten", {"email": typed}).status_code in (303, 422)
    assert browser.post("/language", {"language": typed, "page": typed}, page="/sign-in").status_code == 303


# links


@pytest.mark.parametrize("kind", ["invitation", "reset", "setup"])
@pytest.mark.parametrize("token", ["x", "a" * 5_000, "%00", "%F0%A0%AE%B7", "..%2f"])
def test_an_unknown_link_is_gone(browser: Browser, kind: str, token: str) -> None:
    assert browser.get(f"/{kind}/{token}").status_code in (404, 410)


def test_a_mail_scanner_that_opens_the_link_does_not_use_it(browser: Browser, everyone: People) -> None:
    link = reset_link(browser, everyone.vendor_lead)
    scanner = browser.other()
    for _visit in range(3):
        assert scanner.get(link).status_code == 200
        assert (
            scanner.client.head(link.removeprefix("http://127.0.0.1:8000"), base_url=link[:21]).status_code
            == 200
        )
    assert browser.post(link, {"password": NEW}).headers["Location"] == "/sign-in"
    assert "パスワードを設定しました" in text(browser.get("/sign-in"))
    assert enter(browser, everyone.vendor_lead, NEW).status_code == 303


def test_a_used_an_expired_and_a_revoked_link_are_gone(
    browser: Browser, everyone: People, clock: SetClock
) -> None:
    used = reset_link(browser, everyone.owner)
    browser.post(used, {"password": NEW})
    assert browser.get(used).status_code == 410
    clock.move(minutes=10)
    revoked, _newer = reset_link(browser, everyone.auditor), clock.move(minutes=10)
    newer = reset_link(browser, everyone.auditor)
    browser.post(newer, {"password": NEW})
    assert "取り消されて" in text(browser.get(revoked))
    expired = reset_link(browser, everyone.approver)
    clock.move(seconds=limits.RESET_LIFE)
    assert "期限" in text(browser.get(expired))
    for gone in (used, revoked, expired):
        response = browser.client.post(
            gone[21:],
            data={"csrf_token": csrf_token(browser.client, "/sign-in"), "password": "one more long password"},
            base_url=gone[:21],
        )
        assert response.status_code == 410


def test_asking_for_a_reset_tells_nothing(browser: Browser, everyone: People) -> None:
    pages = []
    for who in (email(browser.house, everyone.owner), "nobody@example.jp", "not an address"):
        visitor = browser.other()
        response = visitor.post("/forgotten", {"email": who})
        pages.append((response.status_code, response.headers["Location"], _without_token(visitor)))
    assert pages[0] == pages[1] == pages[2]


def _without_token(browser: Browser) -> str:
    page = re.sub(r'value="[^"]*"', "", text(browser.get("/sign-in")))
    assert "再設定のメールを送りました" in page
    return page


def test_a_reset_ends_other_sessions(browser: Browser, everyone: People) -> None:
    signed_in = browser.other().sign_in(everyone.owner)
    browser.post(reset_link(browser, everyone.owner), {"password": NEW})
    assert not signed_in.signed_in()


@pytest.mark.parametrize("password", ["short", "x" * 100_000, "", "aaaaaaaaaaaaaa"])
def test_a_refused_new_password_keeps_the_link(browser: Browser, everyone: People, password: str) -> None:
    link = reset_link(browser, everyone.owner)
    assert browser.post(link, {"password": password}).status_code == 422
    assert browser.get(link).status_code == 200


# set-up

SETUP = {
    "client": "株式会社𠮷髙﨑",
    "kana": "よしたかさき",
    "name": "管理 太郎",
    "email": "Admin@Example.jp",
    "password": PASSWORD,
}


def test_the_first_administrator_sets_the_house_up_and_signs_in(browser: Browser) -> None:
    link = setup.setup_link(browser.house) or ""
    assert browser.get(link).status_code == 200
    for wrong in ({"corporate_number": "123"}, {"password": "short"}, {"email": "x"}, {"client": " "}):
        response = browser.post(link, {**SETUP, **wrong})
        assert (response.status_code, len(errors(response))) == (422, 1), wrong
    assert browser.follow(browser.post(link, SETUP)).status_code == 200
    assert browser.get(link).status_code == 410
    entered = browser.post("/sign-in", {"email": "admin@example.jp", "password": PASSWORD})
    assert entered.headers["Location"] == "/sign-in/second-factor"


def test_a_set_up_link_expires(browser: Browser, clock: SetClock) -> None:
    link = setup.setup_link(browser.house) or ""
    clock.move(seconds=limits.SETUP_LIFE)
    assert browser.get(link).status_code == 410


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_set_ups_are_refused_or_stored_clean(browser: Browser, typed: str) -> None:
    link = setup.setup_link(browser.house) or ""
    assert browser.post(link, dict.fromkeys(SETUP, typed)).status_code == 422
    response = browser.post(
        link, {**SETUP, "client": typed, "kana": typed, "name": typed, "department": typed}
    )
    assert response.status_code == (422 if len(typed) > limits.NAME else 303)


# one's own account


def test_a_new_password_keeps_this_browser_and_ends_the_others(browser: Browser, everyone: People) -> None:
    browser.sign_in(everyone.vendor_lead)
    other, before = browser.other().sign_in(everyone.vendor_lead), browser.token
    wrong = browser.post("/account/password", {"old": "wrong", "new": NEW})
    assert (wrong.status_code, errors(wrong)) == (422, ["パスワードが違います。"])
    assert other.signed_in()
    response = browser.post("/account/password", {"old": PASSWORD, "new": NEW})
    assert "パスワードを変更しました" in text(browser.follow(response))
    assert browser.signed_in() and browser.token != before
    assert not other.signed_in()
    thief = browser.other()
    thief.client.set_cookie(cookie_name(browser.app), str(before), domain="127.0.0.1")
    assert not thief.signed_in()


def test_a_second_factor_is_set_up_and_taken_off_from_the_account(
    browser: Browser, everyone: People, clock: SetClock
) -> None:
    browser.sign_in(everyone.vendor_lead)
    other = browser.other().sign_in(everyone.vendor_lead)
    secret = shown_secret(browser.get("/account/second-factor"))
    assert shown_secret(browser.get("/account/second-factor")) == secret, "it may be looked at again"
    assert shown_secret(other.get("/account/second-factor")) != secret, "but by this browser only"
    code = pyotp.TOTP(secret).at(clock.now())
    assert other.post("/account/second-factor", {"code": code, "password": PASSWORD}).status_code == 422
    wrong = browser.post("/account/second-factor", {"code": code, "password": "wrong"})
    assert wrong.status_code == 422
    assert other.signed_in()
    done = browser.post("/account/second-factor", {"code": code, "password": PASSWORD})
    assert "設定しました" in text(browser.follow(done))
    assert browser.signed_in() and not other.signed_in()
    assert browser.get("/account/second-factor").headers["Location"] == "/account"

    other.sign_in(everyone.vendor_lead)
    refused = browser.post("/account/second-factor/remove", {"password": "wrong"})
    assert (refused.status_code, other.signed_in()) == (422, True)
    browser.follow(browser.post("/account/second-factor/remove", {"password": PASSWORD}))
    assert browser.signed_in() and not other.signed_in()


def test_who_needs_a_second_factor_is_led_to_a_new_one(
    browser: Browser, everyone: People, clock: SetClock
) -> None:
    secret = enrolled(browser.house, everyone.officer, clock)
    browser.sign_in(everyone.officer)
    gone = browser.post("/account/second-factor/remove", {"password": PASSWORD})
    assert gone.headers["Location"] == "/account/second-factor"
    assert secret not in text(browser.follow(gone))


def test_signing_out_everywhere_ends_this_browser_too(browser: Browser, everyone: People) -> None:
    browser.sign_in(everyone.owner)
    other = browser.other().sign_in(everyone.owner)
    browser.post("/account/sign-out-everywhere", page="/account")
    assert not browser.signed_in() and not other.signed_in()


def test_the_language_is_the_persons_own(browser: Browser, everyone: People) -> None:
    browser.sign_in(everyone.owner)
    assert (
        browser.post("/language", {"language": "en", "page": "/account"}, page="/").headers["Location"]
        == "/account"
    )
    assert '<html lang="en"' in text(browser.other().sign_in(everyone.owner).get("/account"))


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_passwords_in_the_account_are_refused(browser: Browser, everyone: People, typed: str) -> None:
    browser.sign_in(everyone.owner)
    assert browser.post("/account/password", {"old": typed, "new": typed}).status_code == 422
    assert browser.post("/account/second-factor", {"code": typed, "password": typed}).status_code == 422

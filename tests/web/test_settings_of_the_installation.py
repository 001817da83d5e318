"""Zone and proxies, as the installation's settings say."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from audit_portal.app import create_app
from audit_portal.services.accounts import throttle
from audit_portal.services.house import House
from tests.factories.house import People
from tests.web.client import Browser, text


def with_settings(house: House, **changes: object) -> House:
    return replace(house, settings=replace(house.settings, **changes))


def fail_to_sign_in(house: House, forwarded: str) -> None:
    browser = Browser(create_app(house, "only for tests"), house)
    browser.client.environ_base["HTTP_X_FORWARDED_FOR"] = forwarded
    browser.post("/sign-in", {"email": "nobody@example.jp", "password": "a wrong password"})


def counted(house: House, address: str) -> bool:
    return throttle.locked(house, "address", address, most=1)


def test_a_clients_address_is_the_one_the_trusted_proxy_saw(house: House, everyone: People) -> None:
    fail_to_sign_in(with_settings(house, proxies=1), "198.51.100.1, 203.0.113.7")
    assert counted(house, "203.0.113.7")
    assert not counted(house, "198.51.100.1"), "the first one is the client's own claim"


def test_without_a_proxy_nobody_chooses_their_own_address(house: House, everyone: People) -> None:
    fail_to_sign_in(house, "203.0.113.7")
    assert counted(house, "127.0.0.1")
    assert not counted(house, "203.0.113.7")


def test_days_and_times_are_those_of_the_installations_zone(house: House, everyone: People) -> None:
    for zone in ("Pacific/Kiritimati", "Pacific/Niue"):  # 25 hours apart: never the same day
        moved = with_settings(house, zone=ZoneInfo(zone))
        there = house.clock.now().astimezone(ZoneInfo(zone))
        assert moved.today() == there.date()
        browser = Browser(create_app(moved, "only for tests"), moved).sign_in(everyone.officer)
        assert f"{there.month}月{there.day}日" in text(browser.get("/"))


def test_every_page_of_the_sample_says_what_it_is_and_what_its_accounts_do_without(house: House) -> None:
    app = create_app(house, "only for tests")
    told = ("架空のもの", "2段階認証なしでサインイン")
    assert not any(each in text(Browser(app, house).get("/sign-in")) for each in told)
    app.config["SAMPLE_INSTANCE"] = True
    assert all(each in text(Browser(app, house).get("/sign-in")) for each in told)

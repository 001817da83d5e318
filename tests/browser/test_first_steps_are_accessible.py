"""Pages before anybody is signed in: set-up, invitation, the second factor; narrow and wide, in both languages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.accessibility import assert_sound
from tests.browser.journey import Person, press, submit
from tests.browser.server import Portal

pytestmark = pytest.mark.timeout(300)

SCREENS = [
    pytest.param(language, size, id=f"{language}-{size['width']}")
    for language in ("ja-JP", "en-GB")
    for size in ({"width": 320, "height": 640}, {"width": 1280, "height": 900})
]
EMAIL, PASSWORD = "aoki@aoba-shoji.example", "a long enough sentence"


@dataclass
class FirstDay:
    """A new installation; the link of its set-up works until `set_up`."""

    portal: Portal
    browser: Browser
    link: str
    ready: bool = False

    def set_up(self) -> None:
        """Harmless twice."""
        if self.ready:
            return
        somebody = Person(self.browser, self.portal, "青木 佳奈", EMAIL)
        page = somebody.page
        page.goto(self.link)
        values = {"client": "株式会社青葉商事", "kana": "アオバショウジ", "name": "青木 佳奈", "email": EMAIL}
        for name, value in {**values, "password": PASSWORD}.items():
            page.fill(f"[name={name}]", value)
        submit(page)
        assert page.url.endswith("/sign-in")
        somebody.close()
        self.ready = True


@pytest.fixture(scope="module")
def day(browser: Browser, portal_on: Callable[[str], Portal]) -> FirstDay:
    portal = portal_on("sqlite")
    link = portal.init()
    portal.start()
    return FirstDay(portal, browser, link)


@pytest.fixture
def page(day: FirstDay, request: pytest.FixtureRequest) -> Iterator[Page]:
    """Of somebody new, in the language and size of the test."""
    values = request.node.callspec.params
    options = {"locale": values["language"], "viewport": values["size"]}
    somebody = Person(day.browser, day.portal, request.node.name, EMAIL, PASSWORD, options)
    yield somebody.page
    somebody.close()


def assert_sound_with_errors(page: Page) -> None:
    """As it is, and as it comes back from a form with nothing in it, whose errors lead to their fields."""
    assert_sound(page)
    submit(page)
    assert page.locator(".govuk-error-message").count()
    assert_sound(page)
    page.locator(".govuk-error-summary a").first.click()
    assert page.evaluate("document.activeElement.matches('main input')")


@pytest.mark.parametrize(("language", "size"), SCREENS)
def test_the_page_of_setting_up(day: FirstDay, page: Page, language: str, size: dict[str, int]) -> None:
    assert not day.ready, "runs before the tests that set up"
    page.goto(day.link)
    assert page.locator("html").get_attribute("lang") == language[:2]
    assert_sound_with_errors(page)


@pytest.mark.parametrize(("language", "size"), SCREENS)
def test_the_pages_of_enrolling_a_second_factor(
    day: FirstDay, page: Page, language: str, size: dict[str, int]
) -> None:
    day.set_up()
    page.goto("/sign-in")
    page.fill("[name=email]", EMAIL)
    page.fill("[name=password]", PASSWORD)
    submit(page)
    assert page.url.endswith("/sign-in/second-factor")
    assert page.locator("html").get_attribute("lang") == language[:2]
    assert page.locator("main .app-reference").is_visible()
    assert_sound_with_errors(page)
    page.fill("[name=code]", "000000")
    submit(page)
    assert page.locator(".govuk-error-message").count(), "a wrong code is no second factor"
    assert_sound(page)


@pytest.mark.parametrize(("language", "size"), SCREENS)
def test_the_page_of_an_invitation_and_the_page_when_its_link_is_over(
    day: FirstDay, page: Page, language: str, size: dict[str, int]
) -> None:
    day.set_up()
    email = f"new-{language}-{size['width']}@aoba-shoji.example".lower()
    page.goto(day.portal.run("user", "add", "--role", "auditor", "--email", email).strip())
    link = page.url
    assert page.locator("html").get_attribute("lang") == language[:2]
    assert_sound_with_errors(page)
    page.fill("[name=password]", "short")
    submit(page)
    assert page.locator(".govuk-error-message").count()
    assert_sound(page)
    page.fill("[name=password]", PASSWORD)
    submit(page)
    assert page.url.endswith("/sign-in")
    assert_sound(page)
    over = page.goto(link)
    assert over is not None
    assert over.status == 410
    assert_sound(page)


def test_the_set_up_page_when_its_link_is_over(day: FirstDay) -> None:
    day.set_up()
    visitor = Person(
        day.browser, day.portal, "visitor", "", options={"viewport": {"width": 320, "height": 640}}
    )
    visitor.page.goto(day.link)
    assert_sound(visitor.page)
    press(visitor.page, visitor.page.locator("header button[name=language]"))
    visitor.close()

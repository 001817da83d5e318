"""A check of a vendor without an account: its paper registered and transcribed, compared by a second officer, reviewed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import assert_sound
from tests.browser.journey import Person, choose, fill_date, paper, press, save, sign_in, submit
from tests.browser.server import Portal

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def officers(browser: Browser, portal_on: Callable[[str], Portal]) -> Iterator[tuple[Person, Person]]:
    """The sample's two officers, signed in."""
    portal = portal_on("sqlite")
    portal.run("init", "--quiet")
    accounts = {each["email"].partition("@")[0]: each for each in portal.told("sample", "load")["accounts"]}
    portal.start()
    people = []
    for key in ("hanako", "makoto"):
        found = accounts[key]
        person = Person(browser, portal, key, found["email"], found["password"])
        sign_in(person)
        people.append(person)
    yield people[0], people[1]
    for person in people:
        person.close()


def test_answers_on_paper_become_answers_of_the_check(
    officers: tuple[Person, Person], tmp_path: Path
) -> None:
    hanako, makoto = officers
    page = hanako.page
    page.goto("/")
    page.get_by_role("link", name="山麓製本所 の回答を原本から転記する（代行入力）").click()
    _register(page, save(tmp_path, "回答書.pdf", paper("Answers of the bindery")))
    transcribed = _transcribe(page)
    assert transcribed == 4
    press(page, page.get_by_role("button", name="別の人に照合を依頼する"))
    expect(page.locator("main")).to_contain_text("別の担当者による照合をお待ちください")
    check = page.url.rpartition("/")[0]
    _compare(makoto.page)
    page.goto(check)
    expect(page.locator("main")).to_contain_text("照合済み")
    _answer_own(page)
    _review(makoto.page, check)


def _register(page: Page, file: Path) -> None:
    """Another source than the sample's: the paper itself."""
    page.get_by_role("link", name="書面（紙の回答書など）").last.click()
    submit(page)
    expect(page.locator(".govuk-error-summary")).to_contain_text("日付を入力してください")
    assert_sound(page)
    fill_date(page, "dated_on", date.today() - timedelta(days=2))
    page.fill("[name=answerer]", "山本 登")
    page.fill("[name=answerer_title]", "工場長")
    submit(page)
    with page.expect_navigation():
        page.set_input_files("input[type=file]", file)
        page.locator("button[name=attach]").click()
    expect(page.locator("main")).to_contain_text("回答書.pdf")
    assert_sound(page)


def _transcribe(page: Page) -> int:
    """Item by item, on the pages a vendor would have; returns how many."""
    press(page, page.get_by_role("button", name="QSL-002 を転記する"))
    count = 0
    while "/items/" in page.url:
        count += 1
        assert count < 20, page.url
        page.select_option("[name=source]", index=1)
        choose(page, "value", "no" if "QSL-005" in page.url else "yes")
        page.fill("[name=comment]", "原本のとおりです。")
        submit(page)
    return count


def _compare(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="山麓製本所 の転記された回答を原本と照合する").click()
    assert_sound(page)
    submit(page)
    expect(page.locator(".govuk-error-summary")).to_contain_text("まだ開いていない原本が1件")
    with page.expect_download() as file:
        page.get_by_role("link", name="回答書.pdf", exact=True).first.click()
    assert file.value.suggested_filename == "回答書.pdf"
    submit(page)
    expect(page.locator("main")).to_contain_text("回答を提出しました")


def _answer_own(page: Page) -> None:
    page.get_by_role("button", name="QSL-001 に回答する").click()
    choose(page, "value", "yes")
    page.fill("[name=comment]", "利用目的の範囲内です。")
    submit(page)


def _review(page: Page, check: str) -> None:
    page.goto(f"{check}/items/QSL-002")
    expect(page.locator("main")).to_contain_text(
        "転記（回答者 山本 登 工場長、原本 書面（紙の回答書など） 回答書.pdf"
    )
    for _ in range(5):
        page.goto(check)
        press(page, page.get_by_role("button", name="審査を").first)
        choose(page, "result", "conforms")
        choose(page, "basis", "document")
        page.fill("form[action$='/review'] [name=remark]", "回答書と見比べた。")
        submit(page)
    page.goto(check)
    press(page, page.get_by_role("button", name="審査を終える"))
    expect(page.locator("main")).to_contain_text("審査を終えました")

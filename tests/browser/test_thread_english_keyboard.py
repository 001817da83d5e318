"""The short thread in English by keyboard alone, without JavaScript, on SQLite: answers to a verified report."""

from __future__ import annotations

import ast
import json
import re
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from audit_portal.services import sample
from tests.browser.journey import Person, paper, reload_until, save
from tests.browser.keyboard import Keyboard
from tests.browser.server import PROGRAM, Portal

pytestmark = pytest.mark.timeout(600)

FACTS = ("SEL-029", "SEL-033", "SEL-040")
FILE = "Locked cabinets 2026.pdf"
_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef\u3000-\u303f]+")
_OWN_WORDS = """() => {
  const said = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.currentNode; node; node = walk.nextNode()) {
    const element = node.nodeType === 3 ? node.parentElement : node;
    if (element.closest('[lang=ja], script, textarea')) continue;
    if (node.nodeType === 3) said.push(node.data);
    else for (const each of node.attributes) if (!['href', 'value', 'action'].includes(each.name)) said.push(each.value);
  }
  return said.map(each => each.trim()).filter(Boolean);
}"""


@cache
def sample_texts() -> tuple[str, ...]:
    """The sample's names and answers are data in Japanese: the literals of the module that makes it."""
    tree = ast.parse(Path(sample.__file__).read_text())
    found = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    found.add("日本語")  # what the language calls itself, where one is chosen
    return tuple(sorted(filter(_JAPANESE.search, found), key=len, reverse=True))


class Reader(Person):
    """One of the sample's people, reading English; every page is held to be in English."""

    @property
    def keys(self) -> Keyboard:
        return Keyboard(self.page)

    def check_language(self) -> None:
        assert self.page.locator("html").get_attribute("lang") == "en"
        for said in self.page.evaluate(_OWN_WORDS):
            for text in sample_texts():
                said = said.replace(text, "")
            if _JAPANESE.search(said):
                problem = f"{re.sub(r'[0-9a-f-]{36}', '…', self.page.url)}: {said[:120]}"
                if problem not in self.problems:
                    self.problems.append(problem)

    def follow(self, selector: str) -> None:
        self.keys.follow(self.page.locator(selector).first)
        self.check_language()


class Story:
    def __init__(self, browser: Browser, portal: Portal) -> None:
        self.portal = portal
        portal.run("init", "--quiet")
        people = portal.told("sample", "load")["accounts"]
        portal.start()
        self.passphrases = {each["email"].partition("@")[0]: each["passphrase"] for each in people}
        self.people = {
            each["email"].partition("@")[0]: Reader(
                browser, portal, each["email"].partition("@")[0], each["email"], each["password"], _QUIET
            )
            for each in people
        }
        self.assessment = self.engagement = self.decision = self.report = ""

    def __getitem__(self, key: str) -> Reader:
        return self.people[key]


_QUIET = {"java_script_enabled": False, "locale": "en-GB"}


@pytest.fixture(scope="module")
def story(browser: Browser, portal_on: Callable[[str], Portal]) -> Story:
    return Story(browser, portal_on("sqlite"))


def test_the_thread_runs_by_keyboard_alone_without_a_script(story: Story) -> None:
    for key in ("nakamura", "ken", "yumi", "hanako", "kenji"):
        enter(story[key])
    vendor_answers(story)
    vendor_attaches(story)
    vendor_submits(story)
    owner_answers(story)
    auditor_reviews(story)
    officer_asks(story)
    approver_approves(story)
    order_the_report(story)
    sign(story, "yumi")
    sign(story, "hanako")
    download_and_check(story)
    for person in story.people.values():
        assert person.problems == [], person.name


def enter(person: Reader) -> None:
    """Signs in; the person's own language is Japanese until the language button is pressed."""
    page, keys = person.page, person.keys
    page.goto("/sign-in")
    person.check_language()
    keys.skip()
    keys.type(page.locator("[name=email]"), person.email)
    keys.to(page.locator("header button[name=language]"), back=True)
    keys.type(page.locator("[name=password]"), person.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.locator("html").get_attribute("lang") == "ja"
    person.follow("header button[name=language]")
    expect(page).to_have_url(f"{person.portal.base}/")


def vendor_answers(story: Story) -> None:
    person = story["nakamura"]
    page = person.page
    person.follow("main .app-next a.govuk-button")
    story.assessment = page.url
    person.follow("form[action$='/submit'] button")
    expect(page.locator(".govuk-error-summary a").first).to_contain_text("SEL-")
    person.follow(".govuk-error-summary a")
    assert len(answer_all(story, person)) > 5


def answer_all(story: Story, person: Reader) -> list[str]:
    page, keys, done = person.page, person.keys, []
    while page.url != story.assessment:
        code = page.url.rpartition("/")[2]
        assert code not in done, f"{code} comes twice"
        keys.choose("value", "no" if code in FACTS else "yes")
        keys.type(page.locator("#comment"), "We do this as our rules say.")
        person.follow("form[data-autosave] button[name=submit]")
        done.append(code)
    return done


def vendor_attaches(story: Story) -> None:
    person = story["nakamura"]
    page, keys = person.page, person.keys
    person.follow("main a[href$='/items/SEL-020']")
    person.follow("button[name=attach]")
    expect(page.locator(".govuk-error-message")).to_be_visible()
    person.follow("main p.app-after a")
    keys.day("observed", date.today() - timedelta(days=3))
    keys.file(page.locator("input[type=file]"), save(story.portal.folder, FILE, paper("Cabinets")))
    person.follow("button[name=attach]")
    expect(page.locator("main .app-card")).to_contain_text(FILE)


def vendor_submits(story: Story) -> None:
    person = story["nakamura"]
    person.follow("main a[href$='/" + story.assessment.rpartition("/")[2] + "']")
    person.follow("form[action$='/submit'] button")
    expect(person.page.locator(".govuk-notification-banner--success")).to_be_visible()


def owner_answers(story: Story) -> None:
    person = story["ken"]
    person.page.goto(story.assessment)
    person.follow("main .app-next a.govuk-button")
    assert answer_all(story, person)


def auditor_reviews(story: Story) -> None:
    person = story["yumi"]
    page, keys = person.page, person.keys
    page.goto(story.assessment)
    person.follow("main .app-next a.govuk-button")
    done = []
    while page.url != story.assessment:
        done.append(page.url)
        assert len(done) == len(set(done)), f"{page.url} comes twice"
        keys.choose("result", "conforms")
        keys.choose("basis", "interview")
        keys.type(page.locator("#remark"), "Heard from the vendor.")
        person.follow("form[action$='/review'] button[name=submit]")
    assert len(done) > 20
    person.follow("form[action$='/finish'] button")
    expect(page.locator("form[action$='/reports']")).to_be_visible()


def officer_asks(story: Story) -> None:
    person = story["hanako"]
    page, keys = person.page, person.keys
    page.goto(story.assessment)
    person.follow("main .app-next a[href^='/engagements/']")
    story.engagement = page.url
    person.follow("main a[href$='/decisions/new']")
    keys.type(page.locator("[name=reason]"), "The selection check is done.")
    person.follow("main button[name=submit]")
    story.decision = page.url


def approver_approves(story: Story) -> None:
    person = story["kenji"]
    page, keys = person.page, person.keys
    page.reload()
    person.follow(f"main a[href='{story.decision.removeprefix(story.portal.base)}']")
    keys.choose("outcome", "approve")
    keys.type(page.locator("#comment"), "I agree.")
    person.follow("main button[name=submit]")
    expect(page.locator("[name=outcome]")).to_have_count(0)


def order_the_report(story: Story) -> None:
    person = story["yumi"]
    person.page.goto(story.assessment)
    person.keys.choose("language", "en", "form[action$='/reports']")
    person.follow("form[action$='/reports'] button")
    story.report = person.page.url


def sign(story: Story, key: str) -> None:
    person = story[key]
    page = person.page
    page.goto(story.report)
    reload_until(page, page.locator("main [name=passphrase]"))
    person.check_language()
    person.keys.type(page.locator("[name=passphrase]"), story.passphrases[key])
    person.follow("main button[name=submit]")


def download_and_check(story: Story) -> None:
    person = story["hanako"]
    page, keys = person.page, person.keys
    reload_until(page, page.locator(".govuk-tag--green"))
    person.check_language()
    keys.to(page.locator("main a[href$='/download']"))
    with page.expect_download() as got:
        page.keyboard.press("Enter")
    pdf = story.portal.folder / "report.pdf"
    got.value.save_as(pdf)
    root = story.portal.instance / "trust" / "root.pem"
    done = subprocess.run(
        [PROGRAM, "report", "verify", pdf, "--trust", root, "--json"], capture_output=True, text=True
    )
    assert json.loads(done.stdout)["ok"], done.stdout
    person.follow("footer a[href='/verify']")
    assert check(page, keys, pdf), "the page of verifying"
    person.check_language()
    story.portal.told("ledger", "verify", "--checkpoint", pdf)
    story.portal.told("evidence", "verify")


def check(page: Page, keys: Keyboard, pdf: Path) -> bool:
    keys.file(page.locator("input[type=file]"), pdf)
    keys.follow(page.locator("main button[name=submit]"))
    return page.locator(".app-next #verdict").count() == 1

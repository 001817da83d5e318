"""A person who reads English and has only a keyboard and no scripts; every page they come to is held to that."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pyotp
from playwright.sync_api import Response, expect

from tests.browser.journey import Person
from tests.browser.keyboard import Keyboard

_JAPANESE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef\u3000-\u303f]+")
_OWN_NAME = "日本語"  # what the language calls itself, where one is chosen

# Texts and attributes of the page, but for parts marked as Japanese.
_OWN_WORDS = """() => {
  const said = [document.title];
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
  for (let node = walk.currentNode; node; node = walk.nextNode()) {
    const element = node.nodeType === 3 ? node.parentElement : node;
    if (element.closest('[lang=ja], script')) continue;
    if (node.nodeType === 3) said.push(node.data);
    else for (const each of node.attributes) if (each.name !== 'href') said.push(each.value);
  }
  return said.map(each => each.trim()).filter(Boolean);
}"""


def japanese(text: str) -> list[str]:
    """The runs of Japanese letters in a text, but for the name of the language."""
    return _JAPANESE.findall(text.replace(_OWN_NAME, ""))


@dataclass
class Reader(Person):
    """Problems found on the way are kept in `problems`, as a person's others are."""

    options: dict[str, Any] = field(default_factory=lambda: {"java_script_enabled": False, "locale": "en-GB"})
    invited_in: str = "en"

    @property
    def keys(self) -> Keyboard:
        return Keyboard(self.page)

    def check_language(self) -> None:
        assert self.page.locator("html").get_attribute("lang") == "en", self.page.url
        for said in self.page.evaluate(_OWN_WORDS):
            problem = f"{re.sub(r'[0-9a-f-]{36}', '…', self.page.url)}: {said[:120]}"
            if japanese(said) and problem not in self.problems:
                self.problems.append(problem)

    def assert_at(self, path: str) -> None:
        """The way past the head of a page leaves its mark (#main) in the address."""
        assert self.page.url.partition("#")[0] == f"{self.portal.base}{path}"

    def goto(self, address: str) -> Response:
        answer = self.page.goto(address)
        assert answer is not None
        self.check_language()
        return answer

    def follow(self, selector: str) -> None:
        """Enter on the first of these links or buttons."""
        self.keys.follow(self.page.locator(selector).first)
        self.check_language()

    def type(self, **texts: str) -> None:
        """Into the fields of these names."""
        for name, text in texts.items():
            self.keys.type(self.page.locator(f"main [name={name}]"), text)

    def send(self, selector: str = "main button[name=submit]") -> None:
        """A form that has to be taken."""
        self.follow(selector)
        refusal = self.page.locator(".govuk-error-summary")
        assert not refusal.count(), f"{self.page.url}: {refusal.inner_text()}"


def enter(person: Reader) -> None:
    """Signs in from the page of signing in; who has no second factor but needs one enrols it by its text."""
    page, keys = person.page, person.keys
    person.assert_at("/sign-in")
    keys.skip()
    person.type(email=person.email)
    keys.to(page.locator("header button[name=language]"), back=True)
    person.type(password=person.password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    if "/sign-in/second-factor" in page.url:
        person.check_language()
        person.type(code=pyotp.TOTP(page.locator(".app-reference").inner_text().strip()).now())
        with page.expect_navigation():
            page.keyboard.press("Enter")
    person.assert_at("/")
    assert page.locator("html").get_attribute("lang") == person.invited_in
    if person.invited_in == "ja":
        person.follow("header button[name=language]")
        person.assert_at("/")
    person.check_language()


def join(person: Reader) -> None:
    person.goto(person.portal.mails.link_to(person.email, "/invitation/"))
    expect(person.page.locator("main")).to_contain_text(person.name)
    person.type(password=person.password)
    person.send()
    enter(person)

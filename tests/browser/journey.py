"""People at their browsers, and the steps that journeys share."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any

import pyotp
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Response, expect
from reportlab.pdfgen.canvas import Canvas

from tests.browser.server import PATIENCE, Portal

PASSWORD = "a long enough sentence {}"


@dataclass
class Person:
    """Somebody with a browser of their own; what goes wrong on their pages is kept in `problems`."""

    browser: Browser
    portal: Portal
    name: str
    email: str
    password: str = ""
    options: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.password = self.password or PASSWORD.format(self.email)
        chosen = {"locale": "ja-JP", "base_url": self.portal.base, **self.options}
        self.context = self.browser.new_context(**chosen)
        self.page = self.context.new_page()
        watch(self.page, self.problems)

    def close(self) -> None:
        self.context.close()
        assert self.problems == [], self.name


def watch(page: Page, problems: list[str]) -> None:
    """Notes console errors (a break of the content security policy is one), scripts' errors, server errors."""

    def console(line: ConsoleMessage) -> None:
        # The browser also notes every refusal the portal answers a form with.
        refusal = any(f"status of {status}" in line.text for status in (409, 410, 422))
        if line.type in ("error", "warning") and not refusal:
            problems.append(f"{page.url}: {line.text}")

    def response(answer: Response) -> None:
        if answer.status >= 500 or (answer.status in (400, 403, 404) and answer.request.method != "HEAD"):
            problems.append(f"{answer.status} {answer.url}")

    page.on("console", console)
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on("response", response)


def sign_in(person: Person) -> None:
    """With the password; enrols a second factor from the secret on the page when that is asked."""
    page = person.page
    page.goto("/sign-in")
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", person.password)
    submit(page)
    if page.url.endswith("/sign-in/second-factor"):
        secret = page.locator(".app-reference").inner_text().strip()
        page.fill("[name=code]", pyotp.TOTP(secret).now())
        submit(page)
    expect(page).to_have_url(f"{person.portal.base}/")


def join(person: Person) -> None:
    """By the link in the mail; looking at it (as mail scanners do) doesn't use it up."""
    page = person.page
    link = person.portal.mails.link_to(person.email, "/invitation/")
    for _ in range(2):
        answer = page.goto(link)
        assert answer is not None
        assert answer.status == 200
    expect(page.locator("main")).to_contain_text(person.name)
    page.fill("[name=password]", person.password)
    submit(page)
    sign_in(person)


def submit(page: Page, name: str = "submit") -> None:
    """Presses the button and waits for what comes of it."""
    button = page.locator(f"main button[name={name}]").last
    press(page, button)


def press(page: Page, button: Locator) -> Response:
    """Presses a button or a link that leads on; returns when the page it led to is there."""
    with page.expect_navigation() as led:
        button.click()
    return led.value


def fill_date(page: Page, name: str, day: date) -> None:
    for part in ("year", "month", "day"):
        page.fill(f"#{name}-{part}", str(getattr(day, part)))


def choose(page: Page, name: str, value: str) -> None:
    page.check(f"input[name={name}][value={value}]")


def reload_until(page: Page, wanted: Locator) -> None:
    """The worker's part takes its time: the page is read anew until it shows what is wanted."""
    until = time.monotonic() + PATIENCE
    while not wanted.count():
        assert time.monotonic() < until, (
            f"{page.url} never showed {wanted}: {page.locator('main').inner_text()}"
        )
        time.sleep(0.3)
        page.reload()


def paper(title: str) -> bytes:
    """A real PDF of a few kilobytes."""
    made = BytesIO()
    canvas = Canvas(made)
    for number in range(1, 4):
        canvas.drawString(72, 720, f"{title}, page {number}")
        for line in range(30):
            canvas.drawString(
                72, 690 - 18 * line, f"{line + 1}. Access to the work area is recorded and reviewed."
            )
        canvas.showPage()
    canvas.save()
    return made.getvalue()


def save(folder: Path, name: str, content: bytes) -> Path:
    path = folder / name
    path.write_bytes(content)
    return path

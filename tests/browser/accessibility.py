"""What every page is held to: axe, no sideways scrolling, targets large enough, errors tied to their fields."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {
    "runOnly": {"type": "tag", "values": TAGS},
    "rules": {"target-size": {"enabled": True}},
    "resultTypes": ["violations"],
    "preload": False,
}
TARGET = 24  # CSS pixels, WCAG 2.2 SC 2.5.8

# Controls smaller than a target; a link in a line of text is exempt (2.5.8 "inline").
_SMALL = """least => [...document.querySelectorAll('button, input, select, textarea, summary, .govuk-button')]
  .filter(each => each.type !== 'hidden' && each.checkVisibility())
  .map(each => [each, each.getBoundingClientRect()])
  .filter(([, box]) => box.width > 1 && (box.width < least - 0.5 || box.height < least - 0.5))
  .map(([each, box]) => `${each.outerHTML.slice(0, 120)}: ${box.width} x ${box.height}`)"""

# Messages no control names as its description, and links of the summary that lead nowhere.
_LOOSE = """() => {
  const tied = new Set([...document.querySelectorAll('[aria-describedby]')]
    .flatMap(each => each.getAttribute('aria-describedby').split(/\\s+/)));
  const messages = [...document.querySelectorAll('.govuk-error-message')];
  const links = [...document.querySelectorAll('.govuk-error-summary a[href^="#"]')];
  return [
    ...messages.filter(each => !tied.has(each.id)).map(each => `not tied: ${each.outerHTML}`),
    ...links.filter(each => !document.querySelector(each.getAttribute('href')))
      .map(each => `leads nowhere: ${each.outerHTML}`),
  ];
}"""
_WIDE = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"

_axe = Axe()


def faults(page: Page) -> list[str]:
    """Everything wrong with the page as it stands, in words; a page on its way is waited for."""
    page.wait_for_selector("h1", state="attached")
    found = _axe.run(page, options=OPTIONS).response["violations"]
    said = [f"{rule['id']}: {node['html'][:200]}" for rule in found for node in rule["nodes"]]
    if (over := page.evaluate(_WIDE)) > 0:
        said.append(f"scrolls sideways by {over} px")
    return [*said, *page.evaluate(_SMALL, TARGET), *page.evaluate(_LOOSE)]


def assert_sound(page: Page) -> None:
    found = faults(page)
    assert found == [], f"{page.url}: {found}"

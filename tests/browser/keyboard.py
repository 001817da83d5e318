"""A person who has only a keyboard: moves with Tab, acts with Space, Enter and the arrow keys, and types."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from playwright.sync_api import Locator, Page

MOST_TABS = 150  # from the top of the longest page to its end

# Whether the focused element shows it: a line or a shadow round it, or round the mark that stands for it.
_SHOWS = """() => {
  const here = document.activeElement;
  const styles = [getComputedStyle(here)];
  for (const label of here.labels ?? []) styles.push(getComputedStyle(label, '::before'));
  const drawn = styles.some(style =>
    (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== 'none');
  const box = here.getBoundingClientRect();
  return drawn && box.bottom > 0 && box.top < innerHeight;
}"""


class Keyboard:
    """Drives one page. Every stop that is used has to show that it has the focus."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, wanted: Locator, back: bool = False) -> None:
        """Presses Tab (or Shift+Tab) until this control has the focus."""
        for _ in range(MOST_TABS):
            if wanted.evaluate("each => each === document.activeElement"):
                break
            self.page.keyboard.press("Shift+Tab" if back else "Tab")
        else:
            raise AssertionError(f"{wanted} can't be reached on {self.page.url}")
        assert self.page.evaluate(_SHOWS), f"{wanted} doesn't show its focus on {self.page.url}"

    def type(self, wanted: Locator, text: str) -> None:
        self.to(wanted)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.insert_text(text)

    def follow(self, wanted: Locator) -> None:
        """Enter on a link or a button; waits for the page it leads to."""
        self.to(wanted)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")

    def choose(self, name: str, value: str, form: str = "main") -> None:
        """Tab enters a group of radios at its checked or first one; arrows move within it."""
        group = self.page.locator(f"{form} input[name={name}]")
        checked = self.page.locator(f"{form} input[name={name}]:checked")
        self.to(checked.first if checked.count() else group.first)
        self.page.keyboard.press("Space")
        wanted = self.page.locator(f'{form} input[name={name}][value="{value}"]')
        for _ in range(group.count()):
            if wanted.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert wanted.is_checked(), f"{value} can't be chosen"

    def tick(self, name: str, value: str) -> None:
        box = self.page.locator(f'main input[name={name}][value="{value}"]')
        self.to(box)
        self.page.keyboard.press("Space")
        assert box.is_checked(), f"{value} can't be ticked"

    def pick(self, name: str, word: str) -> None:
        """In a list, typing the first word of an entry leads to it."""
        chosen = self.page.locator(f"main select[name={name}]")
        self.to(chosen)
        self.page.keyboard.type(word)
        label = chosen.evaluate("each => each.selectedOptions[0].label")
        assert label.startswith(word), f"{word} can't be picked: {label}"

    def day(self, name: str, day: date) -> None:
        for part in ("year", "month", "day"):
            self.type(self.page.locator(f"#{name}-{part}"), str(getattr(day, part)))

    def skip(self) -> None:
        """The first stop of every page leads past its head."""
        self.page.keyboard.press("Tab")
        self.to(self.page.locator(".govuk-skip-link"))
        self.page.keyboard.press("Enter")
        self.page.keyboard.press("Tab")
        assert self.page.evaluate("document.querySelector('main').contains(document.activeElement)")

    def file(self, wanted: Locator, path: Path) -> None:
        """The browser's own file window can't be driven; what opens it is reached all the same."""
        self.to(wanted)
        wanted.set_input_files(path)

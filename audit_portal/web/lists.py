"""Lists on pages: the place in them, what is filtered and sorted by, as they stand in the address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from flask import request, url_for

from audit_portal.domain import limits
from audit_portal.web.fields import clean_line

E = TypeVar("E", bound=StrEnum)
_KEY = 2 * limits.LINE


def page_key() -> str | None:
    """Where the page of a list begins: `after` of the address, without what no database takes."""
    return (clean_line(request.args.get("after")) or "")[:_KEY] or None


def search() -> str:
    """What is looked for: `q` of the address."""
    return (clean_line(request.args.get("q")) or "")[: limits.NAME]


def page_urls(endpoint: str, next_key: str | None, **args: Any) -> dict[str, str | None]:
    """`next_url` and `first_url` for the pagination macro."""
    kept = {name: value for name, value in args.items() if value}
    return {
        "next_url": url_for(endpoint, after=next_key, **kept) if next_key else None,
        "first_url": url_for(endpoint, **kept) if request.args.get("after") else None,
    }


@dataclass(frozen=True)
class Field:
    """One field of the form above a list; `options` of a choice: (value, label)."""

    name: str
    label: str
    value: str
    options: tuple[tuple[str, str], ...] = ()


class ListFilter:
    """Reads the address part by part, and remembers each part for the form above the list and for its links.

    What isn't one of ours counts as no choice: an old bookmark shows a list, never a fault.
    """

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.words: list[Field] = []
        self.choices: list[Field] = []
        self.ticks: list[Field] = []
        self.args: dict[str, Any] = {}  # as they go on in links
        self.count = 0  # of what narrows the list
        self._kept: dict[str, Any] = {}  # what stays when the filters are taken off

    def search(self, label: str) -> str:
        value = search()
        self.words.append(Field("q", label, value))
        return self._on("q", value)

    def choice(self, name: str, label: str, everything: str, options: Mapping[E, Any]) -> E | None:
        found = {each.value: each for each in options}.get(request.args.get(name, ""))
        value = self._on(name, found.value if found else "")
        shown = (("", everything), *((each.value, str(text)) for each, text in options.items()))
        self.choices.append(Field(name, label, value, shown))
        return found

    def tick(self, name: str, label: str, narrows: bool = True) -> bool:
        value = self._on(name, "1" if request.args.get(name) == "1" else "", narrows)
        self.ticks.append(Field(name, label, value))
        return bool(value)

    def sort(self, label: str, options: Mapping[E, Any]) -> E:
        """The first option is how the list is sorted when nothing is said."""
        first, *_rest = options
        found = {each.value: each for each in options}.get(request.args.get("sort", ""), first)
        value = self._on("sort", found.value if found is not first else "", narrows=False)
        self.choices.append(
            Field(
                "sort",
                label,
                value,
                tuple((each.value if each is not first else "", str(text)) for each, text in options.items()),
            )
        )
        return found

    def _on(self, name: str, value: str, narrows: bool = True) -> str:
        if value:
            self.args[name] = value
            if narrows:
                self.count += 1
            else:
                self._kept[name] = value
        return value

    @property
    def off_url(self) -> str:
        return url_for(self.endpoint, **self._kept)

    def urls(self, next_key: str | None) -> dict[str, str | None]:
        return page_urls(self.endpoint, next_key, **self.args)

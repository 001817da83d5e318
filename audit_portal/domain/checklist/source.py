"""A checklist file as the lint sees it: plain data, the line of every place in it, and what was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Place = tuple[str | int, ...]  # for instance ("items", 3, "question", "ja")


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to mend. `line` counts from 1; `code` is stable, message and what_to_do are for people."""

    file: str
    line: int
    code: str
    message: str
    what_to_do: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.message} {self.what_to_do}"


@dataclass(frozen=True)
class SourceFile:
    """`path` is relative to the checklists folder, with slashes. Data is None when it could not be read."""

    path: str
    data: Any
    lines: Mapping[Place, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def line(self, *place: str | int) -> int:
        """The line of this place, or of the nearest one around it."""
        for length in range(len(place), 0, -1):
            if place[:length] in self.lines:
                return self.lines[place[:length]]
        return 1

    def problem(self, place: Place, code: str, message: str, what_to_do: str) -> Problem:
        return Problem(self.path, self.line(*place), code, message, what_to_do)

"""What a preview shows of one row."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Outcome(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    QUESTION = "question"  # a company of this name is there: the same, or another one?
    KEPT = "kept"  # an engagement that is registered already and differs: not touched


@dataclass(frozen=True)
class Match:
    id: UUID
    number: str
    name: str


@dataclass(frozen=True)
class SeenRow:
    number: int  # of the row in the sheet
    title: str
    note: str
    outcome: Outcome
    matches: tuple[Match, ...] = ()
    changes: tuple[tuple[str, str, str], ...] = ()  # field, before, after

"""Numbers people say and type, such as E-2026-0042. Identifiers in URLs are UUIDs; these are for people."""

from __future__ import annotations

from enum import StrEnum


class Numbered(StrEnum):
    PARTY = "P"
    ENGAGEMENT = "E"
    ASSESSMENT = "A"
    DECISION = "D"
    EVIDENCE = "V"
    REPORT = "R"
    CONTRACT = "C"
    FINDING = "F"


def format_number(kind: Numbered, year: int, count: int) -> str:
    """The people's number; at least four digits, more when a year has more than 9,999."""
    return f"{kind.value}-{year}-{count:04d}"

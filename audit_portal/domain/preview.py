"""The text of a document as it is read beside a form (閲覧): one page of it at a time, or why there is none."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from audit_portal.domain import limits
from audit_portal.domain.evidence import CSV, PDF, TEXT, TSV

PLAIN = frozenset(each.name for each in (TEXT, CSV, TSV))
SHOWN = PLAIN | {PDF.name}  # media types whose text can be shown

# Controls but for tab and line end, surrogates, and what turns the direction of the text around it (UAX #9).
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SPACE_AT_ENDS = re.compile(r"[ \t\u3000]+$", re.MULTILINE)
_EMPTY_LINES = re.compile(r"\n{3,}")


class Unshown(StrEnum):
    """Why no text of a document is shown."""

    PAPER = "paper"  # no file: the original is kept somewhere
    KIND = "kind"  # a picture, a spreadsheet, a word processor's file
    LARGE = "large"
    LOCKED = "locked"  # a password opens it
    UNREADABLE = "unreadable"
    HEAVY = "heavy"  # reading it took more time or memory than is given
    BUSY = "busy"  # as many as may be are being read


@dataclass(frozen=True)
class PageText:
    page: int  # the one shown, from 1
    pages: int
    text: str  # "" when the page has no text layer
    cut: bool  # the page has more text than is shown


def tidy(text: str) -> str:
    """Nothing that a page can't show or that turns text around; no runs of empty lines."""
    plain = _UNFIT.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _EMPTY_LINES.sub("\n\n", _SPACE_AT_ENDS.sub("", plain)).strip("\n")


def plain_page(content: bytes, page: int) -> PageText | Unshown:
    """A text file in portions of whole lines, each at most limits.PREVIEW_TEXT long."""
    text = _decoded(content)
    if text is None:
        return Unshown.UNREADABLE
    portions = _portions(tidy(text), limits.PREVIEW_TEXT)
    shown = min(max(page, 1), len(portions))
    return PageText(shown, len(portions), portions[shown - 1], False)


def _decoded(content: bytes) -> str | None:
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return None


def _portions(text: str, most: int) -> list[str]:
    found, start = [], 0
    while len(text) - start > most:
        end = text.rfind("\n", start, start + most) + 1 or start + most
        found.append(text[start:end].rstrip("\n"))
        start = end
    return [*found, text[start:]]

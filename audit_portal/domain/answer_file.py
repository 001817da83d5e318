"""The file an assessment goes out as: its columns, and what the hidden sheet says, so that it can be believed.

The hidden sheet holds, for each item, the row's version and two digests: of the cells that nobody may change
and of the answer as it went out. An HMAC over all of it makes an edit of the hidden part show.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.checklist import AnsweredBy, AnswerValue
from audit_portal.domain.errors import Invalid
from audit_portal.domain.ledger import canonical
from audit_portal.domain.sheets import Book, Row, Sheet
from audit_portal.domain.typed_text import clean_text

HIDDEN_SHEET = "_portal"
_FORMAT = "audit-portal answers 1"
PURPOSE = b"answer file"

SECTION, CODE, QUESTION, HINT, VALUE, COMMENT, ACTION, DUE = range(8)
PROTECTED = (SECTION, CODE, QUESTION, HINT)


@dataclass(frozen=True)
class Answered:
    """An answer as a person writes it, cleaned."""

    value: AnswerValue | None = None
    comment: str = ""
    action: str = ""
    action_due: date | None = None

    @property
    def digest(self) -> str:
        due = self.action_due.isoformat() if self.action_due else ""
        return digest(self.value.value if self.value else "", self.comment, self.action, due)


@dataclass(frozen=True)
class Marked:
    """One item as it went out."""

    code: str
    version: int
    protected: str
    answer: str


@dataclass(frozen=True)
class Mark:
    """What the hidden sheet says."""

    assessment_id: UUID
    side: AnsweredBy
    language: str
    items: Mapping[str, Marked]

    def message(self) -> bytes:
        """What the MAC is over."""
        items = [[each.code, each.version, each.protected, each.answer] for each in self.items.values()]
        head = [_FORMAT, str(self.assessment_id), self.side.value, self.language]
        return canonical({"head": head, "items": items})

    def rows(self, mac: bytes) -> Iterable[tuple[str, ...]]:
        yield _FORMAT, str(self.assessment_id), self.side.value, self.language, mac.hex()
        for each in self.items.values():
            yield each.code, str(each.version), each.protected, each.answer


def digest(*texts: str) -> str:
    told = json.dumps([clean_text(text) for text in texts], ensure_ascii=False)  # one text for one list
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()


def read_mark(book: Book) -> tuple[Mark, bytes]:
    """The hidden sheet and its MAC, not yet checked. Raises Invalid('sheet_not_ours' | 'sheet_mark_wrong')."""
    sheet = book.sheet(HIDDEN_SHEET)
    if sheet is None or not sheet.rows or sheet.rows[0].texts.get(0) != _FORMAT:
        raise Invalid("sheet_not_ours", "file")
    head = sheet.rows[0].texts
    try:
        items = {
            row.texts[0]: Marked(row.texts[0], int(row.texts[1]), row.texts[2], row.texts[3])
            for row in sheet.rows[1:]
        }
        return Mark(UUID(head[1]), AnsweredBy(head[2]), head[3], items), bytes.fromhex(head[4])
    except (KeyError, ValueError) as error:
        raise Invalid("sheet_mark_wrong", "file") from error


def answer_sheet(book: Book, mark: Mark) -> Sheet:
    """The sheet with the items, whatever it is called by now. Raises Invalid('sheet_not_ours')."""

    def known(sheet: Sheet) -> int:
        return sum(row.texts.get(CODE) in mark.items for row in sheet.rows)

    best = max((sheet for sheet in book.sheets if sheet.name != HIDDEN_SHEET), key=known, default=None)
    if best is None or (mark.items and not known(best)):
        raise Invalid("sheet_not_ours", "file")
    return best


def protected_digest(row: Row) -> str:
    return digest(*(row.texts.get(column, "") for column in PROTECTED))

"""A file of answers against the answers as they stand: what changes, what is wrong, what somebody else changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from audit_portal.domain import limits
from audit_portal.domain.answer_file import (
    ACTION,
    CODE,
    COMMENT,
    DUE,
    HINT,
    QUESTION,
    VALUE,
    Answered,
    Mark,
    Marked,
    protected_digest,
)
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Invalid
from audit_portal.domain.sheets import Row, Sheet, address, day, plain_words
from audit_portal.domain.typed_text import clean_text
from audit_portal.services.assessments.own_items import OwnItem
from audit_portal.services.assessments.pending_sheets import Pending


class Outcome(StrEnum):
    CHANGED = "changed"  # will be written
    SAME = "same"
    STALE = "stale"  # somebody changed it since the file went out: the person decides
    WRONG = "wrong"  # cells that can't be taken
    CLOSED = "closed"  # not, or no longer, this person's to write


@dataclass(frozen=True)
class CellFlaw:
    address: str
    code: str
    value: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class ItemCheck:
    code: str
    question: Mapping[str, str]
    outcome: Outcome
    before: Answered
    after: Answered | None
    version: int
    flaws: tuple[CellFlaw, ...] = ()
    changed_by: str = ""
    changed_at: datetime | None = None

    @property
    def key(self) -> str:
        """What a ticked box says: this item, as it stands on the page."""
        return f"{self.code}:{self.version}"

    @property
    def waits(self) -> bool:
        """Whether the file holds something for this item that isn't in the portal."""
        return self.outcome is not Outcome.SAME


@dataclass(frozen=True)
class Checked:
    name: str
    sha256: str
    items: tuple[ItemCheck, ...]
    strays: tuple[CellFlaw, ...]  # rows that belong to no item of the file
    left_out: int  # items of the file whose row is gone

    def of(self, outcome: Outcome) -> tuple[ItemCheck, ...]:
        return tuple(each for each in self.items if each.outcome is outcome)


def check(
    mine: Mapping[str, OwnItem],
    mark: Mark,
    sheet: Sheet,
    values: Mapping[str, AnswerValue],
    pending: Pending,
) -> Checked:
    """`mine`: the reader's own items by code; `values`: how the answers are called, in every language, as `plain_words`."""
    rows, strays = _rows(mark, sheet)
    counts = Counter(code for code, _row in rows)
    found = []
    for code, row in rows:
        flaw = CellFlaw(address(CODE, row.number), "sheet_item_twice", code)
        twice = (flaw,) if counts[code] > 1 else ()
        found.append(_item(mark.items[code], row, mine.get(code), values, twice))
    left_out = len(mark.items.keys() - counts.keys())
    return Checked(pending.name, pending.sha256, tuple(found), tuple(strays), left_out)


def _rows(mark: Mark, sheet: Sheet) -> tuple[list[tuple[str, Row]], list[CellFlaw]]:
    """Rows by item, wherever they were moved to; what belongs to none is named."""
    known, strays = [], []
    for row in sheet.rows:
        code = row.texts.get(CODE, "")
        if code in mark.items:
            known.append((code, row))
        elif known and any(
            column in row.texts or column in row.flaws for column in (VALUE, COMMENT, ACTION, DUE)
        ):
            strays.append(CellFlaw(address(CODE, row.number), "sheet_item_unknown", code[:80]))
    return known, strays


def _item(
    sent: Marked,
    row: Row,
    item: OwnItem | None,
    values: Mapping[str, AnswerValue],
    twice: tuple[CellFlaw, ...],
) -> ItemCheck:
    flaws = list(twice)
    after = _answer(row, values, flaws)
    if protected_digest(row) != sent.protected:
        flaws.append(CellFlaw(_changed_cell(row, item), "sheet_protected_changed"))
    if item is None:  # not delegated to this person, or no longer asked
        touched = bool(flaws) or after.digest != sent.answer
        outcome = Outcome.CLOSED if touched else Outcome.SAME
        gone = (CellFlaw(address(CODE, row.number), "sheet_item_not_yours"),) if touched else ()
        return ItemCheck(sent.code, {"ja": "", "en": ""}, outcome, Answered(), after, 0, gone)
    before = Answered(item.value, clean_text(item.comment), clean_text(item.action), item.action_due)
    outcome = _outcome(item, sent, before, after, flaws)
    if outcome is Outcome.CLOSED:
        flaws = [CellFlaw(address(CODE, row.number), "answer_closed")]
    return ItemCheck(
        sent.code,
        item.question,
        outcome,
        before,
        after if outcome is not Outcome.WRONG else None,
        item.version,
        tuple(flaws),
        item.answered_name,
        item.answered_at,
    )


def _outcome(
    item: OwnItem, sent: Marked, before: Answered, after: Answered, flaws: list[CellFlaw]
) -> Outcome:
    if flaws:
        return Outcome.WRONG
    if after == before or after.digest == sent.answer:  # as it stands, or as it went out
        return Outcome.SAME
    if not item.editable:
        return Outcome.CLOSED
    # A file attached meanwhile moves the version and leaves the answer: nothing could be lost.
    moved = item.version != sent.version and before.digest != sent.answer
    return Outcome.STALE if moved else Outcome.CHANGED


def _answer(row: Row, values: Mapping[str, AnswerValue], flaws: list[CellFlaw]) -> Answered:
    """The four answer cells; what can't be taken is named in `flaws`."""

    def told(column: int, code: str, **facts: Any) -> None:
        flaws.append(CellFlaw(address(column, row.number), code, row.texts.get(column, "")[:80], facts))

    for column in sorted(row.flaws):
        if column in (VALUE, COMMENT, ACTION, DUE):
            told(column, row.flaws[column])
    texts = {column: row.texts.get(column, "") for column in (VALUE, COMMENT, ACTION, DUE)}
    value = values.get(plain_words(texts[VALUE]))
    if texts[VALUE] and value is None and VALUE not in row.flaws:
        told(VALUE, "sheet_value_unknown")
    for column in (COMMENT, ACTION):
        if len(texts[column]) > limits.TEXT:
            told(column, "cell_longer", longest=limits.TEXT)
    due: date | None = None
    if texts[DUE] and DUE not in row.flaws:
        try:
            due = day(texts[DUE])
        except Invalid as wrong:
            told(DUE, wrong.code)
    return Answered(value, texts[COMMENT], texts[ACTION], due)


def _changed_cell(row: Row, item: OwnItem | None) -> str:
    """Which protected cell was changed, as near as can be told: the question, else what stands around it."""
    asked = {clean_text(text) for text in item.question.values()} if item else set()
    column = QUESTION if asked and row.texts.get(QUESTION, "") not in asked else HINT
    return address(column, row.number)

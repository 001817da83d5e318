"""Lists as files: every row that the list's own service gives, a page at a time, so memory stays flat.

Reading the register is no ledger entry: the lists themselves make none.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from enum import StrEnum
from itertools import chain, islice
from typing import TypeVar

from audit_portal.domain import limits
from audit_portal.domain.sheets import Cell, NewBook, NewSheet, Style
from audit_portal.services.house import Context
from audit_portal.storage.page import Page

T = TypeVar("T")
_AT_ONCE = 500
Values = Sequence[str | int | date | None]


class FileKind(StrEnum):
    XLSX = "xlsx"
    CSV = "csv"


def every(page_after: Callable[[str | None, int], Page[T]]) -> Iterator[T]:
    """All rows of a list, up to the limit; `page_after` takes a page's key and length."""
    return islice(_all(page_after), limits.EXPORT_ROWS)


def _all(page_after: Callable[[str | None, int], Page[T]]) -> Iterator[T]:
    key: str | None = None
    while True:
        page = page_after(key, _AT_ONCE)
        yield from page.items
        if not page.has_more:
            return
        key = page.next_key


def file(
    ctx: Context,
    kind: FileKind,
    name: str,
    heads: Sequence[str],
    rows: Iterator[Values],
    cut: str,
    language: str,
) -> Iterator[bytes]:
    """The file in pieces. The first rows are read before this returns: a refusal comes as a page.

    `cut` stands below the last row when there were more than the limit.
    """
    first = list(islice(rows, _AT_ONCE))
    whole = _ended(chain(first, rows), cut)
    if kind is FileKind.CSV:
        return ctx.house.sheets.write_csv(chain([heads], whole))
    head = [Cell(text, Style.HEAD) for text in heads]
    widths = [max(12.0, min(48.0, 2.2 * _longest(first, column, text))) for column, text in enumerate(heads)]
    sheet = NewSheet(name, chain([head], whole), widths=widths, frozen_rows=1, frozen_columns=1)
    return ctx.house.sheets.write(NewBook((sheet,), language=language))


def _ended(rows: Iterator[Values], cut: str) -> Iterator[Values]:
    count = 0
    for row in rows:
        count += 1
        yield row
    if count >= limits.EXPORT_ROWS:
        yield [cut]


def _longest(rows: Sequence[Values], column: int, head: str) -> int:
    return max((len(str(row[column] or "")) for row in rows[:100]), default=len(head))

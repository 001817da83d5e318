"""CSV: as Japanese offices have it (UTF-8 with and without BOM, cp932, Excel's UTF-16), read and written."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid
from audit_portal.domain.sheets import Book, Row, Sheet, csv_safe, csv_unsafe
from audit_portal.domain.typed_text import clean_text

_DELIMITERS = ",\t;"
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_PIECE = 500  # rows written at once


def read(content: bytes) -> Book:
    """One sheet without a name. Raises Invalid('sheet_encoding' | 'sheet_damaged' | 'sheet_too_many_…')."""
    text = _decoded(content)
    if "\0" in text:
        raise Invalid("sheet_damaged", "file")
    try:
        return Book((Sheet("", tuple(_rows(text))),))
    except csv.Error as error:  # a field of more than 128 KiB, for one
        raise Invalid("sheet_damaged", "file") from error


def _decoded(content: bytes) -> str:
    names = [name for bom, name in _BOMS if content.startswith(bom)] or ["utf-8", "cp932"]
    for name in names:
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    raise Invalid("sheet_encoding", "file")


def _delimiter(text: str) -> str:
    """The sign that parts the first line that holds one, quoted parts left out."""
    for line in text.splitlines()[:20]:
        bare = "".join(line.split('"')[::2])
        best = max(_DELIMITERS, key=bare.count)
        if bare.count(best):
            return best
    return ","


def _rows(text: str) -> Iterator[Row]:
    found = 0
    for number, cells in enumerate(
        csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text)), start=1
    ):
        if not any(cells):
            continue
        found += 1
        if found > limits.SHEET_ROWS or number > 10 * limits.SHEET_ROWS:
            raise Invalid("sheet_too_many_rows", "file", limit=limits.SHEET_ROWS)
        texts: dict[int, str] = {}
        flaws: dict[int, str] = {}
        for column, cell in enumerate(cells):
            if not cell:
                continue
            if column >= limits.SHEET_COLUMNS:
                if cell.strip():
                    raise Invalid("sheet_too_many_columns", "file", limit=limits.SHEET_COLUMNS)
                continue
            cleaned = clean_text(csv_unsafe(cell))
            if cell.startswith("="):
                flaws[column] = "cell_formula"
            elif len(cleaned) > limits.SHEET_CELL:
                flaws[column] = "cell_too_long"
                cleaned = cleaned[: limits.LINE]
            if cleaned:
                texts[column] = cleaned
        if texts:
            yield Row(number, texts, flaws)


def write(rows: Iterable[Sequence[object]]) -> Iterator[bytes]:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    yield b"\xef\xbb\xbf"
    for count, row in enumerate(rows, start=1):
        writer.writerow([_shown(value) for value in row])
        if count % _PIECE == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    return csv_safe(value) if isinstance(value, str) else str(value)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode("utf-8", "replace")

"""Writes xlsx piece by piece into memory: rows go in, compressed bytes come out, no temporary file."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape  # writes only; nothing is parsed here

from audit_portal.adapters.sheets import xlsx_parts
from audit_portal.domain.sheets import Cell, NewBook, NewSheet, Style, begins_formula, column_name
from audit_portal.domain.sheets.dates import EPOCH
from audit_portal.domain.sheets.written import Value

_ROWS = 200  # written at once
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


class _Sink:
    """Unseekable on purpose: zipfile then never goes back over what was already sent."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def take(self) -> bytes:
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken


def write(book: NewBook) -> Iterator[bytes]:
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:  # type: ignore[call-overload]
        for name, text in xlsx_parts.fixed(book):
            package.writestr(_info(name), text)
        for number, sheet in enumerate(book.sheets, start=1):
            with package.open(_info(f"xl/worksheets/sheet{number}.xml"), "w") as part:
                part.write(xlsx_parts.sheet_head(sheet, first=number == 1).encode())
                for piece in _rows(sheet):
                    part.write(piece.encode())
                    yield sink.take()
                part.write(xlsx_parts.sheet_tail(sheet).encode())
            yield sink.take()
    yield sink.take()


def _info(name: str) -> zipfile.ZipInfo:
    """The same file for the same content: no clock in it."""
    info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _rows(sheet: NewSheet) -> Iterator[str]:
    lines: list[str] = []
    for number, row in enumerate(sheet.rows, start=1):
        lines.append(f'<row r="{number}">{_cells(number, row)}</row>')
        if len(lines) >= _ROWS:
            yield "".join(lines)
            lines.clear()
    if lines:
        yield "".join(lines)


def _cells(number: int, row: Sequence[Cell | Value]) -> str:
    return "".join(_cell(f"{_letters(column)}{number}", value) for column, value in enumerate(row))


_letters = lru_cache(maxsize=1_000)(column_name)


def _cell(reference: str, cell: Cell | Value) -> str:
    value, style = (cell.value, cell.style) if isinstance(cell, Cell) else (cell, Style.PLAIN)
    if value is None or value == "":
        return f'<c r="{reference}" s="{xlsx_parts.style(style)}"/>' if style else ""
    if isinstance(value, bool):
        return f'<c r="{reference}" s="{xlsx_parts.style(style)}" t="b"><v>{int(value)}</v></c>'
    if isinstance(value, date):
        index = xlsx_parts.style(style, dated=True)
        return f'<c r="{reference}" s="{index}"><v>{(value - EPOCH).days}</v></c>'
    if isinstance(value, int):
        return f'<c r="{reference}" s="{xlsx_parts.style(style)}"><v>{value}</v></c>'
    index = xlsx_parts.style(style, quoted=begins_formula(value))
    return f'<c r="{reference}" s="{index}" t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'


def _text(value: str) -> str:
    return escape(
        _NOT_XML.sub("", _LOOKS_ESCAPED.sub("_x005F_", value)).replace("\r\n", "\n").replace("\r", "\n")
    )

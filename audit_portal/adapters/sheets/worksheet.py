"""One worksheet: cells to text, with formulas, errors and merged areas named for what they are."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from audit_portal.adapters.sheets.package import Package
from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid
from audit_portal.domain.sheets import Row
from audit_portal.domain.sheets.dates import from_serial
from audit_portal.domain.typed_text import clean_text

_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")  # ST_Xstring, 22.9.2.19
_PLACE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
_MOST_ROWS = 1_048_576

Area = tuple[int, int, int, int]  # first row, first column, last row, last column


def place(reference: str) -> tuple[int, int]:
    """`B3` is (3, 1): row, column. Raises ValueError."""
    found = _PLACE.fullmatch(reference)
    if not found:
        raise ValueError(f"{reference!r} is no cell")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column - 1


def unescaped(text: str) -> str:
    """The text of a cell as the person sees it, cleaned."""
    if "_x" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return clean_text(text)


class _Reader:
    """Takes the events of one worksheet's XML."""

    def __init__(self, shared: list[str], dates: list[bool], from_1904: bool) -> None:
        self._shared, self._dates, self._from_1904 = shared, dates, from_1904
        self.rows: dict[int, tuple[dict[int, str], dict[int, str]]] = {}
        self.merged: list[Area] = []
        self._row = self._column = 0
        self._cells = 0
        self._type = ""
        self._style = 0
        self._formula = self._phonetic = False
        self._keep: list[str] | None = None
        self._text: list[str] = []
        self._columns: dict[str, int] = {}

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == "c":
            self._begin_cell(attributes)
        elif tag in ("v", "t"):
            self._keep = None if self._phonetic else self._text
        elif tag == "row":
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = -1
            if not 0 < self._row <= _MOST_ROWS:
                raise ValueError("no such row")
        elif tag == "f":
            self._formula = True
        elif tag == "rPh":
            self._phonetic = True
        elif tag == "mergeCell":
            self._merge(attributes["ref"])

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        self._cells += 1
        if self._cells > limits.SHEET_CELLS:
            raise Invalid("sheet_too_many_rows", "file", limit=limits.SHEET_ROWS)
        reference = attributes.get("r")
        if reference is None:
            self._column += 1
        else:
            letters = reference.rstrip("0123456789")
            column = self._columns.get(letters)
            if column is None:
                column = self._columns[letters] = place(f"{letters}1")[1]
            self._column = column
        self._type = attributes.get("t", "n")
        self._style = int(attributes.get("s", "0"))
        self._formula = False
        self._text.clear()

    def end(self, tag: str) -> None:
        if tag in ("v", "t"):
            self._keep = None
        elif tag == "c":
            self._end_cell()
        elif tag == "rPh":
            self._phonetic = False

    def text(self, data: str) -> None:
        if self._keep is not None:
            self._keep.append(data)

    def _end_cell(self) -> None:
        raw = "".join(self._text)
        if not raw and not self._formula:
            return
        if self._column >= limits.SHEET_COLUMNS:
            raise Invalid("sheet_too_many_columns", "file", limit=limits.SHEET_COLUMNS)
        flaw = "cell_formula" if self._formula else ""
        text = "" if self._formula else self._value(raw)
        if self._type == "e" and not flaw:
            flaw = "cell_error"
        elif len(text) > limits.SHEET_CELL:
            flaw, text = "cell_too_long", text[: limits.LINE]
        elif text == "\0":
            flaw, text = "cell_number_broken", raw[: limits.NUMBER]
        if not text and not flaw:
            return
        found = self.rows.get(self._row)
        if found is None:
            if len(self.rows) >= limits.SHEET_ROWS:
                raise Invalid("sheet_too_many_rows", "file", limit=limits.SHEET_ROWS)
            found = self.rows[self._row] = ({}, {})
        found[0][self._column] = text
        if flaw:
            found[1][self._column] = flaw

    def _value(self, raw: str) -> str:
        """The text of a cell; a NUL for a number that is none."""
        kind = self._type
        if kind == "s":
            return self._shared[int(raw)]
        if kind in ("inlineStr", "str"):
            return unescaped(raw)
        if kind == "b":
            return "TRUE" if raw == "1" else "FALSE"
        if kind in ("e", "d"):
            return clean_text(raw)
        return self._number(raw)

    def _number(self, raw: str) -> str:
        date_like = self._style < len(self._dates) and self._dates[self._style]
        if not date_like and raw.isascii() and raw.isdigit() and len(raw) <= 15:
            return raw
        try:
            number = float(raw)
            if date_like:
                return from_serial(number, self._from_1904)
            if not abs(number) < 1e15:
                return "\0"
            return str(int(number)) if number.is_integer() else repr(number)
        except (ValueError, OverflowError):
            return "\0"

    def _merge(self, reference: str) -> None:
        if len(self.merged) >= limits.SHEET_MERGES:
            raise Invalid("sheet_too_many_rows", "file", limit=limits.SHEET_ROWS)
        first, _, last = reference.partition(":")
        top, left = place(first)
        bottom, right = place(last or first)
        self.merged.append((top, left, bottom, right))


def read_rows(
    package: Package, part: str, shared: list[str], dates: list[bool], from_1904: bool
) -> tuple[Row, ...]:
    """The rows that hold something, in their order."""
    reader = _Reader(shared, dates, from_1904)
    package.parse(part, reader.start, reader.end, reader.text)
    _spread(reader.rows, reader.merged)
    return tuple(Row(number, *reader.rows[number]) for number in sorted(reader.rows))


def _spread(rows: dict[int, tuple[dict[int, str], dict[int, str]]], merged: list[Area]) -> None:
    """A value merged downwards holds for every row it covers; one merged across columns can't mean two things."""
    numbers = sorted(rows)
    for top, left, bottom, right in merged:
        right = min(right, limits.SHEET_COLUMNS - 1)
        value, flaws = rows.get(top, ({}, {}))
        text, flaw = value.get(left), flaws.get(left)
        if text is None and flaw is None:
            continue
        for number in _between(numbers, top, bottom):
            if right > left:
                for column in range(left, right + 1):
                    rows[number][1].setdefault(column, "cell_merged_across")
                continue
            rows[number][0][left] = text or ""
            if flaw:
                rows[number][1][left] = flaw


def _between(numbers: list[int], first: int, last: int) -> list[int]:
    return numbers[bisect_left(numbers, first) : bisect_right(numbers, last)]

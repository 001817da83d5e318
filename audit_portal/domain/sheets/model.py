"""What is read from a spreadsheet: text only, each cell where the person finds it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Row:
    """One row that holds something. Columns count from 0 (A); an empty cell is in neither mapping.

    `flaws` names, by column, why a cell can't be taken: cell_formula, cell_error, cell_merged_across,
    cell_too_long, cell_number_broken.
    """

    number: int  # as spreadsheets count: from 1
    texts: Mapping[int, str]
    flaws: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    name: str
    rows: tuple[Row, ...]
    hidden: bool = False


@dataclass(frozen=True)
class Book:
    sheets: tuple[Sheet, ...]

    def sheet(self, name: str) -> Sheet | None:
        return next((each for each in self.sheets if each.name == name), None)


def column_name(column: int) -> str:
    """`A` for 0, `Z` for 25, `AA` for 26."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def address(column: int, row: int) -> str:
    """`B3`."""
    return f"{column_name(column)}{row}"

"""A workbook to be written, as plain data; the adapter knows the file format."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

Value = str | int | date | None


class Style(IntEnum):
    """How a cell looks and, on a protected sheet, whether it can be written to."""

    PLAIN = 0
    HEAD = 1
    WRAPPED = 2
    TITLE = 3
    OPEN = 4  # unlocked text
    OPEN_DATE = 5  # unlocked date
    OPEN_CHOICE = 6  # unlocked, from a list


@dataclass(frozen=True)
class Cell:
    value: Value
    style: Style = Style.PLAIN


@dataclass(frozen=True)
class Choices:
    """A drop-down in the cells of an area such as `E2:E90`; `words` None takes a date, a number a length."""

    area: str
    words: Sequence[str] | None = None
    longest: int | None = None
    title: str = ""
    message: str = ""


@dataclass(frozen=True)
class NewSheet:
    """`rows` may be a generator: it is read once, while the file is being written."""

    name: str
    rows: Iterable[Sequence[Cell | Value]]
    widths: Sequence[float] = ()
    frozen_rows: int = 0
    frozen_columns: int = 0
    protected: bool = False
    hidden: bool = False
    choices: Sequence[Choices] = ()
    wide: bool = True  # printed across


@dataclass(frozen=True)
class NewBook:
    sheets: Sequence[NewSheet]
    locked_structure: bool = False
    language: str = "ja"

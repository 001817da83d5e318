"""Tables that people bring in: which columns they have, where they begin, and what is wrong with a cell."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid
from audit_portal.domain.sheets import Book, Row, Sheet, address, plain_words
from audit_portal.domain.typed_text import clean_line

T = TypeVar("T")
_MARKS = re.compile(r"(\((必須|任意|required|optional)\)|[*※])+$")  # behind a heading
_HEADINGS_WITHIN = 20  # rows; titles and remarks may stand above


class ImportKind(StrEnum):
    VENDORS = "vendors"
    ENGAGEMENTS = "engagements"
    CONTRACTS = "contracts"
    EVALUATIONS = "evaluations"


@dataclass(frozen=True)
class Column:
    """One column of a kind of table. `heading` by language; `needed`: every row must fill it."""

    field: str
    heading: Mapping[str, str]
    aliases: tuple[str, ...] = ()
    needed: bool = False
    longest: int = limits.LINE
    words: tuple[str, ...] = ()  # of the template's drop-down
    example: str = ""

    @property
    def names(self) -> frozenset[str]:
        return frozenset(plain_words(name) for name in (*self.heading.values(), *self.aliases))


def column(field: str, ja: str, en: str, *aliases: str, **more: Any) -> Column:
    return Column(field, {"ja": ja, "en": en}, aliases, **more)


@dataclass(frozen=True)
class Flaw:
    """A cell that can't be taken: where it is, what stands there, why (`code`, with its facts)."""

    sheet: str
    row: int
    address: str
    heading: Mapping[str, str]  # by language
    code: str
    value: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Table:
    """The rows under the headings. `ignored` are headings nobody knows."""

    sheet: str
    places: Mapping[str, int]
    columns: Mapping[str, Column]
    rows: tuple[Row, ...]
    ignored: tuple[str, ...]


def find_table(book: Book, columns: Sequence[Column], sheet_name: str) -> Table:
    """The table of a book: in the sheet of this name, else in the first shown one that has its headings.

    Raises Invalid('import_no_headings', headings=… by language | 'import_heading_twice').
    """
    shown = [sheet for sheet in book.sheets if not sheet.hidden]
    for sheet in sorted(shown, key=lambda each: each.name != sheet_name):
        for position, row in enumerate(sheet.rows[:_HEADINGS_WITHIN]):
            if found := _headings(row, columns):
                return _table(sheet, position, row, columns, found)
    needed = tuple(column.heading for column in columns if column.needed)
    raise Invalid("import_no_headings", "file", headings=needed)


def _headings(row: Row, columns: Sequence[Column]) -> dict[str, int] | None:
    """Field → column, when the row has the heading of every needed column."""
    found: dict[str, int] = {}
    for place, text in row.texts.items():
        name = _MARKS.sub("", plain_words(text)).rstrip("*")
        column = next((each for each in columns if name in each.names), None)
        if column and column.field in found:
            raise Invalid("import_heading_twice", "file", heading=text, row=row.number)
        if column:
            found[column.field] = place
    return found if all(each.field in found for each in columns if each.needed) else None


def _table(sheet: Sheet, position: int, head: Row, columns: Sequence[Column], found: dict[str, int]) -> Table:
    known = set(found.values())
    return Table(
        sheet.name,
        found,
        {column.field: column for column in columns},
        tuple(row for row in sheet.rows[position + 1 :] if any(row.texts.get(place) for place in known)),
        tuple(text for place, text in sorted(head.texts.items()) if place not in known and text),
    )


class Line:
    """One row while it is read: hands out fields, collects what is wrong with them."""

    def __init__(self, table: Table, row: Row) -> None:
        self._table, self._row = table, row
        self.number = row.number
        self.flaws: list[Flaw] = []
        self._told: set[str] = set()

    def text(self, name: str) -> str:
        """A field's text on one line; "" when the column isn't there, or the cell is flawed or empty."""
        place = self._table.places.get(name)
        if place is None:
            return ""
        column = self._table.columns[name]
        text = clean_line(self._row.texts.get(place, ""))
        if flaw := self._row.flaws.get(place):
            return self._refuse(name, flaw)
        if column.needed and not text:
            return self._refuse(name, "cell_needed")
        if len(text) > column.longest:
            return self._refuse(name, "cell_longer", longest=column.longest)
        return text

    def parsed(self, name: str, parse: Callable[[str], T], default: T) -> T:
        """A field through `parse`, whose Invalid becomes a flaw; an empty cell is the default."""
        text = self.text(name)
        if not text:
            return default
        try:
            return parse(text)
        except Invalid as wrong:
            self._refuse(name, wrong.code, **wrong.facts)
            return default

    def refuse(self, name: str, code: str, **facts: Any) -> None:
        """Names a cell for a reason that lies outside it."""
        self._refuse(name, code, **facts)

    def _refuse(self, name: str, code: str, **facts: Any) -> str:
        if name not in self._told:  # one reason a cell
            self._told.add(name)
            place = self._table.places.get(name)
            value = self._row.texts.get(place, "") if place is not None else ""
            where = address(place, self.number) if place is not None else str(self.number)
            heading = self._table.columns[name].heading
            self.flaws.append(Flaw(self._table.sheet, self.number, where, heading, code, value[:80], facts))
        return ""

"""The empty table to fill in, with its explanations."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from audit_portal.domain.access import Permission, require
from audit_portal.domain.imports import Column, ImportKind
from audit_portal.domain.imports.columns import COLUMNS, SHEET_NAMES
from audit_portal.domain.sheets import Cell, Choices, NewBook, NewSheet, Style, column_name
from audit_portal.services.house import Context

_ROWS = 1_000  # with drop-downs


@dataclass(frozen=True)
class TemplateWords:
    """Texts in the reader's language; `needed` stands behind the heading of a column that must be filled."""

    language: str
    needed: str
    guide_name: str
    guide_heads: Sequence[str]  # column, needed, how to write, example
    yes: str
    no: str
    one_of: str  # with %(words)s


def template(ctx: Context, kind: ImportKind, words: TemplateWords) -> Iterator[bytes]:
    require(ctx.actor, Permission.REGISTER_IMPORT)
    columns = COLUMNS[kind]
    heads = [Cell(_heading(column, words), Style.HEAD) for column in columns]
    choices = [
        Choices(f"{column_name(place)}2:{column_name(place)}{_ROWS}", column.words)
        for place, column in enumerate(columns)
        if column.words
    ]
    widths = [max(14.0, 2.3 * len(_heading(column, words))) for column in columns]
    table = NewSheet(SHEET_NAMES[kind], [heads], widths, frozen_rows=1, choices=choices)
    return ctx.house.sheets.write(NewBook((table, _guide(columns, words)), language=words.language))


def _heading(column: Column, words: TemplateWords) -> str:
    return column.heading[words.language] + (words.needed if column.needed else "")


def _guide(columns: Sequence[Column], words: TemplateWords) -> NewSheet:
    rows = [[Cell(head, Style.HEAD) for head in words.guide_heads]]
    for column in columns:
        how = words.one_of % {"words": "、".join(column.words)} if column.words else ""
        rows.append(
            [
                Cell(column.heading[words.language], Style.WRAPPED),
                Cell(words.yes if column.needed else words.no, Style.WRAPPED),
                Cell(how, Style.WRAPPED),
                Cell(column.example, Style.WRAPPED),
            ]
        )
    return NewSheet(words.guide_name, rows, widths=(32, 12, 50, 40), frozen_rows=1)

"""Spreadsheets for tests: made by openpyxl, a reader and writer that isn't ours, and by hand for the broken ones."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl


def xlsx(
    rows: Sequence[Sequence[Any]], change: Callable[[Any], None] | None = None, title: str = "Sheet1"
) -> bytes:
    """A workbook of one sheet; `change` may touch it before it is saved."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(list(row))
    if change:
        change(sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def edited(content: bytes, change: Callable[[Any], None]) -> bytes:
    """As a person edits a file and saves it: loaded, changed, stored by another program."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def repacked(content: bytes, parts: dict[str, bytes | None]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, body in parts.items():
            if body is not None:
                new.writestr(name, body)
    return out.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return package.read(name)

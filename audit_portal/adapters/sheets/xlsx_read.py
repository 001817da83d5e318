"""Reads xlsx (ISO/IEC 29500-1, SpreadsheetML) into rows of text. Formulas are named, their values not taken."""

from __future__ import annotations

import re

from audit_portal.adapters.sheets.package import BROKEN, Package
from audit_portal.adapters.sheets.worksheet import read_rows, unescaped
from audit_portal.domain.errors import Invalid, PortalError
from audit_portal.domain.sheets import Book, Sheet
from audit_portal.domain.typed_text import clean_text

_DATE_IDS = frozenset([*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)])  # 18.8.30, ja-jp ones too
_NOT_CODE = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.|general|g/標準', re.IGNORECASE)


def read(content: bytes) -> Book:
    """All worksheets. Raises Invalid with a code sheet_*."""
    try:
        return _book(Package(content))
    except PortalError:
        raise
    except BROKEN as error:
        raise Invalid("sheet_damaged", "file") from error


def _book(package: Package) -> Book:
    main = next((target for kind, target in package.related("").values() if kind == "officeDocument"), "")
    if not package.has(main):
        raise Invalid("sheet_damaged", "file")
    listed, from_1904 = _listed(package, main)
    related = package.related(main)
    by_kind = dict(related.values())
    shared = _shared(package, by_kind.get("sharedStrings", ""))
    dates = _date_styles(package, by_kind.get("styles", ""))
    sheets = []
    for name, hidden, relation in listed:
        kind, target = related[relation]
        if kind == "worksheet":  # charts have sheets of their own
            sheets.append(Sheet(name, read_rows(package, target, shared, dates, from_1904), hidden))
    if not sheets:
        raise Invalid("sheet_empty", "file")
    return Book(tuple(sheets))


def _listed(package: Package, main: str) -> tuple[list[tuple[str, bool, str]], bool]:
    sheets: list[tuple[str, bool, str]] = []
    from_1904 = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal from_1904
        if tag == "sheet":
            relation = next(value for name, value in attributes.items() if name.endswith(":id"))
            hidden = attributes.get("state", "visible") != "visible"
            sheets.append((clean_text(attributes.get("name", "")), hidden, relation))
        elif tag == "workbookPr":
            from_1904 = attributes.get("date1904", "0") in ("1", "true")

    package.parse(main, start)
    return sheets, from_1904


def _shared(package: Package, part: str) -> list[str]:
    """Shared strings, their runs joined; readings (rPh) are another thing than the text."""
    found: list[str] = []
    pieces: list[str] = []
    inside, phonetic = False, False

    def start(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal inside, phonetic
        if tag == "si":
            pieces.clear()
        elif tag == "t":
            inside = not phonetic
        elif tag == "rPh":
            phonetic = True

    def end(tag: str) -> None:
        nonlocal inside, phonetic
        if tag == "si":
            found.append(unescaped("".join(pieces)))
        elif tag == "t":
            inside = False
        elif tag == "rPh":
            phonetic = False

    def text(data: str) -> None:
        if inside:
            pieces.append(data)

    if part and package.has(part):
        package.parse(part, start, end, text)
    return found


def _date_styles(package: Package, part: str) -> list[bool]:
    """For each cell style, whether its number is a date."""
    formats: dict[int, str] = {}
    styles: list[bool] = []
    inside = False

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal inside
        if tag == "numFmt":
            formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif tag == "cellXfs":
            inside = True
        elif tag == "xf" and inside:
            number = int(attributes.get("numFmtId", "0"))
            styles.append(number in _DATE_IDS if number not in formats else _is_date(formats[number]))

    def end(tag: str) -> None:
        nonlocal inside
        if tag == "cellXfs":
            inside = False

    if part and package.has(part):
        package.parse(part, start, end)
    return styles


def _is_date(code: str) -> bool:
    bare = _NOT_CODE.sub("", code).lower()
    return bool(re.search(r"[ymdhsg]|(?<![0#.])e", bare))

"""The parts of an xlsx file that hold no rows: content types, workbook, styles, a sheet's head and tail."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr  # writes only; nothing is parsed here

from audit_portal.domain import limits
from audit_portal.domain.sheets import Choices, NewBook, NewSheet, Style, address

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TEXT, _DATE = 49, 14  # built-in number formats: @ and the short date of the reader's country

# Style → (font, fill, border, wraps, unlocked). Each stands four times: plain, quoted, dated, both.
_LOOKS: dict[Style, tuple[int, int, int, bool, bool]] = {
    Style.PLAIN: (0, 0, 0, False, False),
    Style.HEAD: (1, 2, 1, True, False),
    Style.WRAPPED: (0, 0, 1, True, False),
    Style.TITLE: (2, 0, 0, False, False),
    Style.OPEN: (0, 3, 1, True, True),
    Style.OPEN_DATE: (0, 3, 1, False, True),
    Style.OPEN_CHOICE: (0, 3, 1, False, True),
}


def style(kind: Style, quoted: bool = False, dated: bool = False) -> int:
    return 4 * int(kind) + quoted + 2 * dated


def fixed(book: NewBook) -> Iterator[tuple[str, str]]:
    """(name, text) of everything but the worksheets."""
    yield "[Content_Types].xml", _content_types(len(book.sheets))
    yield (
        "_rels/.rels",
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    )
    yield "xl/workbook.xml", _workbook(book)
    yield "xl/_rels/workbook.xml.rels", _relations(len(book.sheets))
    yield "xl/styles.xml", _styles(book.language)


def _content_types(count: int) -> str:
    sheets = "".join(
        f'<Override PartName="/xl/worksheets/sheet{number}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for number in range(1, count + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{sheets}</Types>'
    )


def _workbook(book: NewBook) -> str:
    sheets = "".join(
        f'<sheet name={quoteattr(sheet.name[:31])} sheetId="{number}"{_state(sheet)} r:id="rId{number}"/>'
        for number, sheet in enumerate(book.sheets, start=1)
    )
    locked = '<workbookProtection lockStructure="1"/>' if book.locked_structure else ""
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">{locked}<bookViews><workbookView/></bookViews>'
        f"<sheets>{sheets}</sheets></workbook>"
    )


def _state(sheet: NewSheet) -> str:
    return ' state="veryHidden"' if sheet.hidden else ""


def _relations(count: int) -> str:
    sheets = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, count + 1)
    )
    return (
        f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{sheets}'
        f'<Relationship Id="rId{count + 1}" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
    )


def _styles(language: str) -> str:
    name = "游ゴシック" if language == "ja" else "Calibri"
    fonts = "".join(
        f'<font>{bold}<sz val="{size}"/><name val="{name}"/></font>'
        for bold, size in (("", 11), ("<b/>", 11), ("<b/>", 14))
    )
    fills = (
        '<fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
        + "".join(
            f'<fill><patternFill patternType="solid"><fgColor rgb="{colour}"/></patternFill></fill>'
            for colour in ("FFE8EEF4", "FFFFFBE6")
        )
    )
    line = "".join(
        f'<{side} style="thin"><color rgb="FFB0B7C0"/></{side}>'
        for side in ("left", "right", "top", "bottom")
    )
    looks = "".join(_look(kind, quoted, dated) for kind in Style for dated in (0, 1) for quoted in (0, 1))
    return (
        f'{_HEAD}<styleSheet xmlns="{_MAIN}"><fonts count="3">{fonts}</fonts><fills count="4">{fills}</fills>'
        f'<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border><border>{line}<diagonal/></border>'
        '</borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
        f'<cellXfs count="{4 * len(Style)}">{looks}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


def _look(kind: Style, quoted: int, dated: int) -> str:
    font, fill, border, wraps, unlocked = _LOOKS[kind]
    number = _DATE if dated or kind is Style.OPEN_DATE else (_TEXT if kind is Style.OPEN else 0)
    quote = ' quotePrefix="1"' if quoted else ""
    top = '"top" wrapText="1"' if wraps else '"top"'
    return (
        f'<xf numFmtId="{number}" fontId="{font}" fillId="{fill}" borderId="{border}" xfId="0" applyNumberFormat="1"'
        f' applyFont="1" applyFill="1" applyBorder="1" applyAlignment="1" applyProtection="1"'
        f"{quote}><alignment vertical={top}/>"
        f'<protection locked="{int(not unlocked)}"/></xf>'
    )


def sheet_head(sheet: NewSheet, first: bool) -> str:
    """All that stands before the rows."""
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(sheet.widths, start=1)
    )
    page = '<pageSetUpPr fitToPage="1"/>' if sheet.wide else ""
    chosen = ' tabSelected="1"' if first else ""
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetPr>{page}</sheetPr><sheetViews><sheetView workbookViewId="0"{chosen}>'
        f"{_frozen(sheet)}</sheetView></sheetViews>{f'<cols>{columns}</cols>' if columns else ''}<sheetData>"
    )


def _frozen(sheet: NewSheet) -> str:
    rows, columns = sheet.frozen_rows, sheet.frozen_columns
    if not rows and not columns:
        return ""
    part = "bottomRight" if rows and columns else ("bottomLeft" if rows else "topRight")
    across = f' xSplit="{columns}"' if columns else ""
    down = f' ySplit="{rows}"' if rows else ""
    return (
        f'<pane{across}{down} topLeftCell="{address(columns, rows + 1)}" activePane="{part}" state="frozen"/>'
    )


def sheet_tail(sheet: NewSheet) -> str:
    """All that stands behind the rows, in the order the schema wants."""
    protection = (
        '<sheetProtection sheet="1" objects="1" scenarios="1" formatColumns="0" formatRows="0"/>'
        if sheet.protected
        else ""
    )
    rules = "".join(_rule(each) for each in sheet.choices)
    listed = f'<dataValidations count="{len(sheet.choices)}">{rules}</dataValidations>' if rules else ""
    page = (
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        if sheet.wide
        else ""
    )
    return f"</sheetData>{protection}{listed}{page}</worksheet>"


def _rule(each: Choices) -> str:
    told = (
        f" errorTitle={quoteattr(each.title[:32])} error={quoteattr(each.message[:255])}"
        if each.message
        else ""
    )
    place = f' allowBlank="1" showErrorMessage="1" sqref="{each.area}"{told}'
    if each.words is not None:
        words = escape('"' + ",".join(word.replace('"', '""') for word in each.words) + '"')
        return f'<dataValidation type="list"{place}><formula1>{words}</formula1></dataValidation>'
    if each.longest is not None:
        longest = min(each.longest, limits.SHEET_CELL)
        return (
            f'<dataValidation type="textLength" operator="lessThanOrEqual"{place}>'
            f"<formula1>{longest}</formula1></dataValidation>"
        )
    return f'<dataValidation type="date" operator="greaterThanOrEqual"{place}><formula1>36526</formula1></dataValidation>'

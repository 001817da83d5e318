"""Reading spreadsheets: every cell where it stands, nothing taken on trust, and no way to fall over."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_portal.adapters.sheets import SheetFiles
from audit_portal.adapters.sheets.package import Package
from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid
from audit_portal.domain.sheets import Book
from tests.adapters.workbooks import part, repacked, xlsx

ROWS = [["会社名", "数", "日"], ["株式会社髙﨑①㈱", 1200, date(2025, 4, 1)]]
SMALL = xlsx(ROWS)
SHEET = "xl/worksheets/sheet1.xml"


def read(content: bytes) -> Book:
    return SheetFiles().read(content)


def code(content: bytes) -> str:
    with pytest.raises(Invalid) as refused:
        read(content)
    return refused.value.code


def texts(content: bytes) -> list[dict[int, str]]:
    return [dict(row.texts) for row in read(content).sheets[0].rows]


def test_cells_come_as_text_with_their_place() -> None:
    rows = read(SMALL).sheets[0].rows
    assert [row.number for row in rows] == [1, 2]
    assert rows[1].texts == {0: "株式会社髙﨑①㈱", 1: "1200", 2: "2025-04-01"}


def test_rows_keep_their_number_when_some_are_empty() -> None:
    def leave_out(sheet: Any) -> None:
        sheet["C7"] = "七"

    row = read(xlsx([["一"]], leave_out)).sheets[0].rows[1]
    assert (row.number, dict(row.texts)) == (7, {2: "七"})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (1234567890123, "1234567890123"),
        (12.5, "12.5"),
        (-3, "-3"),
        (True, "TRUE"),
        (datetime(2025, 4, 1, 9, 30), "2025-04-01 09:30"),
        ("  前後の空白\u3000", "前後の空白"),
        ("上\r\n下", "上\n下"),
        ("右\u202e左", "右左"),
    ],
)
def test_a_value_is_shown_as_the_person_reads_it(value: Any, shown: str) -> None:
    assert texts(xlsx([[value]])) == [{0: shown}]


def test_a_date_in_a_japanese_format_is_a_date() -> None:
    def by_era(sheet: Any) -> None:
        sheet["A1"].number_format = '[$-411]ggge"年"m"月"d"日";@'
        sheet["B1"].number_format = '#,##0"名"'
        sheet["C1"].number_format = "0.00E+00"

    assert texts(xlsx([[45748, 45748, 45748]], by_era)) == [{0: "2025-04-01", 1: "45748", 2: "45748"}]


def test_a_formula_is_named_and_its_stored_value_not_taken() -> None:
    body = part(SMALL, SHEET).replace(
        b'<c r="B2" t="n"><v>1200</v></c>', b'<c r="B2"><f>1+1</f><v>666</v></c>'
    )
    row = read(repacked(SMALL, {SHEET: body})).sheets[0].rows[1]
    assert row.flaws == {1: "cell_formula"}
    assert row.texts[1] == ""


def test_an_error_value_is_named() -> None:
    body = part(SMALL, SHEET).replace(b'<c r="B2" t="n"><v>1200</v></c>', b'<c r="B2" t="e"><v>#N/A</v></c>')
    assert read(repacked(SMALL, {SHEET: body})).sheets[0].rows[1].flaws == {1: "cell_error"}


def test_a_value_merged_downwards_holds_for_each_of_its_rows() -> None:
    content = xlsx(
        [["会社", "業務"], ["甲社", "発送"], [None, "入力"], ["乙社", "印刷"]],
        lambda sheet: sheet.merge_cells("A2:A3"),
    )
    assert [row.get(0) for row in texts(content)] == ["会社", "甲社", "甲社", "乙社"]


def test_a_value_merged_across_columns_is_named_in_each_of_them() -> None:
    content = xlsx([["会社", "カナ"], ["甲社", None]], lambda sheet: sheet.merge_cells("A2:B2"))
    assert read(content).sheets[0].rows[1].flaws == {0: "cell_merged_across", 1: "cell_merged_across"}


def test_the_reading_over_a_word_is_no_part_of_it() -> None:
    entry = "<si><r><t>高</t></r><r><t>A</t></r><rPh><t>タ</t></rPh></si>".encode()
    shared = b"<sst>" + entry * 9 + b"</sst>"
    body = part(SMALL, SHEET).replace(b'<c r="B2" t="n"><v>1200</v></c>', b'<c r="B2" t="s"><v>0</v></c>')
    kind = b"http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings"
    one = b'<Relationship Id="rId99" Type="%s" Target="/xl/sharedStrings.xml"/></Relationships>' % kind
    rels = part(SMALL, "xl/_rels/workbook.xml.rels").replace(b"</Relationships>", one)
    content = repacked(
        SMALL, {SHEET: body, "xl/sharedStrings.xml": shared, "xl/_rels/workbook.xml.rels": rels}
    )
    assert texts(content)[1][1] == "高A"


def test_hidden_sheets_are_told_from_shown_ones() -> None:
    def hide(sheet: Any) -> None:
        sheet.parent.create_sheet("裏").sheet_state = "veryHidden"
        sheet.parent["裏"]["A1"] = "秘"

    book = read(xlsx(ROWS, hide))
    assert [(sheet.name, sheet.hidden) for sheet in book.sheets] == [("Sheet1", False), ("裏", True)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "sheet_empty"),
        (b"  \n", "sheet_empty"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "sheet_old_format"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le"),
            "sheet_encrypted",
        ),
        (b"%PDF-1.7\n", "sheet_other_kind"),
        (SMALL[:-30], "sheet_damaged"),
        (b"PK\x03\x04" + bytes(100), "sheet_damaged"),
        (repacked(SMALL, {"xl/vbaProject.bin": b"x"}), "sheet_macros"),
        (repacked(SMALL, {"xl/workbook.xml": None}), "sheet_damaged"),
        (repacked(SMALL, {SHEET: b"<worksheet><sheetData><row"}), "sheet_damaged"),
        (repacked(SMALL, {SHEET: b'<worksheet><sheetData><row r="0"><c r="A0"/></row></sheetData></worksheet>'}), "sheet_damaged"),
        ("名,カナ\nあ\x00い,ウ".encode(), "sheet_damaged"),
        (b"\x81\xff\xfe\x00\x01\xa0", "sheet_encoding"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_taken_is_refused_with_its_reason(content: bytes, why: str) -> None:
    assert code(content) == why


def test_a_workbook_that_says_it_has_macros_is_refused() -> None:
    types = part(SMALL, "[Content_Types].xml").replace(
        b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml",
        b"application/vnd.ms-excel.sheet.macroEnabled.main+xml",
    )
    assert code(repacked(SMALL, {"[Content_Types].xml": types})) == "sheet_macros"


def test_a_document_of_another_program_is_refused() -> None:
    types = part(SMALL, "[Content_Types].xml").replace(b"spreadsheetml", b"wordprocessingml")
    assert code(repacked(SMALL, {"[Content_Types].xml": types})) == "sheet_other_kind"


@pytest.mark.parametrize("name", ["xl/workbook.xml", SHEET, "xl/styles.xml", "_rels/.rels"])
def test_no_part_may_declare_entities(name: str) -> None:
    dtd = b'<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;">]>'
    body = part(SMALL, name)
    head, found, rest = body.partition(b"?>")
    declared = head + found + dtd + rest if found else dtd + body
    assert code(repacked(SMALL, {name: declared})) == "sheet_dtd"


def test_what_unpacks_to_more_than_the_limit_is_refused_by_its_declared_size() -> None:
    assert code(repacked(SMALL, {"xl/media/x.xml": bytes(limits.SHEET_UNPACKED)})) == "sheet_bomb"


def test_what_lies_about_its_size_is_refused_too() -> None:
    content = repacked(SMALL, {SHEET: b"<worksheet>" + b" " * 3_000_000 + b"</worksheet>"})
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        size = package.getinfo(SHEET).file_size
    lied = content.replace(size.to_bytes(4, "little"), (500).to_bytes(4, "little"))
    assert lied != content
    assert code(lied) == "sheet_damaged"


def test_what_is_really_unpacked_is_counted_whatever_the_directory_says() -> None:
    package = Package(repacked(SMALL, {SHEET: b"<worksheet>" + b" " * 3_000_000 + b"</worksheet>"}))
    package._left = 1_000_000
    with pytest.raises(Invalid) as refused:
        list(package.pieces(SHEET))
    assert refused.value.code == "sheet_bomb"


def test_a_hundred_thousand_rows_are_refused_and_the_limit_is_named() -> None:
    lines = b"".join(b'<row r="%d"><c r="A%d"><v>1</v></c></row>' % (n, n) for n in range(1, 100_001))
    content = repacked(SMALL, {SHEET: b"<worksheet><sheetData>" + lines + b"</sheetData></worksheet>"})
    with pytest.raises(Invalid) as refused:
        read(content)
    assert (refused.value.code, refused.value.facts["limit"]) == ("sheet_too_many_rows", limits.SHEET_ROWS)
    assert code(b"a,b\n" * 100_000) == "sheet_too_many_rows"


def test_rows_that_are_only_coloured_do_not_count() -> None:
    lines = b"".join(b'<row r="%d"><c r="A%d" s="1"/></row>' % (n, n) for n in range(3, 30_000))
    body = part(SMALL, SHEET).replace(b"</sheetData>", lines + b"</sheetData>")
    assert len(texts(repacked(SMALL, {SHEET: body}))) == 2


def test_too_many_columns_are_refused() -> None:
    assert code(xlsx([["a"] * (limits.SHEET_COLUMNS + 1)])) == "sheet_too_many_columns"
    assert code(",".join("a" * (limits.SHEET_COLUMNS + 1)).encode()) == "sheet_too_many_columns"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_csv_of_any_office_is_read(encoding: str, delimiter: str) -> None:
    line = delimiter.join(["会社名", "備考"]) + "\r\n" + delimiter.join(["髙﨑①㈱", '"上,;\t\n下"'])
    assert texts(line.encode(encoding)) == [{0: "会社名", 1: "備考"}, {0: "髙﨑①㈱", 1: "上,;\t\n下"}]


def test_a_formula_in_a_csv_is_named_and_one_of_our_own_export_is_text() -> None:
    row = read('=HYPERLINK("http://x"),\'=1+1,＝式\r\n'.encode()).sheets[0].rows[0]
    assert row.flaws == {0: "cell_formula"}
    assert (row.texts[1], row.texts[2]) == ("=1+1", "＝式")


def test_a_field_past_all_bounds_is_refused() -> None:
    assert code(b'a,"' + b"x" * 200_000 + b'"') == "sheet_damaged"


_XML = st.recursive(
    st.sampled_from([b"1", b"x", "あ".encode(), b"&amp;", b"-1e400", b""]),
    lambda inner: st.builds(
        lambda tag, attribute, value, children: (
            b"<%s %s='%s'>%s</%s>" % (tag, attribute, value, b"".join(children), tag)
        ),
        st.sampled_from(
            [b"row", b"c", b"v", b"f", b"t", b"is", b"rPh", b"mergeCell", b"si", b"xf", b"numFmt"]
        ),
        st.sampled_from([b"r", b"t", b"s", b"ref", b"numFmtId"]),
        st.sampled_from(
            [b"A1", b"s", b"n", b"d", b"e", b"inlineStr", b"99999999", b"-1", b"A1:ZZZ9999999", b"1", b""]
        ),
        st.lists(inner, max_size=4),
    ),
    max_leaves=12,
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_XML, st.sampled_from([SHEET, "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels"]))
def test_no_xml_makes_the_reader_fall_over(body: bytes, name: str) -> None:
    try:
        read(repacked(SMALL, {name: b"<worksheet><sheetData>" + body + b"</sheetData></worksheet>"}))
    except Invalid as refused:
        assert refused.code.startswith("sheet_")


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "replace")))
def test_no_bytes_make_the_reader_fall_over(content: bytes) -> None:
    try:
        read(content)
    except Invalid as refused:
        assert refused.code.startswith("sheet_")


@settings(max_examples=150, deadline=None)
@given(st.integers(0, len(SMALL) - 1), st.binary(min_size=1, max_size=8))
def test_no_damage_to_a_file_makes_the_reader_fall_over(place: int, put: bytes) -> None:
    try:
        read(SMALL[:place] + put + SMALL[place + len(put) :])
    except Invalid as refused:
        assert refused.code.startswith("sheet_")

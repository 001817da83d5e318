"""Writing spreadsheets: what openpyxl, a reader that isn't ours, finds in them."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_portal.adapters.sheets import SheetFiles
from audit_portal.domain.sheets import Cell, Choices, NewBook, NewSheet, Style
from audit_portal.domain.typed_text import clean_text

FILES = SheetFiles()
DANGEROUS = ["=1+1", "+81", "-2+3", "@SUM(A1)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"]


def written(*sheets: NewSheet, **more: bool) -> bytes:
    return b"".join(FILES.write(NewBook(sheets, **more)))


def opened(content: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_values_come_out_as_what_they_were() -> None:
    row = ["株式会社髙﨑①㈱", 1200, date(2025, 4, 1), None, "二\n行", "<&\">'", "_x000D_"]
    sheet = opened(written(NewSheet("一覧", [row]))).active
    assert sheet is not None
    assert [cell.value for cell in sheet[1]] == [
        "株式会社髙﨑①㈱", 1200, datetime(2025, 4, 1), None, "二\n行", "<&\">'", "_x005F_x000D_",
    ]  # fmt: skip
    assert sheet["C1"].is_date


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_is_text_in_xlsx(text: str) -> None:
    cell = opened(written(NewSheet("一覧", [[text]]))).active["A1"]  # type: ignore[index]
    assert cell.data_type == "s"
    assert cell.quotePrefix


@pytest.mark.parametrize("text", DANGEROUS)
def test_text_that_looks_like_a_formula_has_an_apostrophe_in_csv(text: str) -> None:
    content = b"".join(FILES.write_csv([[text]]))
    assert content.startswith(b"\xef\xbb\xbf")
    assert next(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))) == [f"'{text}"]


def test_a_negative_number_stays_one_in_csv() -> None:
    assert b"".join(FILES.write_csv([["-3", -3]])) == b"\xef\xbb\xbf-3,-3\r\n"


def test_only_the_open_cells_of_a_protected_sheet_can_be_written_to() -> None:
    sheet = NewSheet("回答", [[Cell("質問", Style.WRAPPED), Cell("", Style.OPEN)]], protected=True)
    found = opened(written(sheet)).active
    assert found is not None
    assert found.protection.sheet
    assert [cell.protection.locked for cell in found[1]] == [True, False]


def test_a_drop_down_a_length_and_a_date_are_asked_for() -> None:
    rules = (Choices("A1:A9", ("はい", "いいえ")), Choices("B1:B9", longest=100), Choices("C1:C9"))
    found = opened(written(NewSheet("回答", [["x"]], choices=rules))).active
    assert found is not None
    assert [(each.type, each.formula1) for each in found.data_validations.dataValidation] == [
        ("list", '"はい,いいえ"'), ("textLength", "100"), ("date", "36526"),
    ]  # fmt: skip


def test_a_hidden_sheet_and_a_locked_structure_are_written() -> None:
    book = opened(
        written(NewSheet("表", [["a"]]), NewSheet("裏", [["b"]], hidden=True), locked_structure=True)
    )
    assert book["裏"].sheet_state == "veryHidden"
    assert book.security.lockStructure


def test_rows_are_written_while_they_come() -> None:
    taken = 0

    def rows() -> Iterator[list[str]]:
        nonlocal taken
        for number in range(2_000):
            taken = number
            yield [f"行{number}" * 20]

    pieces = FILES.write(NewBook([NewSheet("一覧", rows())]))
    next(piece for piece in pieces if len(piece) > 1_000)
    assert taken < 1_000
    rest = sum(len(piece) for piece in pieces)
    assert rest > 1_000
    assert taken == 1_999


_TYPED = st.text(max_size=30).map(lambda text: clean_text(text.replace("\ufffe", "").replace("\uffff", "")))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(_TYPED, min_size=1, max_size=4), min_size=1, max_size=6))
def test_what_people_typed_comes_back_as_it_was(rows: list[list[str]]) -> None:
    book = FILES.read(written(NewSheet("一覧", rows)))
    found = {(row.number, column): text for row in book.sheets[0].rows for column, text in row.texts.items()}
    assert found == {
        (number, column): text
        for number, row in enumerate(rows, start=1)
        for column, text in enumerate(row)
        if text
    }

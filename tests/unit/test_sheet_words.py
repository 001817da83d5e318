"""What people type into cells: dates of every kind, yes and no, numbers, and names written in two ways."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain.errors import Invalid
from audit_portal.domain.sheets import address, csv_safe, csv_unsafe, day, match_key, truth, whole_number
from audit_portal.domain.sheets.dates import from_serial

APRIL = date(2025, 4, 1)


@pytest.mark.parametrize(
    "text",
    ["令和7年4月1日", "2025/4/1", "R7.4.1", "Ｒ７．４．１", "r7/4/1", "2025-04-01", "2025.4.1", "２０２５年４月１日",
     "2025/4/1(火)", "2025年 4月 1日", "20250401", "45748", "2025-04-01 09:30", "令和 7 年 4 月 1 日"],
)  # fmt: skip
def test_one_day_is_written_in_many_ways(text: str) -> None:
    assert day(text) == APRIL


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("令和元年5月1日", date(2019, 5, 1)),
        ("平成31年4月30日", date(2019, 4, 30)),
        ("H1.1.8", date(1989, 1, 8)),
        ("S60.4.1", date(1985, 4, 1)),
        ("平成32年3月31日", date(2020, 3, 31)),  # contracts made before the era changed say so
    ],
)
def test_years_of_eras_are_counted_from_their_first(text: str, shown: date) -> None:
    assert day(text) == shown


@pytest.mark.parametrize(
    "text", ["", "4月1日", "2025/2/30", "令和元年4月30日", "R0.1.1", "2025/4", "未定", "1", "２５/4/1", "99999999", "令和7年13月1日"]
)  # fmt: skip
def test_what_is_no_day_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        day(text)
    assert refused.value.code == "date_not_understood"


@given(st.text(max_size=20))
def test_no_text_makes_the_reading_of_dates_fall_over(text: str) -> None:
    try:
        day(text)
    except Invalid as refused:
        assert refused.code == "date_not_understood"


@given(st.dates(min_value=date(1900, 3, 1)))
def test_serial_numbers_count_days(shown: date) -> None:
    assert from_serial((shown - date(1899, 12, 30)).days) == shown.isoformat()


def test_serial_numbers_know_the_day_that_never_was() -> None:
    assert (from_serial(1), from_serial(59), from_serial(61)) == ("1900-01-01", "1900-02-28", "1900-03-01")
    assert from_serial(0, from_1904=True) == "1904-01-01"


@pytest.mark.parametrize("text", ["はい", "有", "あり", "○", "〇", "TRUE", "１", "Ｙｅｓ"])
def test_yes_is_understood(text: str) -> None:
    assert truth(text)


@pytest.mark.parametrize("text", ["いいえ", "無", "なし", "×", "FALSE", "０", "no", "－"])
def test_no_is_understood(text: str) -> None:
    assert not truth(text)


def test_perhaps_is_not() -> None:
    with pytest.raises(Invalid):
        truth("たぶん")


@pytest.mark.parametrize(
    ("text", "number"), [("１，２００", 1200), ("1,200人", 1200), ("1200.0", 1200), ("0", 0)]
)
def test_numbers_are_read_as_japanese_keyboards_type_them(text: str, number: int) -> None:
    assert whole_number(text) == number


@pytest.mark.parametrize("text", ["約千", "1.5", "-3", "1e5", "", "９" * 20])
def test_what_is_no_whole_number_is_refused(text: str) -> None:
    with pytest.raises(Invalid):
        whole_number(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("㈱髙﨑商店", "株式会社 高崎商店"),
        ("ﾃｽﾄ（株）", "テスト株式会社"),
        ("Ａ・Ｂ社", "AB社"),
        ("斎藤", "齋藤"),
    ],
)
def test_two_spellings_of_a_name_match(one: str, other: str) -> None:
    assert match_key(one) == match_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("高崎商店", "高崎商会"), ("株式会社甲", "甲株式会社"), ("ビール", "ビル")]
)
def test_two_names_do_not(one: str, other: str) -> None:
    assert match_key(one) != match_key(other)


@given(st.text(max_size=20).filter(lambda text: not text.startswith("'")))
def test_what_was_made_safe_comes_back(text: str) -> None:
    assert csv_unsafe(csv_safe(text)) == text


@pytest.mark.parametrize(
    ("place", "name"), [((0, 1), "A1"), ((25, 9), "Z9"), ((26, 1), "AA1"), ((701, 1), "ZZ1")]
)
def test_cells_are_named_as_spreadsheets_name_them(place: tuple[int, int], name: str) -> None:
    assert address(*place) == name

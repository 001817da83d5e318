"""Dates, numbers and sizes read well in both languages and in the installation's time zone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask

from audit_portal.web import formats
from tests.web.demo import demo_app

DAY = date(2026, 11, 24)


@pytest.fixture(scope="module")
def app() -> Flask:
    return demo_app()


@pytest.fixture
def ja(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?lang=ja"):
        yield


@pytest.fixture
def en(app: Flask) -> Iterator[None]:
    with app.test_request_context("/?lang=en"):
        yield


def test_dates_in_japanese(ja: None) -> None:
    assert formats.day(DAY) == "2026年11月24日（火）"
    assert formats.short_day(DAY) == "11月24日（火）"
    assert formats.month(DAY) == "2026年11月"


def test_dates_in_english(en: None) -> None:
    assert formats.day(DAY) == "Tue 24 Nov 2026"
    assert formats.short_day(DAY) == "Tue 24 Nov"
    assert formats.month(DAY) == "November 2026"


def test_a_moment_is_shown_in_the_zone_of_the_installation(ja: None) -> None:
    assert formats.moment(datetime(2026, 11, 24, 15, 30, tzinfo=UTC)) == "2026年11月25日 00:30"


@pytest.mark.parametrize("shown", [formats.day, formats.short_day, formats.moment, formats.number])
def test_nothing_is_a_dash(ja: None, shown) -> None:
    assert shown(None) == "–"


def test_numbers_are_grouped_and_nought_is_a_number(ja: None) -> None:
    assert formats.number(48000) == "48,000"
    assert formats.number(0) == "0"


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (0, "0 バイト"),
        (1023, "1023 バイト"),
        (1024, "1 KB"),
        (1024**2 - 1, "1 MB"),
        (5033165, "4.8 MB"),
        (1024**3, "1 GB"),
        (3 * 1024**5, "3,072 TB"),
    ],
)
def test_sizes(ja: None, octets: int, text: str) -> None:
    assert formats.size(octets) == text


def test_only_all_of_it_is_a_hundred_per_cent(ja: None) -> None:
    assert [formats.percent(part, 1000) for part in (0, 999, 1000)] == ["0%", "99%", "100%"]
    assert formats.percent(0, 0) == "–"


def test_english_counts_one_day_and_more_days_apart(en: None) -> None:
    assert [formats.days(count) for count in (1, 6)] == ["1 day", "6 days"]


@pytest.mark.parametrize(
    ("due", "text"),
    [
        (date(2026, 11, 12), "12日 超過"),
        (date(2026, 11, 24), "今日"),
        (date(2026, 11, 25), "あす"),
        (date(2026, 11, 27), "あと 3日"),
    ],
)
def test_how_far_off_a_due_date_is(ja: None, due: date, text: str) -> None:
    assert formats.due(due, DAY) == text


def test_one_day_overdue_in_english(en: None) -> None:
    assert formats.due(date(2026, 11, 23), DAY) == "1 day overdue"

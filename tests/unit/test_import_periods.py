"""Periods of contracts as people write them."""

from __future__ import annotations

import contextlib
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain.contracts import ContractKind, Terms, last_day_for_notice
from audit_portal.domain.errors import Invalid
from audit_portal.domain.imports.periods import notice_by_day, notice_period, renewal_months


@pytest.mark.parametrize(
    ("text", "months"),
    [("12", 12), ("１年", 12), ("6か月ごと", 6), ("1年6ヶ月", 18), ("なし", None), ("0", None), ("1年間", 12),
     ("24 months", 24)],
)  # fmt: skip
def test_a_renewal_is_read_as_months(text: str, months: int | None) -> None:
    assert renewal_months(text) == months


@pytest.mark.parametrize(
    ("text", "code"), [("はい", "renewal_length_needed"), ("自動", "renewal_not_understood")]
)
def test_a_renewal_without_its_length_is_refused(text: str, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        renewal_months(text)
    assert refusal.value.code == code


@pytest.mark.parametrize(
    ("text", "period"),
    [("3か月前", (3, 0)), ("満了の３ヵ月前まで", (3, 0)), ("30日前", (0, 30)), ("1か月と15日前", (1, 15)),
     ("1年前", (12, 0)), ("なし", (0, 0)), ("3 months before", (3, 0))],
)  # fmt: skip
def test_a_notice_is_read_as_months_and_days(text: str, period: tuple[int, int]) -> None:
    assert notice_period(text) == period


@pytest.mark.parametrize("text", ["3", "1", "そのうち", "あり"])
def test_a_notice_that_may_be_months_or_days_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        notice_period(text)
    assert refusal.value.code == "notice_not_understood"


_DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(_DAYS, st.integers(1, 3000))
def test_a_last_day_given_is_the_one_counted_back(ends_on: date, before: int) -> None:
    last = ends_on - timedelta(days=before)
    months, days = notice_by_day(ends_on, last)
    terms = Terms(ContractKind.MASTER, date(1980, 1, 1), ends_on, notice_months=months, notice_days=days)
    assert last_day_for_notice(terms, ends_on) == last


@given(_DAYS, st.integers(0, 100))
def test_a_last_day_on_or_after_the_end_is_refused(ends_on: date, after: int) -> None:
    with pytest.raises(Invalid):
        notice_by_day(ends_on, ends_on + timedelta(days=after))


@given(st.text(max_size=30))
def test_no_text_is_more_than_refused(text: str) -> None:
    for read in (renewal_months, notice_period):
        with contextlib.suppress(Invalid):
            read(text)

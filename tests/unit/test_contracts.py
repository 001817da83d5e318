"""How long a contract runs and until when it can be given notice of; what can't be is refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain.contracts import (
    ContractKind,
    Deadline,
    Standing,
    Terms,
    add_months,
    check_parent,
    check_terms,
    end_of_term,
    is_clause,
    last_day_for_notice,
    next_deadline,
    standing,
)
from audit_portal.domain.errors import Invalid

MASTER = ContractKind.MASTER
START = date(2025, 4, 1)
END = date(2026, 3, 31)
FIRST = {"starts_on": date.min, "ends_on": date.min}  # as cells of a table may have it


def terms(**more: object) -> Terms:
    found: dict[str, object] = {"starts_on": START, "ends_on": END, "concluded_on": START, **more}
    return Terms(MASTER, **found)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("more", "code", "field"),
    [
        ({"ends_on": date(2025, 3, 31)}, "contract_ends_before_start", "ends_on"),
        ({"ended_on": date(2025, 3, 31)}, "contract_ended_before_start", "ended_on"),
        ({"ends_on": None, "renewal_months": 12}, "renewal_needs_end", "ends_on"),
        ({"renewal_months": 0}, "renewal_out_of_range", "renewal_months"),
        ({"renewal_months": 601}, "renewal_out_of_range", "renewal_months"),
        ({"ends_on": None, "notice_months": 1}, "notice_needs_end", "ends_on"),
        ({"notice_months": 13}, "notice_longer_than_term", "notice_months"),
        ({"notice_days": 400}, "notice_longer_than_term", "notice_months"),
        ({**FIRST, "notice_days": 60}, "notice_longer_than_term", "notice_months"),
        ({**FIRST, "notice_months": 3}, "notice_longer_than_term", "notice_months"),
        ({"notice_days": -1}, "notice_out_of_range", "notice_months"),
    ],
)
def test_dates_and_periods_that_cannot_be_are_refused(more: dict[str, object], code: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_terms(terms(**more))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_sound_contract_passes() -> None:
    check_terms(terms(renewal_months=12, notice_months=3))
    check_terms(terms(ends_on=None))
    check_terms(terms(ends_on=START))


@pytest.mark.parametrize(
    ("ends", "months", "today", "end"),
    [
        (END, 12, date(2026, 3, 31), date(2026, 3, 31)),
        (END, 12, date(2026, 4, 1), date(2027, 3, 31)),
        (END, 1, date(2026, 11, 21), date(2026, 11, 30)),  # the last day of a month stays the last
        (date(2026, 2, 28), 12, date(2027, 3, 1), date(2028, 2, 29)),
        (date(2026, 1, 30), 1, date(2026, 2, 1), date(2026, 2, 27)),
        (END, None, date(2030, 1, 1), END),
    ],
)
def test_a_contract_that_renews_itself_ends_later(
    ends: date, months: int | None, today: date, end: date
) -> None:
    assert end_of_term(terms(ends_on=ends, renewal_months=months), today) == end


@pytest.mark.parametrize(
    ("more", "today", "last"),
    [
        ({"notice_months": 3}, date(2025, 11, 21), date(2025, 12, 31)),
        ({"notice_days": 30}, date(2025, 11, 21), date(2026, 3, 1)),
        ({"notice_months": 1, "notice_days": 15}, date(2025, 11, 21), date(2026, 2, 13)),
        ({"notice_months": 1}, date(2025, 11, 21), date(2026, 2, 28)),
        ({"notice_months": 3, "renewal_months": 12}, date(2026, 11, 21), date(2026, 12, 31)),
        ({}, date(2025, 11, 21), None),
        ({"notice_months": 3, "ended_on": date(2026, 1, 31)}, date(2025, 11, 21), None),
    ],
)
def test_the_last_day_for_notice_is_counted_back_from_the_end_of_the_running_term(
    more: dict[str, object], today: date, last: date | None
) -> None:
    assert last_day_for_notice(terms(**more), today) == last


def test_a_missed_notice_of_a_renewing_contract_leaves_nothing_to_think_of_until_the_next_term() -> None:
    renewing = terms(renewal_months=12, notice_months=3)
    assert next_deadline(renewing, date(2025, 12, 31)) == Deadline(date(2025, 12, 31), True)
    assert next_deadline(renewing, date(2026, 1, 1)) is None
    assert next_deadline(renewing, date(2026, 4, 1)) == Deadline(date(2026, 12, 31), True)


def test_a_contract_that_is_not_renewed_comes_to_its_end_and_then_to_nothing() -> None:
    plain = terms(notice_months=3)
    assert next_deadline(plain, date(2026, 1, 1)) == Deadline(END, False)
    assert next_deadline(plain, date(2026, 4, 1)) is None


@pytest.mark.parametrize(
    ("more", "today", "how"),
    [
        ({}, date(2025, 11, 21), Standing.RUNNING),
        ({"concluded_on": None}, date(2025, 11, 21), Standing.NOT_CONCLUDED),
        ({"concluded_on": date(2025, 3, 1)}, date(2025, 3, 2), Standing.NOT_BEGUN),
        ({}, date(2026, 4, 1), Standing.OVER),
        ({"renewal_months": 12}, date(2026, 4, 1), Standing.RUNNING),
        ({"renewal_months": 12, "ended_on": END}, date(2026, 4, 1), Standing.OVER),
        ({"concluded_on": None}, date(2026, 4, 1), Standing.OVER),
    ],
)
def test_how_a_contract_stands_on_a_day(more: dict[str, object], today: date, how: Standing) -> None:
    assert standing(terms(**more), today) is how


@given(
    st.dates(date(1990, 1, 1), date(2060, 12, 31)),
    st.integers(0, 2000),
    st.integers(1, 60),
    st.integers(0, 12),
    st.dates(date(1990, 1, 1), date(2090, 12, 31)),
)
def test_the_end_of_a_renewing_term_is_never_past_and_never_more_than_a_term_away(
    start: date, length: int, months: int, notice: int, today: date
) -> None:
    found = Terms(MASTER, start, start + timedelta(days=length), start, months, notice)
    end = end_of_term(found, today)
    assert end is not None
    assert end >= min(today, end)
    if found.ends_on is not None and today > found.ends_on:
        assert today <= end < add_months(today, months)
        assert add_months(found.ends_on + timedelta(days=1), 0) <= end + timedelta(days=1)
    last = last_day_for_notice(found, today)
    assert last is None or last <= end


@given(st.dates(), st.dates(), st.none() | st.integers(1, 600), st.integers(0, 600), st.integers(0, 3_650))
def test_whatever_dates_are_typed_they_are_refused_or_have_a_deadline_or_none(
    start: date, end: date, renewal: int | None, months: int, days: int
) -> None:
    found = Terms(MASTER, start, end, start, renewal, months, days)
    try:
        check_terms(found)
    except Invalid:
        return
    due = next_deadline(found, date(2026, 11, 22))
    assert due is None or due.on >= date(2026, 11, 22)


def test_an_amendment_needs_the_contract_it_changes_and_a_master_stands_alone() -> None:
    with pytest.raises(Invalid, match="amendment_needs_parent"):
        check_parent(ContractKind.AMENDMENT, False)
    with pytest.raises(Invalid, match="parent_not_for_kind"):
        check_parent(MASTER, True)
    check_parent(ContractKind.INDIVIDUAL, False)
    check_parent(ContractKind.MEMORANDUM, True)


def test_only_what_is_written_in_a_contract_is_a_clause() -> None:
    assert is_clause(("contract_annex", "certificate"))
    assert not is_clause(("meeting_minutes",))

"""The yearly plan's rules: fiscal years of any first month, months that are short, what is proposed when."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain.checklist import Tier
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.monitoring import (
    INTERVALS,
    WATCHED,
    FiscalYear,
    PlanState,
    Proposal,
    Watched,
    check_month,
    must_be_planned,
    propose,
)
from audit_portal.domain.monitoring.fiscal_year import later, month_of
from audit_portal.domain.supervision import Classification, State

TODAY = date(2026, 11, 22)
YEAR = FiscalYear(2026)
DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))
FIRSTS = st.integers(1, 12)


@given(DAYS, FIRSTS)
def test_every_day_lies_in_just_one_fiscal_year(day: date, first: int) -> None:
    year = FiscalYear.of(day, first)
    assert day in year
    assert day not in FiscalYear(year.year - 1, first) and day not in FiscalYear(year.year + 1, first)


@given(st.integers(1990, 2090), FIRSTS)
def test_a_fiscal_year_has_twelve_months_from_its_first_to_its_last_day(number: int, first: int) -> None:
    year = FiscalYear(number, first)
    months = year.months()
    assert len(set(months)) == 12 and months == tuple(sorted(months))
    assert months[0] == year.first and all(each.day == 1 and each in year for each in months)
    assert year.last + timedelta(days=1) == FiscalYear(number + 1, first).first


@pytest.mark.parametrize(
    ("day", "first", "number"),
    [
        (date(2026, 3, 31), 4, 2025), (date(2026, 4, 1), 4, 2026), (date(2026, 12, 31), 1, 2026),
        (date(2024, 2, 29), 3, 2023), (date(2024, 3, 1), 3, 2024), (date(2026, 11, 30), 12, 2025),
    ],
)  # fmt: skip
def test_a_fiscal_year_is_named_by_the_year_it_begins_in(day: date, first: int, number: int) -> None:
    assert FiscalYear.of(day, first).year == number


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2024, 2, 29), 12, date(2025, 2, 28)), (date(2024, 2, 29), 48, date(2028, 2, 29)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)), (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 11, 30), 24, date(2028, 11, 30)),
    ],
)  # fmt: skip
def test_months_later_ends_on_the_last_day_where_a_month_is_short(day: date, months: int, then: date) -> None:
    assert later(day, months) == then


@given(DAYS, st.integers(0, 60))
def test_months_later_is_in_that_month_and_never_later_in_it(day: date, months: int) -> None:
    then = later(day, months)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day <= day.day


def watched(verified_on: date | None, tier: Tier = Tier.MEDIUM, **more: object) -> Watched:
    facts: dict[str, object] = {
        "state": State.LIVE, "classification": Classification.ENTRUSTMENT, "tier": tier,
        "verified_on": verified_on,
    }  # fmt: skip
    return Watched(**{**facts, **more})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("verified_on", "tier", "due", "month"),
    [
        (None, Tier.LOW, None, date(2026, 11, 1)),  # never: now
        (date(2026, 1, 15), Tier.HIGH, date(2027, 1, 15), date(2027, 1, 1)),
        (date(2024, 5, 1), Tier.MEDIUM, date(2025, 5, 1), date(2026, 11, 1)),  # overdue: now
        (date(2026, 6, 1), Tier.MEDIUM, date(2027, 6, 1), None),  # after this year
        (date(2025, 2, 10), Tier.LOW, date(2027, 2, 10), date(2027, 2, 1)),
    ],
)
def test_a_month_is_proposed_by_tier_and_last_date(
    verified_on: date | None, tier: Tier, due: date | None, month: date | None
) -> None:
    assert propose(watched(verified_on, tier), YEAR, TODAY) == Proposal(due, month)


def test_for_a_year_to_come_its_first_month_is_the_earliest() -> None:
    assert propose(watched(None), FiscalYear(2027), TODAY) == Proposal(None, date(2027, 4, 1))


def test_for_a_year_that_is_over_nothing_is_proposed() -> None:
    assert propose(watched(None), FiscalYear(2025), TODAY) == Proposal(None, None)


def test_work_that_ends_before_it_is_due_is_not_proposed() -> None:
    found = propose(watched(date(2026, 2, 1), ends_on=date(2027, 1, 31)), YEAR, TODAY)
    assert found == Proposal(date(2027, 2, 1), None)


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("kind", list(Classification))
def test_only_entrusted_work_in_which_data_is_handled_is_proposed(state: State, kind: Classification) -> None:
    found = propose(watched(None, state=state, classification=kind), YEAR, TODAY)
    wanted = state in WATCHED and kind is Classification.ENTRUSTMENT
    assert (found is not None) is wanted
    assert {State.LIVE, State.SUSPENDED} == WATCHED


@given(DAYS, st.sampled_from(list(Tier)), st.integers(2000, 2080), FIRSTS, DAYS)
def test_a_proposed_month_is_never_past_never_before_it_is_due_and_in_its_year(
    verified: date, tier: Tier, number: int, first: int, today: date
) -> None:
    year = FiscalYear(number, first)
    found = propose(watched(verified, tier), year, today)
    assert found is not None and found.due_on == later(verified, INTERVALS[tier])
    if found.month is not None:
        check_month(found.month, year, today)
        assert found.month >= month_of(found.due_on)


def test_every_tier_has_an_interval_and_a_graver_one_never_a_longer() -> None:
    assert set(INTERVALS) == set(Tier)
    assert INTERVALS[Tier.HIGH] <= INTERVALS[Tier.MEDIUM] <= INTERVALS[Tier.LOW]


def test_a_month_past_or_of_another_year_is_refused() -> None:
    check_month(date(2026, 11, 1), YEAR, TODAY)
    with pytest.raises(Invalid, match="plan_month_past"):
        check_month(date(2026, 10, 1), YEAR, TODAY)
    with pytest.raises(Invalid, match="plan_month_outside"):
        check_month(date(2027, 4, 1), YEAR, TODAY)


def test_only_what_is_planned_can_be_changed() -> None:
    must_be_planned(PlanState.PLANNED)
    with pytest.raises(Conflict, match="plan_started"):
        must_be_planned(PlanState.STARTED)
    with pytest.raises(Conflict, match="plan_cancelled"):
        must_be_planned(PlanState.CANCELLED)

"""Rounds: fiscal years, and every obstacle named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from audit_portal.domain.rounds import Candidate, Obstacle, fiscal_year, obstacles
from audit_portal.domain.supervision import Classification, State

GOOD = Candidate(
    state=State.DRAFT,
    classification=Classification.ENTRUSTMENT,
    classification_reason="入力を任せるため",
    check_running=False,
    decision_open=False,
    sent_this_year=False,
)


@pytest.mark.parametrize(
    ("day", "first_month", "year"),
    [
        (date(2026, 4, 1), 4, 2026),
        (date(2027, 3, 31), 4, 2026),
        (date(2026, 12, 31), 1, 2026),
        (date(2026, 1, 1), 1, 2026),
        (date(2026, 9, 30), 10, 2025),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_begins_in(day: date, first_month: int, year: int) -> None:
    assert fiscal_year(day, first_month) == year


def test_the_fiscal_year_begins_in_april_unless_said_otherwise() -> None:
    assert (fiscal_year(date(2026, 3, 31)), fiscal_year(date(2026, 4, 1))) == (2025, 2026)


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"state": State.REFUSED}, Obstacle.OVER),
        ({"state": State.CLOSED}, Obstacle.OVER),
        ({"classification_reason": " "}, Obstacle.NOT_CLASSIFIED),
        ({"classification": Classification.CLOUD_NOT_HANDLING}, Obstacle.NOT_ENTRUSTMENT),
        ({"check_running": True}, Obstacle.RUNNING),
        ({"decision_open": True}, Obstacle.DECISION_OPEN),
        ({"sent_this_year": True}, Obstacle.SENT_THIS_YEAR),
    ],
)
def test_each_obstacle_is_named(change: dict[str, object], named: Obstacle) -> None:
    assert obstacles(replace(GOOD, **change)) == (named,)  # type: ignore[arg-type]


def test_a_running_engagement_may_be_checked_again_and_all_obstacles_are_named_at_once() -> None:
    assert all(
        obstacles(replace(GOOD, state=state)) == () for state in (State.DRAFT, State.LIVE, State.SELECTED)
    )
    assert obstacles(replace(GOOD, sent_this_year=True, check_running=True)) == (
        Obstacle.RUNNING,
        Obstacle.SENT_THIS_YEAR,
    )

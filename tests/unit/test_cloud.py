"""Which finding on a cloud provider carries the class "doesn't handle the data"."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from audit_portal.domain.cloud import Determination, settles

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
NOT, HANDLED = Determination.NOT_HANDLED, Determination.HANDLED


@pytest.mark.parametrize(
    ("outcome", "documented", "determined_on", "recheck_on", "expected"),
    [
        (NOT, True, TODAY - 30 * DAY, None, True),
        (NOT, False, TODAY, None, False),  # a tick-box
        (HANDLED, True, TODAY, None, False),
        (NOT, True, TODAY - 30 * DAY, TODAY, True),  # the day itself still counts
        (NOT, True, TODAY - 30 * DAY, TODAY - DAY, False),
        (NOT, True, TODAY - DAY, TODAY - DAY, True),  # rechecked
    ],
)
def test_a_finding_settles_the_class_as_long_as_it_is_shown_and_current(
    outcome: Determination, documented: bool, determined_on: date, recheck_on: date | None, expected: bool
) -> None:
    assert settles(outcome, documented, determined_on, recheck_on, TODAY) is expected

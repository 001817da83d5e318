"""How a certification stands on a day, and a finding on a cloud service."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from audit_portal.domain.cloud import check_day
from audit_portal.domain.errors import Invalid
from audit_portal.domain.register import SOON, Validity, validity

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("expires_on", "withdrawn_on", "stands"),
    [
        (None, None, Validity.UNDATED),
        (TODAY + SOON + DAY, None, Validity.VALID),
        (TODAY + SOON, None, Validity.EXPIRING),
        (TODAY, None, Validity.EXPIRING),
        (TODAY - DAY, None, Validity.EXPIRED),
        (TODAY + SOON + DAY, TODAY, Validity.WITHDRAWN),
        (TODAY + SOON + DAY, TODAY + DAY, Validity.VALID),
        (TODAY - DAY, TODAY - DAY, Validity.WITHDRAWN),
        (None, TODAY, Validity.WITHDRAWN),
    ],
)
def test_the_last_day_still_counts(
    expires_on: date | None, withdrawn_on: date | None, stands: Validity
) -> None:
    assert validity(expires_on, withdrawn_on, TODAY) is stands


def test_nobody_finds_out_tomorrow() -> None:
    check_day(TODAY, TODAY)
    with pytest.raises(Invalid) as refused:
        check_day(TODAY + DAY, TODAY)
    assert refused.value.field == "determined_on"

"""Whether a cloud provider handles the data that its customer keeps there.

Neither supply nor entrustment only if the provider is set *not* to handle it: its terms say so, and access
is controlled (PPC Q&A 7-53). The exception is narrow: maintenance access, rights of use in the terms, or
actual handling defeat it (PPC caution of 2024-03-25). So it is kept with its evidence, never as a tick.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum

from audit_portal.domain.errors import Invalid


class Determination(StrEnum):
    NOT_HANDLED = "not_handled"
    HANDLED = "handled"


def settles(
    outcome: Determination, documented: bool, determined_on: date, recheck_on: date | None, today: date
) -> bool:
    """Whether the newest finding carries the class "doesn't handle the data" today.

    It has to say so, to have its document in the vault, and not to be older than a day of rechecking that has
    passed.
    """
    current = recheck_on is None or today <= recheck_on or determined_on >= recheck_on
    return outcome is Determination.NOT_HANDLED and documented and current


def check_day(determined_on: date, today: date) -> None:
    """Raises Invalid for a finding of the future."""
    if determined_on > today:
        raise Invalid("determined_in_future", field="determined_on")

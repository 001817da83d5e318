"""Who may vouch for a vendor's next lead, and who looks at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from uuid import uuid4

import pytest

from audit_portal.domain.errors import Conflict, Forbidden, Invalid
from audit_portal.domain.lead_change import (
    Known,
    LeadChangeState,
    check_contact,
    check_day,
    check_second,
    must_wait,
)
from audit_portal.domain.register import ContactPurpose

DAY = date(2026, 4, 1)
ASKER = uuid4()
CONTACT = Known("umino@example.jp", (ContactPurpose.CONTRACT,), date(2026, 3, 1), str(ASKER), False)


def asked(contact: Known, on: date = DAY, leaving: str = "old@example.jp") -> None:
    check_contact(contact, ASKER, on, leaving, "new@example.jp")


def test_a_contact_for_contracts_known_before_may_vouch() -> None:
    asked(CONTACT)
    asked(replace(CONTACT, email=""), leaving="")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"purposes": (ContactPurpose.DAILY,)}, "contact_not_for_contracts"),
        ({"over": True}, "contact_not_for_contracts"),
        ({"email": "old@example.jp"}, "contact_is_lead"),
        ({"email": "new@example.jp"}, "contact_is_lead"),
        ({"written_on": DAY}, "contact_just_written"),
        ({"written_on": date(2026, 4, 2)}, "contact_just_written"),
    ],
)
def test_another_contact_may_not(more: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid, match=code):
        asked(replace(CONTACT, **more))  # type: ignore[arg-type]


def test_what_another_person_wrote_that_day_was_known_to_the_house() -> None:
    asked(replace(CONTACT, written_on=DAY, written_by=str(uuid4())))


def test_nobody_confirms_their_own_note_or_a_day_to_come() -> None:
    check_second(ASKER, uuid4())
    with pytest.raises(Forbidden, match="own_lead_change"):
        check_second(ASKER, ASKER)
    check_day(DAY, DAY)
    with pytest.raises(Invalid, match="confirmed_in_future"):
        check_day(date(2026, 4, 2), DAY)


def test_it_is_settled_once() -> None:
    must_wait(LeadChangeState.WAITING)
    for state in set(LeadChangeState) - {LeadChangeState.WAITING}:
        with pytest.raises(Conflict, match="lead_change_over"):
            must_wait(state)

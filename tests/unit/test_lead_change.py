"""Who may vouch for a vendor's next lead, and who looks at it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest

from audit_portal.domain.errors import Conflict, Forbidden, Invalid
from audit_portal.domain.lead_change import (
    Known,
    LeadChangeState,
    Means,
    check_contact,
    check_day,
    check_means,
    check_not_writer,
    check_second,
    must_wait,
)
from audit_portal.domain.register import ContactPurpose

DAY = date(2026, 4, 1)
ASKER = uuid4()
CONTACT = Known("umino@example.jp", "03", (ContactPurpose.CONTRACT,), date(2026, 3, 1), str(ASKER), False)


def asked(contact: Known, on: date = DAY, leaving: str = "old@example.jp") -> None:
    check_contact(contact, on, leaving, "new@example.jp")


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


def test_what_anybody_wrote_that_day_vouches_for_nobody() -> None:
    with pytest.raises(Invalid, match="contact_just_written"):
        asked(replace(CONTACT, written_on=DAY, written_by=str(uuid4())))


def test_nobody_is_asked_in_a_way_that_is_not_known_of_them() -> None:
    for means in Means:
        check_means(CONTACT, means)
    check_means(replace(CONTACT, email="", phone=""), Means.LETTER)
    with pytest.raises(Invalid, match="contact_lacks_phone"):
        check_means(replace(CONTACT, phone=""), Means.PHONE)
    with pytest.raises(Invalid, match="contact_lacks_email"):
        check_means(replace(CONTACT, email=""), Means.EMAIL)


def test_nobody_confirms_their_own_note_or_contact() -> None:
    check_second(ASKER, uuid4())
    with pytest.raises(Forbidden, match="own_lead_change"):
        check_second(ASKER, ASKER)
    check_not_writer(CONTACT, uuid4())
    with pytest.raises(Forbidden, match="own_contact"):
        check_not_writer(CONTACT, ASKER)


def test_a_confirmation_is_neither_to_come_nor_old() -> None:
    check_day(DAY, DAY)
    check_day(DAY - timedelta(90), DAY)
    with pytest.raises(Invalid, match="confirmed_in_future"):
        check_day(date(2026, 4, 2), DAY)
    with pytest.raises(Invalid, match="confirmed_long_ago"):
        check_day(DAY - timedelta(91), DAY)


def test_it_is_settled_once() -> None:
    must_wait(LeadChangeState.WAITING)
    for state in set(LeadChangeState) - {LeadChangeState.WAITING}:
        with pytest.raises(Conflict, match="lead_change_over"):
            must_wait(state)

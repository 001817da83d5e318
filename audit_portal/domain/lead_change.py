"""A vendor's new lead (委託先の責任者), let in only after a contact known before has confirmed it.

Who writes "our lead has left, please invite me" may be anybody: so somebody whom the client already knew at the
vendor is asked, in a way known before, and a second person of the client looks at what was noted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from audit_portal.domain.errors import Conflict, Forbidden, Invalid
from audit_portal.domain.register import ContactPurpose


class Means(StrEnum):
    """How the contact was asked."""

    PHONE = "phone"
    EMAIL = "email"
    LETTER = "letter"


class LeadChangeState(StrEnum):
    WAITING = "waiting"  # for the second person
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True)
class Known:
    """A contact as the register holds it."""

    email: str
    purposes: Collection[ContactPurpose]
    written_on: date
    written_by: str  # who last wrote it, as the register calls them
    over: bool


def check_contact(contact: Known, asker: UUID, confirmed_on: date, leaving: str, coming: str) -> None:
    """The contact is for contracts, in use, and wasn't written by the asker on the day of the confirmation or later.

    `leaving`, `coming`: addresses of the lead who left ("": nobody did) and of the new one; neither confirms.
    Raises Invalid('contact_not_for_contracts' | 'contact_just_written' | 'contact_is_lead').
    """
    if contact.over or ContactPurpose.CONTRACT not in contact.purposes:
        raise Invalid("contact_not_for_contracts", field="contact")
    if contact.email and contact.email in (leaving, coming):
        raise Invalid("contact_is_lead", field="contact")
    if contact.written_by == str(asker) and contact.written_on >= confirmed_on:
        raise Invalid("contact_just_written", field="contact")


def check_day(confirmed_on: date, today: date) -> None:
    if confirmed_on > today:
        raise Invalid("confirmed_in_future", field="confirmed_on")


def check_second(asker: UUID, actor: UUID) -> None:
    """Raises Forbidden('own_lead_change'): who noted the confirmation doesn't confirm it."""
    if asker == actor:
        raise Forbidden("own_lead_change")


def must_wait(state: LeadChangeState) -> None:
    if state is not LeadChangeState.WAITING:
        raise Conflict("lead_change_over")

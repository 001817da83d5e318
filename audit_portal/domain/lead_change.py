"""A vendor's new lead (委託先の責任者), let in only after a contact known before has confirmed it.

Who writes "our lead has left, please invite me" may be anybody: so somebody whom the client already knew at the
vendor is asked, in a way known before, and a second person of the client looks at what was noted.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from audit_portal.domain import limits
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
    phone: str
    purposes: Collection[ContactPurpose]
    written_on: date
    written_by: str  # who last wrote it, as the register calls them
    over: bool


def check_contact(contact: Known, confirmed_on: date, leaving: str, coming: str) -> None:
    """The contact is for contracts, in use, and nobody wrote it on the day of the confirmation or later.

    `leaving`, `coming`: addresses of the lead who left ("": nobody did) and of the new one; neither confirms.
    Raises Invalid('contact_not_for_contracts' | 'contact_just_written' | 'contact_is_lead').
    """
    if contact.over or ContactPurpose.CONTRACT not in contact.purposes:
        raise Invalid("contact_not_for_contracts", field="contact")
    if contact.email and contact.email in (leaving, coming):
        raise Invalid("contact_is_lead", field="contact")
    if contact.written_on >= confirmed_on:
        raise Invalid("contact_just_written", field="contact")


def check_means(contact: Known, means: Means) -> None:
    """Nobody was called whose number isn't known. Raises Invalid('contact_lacks_phone' | 'contact_lacks_email')."""
    if means is Means.PHONE and not contact.phone:
        raise Invalid("contact_lacks_phone", field="means")
    if means is Means.EMAIL and not contact.email:
        raise Invalid("contact_lacks_email", field="means")


def check_day(confirmed_on: date, today: date) -> None:
    """Raises Invalid('confirmed_in_future' | 'confirmed_long_ago')."""
    if confirmed_on > today:
        raise Invalid("confirmed_in_future", field="confirmed_on")
    if confirmed_on < today - timedelta(days=limits.LEAD_CONFIRMATION_DAYS):
        raise Invalid("confirmed_long_ago", field="confirmed_on", days=limits.LEAD_CONFIRMATION_DAYS)


def check_second(asker: UUID, actor: UUID) -> None:
    """Raises Forbidden('own_lead_change'): who noted the confirmation doesn't confirm it."""
    if asker == actor:
        raise Forbidden("own_lead_change")


def check_not_writer(contact: Known, actor: UUID) -> None:
    """Raises Forbidden('own_contact'): who last wrote the contact is not the second person."""
    if contact.written_by == str(actor):
        raise Forbidden("own_contact")


def must_wait(state: LeadChangeState) -> None:
    if state is not LeadChangeState.WAITING:
        raise Conflict("lead_change_over")

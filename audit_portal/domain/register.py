"""The words of the vendor register: certifications and how they stand today, what a contact is for."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

SOON = timedelta(days=90)  # renewals of PrivacyMark and ISMS are prepared about three months ahead


class CertificationKind(StrEnum):
    P_MARK = "p_mark"
    ISO_27001 = "iso_27001"
    ISO_27701 = "iso_27701"
    ISO_27017 = "iso_27017"
    SOC_2 = "soc_2"
    ISMAP = "ismap"
    OTHER = "other"


class Validity(StrEnum):
    """How a certification stands on a day."""

    VALID = "valid"
    UNDATED = "undated"  # nobody wrote when it ends
    EXPIRING = "expiring"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class ContactPurpose(StrEnum):
    """What one calls this person for."""

    CONTRACT = "contract"
    SECURITY = "security"
    INCIDENT = "incident"
    DAILY = "daily"


def validity(expires_on: date | None, withdrawn_on: date | None, today: date) -> Validity:
    """The last day still counts; one withdrawn from a later day on holds until then."""
    if withdrawn_on is not None and withdrawn_on <= today:
        return Validity.WITHDRAWN
    if expires_on is None:
        return Validity.UNDATED
    if expires_on < today:
        return Validity.EXPIRED
    return Validity.EXPIRING if expires_on <= today + SOON else Validity.VALID

"""What a row says, in the columns of the table; `into_register` knows where it goes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from audit_portal.domain.supervision import Classification, WorkKind


@dataclass(frozen=True)
class VendorFacts:
    name: str
    kana: str
    corporate_number: str = ""
    country: str = ""
    address: str = ""
    contact_name: str = ""
    contact_department: str = ""
    contact_email: str = ""
    contact_phone: str = ""
    external_key: str = ""


@dataclass(frozen=True)
class LiveFacts:
    """A running engagement."""

    title: str
    work_kind: WorkKind
    purpose: str
    data_categories: str
    persons: int
    special_care: bool
    my_number: bool
    handled_abroad: bool
    subcontracting: bool
    classification: Classification
    classification_reason: str
    description: str
    starts_on: date | None
    ends_on: date | None

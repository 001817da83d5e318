"""What a report says of the parties, the work and its contracts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from audit_portal.domain.report.words import Bilingual


@dataclass(frozen=True)
class PartyFacts:
    name: str
    number: str = ""  # as the portal numbers it
    corporate_number: str = ""  # 法人番号
    address: str = ""


@dataclass(frozen=True)
class EngagementFacts:
    number: str
    title: str
    tier: int  # 1 = 一次委託先
    risk: str  # low | medium | high
    purpose: str = ""
    data_categories: tuple[Bilingual, ...] = ()
    persons: int | None = None  # number of data subjects
    places: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()  # ISO 3166-1 alpha-2
    classification: str = ""  # entrustment | cloud_not_handling | …
    classification_reason: str = ""
    data_kinds: tuple[str, ...] = ()
    special_care: bool | None = None
    my_number: bool | None = None
    handled_abroad: bool | None = None
    recipients: tuple[RecipientFacts, ...] = ()  # third parties abroad
    no_recipient_why: str = ""
    as_of: datetime | None = None  # when the decision was asked for; None: when the report was made


@dataclass(frozen=True)
class RecipientFacts:
    """A third party abroad that gets the data, by which route of APPI Article 28, and what that rests on."""

    who: str
    country: str
    route: str  # designated | conforming | consent | not_applicable
    rests_on: str


@dataclass(frozen=True)
class ContractFacts:
    number: str
    title: str
    kind: str
    standing: str
    concluded: date | None
    starts: date
    end: date | None
    notice_by: date | None  # the last day on which notice can be given
    reentrustment: str  # "" where nothing is recorded


@dataclass(frozen=True)
class GateLineFacts:
    """A gate that a running engagement never went through here; `decision`: by which it was shown in the end."""

    gate: str
    shown: bool
    catch_up_on: date
    decision: str = ""
    decided_on: date | None = None


@dataclass(frozen=True)
class BroughtInFacts:
    """Since when the work runs, and when and by whom that was entered, on the strength of what."""

    runs_since: date
    entered_at: datetime
    entered_by: str
    basis: str
    gates: tuple[GateLineFacts, ...]

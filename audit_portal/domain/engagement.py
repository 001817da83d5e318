"""The facts of an engagement: what is entrusted, which data, where it goes, who answers for it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from audit_portal.domain.checklist.model import Tier
from audit_portal.domain.supervision import Classification, WorkKind

HOME = "JP"


class Category(StrEnum):
    """The field of the work."""

    BACK_OFFICE = "back_office"
    IT = "it"
    CALL_CENTRE = "call_centre"
    SALES = "sales"
    SPECIALIST = "specialist"
    OTHER = "other"


class Aim(StrEnum):
    """Why the work is given out; several aims usually stand side by side."""

    COST = "cost"
    EFFICIENCY = "efficiency"
    QUALITY = "quality"
    CORE_FOCUS = "core_focus"
    STAFFING = "staffing"


class DataKind(StrEnum):
    IDENTITY = "identity"  # name, birth date, sex
    ADDRESS = "address"
    CONTACT = "contact"  # telephone, e-mail
    EMPLOYMENT = "employment"
    FAMILY = "family"
    TRANSACTIONS = "transactions"
    INQUIRIES = "inquiries"
    FINANCE = "finance"  # accounts, card numbers
    CREDENTIALS = "credentials"  # login and password
    LOCATION = "location"
    IMAGES = "images"  # faces, voices, fingerprints
    ONLINE = "online"  # browsing, device ids


# Misuse may cause damage to property: reportable from one person on (施行規則 7条2号).
MONEY = frozenset({DataKind.FINANCE, DataKind.CREDENTIALS})


class Part(StrEnum):
    """Where a task stands to the work: entrusted, kept, or on the line between the two."""

    IN = "in"
    OUT = "out"
    BOUNDARY = "boundary"


class Transfer(StrEnum):
    """How the data reaches the vendor."""

    FILE_SERVICE = "file_service"
    DEDICATED_LINE = "dedicated_line"
    OUR_SYSTEM = "our_system"  # the vendor works in a system of the client
    EMAIL = "email"
    MEDIA = "media"
    PAPER = "paper"
    COLLECTED = "collected"  # the vendor collects it from the people itself


class Route(StrEnum):
    """On what a supply to a third party abroad rests (APPI Article 28(1))."""

    DESIGNATED = "designated"
    CONFORMING = "conforming"
    CONSENT = "consent"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True)
class ScopeItem:
    """`liaison`: who settles what comes up at a boundary task; needed there."""

    part: Part
    task: str
    liaison: str = ""


@dataclass(frozen=True)
class Place:
    """A site of the vendor, or a place in words; `country` is ISO 3166-1 alpha-2."""

    country: str
    site_id: UUID | None = None
    place: str = ""


@dataclass(frozen=True)
class Recipient:
    """A third party abroad that gets the data, and the Article 28 route with what it rests on."""

    who: str
    country: str
    route: Route
    rests_on: str


@dataclass(frozen=True)
class Upstream:
    """Who entrusted the work to the client, where the client is itself entrusted."""

    who: str = ""
    number: str = ""  # corporate number
    contract: str = ""
    permission_needed: bool = False  # for giving the work on
    permitted_on: date | None = None


@dataclass(frozen=True)
class EngagementFacts:
    """What people write about the work. `risk_tier` None takes the portal's proposal."""

    title: str
    work_kind: WorkKind
    purpose: str  # the purpose of use the people were told
    data_categories: str  # in words, beside `data_kinds`
    persons: int
    classification: Classification
    classification_reason: str
    description: str = ""
    special_care: bool = False
    my_number: bool = False
    handled_abroad: bool = False
    subcontracting: bool = False
    recheck_on: date | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    risk_tier: Tier | None = None
    tier_reason: str = ""
    category: Category | None = None
    aims: tuple[Aim, ...] = ()
    scope: tuple[ScopeItem, ...] = ()
    data_kinds: tuple[DataKind, ...] = ()
    places: tuple[Place, ...] = ()
    abroad_where: str = ""
    recipients: tuple[Recipient, ...] = ()
    no_recipient_why: str = ""  # handled abroad, yet no third party abroad gets it
    transfer: tuple[Transfer, ...] = ()
    transfer_note: str = ""
    profile: tuple[str, ...] = ()  # conditions that only people know; see ASKED
    owner_id: UUID | None = None
    deputy_id: UUID | None = None
    upstream: Upstream = Upstream()

    @property
    def abroad(self) -> bool:
        """Whether anything says that the data is handled outside Japan."""
        return self.handled_abroad or bool(self.recipients) or any(p.country != HOME for p in self.places)


# Conditions of checklists/reference/conditions.yaml that are asked, as the portal can't know them.
ASKED = ("cloud", "standard_terms", "toriteki", "disposal_vendor", "gdpr", "eu_origin")
# Those that come up only while a recipient's conforming system is relied on (規則18条).
ASKED_OF_CONFORMING = ("impairment", "continuity_hard")


# What the client is; it holds on every engagement. None of them has a floor for the risk tier.
OF_THE_CLIENT = ("p_mark", "public_sector")


def conditions_of(
    facts: EngagementFacts, vendor_country: str = HOME, of_the_client: Collection[str] = ()
) -> list[str]:
    """Codes of conditions.yaml that hold on this engagement: derived where the facts say so."""
    routes = {each.route for each in facts.recipients}
    third_party = routes - {Route.NOT_APPLICABLE}
    asked = (*ASKED, *(ASKED_OF_CONFORMING if Route.CONFORMING in routes else ()))
    held = {
        "my_number": facts.my_number,
        "cross_border": facts.abroad,
        "subcontracting": facts.subcontracting,
        "foreign_vendor": bool(third_party) or (vendor_country != HOME and not routes),
        "foreign_conforming": Route.CONFORMING in routes,
        "foreign_consent": Route.CONSENT in routes,
        facts.work_kind.value: facts.work_kind is not WorkKind.BPO,
        **{code: code in facts.profile for code in asked},
        **{code: code in of_the_client for code in OF_THE_CLIENT},
    }
    if facts.classification is Classification.CLOUD_NOT_HANDLING:
        held["cloud"] = True
    return sorted(code for code, holds in held.items() if holds)

"""Where a row's facts meet the tables of the register: the only module of imports that knows both."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import fields, replace
from datetime import date
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.checklist import References, Tier
from audit_portal.domain.engagement import EngagementFacts
from audit_portal.domain.register import ContactPurpose
from audit_portal.domain.risk import proposal
from audit_portal.domain.supervision import State
from audit_portal.services.engagements import engagement_facts
from audit_portal.services.imports.facts import LiveFacts, VendorFacts
from audit_portal.storage import parties as register
from audit_portal.storage.many import add_all
from audit_portal.storage.tables.register import PartyContact
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party, PartyKind
from audit_portal.storage.transaction import Transaction

_ALL_PURPOSES = [each.value for each in ContactPurpose]
_VENDOR = fields(VendorFacts)
_CONTACT = tuple(each.name for each in _VENDOR if each.name.startswith("contact_"))
_PARTY = tuple(each.name for each in _VENDOR if each.name not in _CONTACT)


def facts_of(row: Party, contact: PartyContact | None) -> VendorFacts:
    """A vendor as it stands, with the person one calls."""
    party = {name: getattr(row, name) or "" for name in _PARTY}
    whom = {name: getattr(contact, name.removeprefix("contact_"), "") for name in _CONTACT}
    return VendorFacts(**party, **whom)


def filled(before: VendorFacts, after: VendorFacts) -> VendorFacts:
    """`before` with every field that `after` gives; an empty cell takes nothing away."""
    given = {each.name: getattr(after, each.name) for each in _VENDOR if getattr(after, each.name)}
    return replace(before, **given)


def changes(before: VendorFacts, after: VendorFacts) -> tuple[tuple[str, str, str], ...]:
    """(field, before, after) of what differs."""
    pairs = ((each.name, getattr(before, each.name), getattr(after, each.name)) for each in _VENDOR)
    return tuple((name, old, new) for name, old, new in pairs if old != new)


def add_vendors(tx: Transaction, rows: Sequence[tuple[str, VendorFacts]]) -> None:
    """New vendors, each with its number and the person one calls."""
    fresh, people = [], []
    for number, facts in rows:
        party_id = uuid7()
        given = _columns(facts)
        given["country"] = facts.country or "JP"
        fresh.append({"id": party_id, "number": number, "kind": PartyKind.VENDOR, **given})
        if whom := _person(facts):
            people.append({"id": uuid7(), "party_id": party_id, "purposes": _ALL_PURPOSES, **whom})
    add_all(tx, Party, fresh)
    add_all(tx, PartyContact, people)


def change_vendor(row: Party, facts: VendorFacts) -> None:
    for name, value in _columns(facts).items():
        setattr(row, name, value)


def put_contact(tx: Transaction, party_id: UUID, contact: PartyContact | None, facts: VendorFacts) -> None:
    """The person one calls: written over, or added for all purposes."""
    given = _person(facts)
    if contact is None and given:
        tx.add(PartyContact(id=uuid7(), party_id=party_id, purposes=_ALL_PURPOSES, **given))
    elif contact is not None:
        for name, value in given.items():
            setattr(contact, name, value)


def _person(facts: VendorFacts) -> dict[str, str]:
    """Who is called, in the columns of a contact; empty when the row names nobody."""
    given = {name.removeprefix("contact_"): getattr(facts, name) for name in _CONTACT}
    if not any(given.values()):
        return {}
    given["name"] = given["name"] or given["department"] or given["email"] or given["phone"]
    return given


def _columns(facts: VendorFacts) -> dict[str, str | None]:
    found: dict[str, str | None] = {name: getattr(facts, name) for name in _PARTY}
    return found | {name: found[name] or None for name in ("corporate_number", "external_key")}


def engagement(facts: LiveFacts) -> EngagementFacts:
    return EngagementFacts(**{each.name: getattr(facts, each.name) for each in fields(LiveFacts)})


def risk_tier(facts: LiveFacts, references: References, vendor_country: str) -> Tier:
    """The portal's proposal, raised where a floor asks for more."""
    return proposal(engagement(facts), references.floors, vendor_country).tier


def add_link(
    tx: Transaction,
    number: str,
    principal_id: UUID,
    vendor_id: UUID,
    facts: LiveFacts,
    tier: Tier,
    since: date,
) -> EngagementLink:
    """A first-tier engagement that runs already, since its true date."""
    link = EngagementLink(
        id=uuid7(),
        number=number,
        principal_id=principal_id,
        vendor_id=vendor_id,
        tier=1,
        state=State.LIVE,
        risk_tier=tier,
        valid_from=since,
        valid_to=facts.ends_on,
    )
    tx.add(link)
    return link


def add_work(
    tx: Transaction,
    link: EngagementLink,
    facts: LiveFacts,
    owner_id: UUID | None,
    key: str,
    vendor_country: str,
    of_the_client: Collection[str],
) -> None:
    """The engagement behind a flushed link, its reach, and its owner's."""
    row = Engagement(
        id=link.id, principal_id=link.principal_id, vendor_id=link.vendor_id, external_key=key or None
    )
    facts_of_it = replace(engagement(facts), owner_id=owner_id)
    engagement_facts.write(row, facts_of_it, "", vendor_country, of_the_client)
    tx.add(row)
    register.write_reach(tx, link)
    if owner_id is not None:
        register.add_assigned(tx, link.id, owner_id)

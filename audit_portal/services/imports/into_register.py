"""Where a row's facts meet the tables of the register: the only module of imports that knows both."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.checklist import References, Tier, least_tier
from audit_portal.domain.risk import proposed_tier
from audit_portal.domain.supervision import State
from audit_portal.services import parties
from audit_portal.services.engagements import EngagementFacts, conditions_of
from audit_portal.services.imports.facts import LiveFacts, VendorFacts
from audit_portal.storage import parties as register
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party, PartyKind
from audit_portal.storage.transaction import Transaction

_VENDOR = fields(VendorFacts)
reading = parties.reading  # one spelling of a company's reading


def facts_of(row: Party) -> VendorFacts:
    """A vendor as it stands."""
    return VendorFacts(**{each.name: getattr(row, each.name) or "" for each in _VENDOR})


def filled(before: VendorFacts, after: VendorFacts) -> VendorFacts:
    """`before` with every field that `after` gives; an empty cell takes nothing away."""
    given = {each.name: getattr(after, each.name) for each in _VENDOR if getattr(after, each.name)}
    return replace(before, **given)


def changes(before: VendorFacts, after: VendorFacts) -> tuple[tuple[str, str, str], ...]:
    """(field, before, after) of what differs."""
    pairs = ((each.name, getattr(before, each.name), getattr(after, each.name)) for each in _VENDOR)
    return tuple((name, old, new) for name, old, new in pairs if old != new)


def add_vendor(tx: Transaction, number: str, facts: VendorFacts) -> None:
    given = _columns(replace(facts, country=facts.country or "JP"))
    # The id is given: finding out by itself how to make one takes the model longer than all the rest.
    tx.add(Party(id=uuid7(), number=number, kind=PartyKind.VENDOR, **given))


def change_vendor(row: Party, facts: VendorFacts) -> None:
    for name, value in _columns(facts).items():
        setattr(row, name, value)


def _columns(facts: VendorFacts) -> dict[str, str | None]:
    found: dict[str, str | None] = {each.name: getattr(facts, each.name) for each in _VENDOR}
    return found | {name: found[name] or None for name in ("corporate_number", "external_key")}


def risk_tier(facts: LiveFacts, references: References) -> Tier:
    """The portal's proposal, raised where a floor asks for more."""
    proposed = proposed_tier(facts.persons, facts.special_care, facts.my_number, facts.handled_abroad)
    return least_tier(proposed, set(_conditions(facts)), references.floors)


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
    tx: Transaction, link: EngagementLink, facts: LiveFacts, owner_id: UUID | None, key: str
) -> None:
    """The engagement behind a flushed link, its reach, and its owner's."""
    given = {each.name: getattr(facts, each.name) for each in fields(LiveFacts)}
    tx.add(
        Engagement(
            id=link.id,
            principal_id=link.principal_id,
            vendor_id=link.vendor_id,
            conditions=_conditions(facts),
            owner_id=owner_id,
            external_key=key or None,
            **given,
        )
    )
    register.write_reach(tx, link)
    if owner_id is not None:
        register.add_assigned(tx, link.id, owner_id)


def _conditions(facts: LiveFacts) -> list[str]:
    return conditions_of(
        EngagementFacts(**{each.name: getattr(facts, each.name) for each in fields(LiveFacts)})
    )

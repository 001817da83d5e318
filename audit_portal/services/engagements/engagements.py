"""Engagements (委託業務): registered, shown, people put on them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, Role, require
from audit_portal.domain.checklist import Tier
from audit_portal.domain.engagement import EngagementFacts, conditions_of
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.engagements import EngagementRegistered, PersonAssigned
from audit_portal.domain.events.handovers import TaskMoved
from audit_portal.domain.lists import EVERY_WORK, WorkFilter
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.supervision import Classification, State, WorkKind
from audit_portal.services import checklists
from audit_portal.services.engagements import cloud, engagement_facts
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.services.readings import spellings
from audit_portal.storage import accounts, get, ledger, parties
from audit_portal.storage.numbers import next_number
from audit_portal.storage.page import Page
from audit_portal.storage.parties import Placed
from audit_portal.storage.people import NOBODY, People
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party, PartyKind


@dataclass(frozen=True)
class EngagementView:
    id: UUID
    number: str
    title: str
    description: str
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
    recheck_on: date | None
    starts_on: date | None
    ends_on: date | None
    state: State
    tier: int
    risk_tier: Tier
    principal_id: UUID
    principal_name: str
    vendor_id: UUID
    vendor_name: str
    version: int


@dataclass(frozen=True)
class TimelineEntry:
    at: datetime
    event: str
    actor: str  # the name of the time, or what the system calls itself
    facts: dict[str, Any]
    post: str = ""  # department and title of the time
    names: Mapping[str, str] = field(default_factory=dict)  # of people the facts speak of


def _view(placed: Placed) -> EngagementView:
    work, link = placed.engagement, placed.link
    return EngagementView(
        id=work.id,
        number=link.number,
        title=work.title,
        description=work.description,
        work_kind=work.work_kind,
        purpose=work.purpose,
        data_categories=work.data_categories,
        persons=work.persons,
        special_care=work.special_care,
        my_number=work.my_number,
        handled_abroad=work.handled_abroad,
        subcontracting=work.subcontracting,
        classification=work.classification,
        classification_reason=work.classification_reason,
        recheck_on=work.recheck_on,
        starts_on=work.starts_on,
        ends_on=work.ends_on,
        state=link.state,
        tier=link.tier,
        risk_tier=link.risk_tier,
        principal_id=placed.principal.id,
        principal_name=placed.principal.name,
        vendor_id=placed.vendor.id,
        vendor_name=placed.vendor.name,
        version=work.version,
    )


def register(ctx: Context, vendor_id: UUID, facts: EngagementFacts) -> UUID:
    """A new first-tier engagement with its public link and reach. Raises Invalid, NotFound."""
    require(ctx.actor, Permission.ENGAGEMENT_REGISTER)
    engagement_facts.check(facts)
    with ctx.begin() as tx:
        vendor = get.one(tx, Party, vendor_id, kind=PartyKind.VENDOR)
        client = parties.client(tx)
        if client is None:
            raise NotFound()
        engagement_facts.check_people(tx, client.id, facts)
        cloud.check_class(tx, None, facts.classification, facts.recheck_on, ctx.house.today())
        floors = checklists.references(ctx.house).floors
        tier, reason = engagement_facts.tier_of(facts, floors, vendor.country)
        link = EngagementLink(
            id=uuid7(),
            number=next_number(tx, Numbered.ENGAGEMENT),
            principal_id=client.id,
            vendor_id=vendor.id,
            tier=1,
            risk_tier=tier,
            valid_from=facts.starts_on or ctx.house.today(),
            valid_to=facts.ends_on,
        )
        tx.add(link)
        tx.flush()
        work = Engagement(id=link.id, principal_id=link.principal_id, vendor_id=link.vendor_id)
        of_the_client = parties.client_conditions(tx)
        engagement_facts.write(work, facts, reason, vendor.country, of_the_client)
        tx.add(work)
        parties.write_reach(tx, link)
        tx.flush()
        engagement_facts.write_rows(tx, work, facts, ctx.house.today())
        tx.record(
            EngagementRegistered(
                engagement_id=link.id,
                number=link.number,
                principal_id=client.id,
                vendor_id=vendor.id,
                tier=1,
                risk_tier=tier.value,
            )
        )
        for person_id in engagement_facts.put_people_on(tx, work, facts):
            tx.record(PersonAssigned(engagement_id=work.id, account_id=person_id, role=Role.OWNER.value))
    return link.id


def get_engagement(ctx: Context, engagement_id: UUID) -> EngagementView:
    require(ctx.actor, Permission.ENGAGEMENT_VIEW)
    with ctx.read() as tx:
        found = parties.placed(tx, engagement_id)
    if found is None:
        raise NotFound()
    return _view(found)


def listed(
    ctx: Context,
    after: str | None = None,
    vendor_id: UUID | None = None,
    limit: int = limits.PAGE,
    wanted: WorkFilter = EVERY_WORK,
) -> Page[EngagementView]:
    """Engagements within reach, the newest first. Vendors aren't shown risk tiers, so they can't ask by one;
    nor for what was never shown here."""
    require(ctx.actor, Permission.ENGAGEMENT_VIEW)
    if ctx.actor.is_vendor:
        wanted = replace(wanted, tier=None, unshown=False)
    with ctx.read() as tx:
        return parties.engagements(tx, after, vendor_id, limit, wanted, spellings(wanted.search)).map(_view)


@dataclass(frozen=True)
class PersonView:
    id: UUID
    name: str
    department: str
    roles: tuple[Role, ...]


def _person(row: Account) -> PersonView:
    return PersonView(row.id, row.name, row.department, tuple(Role(role) for role in sorted(row.roles)))


def assigned(ctx: Context, engagement_id: UUID) -> tuple[PersonView, ...]:
    """Auditors and owners of an engagement."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        get.one(tx, Engagement, engagement_id)
        return tuple(_person(row) for row in parties.assigned_to(tx, engagement_id))


def assignable(ctx: Context) -> tuple[PersonView, ...]:
    """Staff who can be put on an engagement."""
    require(ctx.actor, Permission.AUDITOR_ASSIGN)
    with ctx.read() as tx:
        client = parties.client(tx)
        rows = accounts.of_party(tx, client.id) if client else []
    wanted = {Role.AUDITOR.value, Role.OWNER.value}
    return tuple(_person(row) for row in rows if wanted & set(row.roles))


def assign(ctx: Context, engagement_id: UUID, account_id: UUID) -> None:
    """Puts an auditor or owner on an engagement: from now on they reach it."""
    require(ctx.actor, Permission.AUDITOR_ASSIGN)
    with ctx.begin() as tx:
        work = get.one(tx, Engagement, engagement_id)
        person = get.one(tx, Account, account_id, party_id=work.principal_id)
        role = next((each for each in ("auditor", "owner") if each in person.roles), None)
        if role is None:
            raise Invalid("person_has_no_such_role", field="person")
        if not parties.assign(tx, work.id, person.id):
            raise Conflict("already_assigned")
        tx.record(PersonAssigned(engagement_id=work.id, account_id=person.id, role=role))


def timeline(ctx: Context, engagement_id: UUID) -> tuple[TimelineEntry, ...]:
    """The engagement's ledger entries, newest first, with names where the actor may know them."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        get.one(tx, Engagement, engagement_id)
        bodies = [json.loads(body) for _, body in ledger.positions(tx, engagement_id)]
    ids = {UUID(body["actor"]) for body in bodies if not body["actor"].startswith("system:")}
    ids |= {UUID(who) for body in bodies for who in _moved_between(body)}
    people = then(ctx, ids)
    return tuple(_entry(body, people) for body in reversed(bodies))


def _moved_between(body: Mapping[str, Any]) -> tuple[str, ...]:
    facts = body["facts"]
    return (facts["before"], facts["after"]) if body["event"] == TaskMoved.name else ()


def _entry(body: Mapping[str, Any], people: People) -> TimelineEntry:
    at = datetime.fromisoformat(body["at"])
    by_system = body["actor"].startswith("system:")
    who = NOBODY if by_system else people.at(UUID(body["actor"]), at)
    names = {each: people.name(UUID(each), at) for each in _moved_between(body)}
    return TimelineEntry(at, body["event"], who.name or body["actor"], body["facts"], who.post, names)


__all__ = ["EngagementFacts", "EngagementView", "PersonView", "TimelineEntry", "conditions_of", "register"]

"""An engagement in full, for the client's own people: every fact, the proposal, the conditions that hold."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.access import Permission, Role, require, system
from audit_portal.domain.engagement import ASKED, ASKED_OF_CONFORMING, EngagementFacts
from audit_portal.domain.errors import NotFound
from audit_portal.domain.risk import Proposal, proposal
from audit_portal.services import checklists
from audit_portal.services.engagements import engagement_facts
from audit_portal.services.house import Context
from audit_portal.storage import accounts, parties, register

_SYSTEM = system("engagement_profile")


@dataclass(frozen=True)
class PlaceView:
    name: str
    country: str
    over: bool = False  # a site that is no longer used


@dataclass(frozen=True)
class Profile:
    facts: EngagementFacts
    proposal: Proposal
    overruled: bool
    conditions: tuple[dict[str, str], ...]  # names of what holds, by language
    places: tuple[PlaceView, ...]
    owner: str
    deputy: str
    version: int


@dataclass(frozen=True)
class SiteChoice:
    id: UUID
    name: str
    country: str


@dataclass(frozen=True)
class Choices:
    """What a form for the facts offers."""

    owners: tuple[tuple[UUID, str], ...]
    sites: tuple[SiteChoice, ...]  # in use, or chosen before
    asked: tuple[tuple[str, dict[str, str]], ...]  # conditions that only people know, by language


def get_profile(ctx: Context, engagement_id: UUID) -> Profile:
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        placed = parties.placed(tx, engagement_id)
        if placed is None:
            raise NotFound()
        work, link = placed.engagement, placed.link
        facts = engagement_facts.read(tx, work, link)
        sites = {site.id: site for site in register.sites(tx, work.vendor_id)}
    with ctx.acting_as(_SYSTEM).read() as tx:
        people = accounts.people(tx, {each for each in (work.owner_id, work.deputy_id) if each})
    lists = checklists.references(ctx.house)
    proposed = proposal(facts, lists.floors, placed.vendor.country)
    names = [lists.conditions[code].name for code in work.conditions if code in lists.conditions]
    today = ctx.house.today()
    places = []
    for each in facts.places:
        site = sites.get(each.site_id) if each.site_id else None
        over = bool(site and site.valid_to and site.valid_to < today)
        places.append(PlaceView(site.name if site else each.place, each.country, over))
    return Profile(
        facts=facts,
        proposal=proposed,
        overruled=link.risk_tier is not proposed.tier,
        conditions=tuple({"ja": each.ja, "en": each.en} for each in names),
        places=tuple(places),
        owner=people[work.owner_id].name if work.owner_id in people else "",
        deputy=people[work.deputy_id].name if work.deputy_id in people else "",
        version=work.version,
    )


def choices(ctx: Context, vendor_id: UUID, facts: EngagementFacts | None = None) -> Choices:
    """For the form of a new engagement of this vendor, or of one with these facts."""
    require(ctx.actor, Permission.ENGAGEMENT_CHANGE)
    today = ctx.house.today()
    with ctx.read() as tx:
        sites = register.sites(tx, vendor_id)
        client = parties.client(tx)
        staff = accounts.of_party(tx, client.id) if client else []
    before = facts or None
    chosen = {each.site_id for each in before.places} if before else set()
    people = {before.owner_id, before.deputy_id} if before else set()
    conforming = before is not None and "conforming" in {each.route.value for each in before.recipients}
    asked = (*ASKED, *(ASKED_OF_CONFORMING if conforming else ()))
    names = checklists.references(ctx.house).conditions
    return Choices(
        owners=tuple(
            (row.id, row.name) for row in staff if Role.OWNER.value in row.roles or row.id in people
        ),
        sites=tuple(
            SiteChoice(row.id, row.name, row.country)
            for row in sites
            if row.id in chosen or row.valid_to is None or row.valid_to >= today
        ),
        asked=tuple((code, {"ja": names[code].name.ja, "en": names[code].name.en}) for code in asked),
    )

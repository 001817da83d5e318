"""A change of an engagement's facts: tier and conditions anew, and what became new is flagged."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from audit_portal.domain.access import Permission, Role, require
from audit_portal.domain.change import changed, touched
from audit_portal.domain.checklist import Tier
from audit_portal.domain.engagement import EngagementFacts
from audit_portal.domain.errors import Conflict, Forbidden, NotFound
from audit_portal.domain.events.engagements import EngagementChanged, PersonAssigned
from audit_portal.domain.supervision import State
from audit_portal.services import checklists
from audit_portal.services.engagements import cloud, engagement_facts, open_requests, rechecks
from audit_portal.services.house import Context
from audit_portal.storage import get, parties, register
from audit_portal.storage.parties import Placed
from audit_portal.storage.transaction import Transaction

# What an owner describes is the work; these say how it is supervised and by whom.
OFFICERS_ONLY = frozenset(
    {
        "classification",
        "classification_reason",
        "recheck_on",
        "risk_tier",
        "tier_reason",
        "owner_id",
        "deputy_id",
    }
)
_OVER = frozenset({State.CLOSED, State.REFUSED})


@dataclass(frozen=True)
class Changed:
    """What came of a change. `asked_anew`: items that no decided check has asked yet."""

    what: frozenset[str]
    before: Tier
    after: Tier
    asked_anew: tuple[str, ...]


def change(ctx: Context, engagement_id: UUID, version: int, facts: EngagementFacts) -> Changed:
    """Writes the facts and works out what they change. Raises Invalid, Conflict, Forbidden, NotFound."""
    require(ctx.actor, Permission.ENGAGEMENT_CHANGE)
    facts = replace(facts, handled_abroad=facts.abroad)
    engagement_facts.check(facts)
    with ctx.begin() as tx:
        parties.lock(tx, engagement_id)
        placed = _placed(tx, engagement_id)
        work, link = placed.engagement, placed.link
        if link.state in _OVER:
            raise Conflict("engagement_over")
        get.at_version(work, version)
        before, had = engagement_facts.read(tx, work, link), set(work.conditions)
        what = changed(before, facts)
        officer = Role.OFFICER in ctx.actor.roles
        if what & OFFICERS_ONLY and not officer:
            raise Forbidden("officer_decides_this")
        if not what:
            return Changed(what, link.risk_tier, link.risk_tier, ())
        if "classification" in what:
            today = ctx.house.today()
            cloud.check_class(tx, engagement_id, facts.classification, facts.recheck_on, today)
        if touched(what):
            open_requests.overtake(tx, engagement_id, "facts_changed")
        known = {before.owner_id, before.deputy_id}
        engagement_facts.check_people(tx, work.principal_id, facts, known)
        was = link.risk_tier
        floors = checklists.references(ctx.house).floors
        tier = engagement_facts.tier_of if officer else engagement_facts.tier_lifted
        link.risk_tier, reason = tier(facts, floors, placed.vendor.country)
        link.valid_to = facts.ends_on
        of_the_client = parties.client_conditions(tx)
        engagement_facts.write(work, facts, reason, placed.vendor.country, of_the_client)
        engagement_facts.write_rows(tx, work, facts, ctx.house.today())
        register.touch(work)
        asked_anew = rechecks.refresh(ctx, tx, work, link)
        _record(tx, placed, what, was, had, asked_anew)
        for person_id in engagement_facts.put_people_on(tx, work, facts, known):
            tx.record(PersonAssigned(engagement_id=work.id, account_id=person_id, role=Role.OWNER.value))
    return Changed(what, was, link.risk_tier, asked_anew)


def _placed(tx: Transaction, engagement_id: UUID) -> Placed:
    placed = parties.placed(tx, engagement_id)
    if placed is None:
        raise NotFound()
    return placed


def _record(
    tx: Transaction,
    placed: Placed,
    what: frozenset[str],
    was: Tier,
    had: set[str],
    asked_anew: tuple[str, ...],
) -> None:
    now = set(placed.engagement.conditions)
    tx.record(
        EngagementChanged(
            engagement_id=placed.link.id,
            number=placed.link.number,
            what=what,
            before=was.value,
            after=placed.link.risk_tier.value,
            conditions_added=frozenset(now - had),
            conditions_gone=frozenset(had - now),
            asked_anew=asked_anew,
        )
    )


def vendor_moved(ctx: Context, tx: Transaction, vendor_id: UUID) -> None:
    """Another country of the vendor: conditions and tiers of its engagements are worked out anew.

    A decision that waits on one of them is overtaken by it.
    """
    for engagement_id in parties.running_of(tx, vendor_id):
        work_out_anew(ctx, tx, engagement_id, "vendor_country")


def work_out_anew(ctx: Context, tx: Transaction, engagement_id: UUID, because: str) -> None:
    """Conditions, tier and what became new, after a change of something that isn't the engagement's own."""
    parties.lock(tx, engagement_id)
    placed = _placed(tx, engagement_id)
    work, link = placed.engagement, placed.link
    open_requests.overtake(tx, engagement_id, because)
    facts, had, was = engagement_facts.read(tx, work, link), set(work.conditions), link.risk_tier
    floors = checklists.references(ctx.house).floors
    link.risk_tier, reason = engagement_facts.tier_lifted(facts, floors, placed.vendor.country)
    of_the_client = parties.client_conditions(tx)
    engagement_facts.write(work, facts, reason, placed.vendor.country, of_the_client)
    asked_anew = rechecks.refresh(ctx, tx, work, link)
    _record(tx, placed, frozenset({because}), was, had, asked_anew)

"""The facts of an engagement between their rows and what people write: read, checked, written."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Set
from datetime import date
from typing import Any
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Role
from audit_portal.domain.checklist import Tier, least_tier
from audit_portal.domain.corporate_number import corporate_number
from audit_portal.domain.engagement import (
    Aim,
    DataKind,
    EngagementFacts,
    Part,
    Place,
    Recipient,
    ScopeItem,
    Transfer,
    Upstream,
    conditions_of,
)
from audit_portal.domain.errors import Invalid
from audit_portal.domain.risk import proposal
from audit_portal.storage import parties, register
from audit_portal.storage.tables.engagement_facts import (
    EngagementPlace,
    EngagementRecipient,
    EngagementScopeItem,
)
from audit_portal.storage.tables.supervision import Engagement, EngagementLink
from audit_portal.storage.transaction import Transaction

# Columns that hold a fact as it is.
_PLAIN = (
    "title",
    "work_kind",
    "purpose",
    "data_categories",
    "persons",
    "classification",
    "classification_reason",
    "description",
    "special_care",
    "my_number",
    "handled_abroad",
    "subcontracting",
    "recheck_on",
    "starts_on",
    "ends_on",
    "category",
    "abroad_where",
    "no_recipient_why",
    "transfer_note",
    "owner_id",
    "deputy_id",
)


def read(tx: Transaction, work: Engagement, link: EngagementLink) -> EngagementFacts:
    """The facts as they stand; `risk_tier` is None while the proposal is followed."""
    scope = register.standing(tx, EngagementScopeItem, work.id)
    places = register.standing(tx, EngagementPlace, work.id)
    recipients = register.standing(tx, EngagementRecipient, work.id)
    return EngagementFacts(
        **{name: getattr(work, name) for name in _PLAIN},
        risk_tier=link.risk_tier if work.tier_reason else None,
        tier_reason=work.tier_reason,
        aims=tuple(Aim(each) for each in work.aims),
        data_kinds=tuple(DataKind(each) for each in work.data_kinds),
        transfer=tuple(Transfer(each) for each in work.transfer),
        profile=tuple(work.profile),
        scope=tuple(ScopeItem(row.part, row.task, row.liaison) for row in scope),
        places=tuple(Place(row.country, row.site_id, row.place) for row in places),
        recipients=tuple(Recipient(row.who, row.country, row.route, row.rests_on) for row in recipients),
        upstream=Upstream(
            work.upstream_who,
            work.upstream_number,
            work.upstream_contract,
            work.upstream_permission,
            work.upstream_permitted_on,
        ),
    )


def check(facts: EngagementFacts) -> None:
    """What the facts say about each other. Raises Invalid with the field it belongs to."""
    if facts.starts_on and facts.ends_on and facts.ends_on < facts.starts_on:
        raise Invalid("ends_before_start", field="ends_on")
    if any(each.part is Part.BOUNDARY and not each.liaison.strip() for each in facts.scope):
        raise Invalid("boundary_needs_liaison", field="scope")
    if len(facts.scope) > 3 * limits.TASKS or len(facts.places) + len(facts.recipients) > 4 * limits.ROWS:
        raise Invalid("too_many_rows", field="scope")
    if any(not each.rests_on.strip() for each in facts.recipients):
        raise Invalid("route_needs_basis", field="recipients")
    if facts.deputy_id and facts.deputy_id == facts.owner_id:
        raise Invalid("deputy_is_owner", field="deputy")
    upstream = facts.upstream
    if not upstream.who and upstream != Upstream():
        raise Invalid("upstream_needs_name", field="upstream_who")
    corporate_number(upstream.number, field="upstream_number")


def tier_of(facts: EngagementFacts, floors: Mapping[str, Tier], vendor_country: str) -> tuple[Tier, str]:
    """The tier that holds and why it isn't the proposed one ("" when it is).

    Raises Invalid('risk_tier_too_low' | 'tier_reason_needed').
    """
    proposed = proposal(facts, floors, vendor_country).tier
    chosen = facts.risk_tier or proposed
    if least_tier(chosen, set(conditions_of(facts, vendor_country)), floors) is not chosen:
        raise Invalid("risk_tier_too_low", field="risk_tier")
    if chosen is proposed:
        return proposed, ""
    if not facts.tier_reason.strip():
        raise Invalid("tier_reason_needed", field="tier_reason")
    return chosen, facts.tier_reason


def tier_lifted(facts: EngagementFacts, floors: Mapping[str, Tier], vendor_country: str) -> tuple[Tier, str]:
    """As `tier_of`, where nobody sits before a form: a tier that is too low now is lifted to the least."""
    proposed = proposal(facts, floors, vendor_country).tier
    chosen = least_tier(facts.risk_tier or proposed, set(conditions_of(facts, vendor_country)), floors)
    return chosen, "" if chosen is proposed else facts.tier_reason


def write(
    work: Engagement,
    facts: EngagementFacts,
    tier_reason: str,
    vendor_country: str,
    of_the_client: Collection[str],
) -> None:
    """Puts checked facts into the engagement's own row."""
    for name in _PLAIN:
        setattr(work, name, getattr(facts, name))
    work.handled_abroad = facts.abroad
    work.tier_reason = tier_reason
    work.aims, work.data_kinds = _values(facts.aims), _values(facts.data_kinds)
    work.transfer, work.profile = _values(facts.transfer), list(facts.profile)
    work.conditions = conditions_of(facts, vendor_country, of_the_client)
    upstream = facts.upstream
    work.upstream_who, work.upstream_contract = upstream.who, upstream.contract
    work.upstream_number = corporate_number(upstream.number, field="upstream_number") or ""
    work.upstream_permission = upstream.permission_needed
    work.upstream_permitted_on = upstream.permitted_on


def _values(chosen: tuple[Any, ...]) -> list[str]:
    return [each.value for each in chosen]


def write_rows(tx: Transaction, work: Engagement, facts: EngagementFacts, today: date) -> None:
    """Puts the facts that come in rows beside it. Raises Invalid('site_unknown')."""
    known = {site.id: site.country for site in register.sites(tx, work.vendor_id)}
    if any(each.site_id is not None and each.site_id not in known for each in facts.places):
        raise Invalid("site_unknown", field="sites")
    scope = [{"part": each.part, "task": each.task, "liaison": each.liaison} for each in facts.scope]
    places = [
        {"site_id": each.site_id, "place": each.place, "country": each.country} for each in facts.places
    ]
    recipients = [
        {"who": each.who, "country": each.country, "route": each.route, "rests_on": each.rests_on}
        for each in facts.recipients
    ]
    register.write(tx, EngagementScopeItem, work.id, scope, today)
    register.write(tx, EngagementPlace, work.id, places, today)
    register.write(tx, EngagementRecipient, work.id, recipients, today)


def check_people(
    tx: Transaction, party_id: UUID, facts: EngagementFacts, known: Set[UUID | None] = frozenset()
) -> None:
    """Owner and deputy are owners of this party, the principal. Raises Invalid('owner_unfit').

    `known`: who was there before; they may have left, and are replaced in their own time.
    """
    for person_id, field in ((facts.owner_id, "owner"), (facts.deputy_id, "deputy")):
        if person_id is not None and person_id not in known:
            person = parties.person_of(tx, person_id, party_id)
            if person is None or Role.OWNER.value not in person.roles:
                raise Invalid("owner_unfit", field=field)


def put_people_on(
    tx: Transaction, work: Engagement, facts: EngagementFacts, known: Set[UUID | None] = frozenset()
) -> list[UUID]:
    """Owner and deputy reach the engagement from now on; the ids of those who didn't before."""
    chosen = [each for each in (facts.owner_id, facts.deputy_id) if each is not None and each not in known]
    return [person_id for person_id in chosen if parties.assign(tx, work.id, person_id)]

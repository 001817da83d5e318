"""The facts of the work as they stand, in the shape in which a decision freezes them."""

from __future__ import annotations

from audit_portal.domain.frozen_facts import (
    FrozenBroughtIn,
    FrozenDetermination,
    FrozenFacts,
    FrozenPlace,
    FrozenStanding,
)
from audit_portal.services.engagements import engagement_facts
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import brought_in, register
from audit_portal.storage.parties import Placed
from audit_portal.storage.tables.brought_in import StandingState
from audit_portal.storage.transaction import Transaction


def known(ctx: Context, tx: Transaction, placed: Placed) -> FrozenFacts:
    work = placed.engagement
    facts = engagement_facts.read(tx, work, placed.link)
    sites = {site.id: site.name for site in register.sites(tx, work.vendor_id)}
    return FrozenFacts(
        work_kind=facts.work_kind,
        description=facts.description,
        purpose=facts.purpose,
        data_categories=facts.data_categories,
        data_kinds=facts.data_kinds,
        persons=facts.persons,
        special_care=facts.special_care,
        my_number=facts.my_number,
        scope=facts.scope,
        places=tuple(
            FrozenPlace(sites.get(each.site_id, each.place) if each.site_id else each.place, each.country)
            for each in facts.places
        ),
        handled_abroad=facts.handled_abroad,
        abroad_where=facts.abroad_where,
        recipients=facts.recipients,
        no_recipient_why=facts.no_recipient_why,
        transfer=facts.transfer,
        transfer_note=facts.transfer_note,
        subcontracting=facts.subcontracting,
        classification=facts.classification,
        classification_reason=facts.classification_reason,
        recheck_on=facts.recheck_on,
        conditions=tuple(work.conditions),
        tier_reason=facts.tier_reason,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        cloud=_cloud(tx, placed),
        brought_in=_brought_in(ctx, tx, placed),
    )


def _cloud(tx: Transaction, placed: Placed) -> FrozenDetermination | None:
    newest = next(iter(register.determinations(tx, placed.engagement.id)), None)
    if newest is None:
        return None
    return FrozenDetermination(
        newest.outcome,
        newest.service,
        newest.terms,
        newest.access_control,
        newest.source,
        newest.determined_on,
        newest.determined_by,
    )


def _brought_in(ctx: Context, tx: Transaction, placed: Placed) -> FrozenBroughtIn | None:
    row, gates = brought_in.of_engagement(tx, placed.engagement.id)
    if row is None:
        return None
    unshown = (each for each in gates if each.state is StandingState.NOT_YET_SHOWN)
    return FrozenBroughtIn(
        row.runs_since,
        row.entered_at,
        then(ctx, {row.entered_by}).name(row.entered_by, row.entered_at),
        row.basis,
        tuple(FrozenStanding(each.gate, each.catch_up_on) for each in unshown),
    )

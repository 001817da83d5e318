"""Cloud determinations: what was found on which day, by whom, from what. Written once; a new one supersedes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.cloud import Determination, check_day
from audit_portal.domain.events.engagements import CloudDetermined
from audit_portal.services.engagements import open_requests
from audit_portal.services.house import Context
from audit_portal.storage import get, parties, register
from audit_portal.storage.tables.engagement_facts import CloudDetermination
from audit_portal.storage.tables.supervision import Engagement


@dataclass(frozen=True)
class CloudFacts:
    outcome: Determination
    service: str  # provider and service
    terms: str  # what its terms say about handling
    access_control: str  # how its access to the data is shut out
    source: str  # what was read: document, version, address
    determined_on: date
    determined_by: str  # name and title


@dataclass(frozen=True, kw_only=True)
class CloudView(CloudFacts):
    recorded_at: datetime


def determine(ctx: Context, engagement_id: UUID, facts: CloudFacts) -> None:
    """Raises Invalid('determined_in_future')."""
    require(ctx.actor, Permission.ENGAGEMENT_CHANGE)
    check_day(facts.determined_on, ctx.house.today())
    with ctx.begin() as tx:
        work = get.one(tx, Engagement, engagement_id)
        row = CloudDetermination(
            engagement_id=work.id,
            outcome=facts.outcome,
            service=facts.service,
            terms=facts.terms,
            access_control=facts.access_control,
            source=facts.source,
            determined_on=facts.determined_on,
            determined_by=facts.determined_by,
            recorded_at=tx.now,
            recorded_by=ctx.actor.person,
        )
        tx.add(row)
        parties.lock(tx, work.id)
        open_requests.overtake(tx, work.id, "cloud_determined")
        tx.record(CloudDetermined(engagement_id=work.id, determination_id=row.id, outcome=row.outcome.value))


def listed(ctx: Context, engagement_id: UUID) -> tuple[CloudView, ...]:
    """The newest first: it counts, the others say what was held before."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        get.one(tx, Engagement, engagement_id)
        rows = register.determinations(tx, engagement_id)
    return tuple(
        CloudView(
            outcome=row.outcome,
            service=row.service,
            terms=row.terms,
            access_control=row.access_control,
            source=row.source,
            determined_on=row.determined_on,
            determined_by=row.determined_by,
            recorded_at=row.recorded_at,
        )
        for row in rows
    )

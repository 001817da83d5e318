"""Cloud determinations: what was found on which day, by whom, from what. Written once; a new one supersedes.

The document a finding rests on is a file of the vault under the very id of the finding, so the row itself stays
as it was written.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.cloud import Determination, check_day, settles
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.events.engagements import CloudDetermined
from audit_portal.domain.supervision import Classification
from audit_portal.services.engagements import open_requests
from audit_portal.services.house import Context
from audit_portal.storage import assessments, get, parties, register
from audit_portal.storage.tables.engagement_facts import CloudDetermination
from audit_portal.storage.tables.supervision import Engagement
from audit_portal.storage.transaction import Transaction


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
    id: UUID
    recorded_at: datetime
    document: str = ""  # the name of its file; "": none was sent yet
    size: int = 0


def determine(ctx: Context, engagement_id: UUID, facts: CloudFacts) -> UUID:
    """Records a finding; its document is sent in next. Raises Invalid('determined_in_future')."""
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
    return row.id


def without_document(tx: Transaction, engagement_id: UUID, determination_id: UUID) -> CloudDetermination:
    """A finding that still lacks its document. Raises NotFound, Conflict('cloud_document_there')."""
    row = get.one(tx, CloudDetermination, determination_id, engagement_id=engagement_id)
    if assessments.versions_by_id(tx, (row.id,)):
        raise Conflict("cloud_document_there")
    return row


def settled(tx: Transaction, engagement_id: UUID, recheck_on: date | None, today: date) -> bool:
    """Whether the newest finding carries the class `cloud_not_handling` today."""
    newest = next(iter(register.determinations(tx, engagement_id)), None)
    if newest is None:
        return False
    documented = bool(assessments.versions_by_id(tx, (newest.id,)))
    return settles(newest.outcome, documented, newest.determined_on, recheck_on, today)


def undetermined(tx: Transaction, work: Engagement, today: date) -> bool:
    """Whether the work is classed as not handled by its cloud provider and nothing carries that: then it is
    supervised like any entrustment."""
    if work.classification is not Classification.CLOUD_NOT_HANDLING:
        return False
    return not settled(tx, work.id, work.recheck_on, today)


def check_class(
    tx: Transaction, engagement_id: UUID | None, chosen: Classification, recheck_on: date | None, today: date
) -> None:
    """What is newly classed so needs its finding first. Raises Invalid('cloud_needs_determination')."""
    if chosen is not Classification.CLOUD_NOT_HANDLING:
        return
    if engagement_id is None or not settled(tx, engagement_id, recheck_on, today):
        raise Invalid("cloud_needs_determination", field="classification")


def is_undetermined(ctx: Context, engagement_id: UUID) -> bool:
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        return undetermined(tx, get.one(tx, Engagement, engagement_id), ctx.house.today())


def listed(ctx: Context, engagement_id: UUID) -> tuple[CloudView, ...]:
    """The newest first: it counts, the others say what was held before."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        get.one(tx, Engagement, engagement_id)
        rows = register.determinations(tx, engagement_id)
        files = assessments.versions_by_id(tx, [row.id for row in rows])
    return tuple(
        CloudView(
            id=row.id,
            document=files[row.id].file_name if row.id in files else "",
            size=files[row.id].size if row.id in files else 0,
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

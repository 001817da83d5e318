"""Answers that engagements rely on and that went stale: a newer one says something else, or a document expired."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain import carried
from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.checklist import Scope as ItemScope
from audit_portal.domain.errors import Conflict
from audit_portal.domain.events.assessments import AnswerSettled
from audit_portal.services import checklists
from audit_portal.services.assessments.former import FormerFile, file_view
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import get
from audit_portal.storage import given as storage
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import EvidenceVersion
from audit_portal.storage.tables.given import AnswerSettlement, GivenAnswer
from audit_portal.storage.tables.supervision import Engagement
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class StaleWork:
    """An engagement that relies on answers that went stale, for the home page."""

    engagement_id: UUID
    number: str
    title: str
    vendor_name: str
    count: int


@dataclass(frozen=True)
class Side:
    """One of two answers that are compared."""

    assessment_id: UUID
    number: str  # of its assessment
    given_at: datetime
    value: AnswerValue
    comment: str
    files: tuple[FormerFile, ...]


@dataclass(frozen=True)
class Stale:
    """What is relied on, beside what was answered since."""

    given_id: UUID
    version: int
    item: str
    question: dict[str, str]
    scope: ItemScope
    sites: tuple[str, ...]
    kind: AssessmentKind
    relied: Side
    newer: Side | None  # None: only a document has expired, or the newer answer is out of the reader's reach
    newer_sha256: str
    changed: bool  # another answer came in

    @property
    def expired(self) -> tuple[FormerFile, ...]:
        return tuple(file for file in self.relied.files if file.expired)


@dataclass(frozen=True)
class Settled:
    item: str
    reason: str
    settled_at: datetime
    settled_by: str


def listed(ctx: Context) -> tuple[StaleWork, ...]:
    """Engagements within reach, at most a page of them."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        found = storage.stale_by_engagement(tx, ctx.house.today())
    return tuple(
        StaleWork(work.id, link.number, work.title, vendor.name, count) for work, link, vendor, count in found
    )


def count_of(ctx: Context, engagement_id: UUID) -> int:
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        return len(storage.stale(tx, engagement_id, ctx.house.today()))


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[Stale, ...]:
    """What is open of one engagement; NotFound outside one's reach."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    today = ctx.house.today()
    with ctx.read() as tx:
        get.one(tx, Engagement, engagement_id)
        pairs = [(row, _newer(tx, row)) for row in storage.stale(tx, engagement_id, today)]
        both = [each for pair in pairs for each in pair if each is not None]
        files = storage.files(tx, [file for row in both for file in row.files])
        sites = storage.sites(tx, [site for row, _ in pairs for site in row.sites])
        places = storage.places(tx, {row.assessment_id for row in both})
        versions = storage.versions(tx, {row.assessment_id for row, _ in pairs})
        found = []
        for row, newer in pairs:
            question = checklists.parsed(ctx.house, versions[row.assessment_id]).item(row.item).question
            check = places[row.assessment_id][0]

            def side(each: GivenAnswer) -> Side:
                place = places.get(each.assessment_id)
                return Side(
                    each.assessment_id,
                    place[0].number if place else "",
                    each.given_at,
                    each.value,
                    each.comment,
                    _files(files, each, today),
                )

            found.append(
                Stale(
                    row.id,
                    row.version,
                    row.item,
                    {"ja": question.ja, "en": question.en},
                    row.scope,
                    tuple(sorted(sites[each] for each in row.sites if each in sites)),
                    check.kind,
                    side(row),
                    side(newer) if newer else None,
                    newer.content_sha256 if newer else "",
                    row.outdated_at is not None,
                )
            )
    return tuple(found)


def _files(files: dict[str, EvidenceVersion], row: GivenAnswer, today: date) -> tuple[FormerFile, ...]:
    return tuple(file_view(files[each], today) for each in row.files if each in files)


def _newer(tx: Transaction, row: GivenAnswer) -> GivenAnswer | None:
    """The newest answer, where it says something else."""
    found = storage.newest_for(tx, row)
    return found if found and not carried.says_the_same(row, found) else None


def known(ctx: Context, engagement_id: UUID, given_id: UUID) -> None:
    """Raises NotFound for an answer that isn't of this engagement, or out of reach."""
    require(ctx.actor, Permission.STALE_SETTLE)
    with ctx.read() as tx:
        get.one(tx, GivenAnswer, given_id, engagement_id=engagement_id)


def settle(
    ctx: Context, engagement_id: UUID, given_id: UUID, version: int, newer_sha256: str, reason: str
) -> None:
    """Records that the answer may still be relied on, and why; nothing of the answer changes.

    `newer_sha256`: of the newer answer the person compared it with. Raises Invalid('settle_reason_needed'),
    Conflict('changed_meanwhile') when yet another came in, ('nothing_stale') when it isn't open any more.
    """
    require(ctx.actor, Permission.STALE_SETTLE)
    carried.check_reason(reason)
    with ctx.begin() as tx:
        get.one(tx, Engagement, engagement_id)
        row = get.one(tx, GivenAnswer, given_id, engagement_id=engagement_id)
        if row.id not in {each.id for each in storage.stale(tx, engagement_id, tx.today)}:
            raise Conflict("nothing_stale")
        newer = _newer(tx, row)
        get.at_version(row, version)
        if (newer.content_sha256 if newer else "") != newer_sha256:
            raise Conflict("changed_meanwhile", version=row.version)
        settlement = AnswerSettlement(
            engagement_id=engagement_id,
            given_id=row.id,
            compared_id=newer.id if newer else None,
            compared_sha256=newer_sha256,
            reason=reason,
            settled_at=tx.now,
            settled_on=tx.today,
            settled_by=ctx.actor.person,
        )
        tx.add(settlement)
        tx.record(AnswerSettled(engagement_id=engagement_id, settlement_id=settlement.id, item=row.item))


def settled(ctx: Context, engagement_id: UUID) -> tuple[Settled, ...]:
    """What was settled of one engagement lately, the newest first."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        get.one(tx, Engagement, engagement_id)
        rows = storage.settlements(tx, engagement_id)
    people = then(ctx, {each.settled_by for each, _ in rows})
    return _settled(rows, people)


def _settled(rows: Sequence[tuple[AnswerSettlement, GivenAnswer]], people: People) -> tuple[Settled, ...]:
    return tuple(
        Settled(
            row.item,
            each.reason,
            each.settled_at,
            people.name(each.settled_by, each.settled_at),
        )
        for each, row in rows
    )

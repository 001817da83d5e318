"""Evidence as it is read: the versions behind an answer, and downloads with an entry in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Actor, Permission, require
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import NotFound
from audit_portal.domain.events.evidence import EvidenceRead
from audit_portal.domain.evidence_in_use import counts
from audit_portal.services.assessments.sheets import side_of
from audit_portal.services.evidence import vault
from audit_portal.services.evidence.vault import Locator
from audit_portal.services.house import Context, House
from audit_portal.services.people import then
from audit_portal.storage import assessments, contracts, evidence_use
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import Evidence, EvidenceReading, EvidenceVersion
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class VersionView:
    id: UUID
    version: int
    name: str
    size: int
    sha256: str
    observed_on: date | None
    expires_on: date | None
    uploaded_at: datetime
    uploaded_by: str


@dataclass(frozen=True)
class Attached:
    """An evidence on an answer: the version the answer stands on, and all the others, newest first."""

    number: str
    now: VersionView
    others: tuple[VersionView, ...]
    expired: bool = False  # today


def attached(ctx: Context, assessment_id: UUID, item: str) -> tuple[Attached, ...]:
    """What one answer stands on; NotFound for whom the item isn't shown."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        found = assessments.answer_of(tx, assessment_id, item)
        if found is None:
            raise NotFound()
        answer, row = found
        if side_of(ctx, row) is AnsweredBy.VENDOR and answer.answered_by is not AnsweredBy.VENDOR:
            raise NotFound()
        uses = assessments.evidence_of(tx, row.id).get(answer.id, [])
        versions = assessments.versions_of(tx, [evidence.id for _, _, evidence in uses])
    people = then(ctx, {each.uploaded_by for every in versions.values() for each in every})
    return tuple(
        Attached(
            evidence.number,
            _view(version, people),
            tuple(_view(each, people) for each in versions[evidence.id] if each.id != version.id),
            not counts(version.expires_on, ctx.house.today()),
        )
        for _, version, evidence in uses
    )


def _view(row: EvidenceVersion, people: People) -> VersionView:
    return VersionView(
        row.id,
        row.number,
        row.file_name,
        row.size,
        row.sha256,
        row.observed_on,
        row.expires_on,
        row.uploaded_at,
        people.name(row.uploaded_by, row.uploaded_at),
    )


@dataclass(frozen=True)
class Download:
    name: str
    media_type: str
    size: int
    sha256: str
    at: Locator


def open_download(ctx: Context, version_id: UUID, purpose: str = "read") -> Download:
    """Allowed, and in the ledger before the first byte leaves: one entry per person, version and purpose
    in 15 minutes."""
    require(ctx.actor, Permission.EVIDENCE_READ)
    with ctx.read() as tx:
        found = assessments.version(tx, version_id)
        if found is None or not _may_read(ctx.actor, tx, *found):
            raise NotFound()
        last = assessments.last_reading(tx, version_id, purpose)
        fresh = last is not None and tx.now - last.read_at < timedelta(seconds=limits.READ_ENTRY_WINDOW)
    version, evidence = found
    if not fresh:
        with ctx.begin() as tx:
            tx.add(
                EvidenceReading(
                    engagement_id=version.engagement_id,
                    contract_id=version.contract_id,
                    evidence_version_id=version.id,
                    account_id=ctx.actor.person,
                    purpose=purpose,
                    read_at=tx.now,
                )
            )
            tx.record(
                EvidenceRead(
                    engagement_id=version.engagement_id,
                    evidence_id=evidence.id,
                    version=version.number,
                    purpose=purpose,
                )
            )
    at = vault.locator(version, evidence.party_id)
    return Download(version.file_name, version.media_type, version.size, version.sha256, at)


def _may_read(actor: Actor, tx: Transaction, version: EvidenceVersion, evidence: Evidence) -> bool:
    """Within an engagement: a vendor's people don't read what the principal filed on itself, and a
    contributor only what stands on the items delegated to them (or what they brought). Of contracts they
    read what is shared with them."""
    if not actor.is_vendor:
        return True
    if version.engagement_id is None:
        return not actor.only_delegated and contracts.document_of(tx, evidence.id) is not None
    if evidence.party_id != actor.party_id and not _supervises(actor, tx, version):
        return False
    if not actor.only_delegated or version.uploaded_by == actor.account_id:
        return True
    # The answers a contributor doesn't reach are filtered out of every query. An older version stays
    # readable to whoever reads the one that took its place.
    return bool(evidence_use.uses(tx, (evidence.id,)))


def _supervises(actor: Actor, tx: Transaction, version: EvidenceVersion) -> bool:
    """Whether the file stands in work that the actor's party entrusts, not in its own."""
    used = {use.engagement_id for use, _, _ in evidence_use.uses(tx, (version.evidence_id,))}
    works = {*used, version.engagement_id}
    return any(row.vendor_id != actor.party_id for row in evidence_use.engagements(tx, works))


def pieces(house: House, download: Download) -> Iterator[bytes]:
    """The plaintext, piece by piece, each authenticated first."""
    with vault.reading(house, download.at, download.size) as found:
        yield from found

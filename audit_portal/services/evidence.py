"""Evidence (確認資料): taken in sealed, attached to an answer, read with an entry in the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from types import TracebackType
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain import limits
from audit_portal.domain.access import Actor, Permission, require
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, NotFound
from audit_portal.domain.events import EvidenceAdded, EvidenceDetached, EvidenceRead
from audit_portal.domain.evidence import Intake, Received, check_dates
from audit_portal.domain.numbers import Numbered
from audit_portal.services import vault
from audit_portal.services.answers import note_writer, writable
from audit_portal.services.house import Context, House
from audit_portal.services.vault import Deposit, Locator
from audit_portal.storage import assessments, get
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.assessments import (
    Answer,
    Assessment,
    Evidence,
    EvidenceReading,
    EvidenceUse,
    EvidenceVersion,
)
from audit_portal.storage.tables.supervision import Engagement
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class Place:
    """Where a file is to be attached, and what its bringer says of it."""

    assessment_id: UUID
    item: str
    observed_on: date | None = None
    expires_on: date | None = None


class Upload:
    """One file streaming in. Everything that can be refused early is refused on construction."""

    def __init__(self, ctx: Context, place: Place, name: str, expected: int | None) -> None:
        require(ctx.actor, Permission.EVIDENCE_UPLOAD)
        check_dates(place.observed_on or ctx.house.today(), place.expires_on, ctx.house.today())
        with ctx.read() as tx:
            answer, row = writable(ctx, tx, place.assessment_id, place.item)
            _require_room(tx, answer)
        # Not by the actor: a vendor that entrusted the work in turn answers as its principal.
        self._owner = row.vendor_id if answer.answered_by is AnsweredBy.VENDOR else row.principal_id
        self._ctx, self._place = ctx, place
        self._id = uuid7()
        self._deposit = Deposit(ctx.house, "evidence", self._id, 1, self._owner)
        try:
            self._intake = Intake(self._deposit.sealer, name, ctx.house.settings.evidence_max, expected)
        except BaseException:
            self.abort()
            raise

    def write(self, data: bytes | memoryview) -> None:
        self._intake.write(data)

    def finish(self) -> UUID:
        """Commits object and row; returns the version's id. Raises Invalid for what the content shows."""
        with self._deposit:
            return self._record(vault.receive(self._deposit, self._intake))

    def abort(self) -> None:
        self._deposit.__exit__(None, None, None)

    def _record(self, received: Received) -> UUID:
        at, place = self._deposit.locator, self._place
        with self._ctx.begin() as tx:
            answer, row = writable(self._ctx, tx, place.assessment_id, place.item)
            _require_room(tx, answer)
            evidence = Evidence(
                id=self._id,
                number=next_number(tx, Numbered.EVIDENCE),
                engagement_id=row.engagement_id,
                party_id=self._owner,
            )
            tx.add(evidence)
            tx.flush()
            _changed(self._ctx, answer, row, tx)
            version = EvidenceVersion(
                evidence_id=evidence.id,
                engagement_id=row.engagement_id,
                number=at.number,
                file_name=received.name,
                media_type=received.media_type,
                size=received.size,
                sealed_size=received.sealed_size,
                sha256=received.sha256,
                observed_on=place.observed_on,
                expires_on=place.expires_on,
                store_key=at.store_key,
                class_key_id=at.class_key_id,
                wrapped_key=at.wrapped_key,
                uploaded_at=tx.now,
                uploaded_by=self._ctx.actor.person,
            )
            tx.add(version)
            tx.flush()
            tx.add(
                EvidenceUse(
                    engagement_id=row.engagement_id,
                    answer_id=answer.id,
                    evidence_id=evidence.id,
                    evidence_version_id=version.id,
                )
            )
            tx.record(
                EvidenceAdded(
                    engagement_id=row.engagement_id,
                    evidence_id=evidence.id,
                    version=at.number,
                    sha256=received.sha256,
                    size=received.size,
                    media_type=received.media_type,
                )
            )
        return version.id

    def __enter__(self) -> Upload:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abort()


def _require_room(tx: Transaction, answer: Answer) -> None:
    if assessments.uses_of_answer(tx, answer.id) >= limits.EVIDENCE_PER_ANSWER:
        raise Conflict("too_many_files", most=limits.EVIDENCE_PER_ANSWER)


def _changed(ctx: Context, answer: Answer, row: Assessment, tx: Transaction) -> None:
    """While reviewers look at it, another file makes it another answer: they must see it anew."""
    if answer.answered_by is AnsweredBy.CLIENT:  # vendors never review
        note_writer(ctx, answer)
    if row.state is AssessmentState.SUBMITTED:
        answer.answered_at = tx.now


def detach(ctx: Context, assessment_id: UUID, item: str, version_id: UUID) -> None:
    """Takes a file off a draft answer. The file and its entries stay."""
    require(ctx.actor, Permission.EVIDENCE_UPLOAD)
    with ctx.begin() as tx:
        answer, row = writable(ctx, tx, assessment_id, item)
        use = assessments.use(tx, answer.id, version_id)
        if use is None:
            raise NotFound()
        tx.remove(use)
        _changed(ctx, answer, row, tx)
        tx.record(EvidenceDetached(engagement_id=row.engagement_id, evidence_id=use.evidence_id, item=item))


@dataclass(frozen=True)
class Download:
    name: str
    media_type: str
    size: int
    sha256: str
    at: Locator


def locator(version: EvidenceVersion, evidence: Evidence) -> Locator:
    return Locator(
        evidence.id,
        version.number,
        evidence.party_id,
        version.store_key,
        version.class_key_id,
        version.wrapped_key,
    )


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
    return Download(
        version.file_name, version.media_type, version.size, version.sha256, locator(version, evidence)
    )


def _may_read(actor: Actor, tx: Transaction, version: EvidenceVersion, evidence: Evidence) -> bool:
    """Within an engagement: a vendor's people don't read what the principal filed on itself, and a
    contributor only what stands on the items delegated to them (or what they brought)."""
    if not actor.is_vendor:
        return True
    vendor_id = get.one(tx, Engagement, version.engagement_id).vendor_id
    if vendor_id == actor.party_id and evidence.party_id != actor.party_id:
        return False
    if not actor.only_delegated or version.uploaded_by == actor.account_id:
        return True
    # The answers a contributor doesn't reach are filtered out of every query.
    return any(
        use.evidence_version_id == version.id
        for check in assessments.of_engagement(tx, version.engagement_id)
        for uses in assessments.evidence_of(tx, check.id).values()
        for use, _, _ in uses
    )


def pieces(house: House, download: Download) -> Iterator[bytes]:
    """The plaintext, piece by piece, each authenticated first."""
    with vault.reading(house, download.at, download.size) as found:
        yield from found

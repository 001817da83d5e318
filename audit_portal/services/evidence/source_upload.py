"""The document that answers are transcribed from, streaming in; sealed like any evidence."""

from __future__ import annotations

from types import TracebackType
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.access import Permission, require
from audit_portal.domain.events.evidence import EvidenceAdded
from audit_portal.domain.evidence import Intake, Received
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.on_behalf import OWN_NOTES
from audit_portal.services.assessments import sources
from audit_portal.services.evidence import vault
from audit_portal.services.evidence.vault import Deposit
from audit_portal.services.house import Context
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.assessments import Assessment, Evidence, EvidenceVersion
from audit_portal.storage.tables.on_behalf import AnswerSource
from audit_portal.storage.transaction import Transaction


class SourceUpload:
    """One file of a source. What the vendor wrote is the vendor's file; what the client noted or captured itself
    is the client's, and never read by the vendor."""

    def __init__(
        self, ctx: Context, assessment_id: UUID, source_id: UUID, name: str, expected: int | None
    ) -> None:
        require(ctx.actor, Permission.BEHALF_ENTER)
        with ctx.read() as tx:
            row, source = sources.held_source(tx, assessment_id, source_id)
            owner = row.principal_id if source.kind in OWN_NOTES else row.vendor_id
        self._ctx, self._assessment_id, self._source_id = ctx, assessment_id, source_id
        self._deposit = Deposit(ctx.house, "evidence", uuid7(), 1, owner)
        try:
            self._intake = Intake(self._deposit.sealer, name, ctx.house.settings.evidence_max, expected)
        except BaseException:
            self.abort()
            raise

    def write(self, data: bytes | memoryview) -> None:
        self._intake.write(data)

    def finish(self) -> UUID:
        """Commits object and rows; returns the version's id. Raises Invalid for what the content shows."""
        with self._deposit:
            return self._record(vault.receive(self._deposit, self._intake))

    def abort(self) -> None:
        self._deposit.__exit__(None, None, None)

    def _record(self, received: Received) -> UUID:
        with self._ctx.begin() as tx:
            row, source = sources.held_source(tx, self._assessment_id, self._source_id)
            version = self._stored(tx, row, source, received)
            sources.give_document(tx, source, version)
        return version.id

    def _stored(
        self, tx: Transaction, row: Assessment, source: AnswerSource, received: Received
    ) -> EvidenceVersion:
        at = self._deposit.locator
        evidence = Evidence(
            id=at.object_id,
            number=next_number(tx, Numbered.EVIDENCE),
            engagement_id=row.engagement_id,
            party_id=at.owner_id,
        )
        tx.add(evidence)
        tx.flush()
        version = EvidenceVersion(
            evidence_id=evidence.id,
            engagement_id=row.engagement_id,
            number=at.number,
            file_name=received.name,
            media_type=received.media_type,
            size=received.size,
            sealed_size=received.sealed_size,
            sha256=received.sha256,
            observed_on=source.dated_on,
            store_key=at.store_key,
            class_key_id=at.class_key_id,
            wrapped_key=at.wrapped_key,
            uploaded_at=tx.now,
            uploaded_by=self._ctx.actor.person,
        )
        tx.add(version)
        tx.flush()
        tx.record(
            EvidenceAdded(
                engagement_id=row.engagement_id,
                evidence_id=evidence.id,
                version=version.number,
                sha256=received.sha256,
                size=received.size,
                media_type=received.media_type,
            )
        )
        return version

    def __enter__(self) -> SourceUpload:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.abort()

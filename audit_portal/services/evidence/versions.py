"""The row of a sealed file: one version of an evidence, whether it came with an answer or with a contract."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain.events.evidence import EvidenceAdded
from audit_portal.domain.evidence import Received
from audit_portal.domain.numbers import Numbered
from audit_portal.services.evidence.vault import Locator
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.assessments import Evidence, EvidenceVersion
from audit_portal.storage.transaction import Transaction


def first(
    tx: Transaction,
    at: Locator,
    received: Received,
    *,
    engagement_id: UUID | None = None,
    contract_id: UUID | None = None,
    observed_on: date | None = None,
    version_id: UUID | None = None,
) -> tuple[Evidence, EvidenceVersion]:
    """A new evidence, of an engagement or of a contract, with its first version."""
    evidence = add(tx, at, engagement_id=engagement_id, contract_id=contract_id)
    version = keep(
        tx,
        evidence,
        at,
        received,
        engagement_id=engagement_id,
        observed_on=observed_on,
        version_id=version_id,
    )
    return evidence, version


def add(
    tx: Transaction, at: Locator, *, engagement_id: UUID | None = None, contract_id: UUID | None = None
) -> Evidence:
    """A new evidence under the next number, for the object that was just sealed."""
    evidence = Evidence(
        id=at.object_id,
        number=next_number(tx, Numbered.EVIDENCE),
        engagement_id=engagement_id,
        contract_id=contract_id,
        party_id=at.owner_id,
    )
    tx.add(evidence)
    tx.flush()
    return evidence


def keep(
    tx: Transaction,
    evidence: Evidence,
    at: Locator,
    received: Received,
    *,
    engagement_id: UUID | None = None,
    observed_on: date | None = None,
    expires_on: date | None = None,
    version_id: UUID | None = None,
) -> EvidenceVersion:
    """Adds the version that was just sealed, with its entry. `version_id`: of what it is the one document of.

    `engagement_id`: which engagement it was brought for; whoever sees another one where an older version stands
    doesn't see this one.
    """
    version = EvidenceVersion(
        id=version_id or uuid7(),
        evidence_id=evidence.id,
        engagement_id=engagement_id if evidence.contract_id is None else None,
        contract_id=evidence.contract_id,
        number=at.number,
        file_name=received.name,
        media_type=received.media_type,
        size=received.size,
        sealed_size=received.sealed_size,
        sha256=received.sha256,
        observed_on=observed_on,
        expires_on=expires_on,
        store_key=at.store_key,
        class_key_id=at.class_key_id,
        wrapped_key=at.wrapped_key,
        uploaded_at=tx.now,
        uploaded_by=tx.actor.person,
    )
    tx.add(version)
    tx.flush()
    tx.record(
        EvidenceAdded(
            engagement_id=engagement_id,
            evidence_id=evidence.id,
            version=version.number,
            sha256=received.sha256,
            size=received.size,
            media_type=received.media_type,
        )
    )
    return version

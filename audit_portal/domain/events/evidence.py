"""What the ledger says of files of evidence."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class EvidenceAdded(Event, name="evidence.added"):
    evidence_id: UUID
    version: int
    sha256: str
    size: int
    media_type: str


@dataclass(frozen=True, kw_only=True)
class EvidenceRead(Event, name="evidence.read"):
    evidence_id: UUID
    version: int
    purpose: str


@dataclass(frozen=True, kw_only=True)
class EvidenceDetached(Event, name="evidence.detached"):
    evidence_id: UUID
    item: str


@dataclass(frozen=True, kw_only=True)
class EvidenceReplaced(Event, name="evidence.replaced"):
    """An answer stands on a newer version of the same evidence; the older one stays."""

    evidence_id: UUID
    item: str
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class EvidenceAttached(Event, name="evidence.attached"):
    """An answer stands on a file that was handed in before; nothing was copied."""

    evidence_id: UUID
    version: int
    sha256: str
    item: str

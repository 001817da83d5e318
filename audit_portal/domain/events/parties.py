"""What the ledger says of vendors, their sites, certifications and contacts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class PartyRegistered(Event, name="party.registered"):
    party_id: UUID
    number: str


@dataclass(frozen=True, kw_only=True)
class PartyChanged(Event, name="party.changed"):
    party_id: UUID


@dataclass(frozen=True, kw_only=True)
class SiteWritten(Event, name="party.site_written"):
    party_id: UUID
    site_id: UUID
    ended: bool = False


@dataclass(frozen=True, kw_only=True)
class CertificationWritten(Event, name="party.certification_written"):
    party_id: UUID
    certification_id: UUID
    kind: str
    withdrawn: bool = False


@dataclass(frozen=True, kw_only=True)
class ContactWritten(Event, name="party.contact_written"):
    party_id: UUID
    contact_id: UUID
    ended: bool = False

"""What the ledger says of the installation, its sample and its jobs."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class InstallationPrepared(Event, name="installation.prepared"):
    installation_id: UUID
    key_id: str
    ledger_key: str


@dataclass(frozen=True, kw_only=True)
class SampleLoaded(Event, name="sample.loaded"):
    parties: int
    accounts: int


@dataclass(frozen=True, kw_only=True)
class ClientFactsChanged(Event, name="installation.client_facts_changed"):
    """What the client is: each holds on every engagement."""

    p_mark: bool
    public_sector: bool


@dataclass(frozen=True, kw_only=True)
class JobRetried(Event, name="job.retried"):
    job_id: UUID

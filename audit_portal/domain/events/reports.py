"""What the ledger says of certificates and signed reports."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class CertificateIssued(Event, name="certificate.issued"):
    account_id: UUID
    serial: str
    fingerprint: str


@dataclass(frozen=True, kw_only=True)
class CertificateRevoked(Event, name="certificate.revoked"):
    account_id: UUID
    serial: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReportCreated(Event, name="report.created"):
    report_id: UUID
    number: str
    kind: str
    assessment_id: UUID


@dataclass(frozen=True, kw_only=True)
class ReportRendered(Event, name="report.rendered"):
    report_id: UUID
    content_sha256: str
    pdf_sha256: str


@dataclass(frozen=True, kw_only=True)
class ReportSigned(Event, name="report.signed"):
    report_id: UUID
    field: str
    serial: str
    base_sha256: str
    pdf_sha256: str


@dataclass(frozen=True, kw_only=True)
class ReportSealed(Event, name="report.sealed"):
    report_id: UUID
    field: str
    pdf_sha256: str


@dataclass(frozen=True, kw_only=True)
class ReportEnded(Event, name="report.ended"):
    """A report that will never be finished: outdated by a return, or its signer's certificate is gone."""

    report_id: UUID
    outcome: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ReportRead(Event, name="report.read"):
    report_id: UUID
    pdf_sha256: str

"""Everything the ledger can say, in the past tense. An event that isn't registered here can't be recorded.

Events hold ids, numbers, states and digests; no names, no free text (an erasure must not break the ledger).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar
from uuid import UUID

REGISTRY: dict[str, type[Event]] = {}
_NAME = re.compile(r"^[a-z_]+\.[a-z_]+$")


@dataclass(frozen=True, kw_only=True)
class Event:
    """Base. `engagement_id` puts the entry on that engagement's timeline."""

    name: ClassVar[str] = ""
    engagement_id: UUID | None = None

    def __init_subclass__(cls, *, name: str, **rest: Any) -> None:
        super().__init_subclass__(**rest)
        if not _NAME.match(name) or name in REGISTRY:
            raise TypeError(f"event name {name!r} is malformed or taken")
        cls.name = name
        REGISTRY[name] = cls

    def facts(self) -> dict[str, Any]:
        """The event's own fields as JSON values (RFC 8785 types)."""
        return {
            each.name: plain(getattr(self, each.name))
            for each in fields(self)
            if each.name != "engagement_id"
        }


def plain(value: Any) -> Any:
    """A fact as a JSON value. Raises TypeError for anything that has no single canonical form."""
    if value is None or (isinstance(value, bool | str) and not isinstance(value, Enum)):
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, int):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, tuple | list | frozenset):
        items = [plain(item) for item in value]
        return sorted(items) if isinstance(value, frozenset) else items
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    raise TypeError(f"{type(value).__name__} can't stand in an event")


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
class AccountInvited(Event, name="account.invited"):
    account_id: UUID
    party_id: UUID
    roles: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class AccountJoined(Event, name="account.joined"):
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class InvitationRenewed(Event, name="account.invitation_renewed"):
    account_id: UUID
    copied: bool


@dataclass(frozen=True, kw_only=True)
class InvitationRevoked(Event, name="account.invitation_revoked"):
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class AccountChanged(Event, name="account.changed"):
    account_id: UUID
    what: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class AccountEnded(Event, name="account.ended"):
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(Event, name="account.password_changed"):
    account_id: UUID
    by_reset: bool


@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(Event, name="account.second_factor_changed"):
    account_id: UUID
    enabled: bool


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event, name="session.started"):
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class SignInLocked(Event, name="session.locked_out"):
    account_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Event, name="session.ended_everywhere"):
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class JobRetried(Event, name="job.retried"):
    job_id: UUID


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


@dataclass(frozen=True, kw_only=True)
class RowsAdopted(Event, name="row.adopted"):
    """An upgrade made these rows from what was there before; from here on they have a history."""

    kinds: frozenset[str]


@dataclass(frozen=True, kw_only=True)
class EngagementRegistered(Event, name="engagement.registered"):
    number: str
    principal_id: UUID
    vendor_id: UUID
    tier: int
    risk_tier: str


@dataclass(frozen=True, kw_only=True)
class EngagementChanged(Event, name="engagement.changed"):
    """`what`: names of facts; `asked_anew`: items that no decided check has asked yet."""

    number: str
    what: frozenset[str]
    before: str  # risk tier
    after: str
    conditions_added: frozenset[str]
    conditions_gone: frozenset[str]
    asked_anew: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class RecheckSettled(Event, name="engagement.recheck_settled"):
    """What a change had made new is asked and decided, or doesn't apply any more."""

    recheck_id: UUID
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class CloudDetermined(Event, name="engagement.cloud_determined"):
    determination_id: UUID
    outcome: str


@dataclass(frozen=True, kw_only=True)
class EngagementMoved(Event, name="engagement.moved"):
    before: str
    after: str
    decision_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class EngagementReopened(Event, name="engagement.reopened"):
    """A refused engagement was taken up again; the reason is in the row."""

    reopening_id: UUID
    decision_id: UUID | None


@dataclass(frozen=True, kw_only=True)
class PersonAssigned(Event, name="engagement.person_assigned"):
    account_id: UUID
    role: str


@dataclass(frozen=True, kw_only=True)
class ChecklistPublished(Event, name="checklist.published"):
    checklist: str
    version: str
    sha256: str


@dataclass(frozen=True, kw_only=True)
class AssessmentSent(Event, name="assessment.sent"):
    assessment_id: UUID
    number: str
    checklist: str
    version: str
    sha256: str
    items: int
    due_on: date


@dataclass(frozen=True, kw_only=True)
class AssessmentBegun(Event, name="assessment.begun"):
    assessment_id: UUID


@dataclass(frozen=True, kw_only=True)
class AssessmentSubmitted(Event, name="assessment.submitted"):
    """Commits to every answer by a salted digest (design.md section 4, ledger)."""

    assessment_id: UUID
    answers: int
    answers_root: str


@dataclass(frozen=True, kw_only=True)
class AssessmentReturned(Event, name="assessment.returned"):
    assessment_id: UUID
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemReviewed(Event, name="assessment.item_reviewed"):
    assessment_id: UUID
    item: str
    result: str
    basis: str
    answer_digest: str  # SHA-256 of salt and canonical answer, as in the submission's root


@dataclass(frozen=True, kw_only=True)
class AssessmentReviewed(Event, name="assessment.reviewed"):
    assessment_id: UUID


@dataclass(frozen=True, kw_only=True)
class ItemsDelegated(Event, name="assessment.items_delegated"):
    assessment_id: UUID
    items: tuple[str, ...]
    account_id: UUID


@dataclass(frozen=True, kw_only=True)
class ItemsTakenBack(Event, name="assessment.items_taken_back"):
    assessment_id: UUID
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ItemCommented(Event, name="assessment.item_commented"):
    """One kept to its side names no engagement: the other side's timeline knows nothing of it."""

    assessment_id: UUID
    word_id: UUID
    item: str
    shared: bool


@dataclass(frozen=True, kw_only=True)
class TimeAsked(Event, name="assessment.time_asked"):
    assessment_id: UUID
    request_id: UUID
    due_on: date
    wanted_on: date


@dataclass(frozen=True, kw_only=True)
class TimeDecided(Event, name="assessment.time_decided"):
    """`due_on` is the date that holds from now on."""

    assessment_id: UUID
    request_id: UUID
    outcome: str
    due_on: date


@dataclass(frozen=True, kw_only=True)
class RoundStarted(Event, name="round.started"):
    round_id: UUID
    checklist: str
    version: str
    fiscal_year: int
    due_on: date
    engagements: int


@dataclass(frozen=True, kw_only=True)
class RoundResumed(Event, name="round.resumed"):
    round_id: UUID
    engagements: int


@dataclass(frozen=True, kw_only=True)
class RoundFinished(Event, name="round.finished"):
    round_id: UUID
    sent: int
    left_out: int


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
class DecisionRequested(Event, name="decision.requested"):
    decision_id: UUID
    gate: str
    snapshot_sha256: str


@dataclass(frozen=True, kw_only=True)
class DecisionMade(Event, name="decision.made"):
    decision_id: UUID
    gate: str
    outcome: str
    snapshot_sha256: str
    accepted: tuple[str, ...] = ()


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

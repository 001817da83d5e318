"""What the ledger says of answers entered on behalf: sources, confirmations, controls left to the user."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.events.event import Event


@dataclass(frozen=True, kw_only=True)
class EntryOpened(Event, name="assessment.entry_opened"):
    assessment_id: UUID


@dataclass(frozen=True, kw_only=True)
class SourceWritten(Event, name="assessment.source_written"):
    """Registered, changed, or given its document (then with the file's digest)."""

    assessment_id: UUID
    source_id: UUID
    kind: str
    sha256: str | None


@dataclass(frozen=True, kw_only=True)
class ConfirmationAsked(Event, name="assessment.confirmation_asked"):
    assessment_id: UUID
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TranscriptionConfirmed(Event, name="assessment.transcription_confirmed"):
    """A second person compared these items with their sources; or the party itself handed them in."""

    assessment_id: UUID
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class TranscriptionReturned(Event, name="assessment.transcription_returned"):
    assessment_id: UUID
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ControlAnswered(Event, name="assessment.control_answered"):
    assessment_id: UUID
    control_id: UUID
    state: str

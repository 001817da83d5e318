"""What stands behind answers entered on behalf, as pages, snapshots and reports name it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from audit_portal.domain.access import Permission
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.on_behalf import EntryState, SourceFacts, SourceKind, from_details
from audit_portal.services.assessments import behalf_rules
from audit_portal.services.house import Context
from audit_portal.storage import assessments, on_behalf
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import Answer, Assessment, EvidenceVersion
from audit_portal.storage.tables.on_behalf import AnswerSource, BehalfEntry, Transcription
from audit_portal.storage.transaction import Transaction

_ANSWERABLE = (AssessmentState.SENT, AssessmentState.IN_PROGRESS, AssessmentState.RETURNED)


@dataclass(frozen=True)
class Transcribed:
    """One answer's way into the portal. Without a source for whom sources aren't theirs to know."""

    transcriber: str
    transcribed_at: datetime
    confirmer: str
    confirmed_at: datetime | None
    source_id: UUID | None = None
    position: int = 0
    kind: SourceKind | None = None
    facts: SourceFacts | None = None
    document: str = ""
    sha256: str = ""
    version_id: UUID | None = None

    @property
    def answerer(self) -> str:
        """Name with department and title, as far as a person answered."""
        if self.facts is None:
            return ""
        facts = self.facts
        return " ".join(filter(None, (facts.answerer, facts.answerer_department, facts.answerer_title)))


@dataclass(frozen=True)
class Behalf:
    """The rows of one assessment; empty where nobody enters on behalf."""

    entry: BehalfEntry | None = None
    current: Mapping[UUID, Transcription] = field(default_factory=dict)  # by answer id
    sources: Mapping[UUID, AnswerSource] = field(default_factory=dict)
    versions: Mapping[UUID, EvidenceVersion] = field(default_factory=dict)

    @property
    def people(self) -> set[UUID]:
        found = {who for each in self.current.values() for who in (each.transcribed_by, each.confirmed_by)}
        return {who for who in found if who is not None}

    def editable(self, ctx: Context, answer: Answer, row: Assessment) -> bool:
        """Whether the reader may transcribe this answer now; as `behalf_rules.check_writable` decides."""
        return (
            self.entry is not None
            and self.entry.state is EntryState.TRANSCRIBING
            and ctx.actor.may(Permission.BEHALF_ENTER)
            and row.state in _ANSWERABLE
            and answer.is_open
            and behalf_rules.for_the_vendor(ctx, answer, row)
            and not behalf_rules.by_vendor(answer, self.current.get(answer.id))
        )

    def given_back(self, answer: Answer) -> bool:
        """Whether it came back and wasn't written to since it was last put before a second person."""
        asked_at = self.entry.asked_at if self.entry else None
        if not answer.returned_note or asked_at is None:
            return False
        return answer.answered_at is None or answer.answered_at <= asked_at

    def of(self, answer_id: UUID, people: People) -> Transcribed | None:
        row = self.current.get(answer_id)
        if row is None:
            return None
        confirmer = people.name(row.confirmed_by, row.confirmed_at)
        transcriber = people.name(row.transcribed_by, row.transcribed_at)
        source = self.sources.get(row.source_id)
        if source is None:
            return Transcribed(transcriber, row.transcribed_at, confirmer, row.confirmed_at)
        file = self.versions.get(source.evidence_version_id) if source.evidence_version_id else None
        return Transcribed(
            transcriber,
            row.transcribed_at,
            confirmer,
            row.confirmed_at,
            source.id,
            source.position,
            source.kind,
            from_details(source.dated_on, source.details),
            file.file_name if file else "",
            file.sha256 if file else "",
            source.evidence_version_id,
        )


def load(tx: Transaction, assessment_id: UUID) -> Behalf:
    """One query where nobody enters on behalf."""
    entry = on_behalf.entry(tx, assessment_id)
    if entry is None:
        return Behalf()
    sources = {each.id: each for each in on_behalf.sources(tx, assessment_id)}
    versions = assessments.versions_by_id(tx, [each.evidence_version_id for each in sources.values()])
    return Behalf(entry, on_behalf.current(tx, assessment_id), sources, versions)

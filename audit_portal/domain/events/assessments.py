"""What the ledger says of checklists, and the assessments that run them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.events.event import Event


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
class SheetApplied(Event, name="assessment.sheet_applied"):
    """Answers taken from a spreadsheet; still drafts, as if typed."""

    assessment_id: UUID
    sha256: str
    items: int


@dataclass(frozen=True, kw_only=True)
class AnswersConfirmed(Event, name="assessment.answers_confirmed"):
    """Earlier answers confirmed to hold here too; which ones stands in the rows."""

    assessment_id: UUID
    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnswersOutdated(Event, name="assessment.answers_outdated"):
    """The vendor has handed in other answers elsewhere to what this engagement relies on."""

    items: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AnswerSettled(Event, name="assessment.answer_settled"):
    """Somebody looked at an answer that had gone stale; the reason is in the row."""

    settlement_id: UUID
    item: str

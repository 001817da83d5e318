"""What a page shows beside an answer: inspections, a refusal to disclose, findings."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.evidence_in_use import Inspected, Refusal
from audit_portal.domain.findings import Severity
from audit_portal.services.assessments.resting import Beside
from audit_portal.services.assessments.sheets import Sheet
from audit_portal.services.house import Context
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import Answer
from audit_portal.storage.tables.reviewing import DisclosureRefusal, Finding, Inspection


@dataclass(frozen=True)
class InspectionView:
    id: UUID
    version: int
    facts: Inspected
    recorded_by: str
    recorded_at: datetime


@dataclass(frozen=True)
class FindingView:
    id: UUID
    version: int
    number: str
    item: str
    severity: Severity
    what: str
    due_on: date
    overdue: bool
    raised_by: str
    raised_at: datetime
    shown: bool  # to the vendor


@dataclass(frozen=True)
class BesideItem:
    inspections: tuple[InspectionView, ...] = ()
    refusal: Refusal | None = None
    refusal_open: bool = False  # nothing was shown since
    findings: tuple[FindingView, ...] = ()


NOTHING_BESIDE = BesideItem()


class BesideMaker:
    """Makes them answer by answer."""

    def __init__(self, ctx: Context, sheet: Sheet, rows: Beside, people: People) -> None:
        self._today, self._sheet, self._rows, self._people = ctx.house.today(), sheet, rows, people

    def of(self, answer: Answer) -> BesideItem:
        refused = self._rows.refusals.get(answer.id)
        return BesideItem(
            tuple(self._inspection(row) for row in self._rows.inspections.get(answer.id, ())),
            refusal_of(refused),
            refused is not None and not self._sheet.evidence_counts.get(answer.id),
            tuple(
                finding_view(row, self._today, self._people.name(row.raised_by, row.raised_at))
                for row in self._rows.findings.get(answer.id, ())
            ),
        )

    def _inspection(self, row: Inspection) -> InspectionView:
        return InspectionView(
            row.id,
            row.version,
            inspected_of(row),
            self._people.name(row.recorded_by, row.recorded_at),
            row.recorded_at,
        )


def inspected_of(row: Inspection) -> Inspected:
    return Inspected(
        row.document, row.edition, row.inspector, row.place, row.means, row.inspected_on, row.seen
    )


def refusal_of(row: DisclosureRefusal | None) -> Refusal | None:
    if row is None or row.offer is None:
        return None
    return Refusal(row.offer, row.reason, row.words)


def finding_view(row: Finding, today: date, raised_by: str) -> FindingView:
    return FindingView(
        row.id,
        row.version,
        row.number,
        row.item,
        row.severity,
        row.what,
        row.due_on,
        row.due_on < today,
        raised_by,
        row.raised_at,
        row.shown_at is not None,
    )

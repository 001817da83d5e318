"""The reader's own items of an assessment and what stands on them: all that a file of answers is laid beside.

The page (`assessment_view`) shows much more of them, and takes several times as long to gather.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.checklist import AnsweredBy, AnswerValue
from audit_portal.services import checklists
from audit_portal.services.assessments.sheets import build_sheet, may_answer, said, side_of
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import assessments, get
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class OwnItem:
    question: Mapping[str, str]
    value: AnswerValue | None
    comment: str
    action: str
    action_due: date | None
    version: int
    editable: bool
    answered_name: str
    answered_at: datetime | None


@dataclass(frozen=True)
class OwnItems:
    row: Assessment
    side: AnsweredBy
    answers: Mapping[str, Answer]  # within reach, by code
    items: Mapping[str, OwnItem]  # by code


def load(ctx: Context, assessment_id: UUID) -> OwnItems:
    """For a preview: with the names of who answered. Raises NotFound."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        row, rows = get.one(tx, Assessment, assessment_id), assessments.answers(tx, assessment_id)
        people = then(ctx, {each.answered_account_id for each in rows})
        return _own(ctx, tx, row, rows, people)


def held(ctx: Context, tx: Transaction, assessment_id: UUID) -> OwnItems:
    """For writing: nothing of it changes before this transaction is over; nobody is named. Raises NotFound."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    assessments.lock(tx, assessment_id)
    row, rows = get.one(tx, Assessment, assessment_id), assessments.answers(tx, assessment_id)
    return _own(ctx, tx, row, rows, People({}))


def _own(ctx: Context, tx: Transaction, row: Assessment, rows: list[Answer], people: People) -> OwnItems:
    side = side_of(ctx, row)
    checklist = checklists.parsed(ctx.house, checklists.version(tx, row.checklist_version_id))
    sheet = build_sheet(row, checklist, rows, {}, said(ctx, row.id))
    items = {}
    for item in sheet.of(side):
        answer = sheet.answers[item.id]
        items[item.id] = OwnItem(
            {"ja": item.question.ja, "en": item.question.en},
            answer.value,
            answer.comment,
            answer.action,
            answer.action_due,
            answer.version,
            may_answer(ctx, row, answer),
            people.name(answer.answered_account_id, answer.answered_at),
            answer.answered_at,
        )
    return OwnItems(row, side, sheet.answers, items)

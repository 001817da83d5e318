"""The check a gate is judged on: the newest whose review is over; one that only asked what became new adds to
the check before it."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from audit_portal.domain.assessment import SETTLED, AssessmentKind, AssessmentState
from audit_portal.domain.checklist import Addition, Asked, Tier, addition, is_addition
from audit_portal.domain.supervision import State
from audit_portal.services.assessments.sheets import Sheet, build_sheet, sheet
from audit_portal.services.house import Context
from audit_portal.storage import assessments
from audit_portal.storage.tables.assessments import Answer
from audit_portal.storage.transaction import Transaction


def settled(ctx: Context, tx: Transaction, engagement_id: UUID, kind: AssessmentKind) -> Sheet | None:
    """None before there is one that asked everything."""
    found: list[Sheet] = []
    for row in assessments.of_engagement(tx, engagement_id):  # the newest first
        if row.kind is not kind or row.state not in SETTLED:
            continue
        each = sheet(ctx, tx, row.id)
        if found and each.row.checklist_version_id != found[0].row.checklist_version_id:
            return None  # what it adds to was given back
        found.append(each)
        if not _adds(each):
            return _together(found)
    return None


def _adds(found: Sheet) -> bool:
    row = found.row
    return is_addition(found.checklist, row.risk_tier, set(row.conditions), found.answers.keys())


def _together(found: list[Sheet]) -> Sheet:
    """As one sheet, at the tier and with the conditions of the newest check."""
    newest, *earlier = found
    if not earlier:
        return newest
    counts: dict[UUID, int] = {}
    rows: dict[str, Answer] = {}
    for each in reversed(found):
        counts |= each.evidence_counts
        rows |= {code: row for code, row in each.answers.items() if code not in rows or row.value}
    whole = build_sheet(
        newest.row,
        newest.checklist,
        list(rows.values()),
        counts,
        None,
        frozenset().union(*(each.refused for each in found)),
    )
    return replace(whole, parts=tuple(_part(whole, each) for each in found))


def _part(whole: Sheet, part: Sheet) -> Sheet:
    mine = {code: row for code, row in whole.answers.items() if row.assessment_id == part.row.id}
    return replace(part, items=tuple(item for item in whole.items if item.id in mine), answers=mine)


def asked_in(found: Sheet) -> Asked:
    """A check as it was asked."""
    values = {code: answer.value for code, answer in found.answers.items() if answer.value}
    return Asked(found.row.risk_tier, found.conditions, frozenset(item.id for item in found.items), values)


def to_add(found: Sheet | None, state: State, tier: Tier, conditions: set[str]) -> Addition | None:
    """What is still to be asked beside this check; None where a new one asks everything: also of refused work
    taken up again."""
    if found is None or (state is State.DRAFT and found.row.state is AssessmentState.DECIDED):
        return None
    return addition(found.checklist, asked_in(found), tier, conditions)

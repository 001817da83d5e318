"""What a change of facts made new: kept as long as no decided check has asked it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.checklist import Asked, Checklist, Item, newly_asked
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.events.engagements import RecheckSettled
from audit_portal.domain.recheck import recheck_blockers
from audit_portal.domain.supervision import Blocker, Gate, State
from audit_portal.services import checklists
from audit_portal.services.assessments.settled import asked_in
from audit_portal.services.assessments.sheets import DECIDED_AT, Sheet, build_sheet
from audit_portal.services.house import Context
from audit_portal.storage import assessments, decisions, get, register
from audit_portal.storage.tables.assessments import Assessment
from audit_portal.storage.tables.engagement_facts import PendingRecheck
from audit_portal.storage.tables.supervision import Engagement, EngagementLink
from audit_portal.storage.transaction import Transaction

_REFUSED = DecisionState.REFUSED
# Before the selection is approved gate G1 itself holds against it what its check didn't ask.
_NOT_YET = frozenset({State.DRAFT, State.REFUSED})


@dataclass(frozen=True)
class NewItem:
    code: str
    question: dict[str, str]


@dataclass(frozen=True)
class Recheck:
    """What is open of one kind of check."""

    kind: AssessmentKind
    assessment_id: UUID  # the newest decided check of this kind
    since: datetime
    items: tuple[NewItem, ...]


def new_for(found: Sheet, work: Engagement, link: EngagementLink) -> tuple[Item, ...]:
    """What the check a gate is judged on didn't ask of the facts as they stand."""
    return newly_asked(found.checklist, (asked_in(found),), link.risk_tier, set(work.conditions))


def refresh(ctx: Context, tx: Transaction, work: Engagement, link: EngagementLink) -> tuple[str, ...]:
    """Works out anew what no decided check has asked, kind by kind; the codes of all that is open.

    Called after a change of facts and after a decision; what no longer is new is settled.
    """
    tx.flush()
    standing = {row.kind: row for row in register.open_rechecks(tx, work.id)}
    codes: list[str] = []
    decided = {} if link.state in _NOT_YET else _decided(ctx, tx, work.id)
    for kind, (newest, checklist, before) in decided.items():
        new = newly_asked(checklist, before, link.risk_tier, set(work.conditions))
        items, row = [item.id for item in new], standing.pop(kind, None)
        codes += items
        if not items:
            _settle(tx, row)
            continue
        if row is None:
            row = PendingRecheck(
                engagement_id=work.id,
                kind=kind,
                assessment_id=newest.id,
                items=[],
                risk_tier=link.risk_tier,
                conditions=[],
                raised_at=tx.now,
            )
            tx.add(row)
        row.items, row.risk_tier, row.conditions = items, link.risk_tier, list(work.conditions)
        row.assessment_id = newest.id
    for row in standing.values():
        _settle(tx, row)
    return tuple(codes)


def _settle(tx: Transaction, row: PendingRecheck | None) -> None:
    if row is not None:
        row.settled_at = tx.now
        tx.record(RecheckSettled(engagement_id=row.engagement_id, recheck_id=row.id, items=tuple(row.items)))


_Decided = dict[AssessmentKind, tuple[Assessment, Checklist, list[Asked]]]


def _decided(ctx: Context, tx: Transaction, engagement_id: UUID) -> _Decided:
    """Kind → its newest decided check, that check's checklist, and all decided checks of it, newest last.

    A check that was refused while the work went on has settled nothing.
    """
    found: _Decided = {}
    refused = {row.assessment_id for row in decisions.last_made(tx, engagement_id) if row.state is _REFUSED}
    rows = [
        row
        for row in assessments.of_engagement(tx, engagement_id)
        if row.state is AssessmentState.DECIDED and row.id not in refused
    ]
    for row in rows:  # the newest first
        version = checklists.version(tx, row.checklist_version_id)
        checklist = checklists.parsed(ctx.house, version)
        asked = asked_in(build_sheet(row, checklist, assessments.answers(tx, row.id), {}))
        found.setdefault(row.kind, (row, checklist, []))[2].insert(0, asked)
    return found


def gates(tx: Transaction, engagement_id: UUID) -> frozenset[Gate]:
    """Gates that were gone through, and have to be again: what became new is decided on there."""
    rows = register.open_rechecks(tx, engagement_id)
    return frozenset(DECIDED_AT[row.kind] for row in rows if row.kind in DECIDED_AT)


def blockers(tx: Transaction, engagement_id: UUID) -> tuple[Blocker, ...]:
    """What gates past the selection have to hold against the engagement."""
    rows = register.open_rechecks(tx, engagement_id)
    return recheck_blockers(code for row in rows for code in row.items)


def open_of(ctx: Context, engagement_id: UUID) -> tuple[Recheck, ...]:
    """What is open, with the questions."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        get.one(tx, Engagement, engagement_id)
        found = []
        for row in register.open_rechecks(tx, engagement_id):
            check = get.one(tx, Assessment, row.assessment_id)
            checklist = checklists.parsed(ctx.house, checklists.version(tx, check.checklist_version_id))
            asked = [checklist.item(code) for code in row.items]
            items = tuple(
                NewItem(each.id, {"ja": each.question.ja, "en": each.question.en}) for each in asked
            )
            found.append(Recheck(row.kind, row.assessment_id, row.raised_at, items))
    return tuple(found)

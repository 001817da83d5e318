"""Conditions of approvals: written with them, said to be met by who works on it, confirmed by an approver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, Role, other_person, require
from audit_portal.domain.condition import ConditionAct, ConditionState, NewCondition, after, late
from audit_portal.domain.errors import Invalid
from audit_portal.domain.events.decisions import ConditionMoved
from audit_portal.services.house import Context
from audit_portal.storage import approvals, get, parties
from audit_portal.storage.tables.approvals import DecisionCondition
from audit_portal.storage.tables.assessments import GateRequest
from audit_portal.storage.transaction import Transaction


def check(today: date, conditions: tuple[NewCondition, ...]) -> None:
    """Raises Invalid('condition_incomplete' | 'condition_in_the_past')."""
    for place, each in enumerate(conditions, 1):
        if not each.text.strip() or not each.who.strip():
            raise Invalid("condition_incomplete", place=place)
        if each.due_on < today:
            raise Invalid("condition_in_the_past", place=place)


def write(tx: Transaction, row: GateRequest, conditions: tuple[NewCondition, ...]) -> None:
    for place, each in enumerate(conditions, 1):
        tx.add(
            DecisionCondition(
                decision_id=row.id,
                engagement_id=row.engagement_id,
                number=f"{row.number}-{place}",
                what=each.text,
                who=each.who,
                due_on=each.due_on,
                before_release=each.before_release,
            )
        )


def fulfil(ctx: Context, condition_id: UUID, version: int, note: str) -> None:
    """Says that it is done, with what was done. Raises Invalid('condition_needs_note')."""
    require(ctx.actor, Permission.CONDITION_FULFIL)
    if not note.strip():
        raise Invalid("condition_needs_note", field="note")
    with ctx.begin() as tx:
        row = _moved(tx, condition_id, version, ConditionAct.FULFIL)
        row.note, row.answer = note, ""
        row.fulfilled_by, row.fulfilled_name, row.fulfilled_at = ctx.actor.person, ctx.actor.name, tx.now
        _record(tx, row)


def answer(ctx: Context, condition_id: UUID, version: int, confirm: bool, words: str) -> None:
    """Confirms it, or sends it back with a reason; who said it was done doesn't confirm it."""
    require(ctx.actor, Permission.DECISION_MAKE)
    if not confirm and not words.strip():
        raise Invalid("condition_needs_reason", field="note")
    with ctx.begin() as tx:
        act = ConditionAct.CONFIRM if confirm else ConditionAct.SEND_BACK
        row = _moved(tx, condition_id, version, act)
        other_person(ctx.actor, row.fulfilled_by, code="own_condition")
        row.answer = words
        if confirm:
            row.confirmed_by, row.confirmed_name, row.confirmed_at = (
                ctx.actor.person,
                ctx.actor.name,
                tx.now,
            )
        _record(tx, row)


def _moved(tx: Transaction, condition_id: UUID, version: int, act: ConditionAct) -> DecisionCondition:
    engagement_id = get.one(tx, DecisionCondition, condition_id).engagement_id
    parties.lock(tx, engagement_id)  # the release looks at it
    row = get.one(tx, DecisionCondition, condition_id)
    get.at_version(row, version)
    row.state = after(row.state, act)
    return row


def _record(tx: Transaction, row: DecisionCondition) -> None:
    tx.record(
        ConditionMoved(
            engagement_id=row.engagement_id,
            decision_id=row.decision_id,
            number=row.number,
            state=row.state.value,
        )
    )


@dataclass(frozen=True)
class ConditionView:
    id: UUID
    number: str
    decision_id: UUID
    engagement_id: UUID
    engagement_title: str
    vendor_name: str
    what: str
    who: str
    due_on: date
    before_release: bool
    state: ConditionState
    late: bool
    note: str
    fulfilled_by_id: UUID | None
    fulfilled_by: str
    fulfilled_at: datetime | None
    answer: str
    confirmed_by: str
    confirmed_at: datetime | None
    version: int


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[ConditionView, ...]:
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        rows = approvals.conditions(tx, engagement_id)
    return tuple(_view(ctx, row, "", "") for row in rows)


def of_decision(ctx: Context, engagement_id: UUID, decision_id: UUID) -> tuple[ConditionView, ...]:
    return tuple(each for each in of_engagement(ctx, engagement_id) if each.decision_id == decision_id)


def get_condition(ctx: Context, condition_id: UUID) -> ConditionView:
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        row = get.one(tx, DecisionCondition, condition_id)
        placed = parties.placed(tx, row.engagement_id)
    title, vendor = (placed.engagement.title, placed.vendor.name) if placed else ("", "")
    return _view(ctx, row, title, vendor)


def pending(ctx: Context) -> tuple[ConditionView, ...]:
    """What waits for the actor: what is to be done where they work on it, what is to be confirmed as approver."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    states = []
    if ctx.actor.may(Permission.CONDITION_FULFIL):
        states.append(ConditionState.OPEN)
    if Role.APPROVER in ctx.actor.roles:
        states.append(ConditionState.FULFILLED)
    with ctx.read() as tx:
        rows = approvals.open_conditions(tx, *states) if states else []
    found = (_view(ctx, row, work.title, vendor.name) for row, work, vendor in rows)
    return tuple(
        each
        for each in found
        if each.state is ConditionState.OPEN or each.fulfilled_by_id != ctx.actor.account_id
    )


def _view(ctx: Context, row: DecisionCondition, title: str, vendor: str) -> ConditionView:
    return ConditionView(
        row.id,
        row.number,
        row.decision_id,
        row.engagement_id,
        title,
        vendor,
        row.what,
        row.who,
        row.due_on,
        row.before_release,
        row.state,
        late(row.state, row.due_on, ctx.house.today()),
        row.note,
        row.fulfilled_by,
        row.fulfilled_name,
        row.fulfilled_at,
        row.answer,
        row.confirmed_name,
        row.confirmed_at,
        row.version,
    )

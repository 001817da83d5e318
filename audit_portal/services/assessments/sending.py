"""Sending an assessment: its questions are frozen, who answers is told."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import (
    AssessmentAction,
    AssessmentKind,
    AssessmentState,
    after,
)
from audit_portal.domain.checklist import AnsweredBy, Checklist, Item, applicable
from audit_portal.domain.contracts import ContractKind
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.assessments import AssessmentSent
from audit_portal.domain.monitoring import WATCHED
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.supervision import State
from audit_portal.services import checklists
from audit_portal.services.assessments import given
from audit_portal.services.assessments.sheets import (
    ASKED,
    DECIDED_AT,
    STEPS,
)
from audit_portal.services.house import Context
from audit_portal.storage import assessments, contracts, decisions, get, parties
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.supervision import Engagement
from audit_portal.storage.transaction import Transaction

# In which states of the engagement a kind of check makes sense, and what is said in the others.
_STATES: Mapping[AssessmentKind, tuple[frozenset[State], str]] = {
    AssessmentKind.CONTRACT: (
        frozenset({State.SELECTED, State.CONTRACTED, State.LIVE, State.SUSPENDED}),
        "not_selected_yet",
    ),
    AssessmentKind.PERIODIC: (WATCHED, "plan_not_live"),
}
# Checklists of step 3 that are run when something happens (an incident, a new subcontractor), not on a plan.
_ON_OCCASION = frozenset({"incident_response", "subcontractor_flowdown"})


@dataclass(frozen=True)
class SendOrder:
    checklist_version_id: UUID
    due_on: date
    message: str = ""


@dataclass(frozen=True)
class SendableChecklist:
    id: UUID
    title: dict[str, str]
    version: str
    covers_annex10: bool


def sendable(ctx: Context, kind: AssessmentKind = AssessmentKind.SELECTION) -> tuple[SendableChecklist, ...]:
    """Published checklists of a kind in force today, the full one first."""
    require(ctx.actor, Permission.ASSESSMENT_SEND)
    with ctx.read() as tx:
        rows = assessments.all_published(tx)
    found = []
    for row in rows:
        checklist = checklists.parsed(ctx.house, row)
        if _can_be_sent(ctx, checklist, kind):
            title = {"ja": checklist.title.ja, "en": checklist.title.en}
            found.append(SendableChecklist(row.id, title, checklist.version, checklist.covers_annex10))
    return tuple(sorted(found, key=lambda each: not each.covers_annex10))


def _can_be_sent(ctx: Context, checklist: Checklist, kind: AssessmentKind) -> bool:
    if checklist.step != STEPS[kind] or not checklist.in_force(ctx.house.today()):
        return False
    audit = any(item.answered_by is AnsweredBy.AUDITOR for item in checklist.items)
    return kind is not AssessmentKind.PERIODIC or not (audit or checklist.id in _ON_OCCASION)


def send(
    ctx: Context,
    engagement_id: UUID,
    order: SendOrder,
    and_then: Callable[[Transaction, UUID], None] | None = None,
    kind: AssessmentKind = AssessmentKind.SELECTION,
) -> UUID:
    """Freezes the questions and sends them; a contract check goes to the client's own people.

    `and_then`: what must be stored with it or not at all. Raises Invalid for a date past, NotFound, Conflict
    when one runs, ('not_selected_yet') before selection or ('plan_not_live') while no data is handled.
    """
    require(ctx.actor, Permission.ASSESSMENT_SEND)
    if order.due_on < ctx.house.today():
        raise Invalid("due_in_past", field="due_on")
    with ctx.begin() as tx:
        placed = parties.placed(tx, engagement_id)
        if placed is None:
            raise NotFound()
        version = checklists.version(tx, order.checklist_version_id)
        checklist = checklists.parsed(ctx.house, version)
        if not _can_be_sent(ctx, checklist, kind):
            raise NotFound()
        states, refusal = _STATES.get(kind, (frozenset(State), ""))
        if placed.link.state not in states:
            raise Conflict(refusal)
        number = next_number(tx, Numbered.ASSESSMENT)  # holds off others that send, until the commit
        _none_running(tx, engagement_id, kind)
        officer = get.one(tx, Account, ctx.actor.person)
        row = Assessment(
            number=number,
            engagement_id=engagement_id,
            principal_id=placed.principal.id,
            vendor_id=placed.vendor.id,
            kind=kind,
            state=after(AssessmentState.DRAFT, AssessmentAction.SEND),
            checklist_version_id=version.id,
            risk_tier=placed.link.risk_tier,
            conditions=_conditions(ctx, tx, placed.engagement, kind),
            sites=given.sites_of(tx, engagement_id),
            due_on=order.due_on,
            message=order.message,
            sent_at=tx.now,
            sent_by=ctx.actor.person,
            contact={
                "name": officer.name,
                "department": officer.department,
                "phone": officer.phone,
                "email": officer.email,
                "party": placed.principal.name,
            },
        )
        tx.add(row)
        tx.flush()
        items = _frozen(checklist, row)
        for position, item in enumerate(items):
            tx.add(
                Answer(
                    assessment_id=row.id,
                    engagement_id=engagement_id,
                    position=position,
                    item=item.id,
                    answered_by=item.answered_by,
                    salt=secrets.token_bytes(16),
                )
            )
        tx.record(
            AssessmentSent(
                engagement_id=engagement_id,
                assessment_id=row.id,
                number=row.number,
                checklist=checklist.id,
                version=checklist.version,
                sha256=checklist.sha256,
                items=len(items),
                due_on=order.due_on,
            )
        )
        tx.send("mail_assessment_sent", f"assessment_sent:{row.id}", {"assessment_id": str(row.id)})
        if and_then:
            and_then(tx, row.id)
    return row.id


def _conditions(ctx: Context, tx: Transaction, work: Engagement, kind: AssessmentKind) -> list[str]:
    """The engagement's own, and that its contract is the vendor's standard terms."""
    found = set(work.conditions)
    if kind is AssessmentKind.CONTRACT and any(
        row.kind is ContractKind.TERMS for _, row in contracts.of_engagement(tx, work.id)
    ):
        found.add("standard_terms")
    return sorted(found)


def _none_running(tx: Transaction, engagement_id: UUID, kind: AssessmentKind) -> None:
    over = (AssessmentState.REVIEWED, AssessmentState.DECIDED)
    for other in assessments.of_engagement(tx, engagement_id):
        if other.kind is kind and other.state not in over:
            raise Conflict("assessment_running", number=other.number)
    gate = DECIDED_AT.get(kind)
    latest = decisions.latest(tx, engagement_id, gate) if gate else None
    if latest and latest.state is DecisionState.REQUESTED:
        raise Conflict("decision_open", number=latest.number)  # it was asked on the check there is


def _frozen(checklist: Checklist, row: Assessment) -> tuple[Item, ...]:
    """Every question that may come up: those that a fact could still fire are there, but not shown."""
    possible = frozenset(row.conditions) | {item.fires for item in checklist.items if item.fires}
    asked = applicable(checklist, row.risk_tier, possible)
    return tuple(item for item in asked if item.answered_by in ASKED)

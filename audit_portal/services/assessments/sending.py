"""Sending an assessment: its questions are frozen, who answers is told."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import (
    CLIENT_ONLY,
    AssessmentAction,
    AssessmentKind,
    AssessmentState,
    after,
)
from audit_portal.domain.checklist import (
    Addition,
    AnsweredBy,
    Checklist,
    Item,
    applicable,
)
from audit_portal.domain.contracts import ContractKind
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.assessments import AssessmentSent, AssessmentSubmitted
from audit_portal.domain.ledger import tree_root
from audit_portal.domain.monitoring import WATCHED
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.supervision import OVER, State
from audit_portal.services import checklists
from audit_portal.services.assessments import given, settled
from audit_portal.services.assessments.sheets import (
    ASKED,
    DECIDED_AT,
    STEPS,
)
from audit_portal.services.house import Context
from audit_portal.storage import assessments, contracts, decisions, get, parties
from audit_portal.storage.numbers import next_number
from audit_portal.storage.parties import Placed
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


def offered(every: tuple[SendableChecklist, ...], more: More | None) -> tuple[SendableChecklist, ...]:
    """With the edition that asks only what is new first, in force or not."""
    if more is None:
        return every
    first = SendableChecklist(more.version_id, more.title, more.version, more.covers_annex10)
    return (first, *(each for each in every if each.id != first.id))


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
    """Freezes the questions and sends them; a contract check goes to the client's own people. Where a change of
    facts made questions new, the same edition asks just those.

    `and_then`: what must be stored with it or not at all. Raises Invalid for a date past, NotFound, Conflict
    when one runs, ('not_selected_yet') before selection, ('plan_not_live') while no data is handled or ('work_over').
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
        if kind in DECIDED_AT and placed.link.state in OVER:
            raise Conflict("work_over")
        states, refusal = _STATES.get(kind, (frozenset(State), ""))
        if placed.link.state not in states:
            raise Conflict(refusal)
        conditions = _conditions(ctx, tx, placed.engagement, kind)
        more = _more(ctx, tx, placed, kind, conditions)
        if more is not None and more.version_id != version.id:
            more = None  # another edition asks everything
        if more is None and not _can_be_sent(ctx, checklist, kind):
            raise NotFound()
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
            conditions=sorted(more.addition.conditions) if more else conditions,
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
        items = more.addition.items if more else _frozen(checklist, row)
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
        if more and not more.asks_vendor and kind not in CLIENT_ONLY:
            _nothing_asked(tx, row)
        else:
            tx.send("mail_assessment_sent", f"assessment_sent:{row.id}", {"assessment_id": str(row.id)})
        if and_then:
            and_then(tx, row.id)
    return row.id


@dataclass(frozen=True)
class More:
    """What a check asks that adds to the one before it: the questions that are new, in the edition of that one."""

    version_id: UUID
    title: dict[str, str]
    version: str
    covers_annex10: bool
    addition: Addition

    @property
    def asks_vendor(self) -> bool:
        return any(item.answered_by is AnsweredBy.VENDOR for item in self.addition.items)


def more(ctx: Context, engagement_id: UUID, kind: AssessmentKind = AssessmentKind.SELECTION) -> More | None:
    """What a change of facts made new beside the newest reviewed check; None where a check asks everything."""
    require(ctx.actor, Permission.ASSESSMENT_SEND)
    with ctx.read() as tx:
        placed = parties.placed(tx, engagement_id)
        if placed is None:
            raise NotFound()
        return _more(ctx, tx, placed, kind, _conditions(ctx, tx, placed.engagement, kind))


def _more(
    ctx: Context, tx: Transaction, placed: Placed, kind: AssessmentKind, conditions: list[str]
) -> More | None:
    """Of checks that a gate rests on; one that recurs asks everything anew."""
    if kind not in DECIDED_AT:
        return None
    found = settled.settled(ctx, tx, placed.engagement.id, kind)
    new = settled.to_add(found, placed.link.state, placed.link.risk_tier, set(conditions))
    if found is None or new is None:
        return None
    checklist = found.checklist
    title = {"ja": checklist.title.ja, "en": checklist.title.en}
    return More(found.row.checklist_version_id, title, checklist.version, checklist.covers_annex10, new)


def _nothing_asked(tx: Transaction, row: Assessment) -> None:
    """Only the client answers: there is nothing to wait for from the vendor, and nothing to tell it."""
    row.state = after(row.state, AssessmentAction.SUBMIT)
    row.submitted_at, row.submitted_by = tx.now, row.sent_by
    row.answers_root = tree_root(()).hex()
    tx.record(
        AssessmentSubmitted(
            engagement_id=row.engagement_id, assessment_id=row.id, answers=0, answers_root=row.answers_root
        )
    )


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

"""Decisions (決裁) at a gate: asked by one person with what was known frozen, made by another."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, other_person, require, system
from audit_portal.domain.assessment import RUNNING, AssessmentAction, AssessmentKind, AssessmentState
from audit_portal.domain.assessment import after as assessment_after
from audit_portal.domain.checklist import GateProblem, duty_of, gate_problems, outcomes
from audit_portal.domain.checklist.derived import derived
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Conflict, Invalid, NotFound, Refused
from audit_portal.domain.events import DecisionMade, DecisionRequested, EngagementMoved
from audit_portal.domain.ledger import canonical
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.recheck import recheck_blockers
from audit_portal.domain.supervision import (
    OPENED_BY,
    Action,
    Blocker,
    Gate,
    GateDecision,
    SelectionFacts,
    Who,
    after,
    selection_gate,
)
from audit_portal.services import rechecks
from audit_portal.services.assessments import Sheet, sheet
from audit_portal.services.house import Context
from audit_portal.storage import accounts, assessments, get, parties
from audit_portal.storage.numbers import next_number
from audit_portal.storage.parties import Placed
from audit_portal.storage.tables.assessments import Assessment, GateRequest
from audit_portal.storage.tables.supervision import EngagementLink
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("decisions")
_WHO = {"client": Who.CLIENT, "vendor": Who.VENDOR, "portal": Who.CLIENT, "auditor": Who.REVIEWER}


@dataclass(frozen=True)
class Acceptance:
    """A blocker the final approver accepts: why, what is done instead, until when."""

    key: str
    reason: str
    measure: str
    expires_on: date


@dataclass(frozen=True)
class GateView:
    gate: Gate
    blockers: tuple[Blocker, ...]
    assessment_id: UUID | None
    questions: Mapping[str, dict[str, str]]  # item → its question by language, for the items in blockers

    @property
    def can_be_asked(self) -> bool:
        """A decision can be asked for when nothing stands in the way that nobody may accept."""
        return all(blocker.acceptable for blocker in self.blockers)


@dataclass(frozen=True)
class DecisionView:
    id: UUID
    number: str
    engagement_id: UUID
    gate: Gate
    state: DecisionState
    assessment_id: UUID | None
    reason: str
    requested_by: str
    requested_by_id: UUID
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    comment: str
    snapshot_sha256: str
    version: int
    accepted: tuple[Acceptance, ...]


def gate(ctx: Context, engagement_id: UUID) -> GateView:
    """The selection gate as it stands: the very blockers that would refuse the decision."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        return _selection(ctx, tx, engagement_id)[0]


def _selection(ctx: Context, tx: Transaction, engagement_id: UUID) -> tuple[GateView, Placed, Sheet | None]:
    placed = parties.placed(tx, engagement_id)
    if placed is None:
        raise NotFound()
    done = (AssessmentState.REVIEWED, AssessmentState.DECIDED)
    checks = [
        row
        for row in assessments.of_engagement(tx, engagement_id)
        if row.kind is AssessmentKind.SELECTION and row.state in done
    ]
    found = sheet(ctx, tx, checks[0].id) if checks else None
    facts = SelectionFacts(
        state=placed.link.state,
        classified=bool(placed.engagement.classification_reason.strip()),
        checked=found is not None,
        covers_annex10=found is not None and found.checklist.covers_annex10,
        open_items=_open_items(ctx, tx, found, placed) if found else (),
    )
    decision: GateDecision = selection_gate(facts)
    asked = {item.id: item.question for item in found.checklist.items} if found else {}
    questions = {
        blocker.item: {"ja": asked[blocker.item].ja, "en": asked[blocker.item].en}
        for blocker in decision.blockers
        if blocker.item in asked
    }
    view = GateView(Gate.SELECTION, decision.blockers, found.row.id if found else None, questions)
    return view, placed, found


def _open_items(ctx: Context, tx: Transaction, found: Sheet, placed: Placed) -> tuple[Blocker, ...]:
    today = ctx.house.today()
    reviewed = assessments.current_reviews(tx, found.row.id)
    values = {code: answer.value for code, answer in found.answers.items() if answer.value}
    results = {
        code: reviewed[answer.id].result for code, answer in found.answers.items() if answer.id in reviewed
    }
    planned = {
        code
        for code, answer in found.answers.items()
        if answer.action.strip() and answer.action_due is not None and answer.action_due >= today
    }
    stand = {**outcomes(values, results), **derived(found.items)}
    never_asked = recheck_blockers(
        item.id for item in rechecks.new_for(found, placed.engagement, placed.link)
    )
    problems = gate_problems(found.items, stand, planned)
    return (*never_asked, *(_blocker(problem, found) for problem in problems))


def _blocker(problem: GateProblem, found: Sheet) -> Blocker:
    item = problem.item
    return Blocker(
        f"item_{problem.reason}",
        duty_of(item, found.conditions),
        item.legal_basis,
        _WHO[item.answered_by.value],
        item.id,
    )


def request(ctx: Context, engagement_id: UUID, reason: str) -> UUID:
    """Asks for the decision at gate G1; what is known now is frozen with it."""
    require(ctx.actor, Permission.DECISION_REQUEST)
    with ctx.begin() as tx:
        view, placed, found = _selection(ctx, tx, engagement_id)
        after(placed.link.state, OPENED_BY[view.gate])
        if not view.can_be_asked:
            raise Refused("gate_shut", view.blockers, gate=view.gate.value)
        _no_check_running(tx, engagement_id)
        latest = assessments.latest_decision(tx, engagement_id, view.gate)
        if latest and latest.state is DecisionState.REQUESTED:
            raise Conflict("decision_open", number=latest.number)
        snapshot = _snapshot(tx, view, placed, found)
        row = GateRequest(
            number=next_number(tx, Numbered.DECISION),
            engagement_id=engagement_id,
            assessment_id=view.assessment_id,
            gate=view.gate,
            reason=reason,
            requested_by=ctx.actor.person,
            requested_at=tx.now,
            accepted=[],
            snapshot=snapshot,
            snapshot_sha256=hashlib.sha256(snapshot).hexdigest(),
        )
        tx.add(row)
        tx.record(
            DecisionRequested(
                engagement_id=engagement_id,
                decision_id=row.id,
                gate=view.gate.value,
                snapshot_sha256=row.snapshot_sha256,
            )
        )
        tx.send("mail_decision_requested", f"decision_requested:{row.id}", {"decision_id": str(row.id)})
    return row.id


def _no_check_running(tx: Transaction, engagement_id: UUID) -> None:
    """A decision rests on the newest check; while another one runs it would rest on the one before."""
    for other in assessments.of_engagement(tx, engagement_id):
        if other.kind is AssessmentKind.SELECTION and other.state in RUNNING:
            raise Conflict("assessment_running", number=other.number)


def _snapshot(tx: Transaction, view: GateView, placed: Placed, found: Sheet | None) -> bytes:
    """Canonical JSON of what the decision rests on; nothing later changes what it shows."""
    reviewed = assessments.current_reviews(tx, found.row.id) if found else {}
    items = [
        {
            "item": item.id,
            "value": answer.value.value if answer.value else None,
            "comment": answer.comment,
            "action": answer.action,
            "action_due": answer.action_due.isoformat() if answer.action_due else None,
            "result": review.result.value if (review := reviewed.get(answer.id)) else None,
        }
        for item in (found.items if found else ())
        if (answer := found.answers.get(item.id) if found else None)
    ]
    return canonical(
        {
            "engagement": placed.link.number,
            "vendor": placed.vendor.name,
            "risk_tier": placed.link.risk_tier.value,
            "gate": view.gate.value,
            "checklist": [found.checklist.id, found.checklist.version, found.checklist.sha256]
            if found
            else None,
            "blockers": [[blocker.key, blocker.duty.value] for blocker in view.blockers],
            "items": items,
        }
    )


def decide(
    ctx: Context,
    decision_id: UUID,
    version: int,
    approve: bool,
    comment: str,
    accepted: tuple[Acceptance, ...] = (),
) -> None:
    """Approves or refuses. The gate is looked at once more; who asked doesn't approve."""
    require(ctx.actor, Permission.DECISION_MAKE)
    if not approve and not comment.strip():
        raise Invalid("refusal_needs_reason", field="comment")
    accepted = accepted if approve else ()
    _check_acceptances(ctx, accepted)
    with ctx.begin() as tx:
        row = get.one(tx, GateRequest, decision_id)
        if row.state is not DecisionState.REQUESTED:
            raise Conflict("decision_made", number=row.number)
        get.at_version(row, version)
        parties.lock(tx, row.engagement_id)
        other_person(ctx.actor, row.requested_by, code="own_request")
        view, placed, _ = _selection(ctx, tx, row.engagement_id)
        if approve:
            if view.assessment_id != row.assessment_id:
                raise Conflict("decision_on_another_check", number=row.number)
            if {each.key for each in accepted} - {blocker.key for blocker in view.blockers}:
                raise Conflict("blockers_changed")
            left = GateDecision(view.gate, view.blockers).without(each.key for each in accepted)
            if not left.allowed:
                raise Refused("gate_shut", left.blockers, gate=view.gate.value)
        row.state = DecisionState.APPROVED if approve else DecisionState.REFUSED
        row.decided_by, row.decided_at, row.comment = ctx.actor.person, tx.now, comment
        row.accepted = [
            {"key": a.key, "reason": a.reason, "measure": a.measure, "expires_on": a.expires_on.isoformat()}
            for a in accepted
        ]
        _move(tx, placed.link, OPENED_BY[view.gate] if approve else Action.REFUSE, row)
        if row.assessment_id:
            check = get.one(tx, Assessment, row.assessment_id)
            check.state = assessment_after(check.state, AssessmentAction.DECIDE)
            rechecks.refresh(ctx, tx, placed.engagement, placed.link)
        tx.record(
            DecisionMade(
                engagement_id=row.engagement_id,
                decision_id=row.id,
                gate=row.gate.value,
                outcome=row.state.value,
                snapshot_sha256=row.snapshot_sha256,
                accepted=tuple(each.key for each in accepted),
            )
        )


def _check_acceptances(ctx: Context, accepted: tuple[Acceptance, ...]) -> None:
    for each in accepted:
        if not each.reason.strip() or not each.measure.strip():
            raise Invalid("acceptance_incomplete", blocker=each.key)
        if each.expires_on <= ctx.house.today():
            raise Invalid("acceptance_over", blocker=each.key)


def _move(tx: Transaction, link: EngagementLink, action: Action, row: GateRequest) -> None:
    before, link.state = link.state, after(link.state, action)
    tx.record(
        EngagementMoved(
            engagement_id=link.id, before=before.value, after=link.state.value, decision_id=row.id
        )
    )


def get_decision(ctx: Context, decision_id: UUID) -> DecisionView:
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        return _views(ctx, (get.one(tx, GateRequest, decision_id),))[0]


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[DecisionView, ...]:
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        rows = assessments.decisions(tx, engagement_id)
    return _views(ctx, tuple(rows))


def _views(ctx: Context, rows: tuple[GateRequest, ...]) -> tuple[DecisionView, ...]:
    ids = {each for row in rows for each in (row.requested_by, row.decided_by)}
    with ctx.acting_as(_SYSTEM).read() as tx:
        names = {key: account.name for key, account in accounts.people(tx, ids).items()}
    return tuple(
        DecisionView(
            row.id,
            row.number,
            row.engagement_id,
            row.gate,
            row.state,
            row.assessment_id,
            row.reason,
            names.get(row.requested_by, ""),
            row.requested_by,
            row.requested_at,
            names.get(row.decided_by, "") if row.decided_by else "",
            row.decided_at,
            row.comment,
            row.snapshot_sha256,
            row.version,
            tuple(
                Acceptance(a["key"], a["reason"], a["measure"], date.fromisoformat(a["expires_on"]))
                for a in row.accepted
            ),
        )
        for row in rows
    )


@dataclass(frozen=True)
class Waiting:
    """A decision that waits for an approver."""

    id: UUID
    number: str
    engagement_title: str
    vendor_name: str
    requested_at: datetime


def waiting(ctx: Context) -> tuple[Waiting, ...]:
    """Decisions the actor may make now, the oldest first; those they asked for themselves are left out."""
    require(ctx.actor, Permission.DECISION_MAKE)
    with ctx.read() as tx:
        rows = assessments.open_decisions(tx)
    return tuple(
        Waiting(row.id, row.number, work.title, vendor.name, row.requested_at)
        for row, work, vendor in rows
        if row.requested_by != ctx.actor.account_id
    )

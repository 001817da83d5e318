"""The gates as they stand: the facts of an engagement, put before the pure rules of the domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.checklist import GateProblem, duty_of, gate_problems, outcomes
from audit_portal.domain.checklist.derived import derived
from audit_portal.domain.decision import FrozenBlocker, Snapshot
from audit_portal.domain.errors import NotFound
from audit_portal.domain.supervision import (
    Blocker,
    Gate,
    GateDecision,
    SelectionFacts,
    Who,
    selection_gate,
)
from audit_portal.services.assessments import Sheet, sheet
from audit_portal.services.house import Context
from audit_portal.storage import assessments, parties
from audit_portal.storage.parties import Placed
from audit_portal.storage.transaction import Transaction

_WHO = {"client": Who.CLIENT, "vendor": Who.VENDOR, "portal": Who.CLIENT, "auditor": Who.REVIEWER}


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


def gate(ctx: Context, engagement_id: UUID) -> GateView:
    """The selection gate as it stands: the very blockers that would refuse the decision."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        return selection(ctx, tx, engagement_id)[0]


def selection(ctx: Context, tx: Transaction, engagement_id: UUID) -> tuple[GateView, Placed, Sheet | None]:
    """Gate G1 with what it was judged on: the engagement, and the newest reviewed check if there is one."""
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
        open_items=_open_items(ctx, tx, found) if found else (),
    )
    decision: GateDecision = selection_gate(facts)
    asked = {item.id: item.question for item in found.items} if found else {}
    questions = {
        blocker.item: {"ja": asked[blocker.item].ja, "en": asked[blocker.item].en}
        for blocker in decision.blockers
        if blocker.item in asked
    }
    view = GateView(Gate.SELECTION, decision.blockers, found.row.id if found else None, questions)
    return view, placed, found


def _open_items(ctx: Context, tx: Transaction, found: Sheet) -> tuple[Blocker, ...]:
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
    return tuple(_blocker(problem, found) for problem in gate_problems(found.items, stand, planned))


def _blocker(problem: GateProblem, found: Sheet) -> Blocker:
    item = problem.item
    return Blocker(
        f"item_{problem.reason}",
        duty_of(item, found.conditions),
        item.legal_basis,
        _WHO[item.answered_by.value],
        item.id,
    )


@dataclass(frozen=True)
class Drift:
    """How a gate differs from what was frozen when its decision was asked for."""

    appeared: tuple[Blocker, ...] = ()
    gone: tuple[FrozenBlocker, ...] = ()
    other_check: bool = False  # a newer check was reviewed meanwhile


def drift(view: GateView, frozen: Snapshot, assessment_id: UUID | None) -> Drift:
    """Compares a gate as it stands with the one a decision on `assessment_id` was asked on."""
    then = {(each.key, each.duty) for each in frozen.blockers}
    now = {(each.key, each.duty) for each in view.blockers}
    return Drift(
        tuple(each for each in view.blockers if (each.key, each.duty) not in then),
        tuple(each for each in frozen.blockers if (each.key, each.duty) not in now),
        view.assessment_id != assessment_id,
    )

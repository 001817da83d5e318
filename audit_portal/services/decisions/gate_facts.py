"""What each gate is judged on: the facts of an engagement as they stand, put before the domain's rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.acceptance import before, first_key, over, standing_again
from audit_portal.domain.access import system
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.checklist import GateProblem, duty_of, gate_problems
from audit_portal.domain.condition import ConditionState
from audit_portal.domain.contracts import Standing
from audit_portal.domain.errors import NotFound
from audit_portal.domain.recheck import recheck_blockers
from audit_portal.domain.supervision import (
    Blocker,
    ContractFacts,
    Gate,
    GateDecision,
    ReleaseFacts,
    SelectionFacts,
    StandingContract,
    Subcontractor,
    Who,
    blocker_key,
    contract_gate,
    release_gate,
    selection_gate,
)
from audit_portal.services.assessments import clause_support, settled
from audit_portal.services.assessments.scoring import standing
from audit_portal.services.assessments.sheets import DECIDED_AT, Sheet
from audit_portal.services.contracts.contracts import serving_today
from audit_portal.services.decisions import gate_holds
from audit_portal.services.engagements import rechecks
from audit_portal.services.house import Context
from audit_portal.storage import approvals, assessments, decisions, get, parties, register
from audit_portal.storage.parties import Placed
from audit_portal.storage.tables.contracts import Contract
from audit_portal.storage.tables.engagement_facts import EngagementRecipient
from audit_portal.storage.tables.supervision import Engagement, EngagementLink, Party
from audit_portal.storage.transaction import Transaction

CHECKED_BY: Mapping[Gate, AssessmentKind] = {gate: kind for kind, gate in DECIDED_AT.items()}
_SYSTEM = system("gates")
_WHO = {"client": Who.CLIENT, "vendor": Who.VENDOR, "portal": Who.CLIENT, "auditor": Who.REVIEWER}
# Conditions of the engagement that say how Article 28 is met; see checklists/reference/conditions.yaml.
_ROUTES = frozenset({"foreign_consent", "foreign_conforming"})


@dataclass(frozen=True)
class Judged:
    """A gate with what it was judged on: the engagement, and the newest reviewed check if there is one."""

    decision: GateDecision
    placed: Placed
    sheet: Sheet | None


def judge(ctx: Context, tx: Transaction, engagement_id: UUID, gate: Gate) -> Judged:
    """Raises NotFound outside one's reach."""
    placed = parties.placed(tx, engagement_id)
    if placed is None:
        raise NotFound()
    decided, found = _judge_alone(ctx, tx, placed, gate)
    ended = [
        row.key
        for row in approvals.accepted(tx, engagement_id)
        if row.gate in before(gate) and over(row.expires_on, ctx.house.today())
    ]
    if ended:
        earlier = standing_at(ctx, tx, placed, before(gate))
        again = standing_again(ended, earlier, decided.blockers)
        decided = GateDecision(gate, (*decided.blockers, *again))
    return Judged(decided, placed, found)


def _judge_alone(
    ctx: Context, tx: Transaction, placed: Placed, gate: Gate
) -> tuple[GateDecision, Sheet | None]:
    """A gate by its own rule, whatever was accepted before it."""
    kind = CHECKED_BY.get(gate)
    found = reviewed(ctx, tx, placed.engagement.id, kind) if kind else None
    return _RULES[gate](ctx, tx, placed, found), found


def standing_at(ctx: Context, tx: Transaction, placed: Placed, gates: Iterable[Gate]) -> dict[str, Blocker]:
    """Key → blocker of these gates, each by its own rule, as they stand now."""
    return {each.key: each for gate in gates for each in _judge_alone(ctx, tx, placed, gate)[0].blockers}


def reviewed(ctx: Context, tx: Transaction, engagement_id: UUID, kind: AssessmentKind) -> Sheet | None:
    """The newest check of this kind whose review is over, with what it adds to."""
    return settled.settled(ctx, tx, engagement_id, kind)


def _selection(ctx: Context, tx: Transaction, placed: Placed, found: Sheet | None) -> GateDecision:
    return selection_gate(
        SelectionFacts(
            state=placed.link.state,
            classified=bool(placed.engagement.classification_reason.strip()),
            checked=found is not None,
            covers_annex10=found is not None and found.checklist.covers_annex10,
            open_items=(
                *gate_holds.of_class(tx, placed.engagement, ctx.house.today()),
                *(_open_items(ctx, tx, found, placed, "item") if found else ()),
            ),
        )
    )


def _contract(ctx: Context, tx: Transaction, placed: Placed, found: Sheet | None) -> GateDecision:
    serving = serving_today(ctx, tx, placed.engagement.id)
    running = {row.id for row, how in serving if how is Standing.RUNNING}
    return contract_gate(
        ContractFacts(
            checked=found is not None,
            contracts=_standing(serving),
            open_items=_open_items(ctx, tx, found, placed, "clause") if found else (),
            untied=_untied(tx, found, running) if found else (),
        )
    )


def _untied(tx: Transaction, found: Sheet, running: Set[UUID]) -> tuple[str, ...]:
    return tuple(
        code
        for each in found.checks
        for code in clause_support.untied(tx, each.row.id, each.items, each.answers, running)
    )


def _release(ctx: Context, tx: Transaction, placed: Placed, _found: Sheet | None) -> GateDecision:
    approved = decisions.approvals(tx, placed.engagement.id)
    serving = serving_today(ctx, tx, placed.engagement.id)
    return release_gate(
        ReleaseFacts(
            approved=frozenset(row.gate for row in approved),
            contracts=_standing(serving),
            untied=_no_longer_tied(ctx, tx, placed, serving),
            subcontractors=tuple(
                Subcontractor(link.number, link.state) for link, _ in declared_below(ctx, placed.link.id)
            ),
            my_number=placed.engagement.my_number,
            abroad_without_route=abroad_without_route(tx, placed.engagement),
            recheck_pending=bool(rechecks.blockers(tx, placed.engagement.id)),
            conditions_open=tuple(
                each.number
                for each in approvals.conditions(tx, placed.engagement.id)
                if each.before_release
                and each.decision_id in {row.id for row in approved if row.gate in CHECKED_BY}
                and each.state is not ConditionState.CONFIRMED
            ),
        )
    )


def _no_longer_tied(
    ctx: Context, tx: Transaction, placed: Placed, serving: tuple[tuple[Contract, Standing], ...]
) -> tuple[str, ...]:
    """Clauses of the contract check as the contracts stand today; what was accepted at its gate stays so."""
    found = reviewed(ctx, tx, placed.engagement.id, AssessmentKind.CONTRACT)
    if found is None:
        return ()
    running = {row.id for row, how in serving if how is Standing.RUNNING}
    today = ctx.house.today()
    accepted = {
        first_key(row.key)
        for row in approvals.accepted(tx, placed.engagement.id)
        if row.gate is Gate.CONTRACT and not over(row.expires_on, today)
    }
    untied = _untied(tx, found, running)
    return tuple(code for code in untied if blocker_key("clause_untied", code) not in accepted)


_RULES: Mapping[Gate, Callable[[Context, Transaction, Placed, Sheet | None], GateDecision]] = {
    Gate.SELECTION: _selection,
    Gate.CONTRACT: _contract,
    Gate.RELEASE: _release,
}


def abroad_without_route(tx: Transaction, work: Engagement) -> bool:
    """Handled abroad, and neither a recipient with its route of Article 28 nor a condition of one is recorded."""
    if not work.handled_abroad or _ROUTES & set(work.conditions):
        return False
    return not register.standing(tx, EngagementRecipient, work.id)


def declared_below(ctx: Context, engagement_id: UUID) -> tuple[tuple[EngagementLink, Party], ...]:
    """Every re-entrustment right below with its vendor, also one that the actor doesn't reach: a gate is
    judged on what there is, not on what somebody sees."""
    with ctx.acting_as(_SYSTEM).read() as tx:
        links = parties.links_below(tx, engagement_id)
        return tuple((link, get.one(tx, Party, link.vendor_id)) for link in links)


def _standing(serving: tuple[tuple[Contract, Standing], ...]) -> tuple[StandingContract, ...]:
    return tuple(StandingContract(row.number, how, row.reentrustment) for row, how in serving)


def _open_items(
    ctx: Context, tx: Transaction, found: Sheet, placed: Placed, prefix: str
) -> tuple[Blocker, ...]:
    """What the checklist itself finds open; `prefix` begins the codes of the blockers."""
    today = ctx.house.today()
    reviews = {
        key: row for each in found.checks for key, row in assessments.current_reviews(tx, each.row.id).items()
    }
    stand, refused = standing(found, reviews)
    planned = {
        code
        for code, answer in found.answers.items()
        if answer.action.strip() and answer.action_due is not None and answer.action_due >= today
    }
    new = rechecks.new_for(found, placed.engagement, placed.link)
    problems = gate_problems(found.items, stand, planned, refused)
    return (
        *recheck_blockers(item.id for item in new),
        *(_blocker(each, found, prefix) for each in problems),
        *(each for part in found.checks for each in gate_holds.of_check(tx, part, reviews, stand, today)),
    )


def _blocker(problem: GateProblem, found: Sheet, prefix: str) -> Blocker:
    item = problem.item
    return Blocker(
        f"{prefix}_{problem.reason}",
        duty_of(item, found.conditions),
        item.legal_basis,
        _WHO[item.answered_by.value],
        item.id,
    )

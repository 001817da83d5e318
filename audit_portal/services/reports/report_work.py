"""The work as a report tells it: as it was when the decision was asked for, else as it is."""

from __future__ import annotations

from datetime import datetime

from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.decision import FrozenContract, Snapshot, read_snapshot
from audit_portal.domain.frozen_facts import FrozenFacts
from audit_portal.domain.report import (
    Bilingual,
    BroughtInFacts,
    ContractFacts,
    EngagementFacts,
    GateLineFacts,
    RecipientFacts,
)
from audit_portal.services.decisions.decision_snapshot import contracts_of
from audit_portal.services.decisions.known_facts import known
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import brought_in
from audit_portal.storage.parties import Placed
from audit_portal.storage.tables.assessments import Assessment, GateRequest
from audit_portal.storage.tables.brought_in import StandingState
from audit_portal.storage.transaction import Transaction


def engagement(
    ctx: Context, tx: Transaction, placed: Placed, decision: GateRequest | None
) -> EngagementFacts:
    """Facts of the decision that was made; where it froze none, or there is none, those of today."""
    frozen = read_snapshot(decision.snapshot) if decision else None
    if frozen is not None and frozen.facts is not None and decision is not None:
        return _engagement(placed, frozen, frozen.facts, decision.requested_at)
    return _engagement(placed, None, known(ctx, tx, placed), None)


def _engagement(
    placed: Placed, frozen: Snapshot | None, facts: FrozenFacts, as_of: datetime | None
) -> EngagementFacts:
    words = facts.data_categories
    return EngagementFacts(
        number=placed.link.number,
        title=frozen.title if frozen else placed.engagement.title,
        tier=placed.link.tier,
        risk=(frozen.risk_tier if frozen else placed.link.risk_tier).value,
        purpose=facts.purpose,
        data_categories=(Bilingual(words, words),) if words else (),
        persons=facts.persons,
        places=tuple(each.name for each in facts.places if each.name),
        countries=facts.countries,
        classification=facts.classification.value,
        classification_reason=facts.classification_reason,
        data_kinds=tuple(each.value for each in facts.data_kinds),
        special_care=facts.special_care,
        my_number=facts.my_number,
        handled_abroad=facts.handled_abroad,
        recipients=tuple(
            RecipientFacts(each.who, each.country, each.route.value, each.rests_on)
            for each in facts.recipients
        ),
        no_recipient_why=facts.no_recipient_why if facts.handled_abroad and not facts.recipients else "",
        as_of=as_of,
    )


def contracts(
    ctx: Context, tx: Transaction, check: Assessment, decision: GateRequest | None
) -> tuple[ContractFacts, ...]:
    """Those that serve the engagement; of a selection nothing, as it comes before them."""
    if check.kind is AssessmentKind.SELECTION:
        return ()
    frozen = read_snapshot(decision.snapshot).contracts if decision else ()
    return tuple(_contract(each) for each in frozen or contracts_of(ctx, tx, check.engagement_id))


def _contract(each: FrozenContract) -> ContractFacts:
    return ContractFacts(
        each.number,
        each.title,
        each.kind.value,
        each.standing.value,
        each.concluded_on,
        each.starts_on,
        each.end,
        each.notice_by,
        each.reentrustment.value if each.reentrustment else "",
    )


def standing(ctx: Context, tx: Transaction, placed: Placed) -> BroughtInFacts | None:
    """None for work that began here. Its gates are told as they stand now."""
    row, gates = brought_in.of_engagement(tx, placed.engagement.id)
    if row is None:
        return None
    shown = brought_in.shown(tx, placed.engagement.id)
    lines = []
    for each in gates:
        by = shown.get(each.gate)
        number, on = (by[1], by[0].decided_on) if by else ("", None)
        lines.append(
            GateLineFacts(each.gate.value, each.state is StandingState.SHOWN, each.catch_up_on, number, on)
        )
    name = then(ctx, {row.entered_by}).name(row.entered_by, row.entered_at)
    return BroughtInFacts(row.runs_since, row.entered_at, name, row.basis, tuple(lines))

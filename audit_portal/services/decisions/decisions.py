"""Decisions (決裁) at a gate: asked by one person with what was known frozen, made by another."""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import RUNNING, AssessmentAction, AssessmentState
from audit_portal.domain.assessment import after as assessment_after
from audit_portal.domain.catching_up import decided_at
from audit_portal.domain.condition import NewCondition
from audit_portal.domain.decision import Acceptance, DecisionState, FrozenOutside, write_snapshot
from audit_portal.domain.decision_walk import Act, walked
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, Refused
from audit_portal.domain.events.decisions import DecisionMade, DecisionRequested
from audit_portal.domain.events.engagements import EngagementMoved
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.route import SeatState
from audit_portal.domain.supervision import Gate, GateDecision, State
from audit_portal.services.decisions import acceptances, catching_up, conditions, gates, seats
from audit_portal.services.decisions.decision_snapshot import freeze
from audit_portal.services.decisions.gate_facts import CHECKED_BY
from audit_portal.services.decisions.gates import GateView
from audit_portal.services.decisions.seats import Turn
from audit_portal.services.engagements import rechecks
from audit_portal.services.house import Context
from audit_portal.storage import assessments, brought_in, get, parties
from audit_portal.storage import decisions as stored
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.approvals import RefusalNotice
from audit_portal.storage.tables.assessments import Assessment, GateRequest
from audit_portal.storage.tables.supervision import EngagementLink
from audit_portal.storage.transaction import Transaction


def request(ctx: Context, engagement_id: UUID, reason: str, seen: Gate | None = None) -> UUID:
    """Asks for the decision at the next gate; what is known now is frozen with it.

    `seen`: the gate whose conditions the person saw. Raises Conflict('gate_moved_on') when it is another by now,
    Invalid('action_not_possible') in a state that no gate leads on from, Refused('gate_shut').
    """
    require(ctx.actor, Permission.DECISION_REQUEST)
    with ctx.begin() as tx:
        return ask(ctx, tx, engagement_id, reason, seen).id


def ask(
    ctx: Context,
    tx: Transaction,
    engagement_id: UUID,
    reason: str,
    seen: Gate | None = None,
    outside: FrozenOutside | None = None,
) -> GateRequest:
    """`request` within a transaction; a decision taken `outside` is only confirmed, on the route's last seat."""
    parties.lock(tx, engagement_id)  # facts that change at the same moment come before it, or end it
    which = gates.next_gate(tx, engagement_id) or Gate.SELECTION
    if seen not in (None, which):
        raise Conflict("gate_moved_on")
    view, judged = gates.look(ctx, tx, engagement_id, which)
    _stands(tx, judged.placed.link, which, True)
    if not view.can_be_asked:
        raise Refused("gate_shut", view.blockers, gate=which.value)
    _no_check_running(tx, engagement_id, which)
    latest = stored.latest(tx, engagement_id, view.gate)
    if latest and latest.state is DecisionState.REQUESTED:
        raise Conflict("decision_open", number=latest.number)
    steps = seats.planned(ctx, which, judged.placed.link.risk_tier, only_last=outside is not None)
    snapshot = write_snapshot(freeze(ctx, tx, which, judged, reason, steps, outside))
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
    tx.flush()
    seats.lay(tx, row, steps)
    tx.record(
        DecisionRequested(
            engagement_id=engagement_id,
            decision_id=row.id,
            gate=view.gate.value,
            snapshot_sha256=row.snapshot_sha256,
        )
    )
    _tell(tx, row)
    return row


def _tell(tx: Transaction, row: GateRequest) -> None:
    """Those whose seat it waits for."""
    key = f"decision_requested:{row.id}:{row.step}"
    tx.send("mail_decision_requested", key, {"decision_id": str(row.id)})


def _no_check_running(tx: Transaction, engagement_id: UUID, which: Gate) -> None:
    """A decision rests on the newest check; while another one runs it would rest on the one before."""
    for other in assessments.of_engagement(tx, engagement_id):
        if other.kind is CHECKED_BY.get(which) and other.state in RUNNING:
            raise Conflict("assessment_running", number=other.number)


@dataclass(frozen=True)
class Terms:
    """What comes with an approval (both), or with a refusal (`vendor_words`: what the vendor may read)."""

    accepted: tuple[Acceptance, ...] = ()
    conditions: tuple[NewCondition, ...] = ()
    vendor_words: str = ""


NO_TERMS = Terms()


def decide(
    ctx: Context,
    decision_id: UUID,
    version: int,
    approve: bool,
    comment: str,
    terms: Terms = NO_TERMS,
) -> None:
    """Approves or refuses on the seat the request waits for. Who asked doesn't; nobody fills two seats.

    The last approval opens the gate, which is looked at once more; only there blockers are accepted and
    conditions set: Forbidden('only_final_accepts').
    """
    require(ctx.actor, Permission.DECISION_MAKE)
    if not approve and not comment.strip():
        raise Invalid("refusal_needs_reason", field="comment")
    terms = replace(terms, vendor_words="") if approve else Terms(vendor_words=terms.vendor_words)
    acceptances.check(ctx.house.today(), terms.accepted)
    conditions.check(ctx.house.today(), terms.conditions)
    with _at_seat(ctx, decision_id, version) as (tx, row, now):
        if approve and not now.last:
            if terms.accepted or terms.conditions:
                raise Forbidden("only_final_accepts")
            seats.fill(ctx, tx, row, now, SeatState.APPROVED, comment)
            row.state = walked(row.state, Act.APPROVE, False)
            row.step += 1
            _tell(tx, row)
            return
        _finish(ctx, tx, row, now, approve, comment, terms)


def give_back(ctx: Context, decision_id: UUID, version: int, comment: str) -> None:
    """Returns the request to who asked, with the reason; it is over, and may be asked anew."""
    require(ctx.actor, Permission.DECISION_MAKE)
    if not comment.strip():
        raise Invalid("return_needs_reason", field="comment")
    with _at_seat(ctx, decision_id, version) as (tx, row, now):
        seats.fill(ctx, tx, row, now, SeatState.RETURNED, comment)
        row.state = walked(row.state, Act.RETURN, now.last)
        row.decided_by, row.decided_at, row.comment = ctx.actor.person, tx.now, comment
        _record(tx, row, ())


@contextlib.contextmanager
def _at_seat(
    ctx: Context, decision_id: UUID, version: int
) -> Iterator[tuple[Transaction, GateRequest, Turn]]:
    """The open request, held, and the actor's turn at it."""
    with ctx.read() as tx:
        engagement_id = get.one(tx, GateRequest, decision_id).engagement_id
    with ctx.begin() as tx:
        parties.lock(tx, engagement_id)  # before the request is looked at: of several, one finds it open
        row = get.one(tx, GateRequest, decision_id)
        if row.state is DecisionState.STALE:
            raise Conflict("decision_overtaken", number=row.number)
        if row.state is not DecisionState.REQUESTED:
            raise Conflict("decision_made", number=row.number)
        get.at_version(row, version)
        yield tx, row, seats.turn(ctx, tx, row)


def _finish(
    ctx: Context, tx: Transaction, row: GateRequest, now: Turn, approve: bool, comment: str, terms: Terms
) -> None:
    """The last approval, or a refusal on any seat."""
    view, judged = gates.look(ctx, tx, row.engagement_id, row.gate)
    if approve:
        _check_gate(row, view, terms.accepted)
    seats.fill(ctx, tx, row, now, SeatState.APPROVED if approve else SeatState.REFUSED, comment)
    row.state = walked(row.state, Act.APPROVE if approve else Act.REFUSE, now.last)
    row.decided_by, row.decided_at, row.comment = ctx.actor.person, tx.now, comment
    row.vendor_words = terms.vendor_words
    row.accepted = [
        {"key": a.key, "reason": a.reason, "measure": a.measure, "expires_on": a.expires_on.isoformat()}
        for a in terms.accepted
    ]
    if approve:
        acceptances.write(tx, row, terms.accepted)
        conditions.write(tx, row, terms.conditions)
    elif terms.vendor_words.strip():
        tx.add(RefusalNotice(engagement_id=row.engagement_id, words=terms.vendor_words, told_at=tx.now))
        tx.send("mail_refusal_told", f"refusal_told:{row.id}", {"decision_id": str(row.id)})
    _move(tx, judged.placed.link, approve, row)
    if approve:
        catching_up.show(ctx, tx, row)
    if row.assessment_id:
        _close(get.one(tx, Assessment, row.assessment_id))
        for part in judged.sheet.checks if approve and judged.sheet else ():
            _close(part.row)
        rechecks.refresh(ctx, tx, judged.placed.engagement, judged.placed.link)
    _record(tx, row, terms.accepted)


def _check_gate(row: GateRequest, view: GateView, accepted: tuple[Acceptance, ...]) -> None:
    if row.gate in CHECKED_BY and view.assessment_id != row.assessment_id:
        raise Conflict("decision_on_another_check", number=row.number)
    if {each.key for each in accepted} - {blocker.key for blocker in view.blockers}:
        raise Conflict("blockers_changed")
    left = GateDecision(view.gate, view.blockers).without(each.key for each in accepted)
    if not left.allowed:
        raise Refused("gate_shut", left.blockers, gate=view.gate.value)


def _record(tx: Transaction, row: GateRequest, accepted: tuple[Acceptance, ...]) -> None:
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
    tx.send("mail_decision_ended", f"decision_ended:{row.id}", {"decision_id": str(row.id)})


def _close(check: Assessment) -> None:
    """Of a refused engagement taken up again the check was decided on before."""
    if check.state is not AssessmentState.DECIDED:
        check.state = assessment_after(check.state, AssessmentAction.DECIDE)


def _stands(tx: Transaction, link: EngagementLink, gate: Gate, approve: bool) -> State:
    return decided_at(link.state, gate, approve, brought_in.unshown(tx, link.id), rechecks.gates(tx, link.id))


def _move(tx: Transaction, link: EngagementLink, approve: bool, row: GateRequest) -> None:
    state = _stands(tx, link, row.gate, approve)
    if state is link.state:  # it runs already, or came through this gate before
        return
    before, link.state = link.state, state
    tx.record(
        EngagementMoved(
            engagement_id=link.id, before=before.value, after=link.state.value, decision_id=row.id
        )
    )

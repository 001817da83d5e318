"""A round on its way: each engagement's check in a transaction of its own, by the worker, once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, Refused
from audit_portal.domain.events.rounds import RoundFinished, RoundResumed
from audit_portal.domain.rounds import LineState, RoundState
from audit_portal.services.accounts.sessions import person_in
from audit_portal.services.assessments import sending
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.house import Context, House
from audit_portal.services.rounds.rounds import checked, put_in_line
from audit_portal.storage import get, rounds
from audit_portal.storage.many import change_all
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.rounds import CheckRound, CheckRoundLine
from audit_portal.storage.transaction import Transaction

_SYSTEM = system("rounds")
_PASSING = frozenset({"changed_meanwhile", "taken"})  # somebody was quicker: trying again settles it


def send_line(house: House, payload: Mapping[str, Any]) -> None:
    """One engagement's check, sent as the officer who started or last resumed it. Doing it twice sends it once."""
    line_id, round_id = UUID(payload["line_id"]), UUID(payload["round_id"])
    with house.db.read(_SYSTEM) as tx:
        row, line = get.one(tx, CheckRound, round_id), get.one(tx, CheckRoundLine, line_id)
    if line.state is LineState.WAITING and line.turn == payload["turn"]:
        try:
            _send(house, row, line)
        except (Invalid, Conflict, NotFound, Forbidden, Refused) as refusal:
            if refusal.code in _PASSING:
                raise  # the outbox tries again
            _leave_out(house, line_id, refusal)
    _finish(house, round_id)


def _send(house: House, row: CheckRound, line: CheckRoundLine) -> None:
    with house.db.read(_SYSTEM) as tx:
        if get.one(tx, Account, row.started_by).state is not AccountState.ACTIVE:
            raise Forbidden("sender_gone")
    officer = Context(house, person_in(house, row.started_by).actor)
    with officer.read() as tx:
        (pick,) = checked(tx, [line.engagement_id], row.fiscal_year, row.checklist_version_id)
    if pick.problems:
        raise Refused(pick.problems[0].value)

    def mark(tx: Transaction, assessment_id: UUID) -> None:
        held = rounds.line_for_sending(tx, line.id)
        if held is None or held.state is not LineState.WAITING:
            raise Conflict("already_done")
        held.state, held.problem, held.assessment_id = LineState.SENT, "", assessment_id

    order = SendOrder(row.checklist_version_id, row.due_on, row.message)
    sending.send(officer, line.engagement_id, order, mark)


def _leave_out(house: House, line_id: UUID, refusal: PortalError) -> None:
    with house.db.begin(_SYSTEM) as tx:
        held = rounds.line_for_sending(tx, line_id)
        if held and held.state is LineState.WAITING:  # not when another worker sent it meanwhile
            held.state, held.problem = LineState.LEFT_OUT, refusal.code[:60]


def _finish(house: House, round_id: UUID) -> None:
    """Ends the round once no line waits. Counted after the line was committed: the last one sees them all."""
    with house.db.read(_SYSTEM) as tx:
        if rounds.counts(tx, round_id)[LineState.WAITING]:
            return
    with house.db.begin(_SYSTEM) as tx:
        row = rounds.lock(tx, round_id)
        counts = rounds.counts(tx, round_id)
        if row is None or row.state is not RoundState.RUNNING or counts[LineState.WAITING]:
            return
        row.state, row.finished_at = RoundState.DONE, tx.now
        row.sent, row.left_out = counts[LineState.SENT], counts[LineState.LEFT_OUT]
        tx.record(RoundFinished(round_id=row.id, sent=row.sent, left_out=row.left_out))


def resume(ctx: Context, round_id: UUID) -> int:
    """Puts in line again what lacks nothing any more, and what got stuck; returns how many.

    Whoever resumes it is the sender of what is left: the one before may have left.
    """
    require(ctx.actor, Permission.ROUND_SEND)
    with ctx.begin() as tx:
        row = rounds.lock(tx, round_id)
        if row is None:
            raise NotFound()
        if row.due_on < tx.today:
            raise Invalid("due_in_past")
        lines = rounds.unsent(tx, round_id)
        count = _again(tx, row, lines)
        if not count:
            raise Invalid("round_nothing_to_send")
        row.state, row.finished_at, row.started_by = RoundState.RUNNING, None, ctx.actor.person
        tx.record(RoundResumed(round_id=row.id, engagements=count))
    return count


def _again(tx: Transaction, row: CheckRound, lines: Sequence[CheckRoundLine]) -> int:
    ids = {line.engagement_id for line in lines}
    found = {each.engagement_id: each for each in checked(tx, ids, row.fiscal_year, row.checklist_version_id)}
    again = []
    for line in lines:
        problems = found[line.engagement_id].problems
        line.state = LineState.LEFT_OUT if problems else LineState.WAITING
        line.problem = problems[0].value if problems else ""
        if not problems:
            line.turn += 1  # a job of an earlier turn that still comes finds nothing to do
            again.append(line)
    change_all(tx, CheckRoundLine, lines)
    put_in_line(tx, row.id, {line.id: line.turn for line in again})
    return len(again)

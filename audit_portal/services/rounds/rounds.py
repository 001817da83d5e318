"""Rounds (一斉送付): one check for many engagements: picked, looked through beforehand, put in line."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from uuid6 import uuid7

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.checklist import Tier
from audit_portal.domain.errors import Invalid, NotFound
from audit_portal.domain.events.rounds import RoundStarted
from audit_portal.domain.rounds import Candidate, LineState, Obstacle, obstacles
from audit_portal.domain.supervision import Classification, State
from audit_portal.services import checklists
from audit_portal.services.assessments import sending
from audit_portal.services.engagements import cloud
from audit_portal.services.house import Context
from audit_portal.services.readings import spellings
from audit_portal.storage import outbox, rounds
from audit_portal.storage.many import add_all
from audit_portal.storage.rounds import Known, Work
from audit_portal.storage.tables.rounds import CheckRound, CheckRoundLine
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class Filter:
    state: State | None = None
    tier: Tier | None = None
    search: str = ""


@dataclass(frozen=True)
class Pick:
    """One engagement that a round could reach."""

    engagement_id: UUID
    number: str
    title: str
    vendor_id: UUID
    vendor_name: str
    state: State
    risk_tier: Tier
    problems: tuple[Obstacle, ...] = ()
    lead_waits: bool = False  # invited, but hasn't signed in: the letter finds nobody yet
    on_behalf: bool = False  # nobody of the vendor was invited: its answers are entered for it


@dataclass(frozen=True)
class Preflight:
    go: tuple[Pick, ...]
    stay: tuple[Pick, ...]

    @property
    def on_behalf(self) -> tuple[Pick, ...]:
        """Of those that can go: whose answers the client's people will enter."""
        return tuple(each for each in self.go if each.on_behalf)


@dataclass(frozen=True)
class RoundOrder:
    title: str
    fiscal_year: int
    checklist_version_id: UUID
    due_on: date
    message: str = ""


def pickable(ctx: Context, wanted: Filter) -> tuple[Pick, ...]:
    """Engagements that fit, at most limits.ROUND of them."""
    require(ctx.actor, Permission.ROUND_SEND)
    with ctx.read() as tx:
        found = rounds.pickable(tx, wanted.state, wanted.tier, spellings(wanted.search))
    return tuple(_pick(row) for row in found)


def _pick(row: Work, known: Known | None = None, undetermined: bool = False) -> Pick:
    work, link, vendor = row
    pick = Pick(work.id, link.number, work.title, vendor.id, vendor.name, link.state, link.risk_tier)
    if known is None:
        return pick
    return replace(
        pick,
        problems=obstacles(_candidate(row, known, undetermined)),
        lead_waits=known.leads.get(vendor.id) is False,
        on_behalf=vendor.id not in known.leads,
    )


def preflight(ctx: Context, ids: Collection[UUID], fiscal_year: int, version_id: UUID) -> Preflight:
    """What each engagement still lacks; the rest can go. Raises Invalid for none or too many."""
    require(ctx.actor, Permission.ROUND_SEND)
    _count(ids)
    with ctx.read() as tx:
        found = checked(tx, ids, fiscal_year, version_id)
    return Preflight(
        tuple(each for each in found if not each.problems), tuple(each for each in found if each.problems)
    )


def _count(ids: Collection[UUID]) -> None:
    if not ids:
        raise Invalid("round_empty", field="engagements")
    if len(set(ids)) > limits.ROUND:
        raise Invalid("round_too_many", field="engagements", most=limits.ROUND)


def checked(tx: Transaction, ids: Collection[UUID], fiscal_year: int, version_id: UUID) -> tuple[Pick, ...]:
    """Each with its obstacles. NotFound when one of them isn't there."""
    wanted = set(ids)
    found = rounds.works(tx, wanted)
    if len(found) != len(wanted):
        raise NotFound()
    known = rounds.known(tx, wanted, {vendor.id for _, _, vendor in found}, fiscal_year, version_id)
    return tuple(_pick(row, known, cloud.undetermined(tx, row[0], tx.today)) for row in found)


def _candidate(row: Work, known: Known, undetermined: bool) -> Candidate:
    """`undetermined`: classed as cloud without a finding that carries it, thus supervised like any entrustment."""
    work, link, _vendor = row
    return Candidate(
        state=link.state,
        classification=Classification.ENTRUSTMENT if undetermined else work.classification,
        classification_reason=work.classification_reason,
        check_running=work.id in known.running,
        decision_open=work.id in known.deciding,
        sent_this_year=work.id in known.sent_this_year,
    )


def start(ctx: Context, ids: Collection[UUID], order: RoundOrder) -> UUID:
    """Writes the round and its lines; the worker sends them. What lacks something is left out, and says so.

    Raises Invalid('round_nothing_to_send') when nothing can go.
    """
    require(ctx.actor, Permission.ROUND_SEND)
    _count(ids)
    if order.due_on < ctx.house.today():
        raise Invalid("due_in_past", field="due_on")
    if order.checklist_version_id not in {each.id for each in sending.sendable(ctx)}:
        raise NotFound()
    with ctx.read() as tx:  # before writing begins: each line is looked at again when its turn comes
        found = checked(tx, ids, order.fiscal_year, order.checklist_version_id)
    if all(each.problems for each in found):
        raise Invalid("round_nothing_to_send", field="engagements")
    with ctx.begin() as tx:
        version = checklists.version(tx, order.checklist_version_id)
        row = CheckRound(
            title=order.title,
            fiscal_year=order.fiscal_year,
            checklist_version_id=version.id,
            due_on=order.due_on,
            message=order.message,
            started_by=ctx.actor.person,
            started_at=tx.now,
            chosen=len(found),
        )
        tx.add(row)
        tx.flush()
        lines = [_line(row, each) for each in found]
        add_all(
            tx, CheckRoundLine, lines
        )  # one statement: a round of 500 holds the database no longer than a check
        put_in_line(tx, row.id, {line["id"]: 1 for line in lines if line["state"] is LineState.WAITING})
        tx.record(
            RoundStarted(
                round_id=row.id,
                checklist=version.checklist,
                version=version.version_name,
                fiscal_year=order.fiscal_year,
                due_on=order.due_on,
                engagements=len(found),
            )
        )
    return row.id


def _line(row: CheckRound, pick: Pick) -> dict[str, Any]:
    return {
        "id": uuid7(),
        "round_id": row.id,
        "engagement_id": pick.engagement_id,
        "state": LineState.LEFT_OUT if pick.problems else LineState.WAITING,
        "problem": pick.problems[0].value if pick.problems else "",
        "turn": 1,
    }


def put_in_line(tx: Transaction, round_id: UUID, turns: Mapping[UUID, int]) -> None:
    """A job for each line of a round, of this turn."""
    outbox.send_all(
        tx,
        "send_round_line",
        {
            f"round_line:{line_id}:{turn}": {"line_id": str(line_id), "round_id": str(round_id), "turn": turn}
            for line_id, turn in turns.items()
        },
    )

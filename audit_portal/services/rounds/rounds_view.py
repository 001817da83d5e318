"""Rounds as pages show them: how far one has come, and what became of each engagement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.rounds import LineState, RoundState
from audit_portal.services import checklists
from audit_portal.services.house import Context
from audit_portal.storage import get, rounds
from audit_portal.storage.page import Page
from audit_portal.storage.tables.assessments import ChecklistVersion
from audit_portal.storage.tables.rounds import CheckRound
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class RoundView:
    id: UUID
    title: str
    fiscal_year: int
    checklist: dict[str, str]
    checklist_version: str
    due_on: date
    message: str
    state: RoundState
    started_at: datetime
    finished_at: datetime | None
    chosen: int
    sent: int
    left_out: int
    waiting: int

    @property
    def over(self) -> int:
        """Engagements that are through, one way or the other."""
        return self.sent + self.left_out


def _view(
    ctx: Context, row: CheckRound, version: ChecklistVersion, counts: Mapping[LineState, int]
) -> RoundView:
    checklist = checklists.parsed(ctx.house, version)
    return RoundView(
        row.id,
        row.title,
        row.fiscal_year,
        {"ja": checklist.title.ja, "en": checklist.title.en},
        checklist.version,
        row.due_on,
        row.message,
        row.state,
        row.started_at,
        row.finished_at,
        row.chosen,
        counts[LineState.SENT],
        counts[LineState.LEFT_OUT],
        counts[LineState.WAITING],
    )


@dataclass(frozen=True)
class LineView:
    engagement_id: UUID
    number: str
    title: str
    vendor_name: str
    problem: str
    assessment_id: UUID | None
    on_behalf: bool  # nobody of the vendor was invited to answer


def get_round(ctx: Context, round_id: UUID) -> RoundView:
    require(ctx.actor, Permission.ROUND_SEND)
    with ctx.read() as tx:
        row = get.one(tx, CheckRound, round_id)
        version = checklists.version(tx, row.checklist_version_id)
        return _view(ctx, row, version, rounds.counts(tx, round_id))


def lines(ctx: Context, round_id: UUID, state: LineState, after: str | None) -> Page[LineView]:
    require(ctx.actor, Permission.ROUND_SEND)
    with ctx.read() as tx:
        found = rounds.lines(tx, round_id, state, after)
        leads = rounds.leads(tx, {vendor.id for _, _, _, vendor in found.items})
    return found.map(
        lambda row: LineView(
            row[1].id,
            row[2].number,
            row[1].title,
            row[3].name,
            row[0].problem,
            row[0].assessment_id,
            row[3].id not in leads,
        )
    )


def _counts(tx: Transaction, row: CheckRound) -> Mapping[LineState, int]:
    """A finished round has its counts with it; the lines of one that runs are counted."""
    if row.state is RoundState.RUNNING:
        return rounds.counts(tx, row.id)
    return {LineState.SENT: row.sent, LineState.LEFT_OUT: row.left_out, LineState.WAITING: 0}


def listed(ctx: Context) -> tuple[RoundView, ...]:
    """The newest rounds first."""
    require(ctx.actor, Permission.ROUND_SEND)
    with ctx.read() as tx:
        return tuple(
            _view(ctx, row, checklists.version(tx, row.checklist_version_id), rounds.counts(tx, row.id))
            for row in rounds.listed(tx)
        )

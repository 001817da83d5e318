"""The yearly plan as pages show it: the months, one month's entries, what could still be planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import SETTLED, AssessmentKind, AssessmentState
from audit_portal.domain.checklist import Tier
from audit_portal.domain.errors import NotFound
from audit_portal.domain.monitoring import FiscalYear, PlanState, Proposal, Watched, propose
from audit_portal.domain.monitoring.fiscal_year import month_of
from audit_portal.services.house import Context
from audit_portal.services.monitoring.fiscal import span
from audit_portal.services.monitoring.verified import verified_on
from audit_portal.storage import get, parties, plans
from audit_portal.storage.page import Page
from audit_portal.storage.tables.monitoring import PlanEntry


@dataclass(frozen=True)
class Month:
    """How many entries of a month are planned, under way and done; `late`: planned, and the month is over."""

    first: date
    planned: int
    running: int
    done: int
    late: int

    @property
    def all(self) -> int:
        return self.planned + self.running + self.done


@dataclass(frozen=True)
class Year:
    span: FiscalYear
    today: date
    months: tuple[Month, ...]

    @property
    def all(self) -> int:
        return sum(each.all for each in self.months)

    @property
    def done(self) -> int:
        return sum(each.done for each in self.months)

    @property
    def late(self) -> int:
        return sum(each.late for each in self.months)

    def shown(self, wanted: date | None) -> date:
        """The month wanted, if it is one of them; else this month, else the first."""
        firsts = [each.first for each in self.months]
        return next(each for each in (wanted, month_of(self.today), firsts[0]) if each in firsts)


@dataclass(frozen=True)
class EntryView:
    id: UUID
    version: int
    engagement_id: UUID
    number: str
    title: str
    vendor_name: str
    risk_tier: Tier
    kind: AssessmentKind
    fiscal_year: int
    month: date
    state: PlanState
    reason: str
    verified_on: date | None = None
    assessment_id: UUID | None = None
    assessment_state: AssessmentState | None = None

    @property
    def done(self) -> bool:
        return self.assessment_state in SETTLED


@dataclass(frozen=True)
class Candidate:
    """An engagement the plan doesn't hold, with what is proposed."""

    engagement_id: UUID
    number: str
    title: str
    vendor_name: str
    risk_tier: Tier
    verified_on: date | None
    proposal: Proposal


def year(ctx: Context, wanted: int | None = None) -> Year:
    require(ctx.actor, Permission.PLAN_VIEW)
    with ctx.read() as tx:
        within = span(tx, wanted)
        found = plans.counts(tx, within.year)
        today = tx.today
    months = []
    for first in within.months():
        here = [each for each in found if each.month == first]
        planned = sum(each.entries for each in here if each.state is PlanState.PLANNED)
        done = sum(each.entries for each in here if each.settled)
        running = sum(each.entries for each in here if each.state is PlanState.STARTED) - done
        months.append(Month(first, planned, running, done, planned if first < month_of(today) else 0))
    return Year(within, today, tuple(months))


def entries(ctx: Context, wanted: int, month: date, after: str | None) -> Page[EntryView]:
    require(ctx.actor, Permission.PLAN_VIEW)
    with ctx.read() as tx:
        found = plans.entries(tx, wanted, month, after, limits.PAGE)
        seen = verified_on(tx, ctx.house, [row[0].engagement_id for row in found.items])
    return found.map(lambda row: _view(row, seen.get(row[0].engagement_id)))


def _view(row: plans.Row, seen: date | None) -> EntryView:
    entry, work, link, vendor, check = row
    return EntryView(
        entry.id,
        entry.version,
        work.id,
        link.number,
        work.title,
        vendor.name,
        link.risk_tier,
        entry.kind,
        entry.fiscal_year,
        entry.month,
        entry.state,
        entry.reason,
        seen,
        entry.assessment_id,
        check.state if check else None,
    )


def get_entry(ctx: Context, entry_id: UUID) -> EntryView:
    """One, for the pages on which it is changed or started."""
    require(ctx.actor, Permission.PLAN_WRITE)
    with ctx.read() as tx:
        entry = get.one(tx, PlanEntry, entry_id)
        placed = parties.placed(tx, entry.engagement_id)
        if placed is None:
            raise NotFound()
        seen = verified_on(tx, ctx.house, [entry.engagement_id])
    row = (entry, placed.engagement, placed.link, placed.vendor, None)
    return _view(row, seen.get(entry.engagement_id))


def candidates(ctx: Context, wanted: int, after: str | None) -> Page[Candidate]:
    """Engagements in which data is handled and that this year's plan doesn't hold, with what is proposed."""
    require(ctx.actor, Permission.PLAN_WRITE)
    with ctx.read() as tx:
        within = span(tx, wanted)
        found = plans.unplanned(tx, wanted, AssessmentKind.PERIODIC, after, limits.PAGE)
        seen = verified_on(tx, ctx.house, [work.id for work, _, _ in found.items])
        today = tx.today

    def candidate(row: plans.Work) -> Candidate:
        work, link, vendor = row
        last = seen.get(work.id)
        watched = Watched(link.state, work.classification, link.risk_tier, last, work.ends_on)
        proposal = propose(watched, within, today) or Proposal(None, None)
        return Candidate(work.id, link.number, work.title, vendor.name, link.risk_tier, last, proposal)

    return found.map(candidate)


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[EntryView, ...]:
    """What is planned for an engagement and not begun."""
    require(ctx.actor, Permission.PLAN_VIEW)
    with ctx.read() as tx:
        placed = parties.placed(tx, engagement_id)
        if placed is None:
            return ()
        rows = plans.of_engagement(tx, engagement_id)
        return tuple(_view((row, placed.engagement, placed.link, placed.vendor, None), None) for row in rows)

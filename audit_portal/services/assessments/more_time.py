"""Asking for more time: the vendor says by when and why, the officer grants it (or another date) or refuses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.assessments import TimeAsked, TimeDecided
from audit_portal.domain.more_time import WITH_VENDOR, TimeState, check_date, require_with_vendor
from audit_portal.services.assessments.sheets import side_of
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import assessments, get, process
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import Assessment
from audit_portal.storage.tables.process import MoreTime
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class TimeView:
    id: UUID
    state: TimeState
    due_before: date
    wanted_on: date
    reason: str
    asked_by: str
    asked_at: datetime
    granted_on: date | None
    answer: str
    decided_by: str
    decided_at: datetime | None
    version: int


@dataclass(frozen=True)
class TimeDesk:
    """The requests of one assessment, the newest first, and what the reader may do."""

    due_on: date
    requests: tuple[TimeView, ...]
    can_ask: bool
    can_decide: bool

    @property
    def open(self) -> TimeView | None:
        return next((each for each in self.requests if each.state is TimeState.OPEN), None)


def desk(ctx: Context, assessment_id: UUID) -> TimeDesk:
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        row = get.one(tx, Assessment, assessment_id)
        found = process.times(tx, assessment_id)
    people = then(ctx, {who for each in found for who in (each.asked_by, each.decided_by)})
    vendor = side_of(ctx, row) is AnsweredBy.VENDOR
    running = row.state in WITH_VENDOR
    return TimeDesk(
        row.due_on,
        tuple(_view(each, people) for each in found),
        can_ask=running and vendor and ctx.actor.may(Permission.TIME_ASK),
        can_decide=running
        and ctx.actor.may(Permission.TIME_DECIDE)
        and any(each.state is TimeState.OPEN for each in found),
    )


def _view(row: MoreTime, people: People) -> TimeView:
    return TimeView(
        row.id,
        row.state,
        row.due_before,
        row.wanted_on,
        row.reason,
        people.name(row.asked_by, row.asked_at),
        row.asked_at,
        row.granted_on,
        row.answer,
        people.name(row.decided_by, row.decided_at),
        row.decided_at,
        row.version,
    )


def ask(ctx: Context, assessment_id: UUID, wanted_on: date, reason: str) -> None:
    """Asks for a later date. Asking anew replaces what nobody answered yet."""
    require(ctx.actor, Permission.TIME_ASK)
    if not reason.strip():
        raise Invalid("time_reason_needed", field="reason")
    with ctx.begin() as tx:
        row, open_ = _held(tx, assessment_id)
        if side_of(ctx, row) is not AnsweredBy.VENDOR:
            raise NotFound()
        require_with_vendor(row.state)
        check_date(wanted_on, row.due_on, tx.today, "wanted_on")
        if open_:
            open_.state = TimeState.REPLACED
            tx.flush()
        request = MoreTime(
            assessment_id=row.id,
            engagement_id=row.engagement_id,
            due_before=row.due_on,
            wanted_on=wanted_on,
            reason=reason,
            asked_by=ctx.actor.person,
            asked_at=tx.now,
        )
        tx.add(request)
        tx.record(
            TimeAsked(
                engagement_id=row.engagement_id,
                assessment_id=row.id,
                request_id=request.id,
                due_on=row.due_on,
                wanted_on=wanted_on,
            )
        )
        tx.send("mail_time_asked", f"time_asked:{request.id}", {"request_id": str(request.id)})


def _held(tx: Transaction, assessment_id: UUID) -> tuple[Assessment, MoreTime | None]:
    assessments.lock(tx, assessment_id)
    row = get.one(tx, Assessment, assessment_id)
    found = process.times(tx, assessment_id)
    return row, next((each for each in found if each.state is TimeState.OPEN), None)


@dataclass(frozen=True)
class Verdict:
    """`granted_on` None refuses, and `answer` says why."""

    granted_on: date | None
    answer: str = ""


def decide(ctx: Context, assessment_id: UUID, request_id: UUID, verdict: Verdict) -> None:
    """Answers the open request. Raises Conflict('time_not_open') when it isn't that one any more."""
    require(ctx.actor, Permission.TIME_DECIDE)
    if verdict.granted_on is None and not verdict.answer.strip():
        raise Invalid("time_refusal_needs_reason", field="answer")
    with ctx.begin() as tx:
        row, open_ = _held(tx, assessment_id)
        if open_ is None or open_.id != request_id:
            raise Conflict("time_not_open")
        require_with_vendor(row.state)
        if verdict.granted_on is not None:
            check_date(verdict.granted_on, row.due_on, tx.today, "granted_on")
            row.due_on = verdict.granted_on
        open_.state = TimeState.GRANTED if verdict.granted_on else TimeState.REFUSED
        open_.granted_on, open_.answer = verdict.granted_on, verdict.answer
        open_.decided_by, open_.decided_at = ctx.actor.person, tx.now
        tx.record(
            TimeDecided(
                engagement_id=row.engagement_id,
                assessment_id=row.id,
                request_id=open_.id,
                outcome=open_.state.value,
                due_on=row.due_on,
            )
        )
        tx.send("mail_time_decided", f"time_decided:{open_.id}", {"request_id": str(open_.id)})


@dataclass(frozen=True)
class Waiting:
    """A request nobody answered yet, for the home page."""

    assessment_id: UUID
    number: str
    engagement_title: str
    vendor_name: str
    due_on: date


def waiting(ctx: Context) -> tuple[Waiting, ...]:
    require(ctx.actor, Permission.TIME_DECIDE)
    with ctx.read() as tx:
        return tuple(
            Waiting(row.id, row.number, work.title, vendor.name, row.due_on)
            for _, row, work, vendor in process.open_times(tx)
        )

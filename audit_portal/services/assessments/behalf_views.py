"""Entries on behalf as their pages show them, and what waits for whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from audit_portal.domain.access import Permission, require, system
from audit_portal.domain.assessment import CLIENT_ONLY, AssessmentState
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import NotFound
from audit_portal.domain.on_behalf import (
    ControlStatus,
    EntryState,
    SourceFacts,
    SourceKind,
    as_of,
    from_details,
    is_stale,
)
from audit_portal.services.assessments import behalf, behalf_rules, confirming, resting
from audit_portal.services.assessments.assessment_list import AssessmentHead
from audit_portal.services.assessments.sheets import hands_in, lacking, sheet, side_of
from audit_portal.services.house import Context
from audit_portal.services.people import then
from audit_portal.storage import get, on_behalf
from audit_portal.storage.people import People
from audit_portal.storage.tables.assessments import Assessment, EvidenceVersion
from audit_portal.storage.tables.on_behalf import AnswerSource, UserControl

_SYSTEM = system("behalf_views")
_WAITING = (AssessmentState.SENT, AssessmentState.IN_PROGRESS, AssessmentState.RETURNED)


@dataclass(frozen=True)
class SourceView:
    id: UUID
    position: int
    kind: SourceKind
    facts: SourceFacts
    as_of: date
    stale: bool
    document: str  # name of its file; empty before there is one
    version_id: UUID | None
    size: int
    sha256: str
    opened: bool  # the reader has opened the file
    registered_by: str
    version: int


@dataclass(frozen=True)
class ControlView:
    id: UUID
    position: int
    source: int
    words: str
    status: ControlStatus | None
    note: str
    due_on: date | None
    answered_by: str
    answered_at: datetime | None
    version: int


@dataclass(frozen=True)
class EntryView:
    """`state` None: not begun; `seen`: what a confirmation is about."""

    state: EntryState | None
    version: int
    can_open: bool
    asked_by: str
    asked_at: datetime | None
    confirmed_by: str
    confirmed_at: datetime | None
    sources: tuple[SourceView, ...]
    controls: tuple[ControlView, ...]
    items: tuple[str, ...]  # transcribed, in the order of the checklist
    vendors_own: tuple[str, ...]
    missing: tuple[tuple[str, str], ...]
    seen: str
    second: bool  # the reader may confirm: had no part in it


def get_entry(ctx: Context, assessment_id: UUID) -> EntryView:
    """NotFound for the vendor's own people and for a check that no vendor answers."""
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        found = sheet(ctx, tx, assessment_id)
        if side_of(ctx, found.row) is AnsweredBy.VENDOR or hands_in(found.row) is not AnsweredBy.VENDOR:
            raise NotFound()
        rows = behalf.load(tx, assessment_id)
        entry = rows.entry
        controls = on_behalf.controls(tx, assessment_id) if entry else []
        opened = on_behalf.read_by(tx, ctx.actor.person, rows.versions) if entry else set()
        short = tuple((each.item_id, each.reason) for each in lacking(tx, found)) if entry else ()
        refused = resting.refused_words(tx, assessment_id) if entry else {}
    ids = {each.registered_by for each in rows.sources.values()}
    ids |= {who for each in controls if (who := each.answered_by)}
    if entry:
        ids |= {who for who in (entry.asked_by, entry.confirmed_by) if who}
    with ctx.acting_as(_SYSTEM).read() as tx:
        can_open = entry is None and not on_behalf.has_lead(tx, found.row.vendor_id, active=True)
    people = then(ctx, ids)
    today = ctx.house.today()
    positions = {each.id: each.position for each in rows.sources.values()}
    own = behalf_rules.vendors_own(found.answers.values(), rows.current)
    return EntryView(
        state=entry.state if entry else None,
        version=entry.version if entry else 0,
        can_open=can_open and found.row.state in _WAITING,
        asked_by=people.name(entry.asked_by, entry.asked_at) if entry else "",
        asked_at=entry.asked_at if entry else None,
        confirmed_by=people.name(entry.confirmed_by, entry.confirmed_at) if entry else "",
        confirmed_at=entry.confirmed_at if entry else None,
        sources=tuple(_source(each, rows.versions, people, today, opened) for each in rows.sources.values()),
        controls=tuple(_control(each, positions, people) for each in controls),
        items=tuple(each.item for each in confirming.transcribed(found, rows.current)),
        vendors_own=tuple(sorted(each.item for each in own)),
        missing=short,
        seen=confirming.digest(found, rows.current, refused),
        second=entry is not None
        and not confirming.not_second(ctx, found, entry, rows.sources.values(), rows.current),
    )


def _source(
    row: AnswerSource,
    versions: Mapping[UUID, EvidenceVersion],
    people: People,
    today: date,
    opened: set[UUID],
) -> SourceView:
    facts = from_details(row.dated_on, row.details)
    file = versions.get(row.evidence_version_id) if row.evidence_version_id else None
    return SourceView(
        row.id,
        row.position,
        row.kind,
        facts,
        as_of(row.kind, facts),
        is_stale(row.kind, facts, today),
        file.file_name if file else "",
        row.evidence_version_id,
        file.size if file else 0,
        file.sha256 if file else "",
        row.evidence_version_id in opened,
        people.name(row.registered_by, row.registered_at),
        row.version,
    )


def _control(row: UserControl, positions: dict[UUID, int], people: People) -> ControlView:
    return ControlView(
        row.id,
        row.position,
        positions.get(row.source_id, 0),
        row.words,
        row.status,
        row.note,
        row.due_on,
        people.name(row.answered_by, row.answered_at),
        row.answered_at,
        row.version,
    )


@dataclass(frozen=True)
class Standing:
    """In few queries, for every page of an assessment. `state` None: nobody enters on behalf."""

    state: EntryState | None = None
    needed: bool = False  # nobody of the vendor can answer: it has to be entered
    sources: tuple[SourceView, ...] = ()
    controls: tuple[ControlView, ...] = ()


def standing(ctx: Context, check: AssessmentHead) -> Standing:
    """For the client's people; nothing for the vendor's."""
    if not ctx.actor.may(Permission.ENGAGEMENT_TIMELINE) or check.kind in CLIENT_ONLY:
        return Standing()
    with ctx.read() as tx:
        rows = behalf.load(tx, check.id)
        controls = on_behalf.controls(tx, check.id) if rows.entry else []
    ids = {each.registered_by for each in rows.sources.values()}
    ids |= {who for each in controls if (who := each.answered_by)}
    asked = check.state in _WAITING and rows.entry is None
    if not asked and rows.entry is None:
        return Standing()
    with ctx.acting_as(_SYSTEM).read() as tx:
        needed = asked and not on_behalf.has_lead(tx, check.vendor_id, active=True)
    people = then(ctx, ids)
    positions = {each.id: each.position for each in rows.sources.values()}
    today = ctx.house.today()
    return Standing(
        rows.entry.state if rows.entry else None,
        needed,
        tuple(_source(each, rows.versions, people, today, set()) for each in rows.sources.values()),
        tuple(_control(each, positions, people) for each in controls),
    )


@dataclass(frozen=True)
class File:
    """A file of the vendor's that the portal already has."""

    id: UUID
    number: str
    name: str
    uploaded_at: datetime


def files(ctx: Context, assessment_id: UUID) -> tuple[File, ...]:
    """The newest files of the vendor, to be named as a source."""
    require(ctx.actor, Permission.BEHALF_ENTER)
    with ctx.read() as tx:
        row = get.one(tx, Assessment, assessment_id)
        found = on_behalf.files_of(tx, row.vendor_id)
    return tuple(
        File(version.id, each.number, version.file_name, version.uploaded_at) for version, each in found
    )


def reachable(ctx: Context, vendor_id: UUID) -> bool:
    """Whether anybody of the vendor was invited to answer: else the answers are entered on its behalf."""
    with ctx.acting_as(_SYSTEM).read() as tx:
        return on_behalf.has_lead(tx, vendor_id)


@dataclass(frozen=True)
class Awaited:
    """An assessment that waits for somebody of the client's: to transcribe, or (`confirm`) to confirm."""

    assessment_id: UUID
    number: str
    vendor_name: str
    engagement_title: str
    due_on: date
    confirm: bool


def waiting(ctx: Context) -> tuple[Awaited, ...]:
    """What the reader can do something about: not one's own work waiting for a second person."""
    with ctx.read() as tx:
        rows = on_behalf.awaiting(tx, _WAITING)
    found = []
    for row, work, vendor, entry in rows:
        confirm = entry is not None and entry.state is EntryState.TO_CONFIRM
        may = Permission.BEHALF_CONFIRM if confirm else Permission.BEHALF_ENTER
        if not ctx.actor.may(may) or (confirm and not get_entry(ctx, row.id).second):
            continue
        found.append(Awaited(row.id, row.number, vendor.name, work.title, row.due_on, confirm))
    return tuple(found)

"""Sources of answers entered on behalf: the entry opened, what each source is, and its document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentAction, after
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.on_behalf import EntryOpened, SourceWritten
from audit_portal.domain.on_behalf import (
    EntryState,
    SourceFacts,
    SourceKind,
    check_source,
    controls_in,
    to_details,
)
from audit_portal.services.assessments import behalf_rules
from audit_portal.services.assessments.sheets import hands_in
from audit_portal.services.house import Context
from audit_portal.storage import assessments, get, on_behalf
from audit_portal.storage.tables.assessments import Assessment, EvidenceVersion
from audit_portal.storage.tables.on_behalf import AnswerSource, BehalfEntry, UserControl
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class SourceOrder:
    kind: SourceKind
    facts: SourceFacts
    version_id: UUID | None = None  # a file the portal already has; None: it is sent in next
    controls: str = ""  # left to the user by the provider, one a line


def may_open(ctx: Context, tx: Transaction, row: Assessment) -> None:
    """Raises Conflict for a check the vendor isn't asked, that isn't answered now, or whose vendor can answer."""
    if hands_in(row) is not AnsweredBy.VENDOR:
        raise Conflict("entry_not_for_this_check")
    after(row.state, AssessmentAction.ANSWER)
    if on_behalf.has_lead(tx, row.vendor_id, active=True):
        raise Conflict("vendor_has_account")


def require_writable(ctx: Context, assessment_id: UUID) -> None:
    """Raises Conflict where no source can be registered now, NotFound outside one's reach."""
    require(ctx.actor, Permission.BEHALF_ENTER)
    with ctx.read() as tx:
        row = get.one(tx, Assessment, assessment_id)
        entry = on_behalf.entry(tx, row.id)
        if entry is None:
            may_open(ctx, tx, row)
        else:
            _require_open(entry)


def register(ctx: Context, assessment_id: UUID, order: SourceOrder) -> UUID:
    """Registers a source; the first one opens the entry. Raises Invalid for facts that lack or contradict,
    NotFound for a file that isn't this vendor's."""
    require(ctx.actor, Permission.BEHALF_ENTER)
    check_source(order.kind, order.facts, ctx.house.today())
    lines = controls_in(order.controls)
    with ctx.begin() as tx:
        row = _held(tx, assessment_id)
        entry = on_behalf.entry(tx, row.id)
        if entry is None:
            may_open(ctx, tx, row)
            entry = _open(ctx, tx, row)
        _require_open(entry)
        there = on_behalf.sources(tx, row.id)
        if len(there) >= limits.SOURCES:
            raise Conflict("too_many_sources", most=limits.SOURCES)
        version = _file_of(tx, row, order.version_id) if order.version_id else None
        source = AnswerSource(
            assessment_id=row.id,
            engagement_id=row.engagement_id,
            position=len(there) + 1,
            kind=order.kind,
            dated_on=order.facts.dated_on,
            details=to_details(order.kind, order.facts),
            evidence_version_id=version.id if version else None,
            registered_by=ctx.actor.person,
            registered_at=tx.now,
            writers=[str(ctx.actor.person)],
        )
        tx.add(source)
        tx.flush()
        _add_controls(tx, source, lines)
        _record(tx, source, version)
        return source.id


def change(ctx: Context, assessment_id: UUID, source_id: UUID, order: SourceOrder, version: int) -> None:
    """Corrects what is said of a source; controls are added, none is taken away."""
    require(ctx.actor, Permission.BEHALF_ENTER)
    check_source(order.kind, order.facts, ctx.house.today())
    lines = controls_in(order.controls)
    with ctx.begin() as tx:
        row, source = held_source(tx, assessment_id, source_id)
        get.at_version(source, version)
        source.dated_on, source.details = order.facts.dated_on, to_details(source.kind, order.facts)
        source.registered_by = ctx.actor.person  # who says so now; earlier ones stand in the history
        behalf_rules.note_part(tx, source)
        if order.version_id is not None:
            source.evidence_version_id = _file_of(tx, row, order.version_id).id
        _add_controls(tx, source, lines)
        _record(tx, source, None)


def held_source(tx: Transaction, assessment_id: UUID, source_id: UUID) -> tuple[Assessment, AnswerSource]:
    """A source that may be written now. Raises NotFound, Conflict('entry_moved_on' | 'source_relied_on')."""
    row = _held(tx, assessment_id)
    source = get.one(tx, AnswerSource, source_id, assessment_id=row.id)
    entry = on_behalf.entry(tx, row.id)
    if entry is None:
        raise NotFound()
    _require_open(entry)
    if behalf_rules.relied_on(tx, source):
        raise Conflict("source_relied_on")
    return row, source


def give_document(tx: Transaction, source: AnswerSource, version: EvidenceVersion) -> None:
    """The file that the source is; an earlier one stays in the house and in the history."""
    source.evidence_version_id = version.id
    source.registered_by = tx.actor.person
    behalf_rules.note_part(tx, source)
    _record(tx, source, version)


def _held(tx: Transaction, assessment_id: UUID) -> Assessment:
    assessments.lock(tx, assessment_id)
    return get.one(tx, Assessment, assessment_id)


def _require_open(entry: BehalfEntry) -> None:
    if entry.state is not EntryState.TRANSCRIBING:
        raise Conflict("entry_moved_on", state=entry.state.value)


def _open(ctx: Context, tx: Transaction, row: Assessment) -> BehalfEntry:
    entry = BehalfEntry(
        assessment_id=row.id,
        engagement_id=row.engagement_id,
        opened_by=ctx.actor.person,
        opened_at=tx.now,
    )
    tx.add(entry)
    tx.record(EntryOpened(engagement_id=row.engagement_id, assessment_id=row.id))
    return entry


def _file_of(tx: Transaction, row: Assessment, version_id: UUID) -> EvidenceVersion:
    """A file of this very vendor; any other one "isn't there"."""
    found = assessments.version(tx, version_id)
    if found is None or found[1].party_id != row.vendor_id or found[1].contract_id is not None:
        raise NotFound("source_file_unknown")
    return found[0]


def _add_controls(tx: Transaction, source: AnswerSource, lines: Sequence[str]) -> None:
    there = len(on_behalf.controls(tx, source.assessment_id)) if lines else 0
    if there + len(lines) > limits.USER_CONTROLS:
        raise Invalid("too_many_controls", field="controls", most=limits.USER_CONTROLS)
    for number, line in enumerate(lines, start=there + 1):
        tx.add(
            UserControl(
                assessment_id=source.assessment_id,
                engagement_id=source.engagement_id,
                source_id=source.id,
                position=number,
                words=line,
            )
        )


def _record(tx: Transaction, source: AnswerSource, version: EvidenceVersion | None) -> None:
    tx.record(
        SourceWritten(
            engagement_id=source.engagement_id,
            assessment_id=source.assessment_id,
            source_id=source.id,
            kind=source.kind.value,
            sha256=version.sha256 if version else None,
        )
    )

"""One file for many items: an answer stands on a file that its party handed in before. Nothing is copied."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, NotFound
from audit_portal.domain.events.evidence import EvidenceAttached
from audit_portal.domain.evidence_in_use import counts
from audit_portal.services.assessments.answers import writable
from audit_portal.services.evidence import evidence
from audit_portal.services.house import Context
from audit_portal.storage import assessments, evidence_use
from audit_portal.storage.page import Page
from audit_portal.storage.tables.assessments import (
    Answer,
    Assessment,
    Evidence,
    EvidenceUse,
    EvidenceVersion,
)
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class UsedAt:
    """An answer that stands on a file."""

    assessment_number: str
    item: str
    version: int


@dataclass(frozen=True)
class Choice:
    """A file of the answering party, in its newest version, and where it is used."""

    version_id: UUID
    number: str
    version: int
    name: str
    size: int
    observed_on: date | None
    expires_on: date | None
    expired: bool
    used: tuple[UsedAt, ...]
    here: bool  # this very answer stands on it already


def choices(ctx: Context, assessment_id: UUID, item: str, after: str | None = None) -> Page[Choice]:
    """The files that can be put under this answer, the newest first. Refuses as `attach` does."""
    require(ctx.actor, Permission.EVIDENCE_UPLOAD)
    with ctx.read() as tx:
        answer, row = writable(ctx, tx, assessment_id, item, for_vendor=True)
        page = evidence_use.files_of(tx, _owner(answer, row), _handler(ctx), after)
        ids = [each.id for each in page.items]
        versions = assessments.versions_of(tx, ids)
        used: dict[UUID, list[evidence_use.Used]] = {}
        for each in evidence_use.uses(tx, ids):
            used.setdefault(each[0].evidence_id, []).append(each)
        return page.map(
            lambda each: _choice(each, versions[each.id], used.get(each.id, []), answer, tx.today)
        )


def _choice(
    each: Evidence,
    versions: list[EvidenceVersion],
    used: list[evidence_use.Used],
    answer: Answer,
    today: date,
) -> Choice:
    numbers = {version.id: version.number for version in versions}
    newest = versions[0]
    return Choice(
        newest.id,
        each.number,
        newest.number,
        newest.file_name,
        newest.size,
        newest.observed_on,
        newest.expires_on,
        not counts(newest.expires_on, today),
        tuple(
            UsedAt(check.number, at.item, numbers.get(use.evidence_version_id, newest.number))
            for use, at, check in used
        ),
        any(use.answer_id == answer.id for use, _, _ in used),
    )


def attach(ctx: Context, assessment_id: UUID, item: str, version_id: UUID) -> str:
    """Puts a file's newest version under the answer; returns its name.

    NotFound for a file of another party, or one the person has nothing to do with; Conflict
    ('evidence_replaced_meanwhile', 'file_already_here', 'too_many_files').
    """
    require(ctx.actor, Permission.EVIDENCE_UPLOAD)
    with ctx.begin() as tx:
        answer, row = writable(ctx, tx, assessment_id, item, for_vendor=True)
        version, file = _usable(ctx, tx, answer, row, version_id)
        if assessments.use_of(tx, answer.id, file.id) is not None:
            raise Conflict("file_already_here", name=version.file_name)
        if version.number != file.latest:
            raise Conflict("evidence_replaced_meanwhile", name=version.file_name)
        evidence.require_room(tx, answer)
        evidence.changed(ctx, answer, row, tx)
        tx.add(
            EvidenceUse(
                engagement_id=row.engagement_id,
                answer_id=answer.id,
                evidence_id=file.id,
                evidence_version_id=version.id,
            )
        )
        tx.record(
            EvidenceAttached(
                engagement_id=row.engagement_id,
                evidence_id=file.id,
                version=version.number,
                sha256=version.sha256,
                item=item,
            )
        )
        return version.file_name


def _usable(
    ctx: Context, tx: Transaction, answer: Answer, row: Assessment, version_id: UUID
) -> tuple[EvidenceVersion, Evidence]:
    found = assessments.version(tx, version_id)
    if found is None or found[1].engagement_id is None or found[1].party_id != _owner(answer, row):
        raise NotFound()
    person = _handler(ctx)
    if person is not None and not evidence_use.may_use(tx, found[1].id, person):
        raise NotFound()
    return found


def _owner(answer: Answer, row: Assessment) -> UUID:
    """Whose files stand under this answer: its party's, not those of who happens to write it."""
    return row.vendor_id if answer.answered_by is AnsweredBy.VENDOR else row.principal_id


def _handler(ctx: Context) -> UUID | None:
    """A contributor picks from what they brought or hold; everybody else from all that is within reach."""
    return ctx.actor.person if ctx.actor.only_delegated else None

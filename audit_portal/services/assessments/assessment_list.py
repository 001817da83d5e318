"""Lists of assessments: those within reach, those due, those of one engagement."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import RUNNING, AssessmentKind, AssessmentState
from audit_portal.domain.lists import RUNNING_CHECKS, CheckFilter
from audit_portal.services import checklists
from audit_portal.services.house import Context
from audit_portal.services.readings import spellings
from audit_portal.storage import assessments
from audit_portal.storage.assessments import Listed
from audit_portal.storage.page import Page
from audit_portal.storage.tables.assessments import (
    ChecklistVersion,
)


@dataclass(frozen=True)
class AssessmentHead:
    """One line of a list."""

    id: UUID
    number: str
    kind: AssessmentKind
    state: AssessmentState
    title: dict[str, str]
    engagement_id: UUID
    engagement_number: str
    engagement_title: str
    vendor_id: UUID
    vendor_name: str
    due_on: date
    version: int
    principal_id: UUID
    checklist_version_id: UUID
    sites: tuple[str, ...] | None  # the data is handled at; None: nobody can tell


def listed(
    ctx: Context,
    after: str | None = None,
    wanted: CheckFilter = RUNNING_CHECKS,
    limit: int = limits.PAGE,
) -> Page[AssessmentHead]:
    """Assessments within reach, those still running unless something else is wanted."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        words = spellings(wanted.search)
        page = assessments.listed(tx, wanted, words, ctx.house.today(), after, limit)
        versions = {row.id: row for row in assessments.all_published(tx)}
    return page.map(lambda row: head(ctx, row, versions[row[0].checklist_version_id]))


def due(
    ctx: Context, states: Collection[AssessmentState] = RUNNING, limit: int = limits.PAGE
) -> tuple[AssessmentHead, ...]:
    """Assessments within reach in these states, those due first at the front."""
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        rows = assessments.by_due(tx, states, limit)
        versions = {row.id: row for row in assessments.all_published(tx)}
    return tuple(head(ctx, row, versions[row[0].checklist_version_id]) for row in rows)


def of_engagement(ctx: Context, engagement_id: UUID) -> tuple[AssessmentHead, ...]:
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        rows = assessments.of_engagement(tx, engagement_id)
        found = [row for each in rows if (row := assessments.in_context(tx, each.id))]
        versions = {row.id: row for row in assessments.all_published(tx)}
    return tuple(head(ctx, row, versions[row[0].checklist_version_id]) for row in found)


def head(ctx: Context, found: Listed, version: ChecklistVersion) -> AssessmentHead:
    row, work, link, vendor = found
    checklist = checklists.parsed(ctx.house, version)
    return AssessmentHead(
        row.id,
        row.number,
        row.kind,
        row.state,
        {"ja": checklist.title.ja, "en": checklist.title.en},
        work.id,
        link.number,
        work.title,
        vendor.id,
        vendor.name,
        row.due_on,
        row.version,
        row.principal_id,
        row.checklist_version_id,
        None if row.sites is None else tuple(row.sites),
    )

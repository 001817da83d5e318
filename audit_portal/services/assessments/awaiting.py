"""What awaits whom, over all checks at once: in as many queries for a hundred checks as for one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import RUNNING, AssessmentState
from audit_portal.domain.checklist import AnsweredBy, applicable, fired
from audit_portal.domain.more_time import WITH_VENDOR
from audit_portal.services import checklists
from audit_portal.services.assessments.assessment_list import AssessmentHead, head
from audit_portal.services.house import Context
from audit_portal.storage import assessments, awaiting
from audit_portal.storage.assessments import Listed
from audit_portal.storage.awaiting import Said
from audit_portal.storage.tables.assessments import ChecklistVersion

_CLIENT_ANSWERS = (*WITH_VENDOR, AssessmentState.SUBMITTED)


@dataclass(frozen=True)
class Running:
    """Checks from sending to review; `late`: not handed in by their day."""

    all: int
    late: int


def running(ctx: Context) -> Running:
    require(ctx.actor, Permission.ASSESSMENT_VIEW)
    with ctx.read() as tx:
        return Running(*awaiting.counts(tx, RUNNING, WITH_VENDOR, ctx.house.today()))


def of_the_client(ctx: Context) -> tuple[AssessmentHead, ...]:
    """Checks with items for the client's own people that nobody answered and nobody was given; those due first."""
    require(ctx.actor, Permission.ANSWER_WRITE)
    with ctx.read() as tx:
        rows = assessments.by_due(tx, _CLIENT_ANSWERS, limits.AWAITING)
        versions = {row.id: row for row in assessments.all_published(tx)}
        items: dict[UUID, list[Said]] = {}
        for each in awaiting.said(tx, [row[0].id for row in rows]):
            items.setdefault(each.assessment_id, []).append(each)
    found = (
        row
        for row in rows
        if _open(ctx, row, versions[row[0].checklist_version_id], items.get(row[0].id, ()))
    )
    return tuple(head(ctx, row, versions[row[0].checklist_version_id]) for row in found)


def _open(ctx: Context, row: Listed, version: ChecklistVersion, items: Iterable[Said]) -> bool:
    """Whether one of the items that apply now is the client's, free and without an answer."""
    check, checklist = row[0], checklists.parsed(ctx.house, version)
    stands: Mapping[str, Said] = {each.item: each for each in items}
    profile = frozenset(check.conditions)
    values = {code: each.value for code, each in stands.items() if each.value}
    held = profile | fired(checklist, values, profile)
    return any(
        (said := stands.get(item.id)) is not None
        and said.answered_by is AnsweredBy.CLIENT
        and said.free
        and said.value is None
        for item in applicable(checklist, check.risk_tier, held)
    )

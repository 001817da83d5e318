"""What a vendor has answered for its whole company and for its sites: one list over all its engagements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.checklist import Scope as ItemScope
from audit_portal.domain.errors import NotFound
from audit_portal.services import checklists
from audit_portal.services.assessments.former import FormerFile, file_view
from audit_portal.services.house import Context
from audit_portal.storage import given as storage


@dataclass(frozen=True)
class CompanyAnswer:
    """The newest answer to one question, and where it was given."""

    item: str
    question: dict[str, str]
    scope: ItemScope
    sites: tuple[str, ...]
    value: AnswerValue
    comment: str
    files: tuple[FormerFile, ...]
    given_at: datetime
    assessment_id: UUID
    number: str
    engagement: str

    @property
    def expired(self) -> bool:
        return any(file.expired for file in self.files)


@dataclass(frozen=True)
class CompanyAnswers:
    """`more`: there are others, that the list doesn't show."""

    answers: tuple[CompanyAnswer, ...]
    more: bool


def listed(ctx: Context) -> CompanyAnswers:
    """The reader's own company's, by question."""
    require(ctx.actor, Permission.COMPANY_ANSWERS)
    if ctx.actor.party_id is None:
        raise NotFound()
    today = ctx.house.today()
    with ctx.read() as tx:
        rows = storage.of_vendor(tx, ctx.actor.party_id, limits.COMPANY_ANSWERS + 1)
        more, rows = len(rows) > limits.COMPANY_ANSWERS, rows[: limits.COMPANY_ANSWERS]
        files = storage.files(tx, [file for row in rows for file in row.files])
        sites = storage.sites(tx, [site for row in rows for site in row.sites])
        checks = {row.assessment_id for row in rows}
        places, versions = storage.places(tx, checks), storage.versions(tx, checks)
    found = []
    for row in rows:
        check, link, work = places[row.assessment_id]
        question = checklists.parsed(ctx.house, versions[row.assessment_id]).item(row.item).question
        found.append(
            CompanyAnswer(
                row.item,
                {"ja": question.ja, "en": question.en},
                row.scope,
                tuple(sorted(sites[each] for each in row.sites if each in sites)),
                row.value,
                row.comment,
                tuple(file_view(files[each], today) for each in row.files if each in files),
                row.given_at,
                check.id,
                check.number,
                f"{link.number} {work.title}",
            )
        )
    return CompanyAnswers(tuple(found), more)

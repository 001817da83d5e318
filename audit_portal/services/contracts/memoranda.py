"""The missing clauses of a contract check as a draft memorandum (覚書案)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.checklist import duty_of, outcomes
from audit_portal.domain.errors import Conflict, NotFound
from audit_portal.domain.memorandum import LACKING, Draft, Lack, notes, write
from audit_portal.services import checklists
from audit_portal.services.assessments.sheets import sheet
from audit_portal.services.contracts.contracts import serving_today
from audit_portal.services.house import Context
from audit_portal.storage import assessments, parties

_BOM = "\ufeff"  # without it Windows' editors take the text for another encoding


@dataclass(frozen=True)
class TextFile:
    name: str
    content: bytes


def draft(ctx: Context, assessment_id: UUID) -> TextFile:
    """What can be sent, without a word of the review. UTF-8 with a mark, CRLF.

    Raises Conflict('no_contract_check' | 'nothing_lacking').
    """
    found = _draft(ctx, assessment_id)
    return _file(f"覚書案_{found.check}.txt", write(found))


def internal_notes(ctx: Context, assessment_id: UUID) -> TextFile:
    """Where its articles come from and what the review said: for the house alone. Raises as `draft` does."""
    found = _draft(ctx, assessment_id)
    return _file(f"覚書案の検討資料_社内用_{found.check}.txt", notes(found))


def _file(name: str, text: str) -> TextFile:
    return TextFile(name, (_BOM + text.replace("\n", "\r\n")).encode())


def _draft(ctx: Context, assessment_id: UUID) -> Draft:
    require(ctx.actor, Permission.ENGAGEMENT_TIMELINE)
    with ctx.read() as tx:
        found = sheet(ctx, tx, assessment_id)
        if found.row.kind is not AssessmentKind.CONTRACT:
            raise Conflict("no_contract_check")
        placed = parties.placed(tx, found.row.engagement_id)
        if placed is None:
            raise NotFound()
        reviews = assessments.current_reviews(tx, found.row.id)
        serving = serving_today(ctx, tx, found.row.engagement_id)
    references = checklists.references(ctx.house)
    values = {code: answer.value for code, answer in found.answers.items() if answer.value}
    results = {code: reviews[a.id].result for code, a in found.answers.items() if a.id in reviews}
    stand = outcomes(values, results)
    lacks = []
    for item in found.items:
        if stand.get(item.id) not in LACKING:
            continue
        answer = found.answers[item.id]
        review = reviews.get(answer.id)
        proposal = references.clauses.get(item.id)
        lacks.append(
            Lack(
                item.id,
                item.question.ja,
                stand[item.id],
                review.comment if review and review.comment else answer.comment,
                duty_of(item, found.conditions),
                tuple(references.legal[code].title for code in item.legal_basis if code in references.legal),
                proposal.title if proposal else None,
                proposal.text if proposal else "",
            )
        )
    if not lacks:
        raise Conflict("nothing_lacking")
    return Draft(
        placed.principal.name,
        placed.vendor.name,
        placed.engagement.title,
        tuple(
            f"{row.title}（{row.concluded_on:%Y年%m月%d日}締結）" if row.concluded_on else row.title
            for row, _ in serving
        ),
        found.row.number,
        ctx.house.today(),
        tuple(lacks),
    )

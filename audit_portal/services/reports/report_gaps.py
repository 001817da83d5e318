"""What a check did not ask or could not show, and why: a report says it, so that nobody takes silence for a pass."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from audit_portal.domain.assessment import AssessmentKind, ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnsweredBy, applicable, is_addition
from audit_portal.domain.report import Bilingual, NotChecked
from audit_portal.services.assessments.scoring import standing
from audit_portal.services.assessments.sheets import ASKED, Sheet
from audit_portal.storage.tables.assessments import Review

_TIER = Bilingual("このリスク区分では尋ねない項目です。", "Not asked at this risk tier.")
_CONDITION = Bilingual(
    "この委託業務には当てはまらない条件の項目です。", "Their condition doesn't hold for this work."
)
_AUDITOR = Bilingual(
    "監査人が確かめる項目です。この評価では確かめていません。",
    "For the auditor to look into; not looked into in this assessment.",
)
_PORTAL = Bilingual(
    "ポータルの記録から導く項目ですが、必要な記録がまだないため、確かめていません。",
    "To be worked out from the portal's records, which don't hold what it takes yet: not checked.",
)
_UNCONFIRMED = Bilingual(
    "審査で確認できなかった（確認不能とした）項目です。",
    "The reviewer could not confirm them.",
)
_REFUSED = Bilingual(
    "資料の開示が拒まれ、ほかの方法でも確かめていない項目です。",
    "The documents weren't disclosed, and nothing else was shown.",
)
_STATEMENT = Bilingual(
    "回答者の申告だけで判断し、資料や現地では確かめていない項目です。",
    "Concluded on the answering party's statement alone, without documents or a visit.",
)
_BEFORE = Bilingual(
    "この評価は、委託の内容の変更で加わった項目だけを尋ねました。これらは前の評価で尋ねた項目です。",
    "This assessment asked only what a change of the work made new. An earlier assessment asked these.",
)
_SHORT_FORM = NotChecked(
    Bilingual("別添10の全項目", "All items of Annex 10"),
    Bilingual(
        "このチェックリストは短縮版で、別添10のすべてを尋ねていません。",
        "This checklist is a short form and doesn't ask all of Annex 10.",
    ),
)


def not_checked(
    found: Sheet, reviews: Mapping[UUID, Review], portal: Collection[str]
) -> tuple[NotChecked, ...]:
    """What the checklist holds and this check did not ask, what it could not show, and what it doesn't cover.

    `portal`: items that the portal answered from its own records.
    """
    mine = {item.id for item in found.items}
    others = [item for item in found.checklist.items if item.id not in mine]
    auditor = {item.id for item in others if item.answered_by is AnsweredBy.AUDITOR}
    left = [item for item in others if item.id not in auditor]
    before = _asked_before(found) - mine
    left = [item for item in left if item.id not in before]
    given = {code: reviews[row.id] for code, row in found.answers.items() if row.id in reviews}
    unconfirmed = {code for code, each in given.items() if each.result is ReviewResult.UNCONFIRMED}
    refused = standing(found, reviews)[1] - unconfirmed
    stated = {code for code, each in given.items() if each.basis is ReviewBasis.STATEMENT}
    derived = {item.id for item in found.items if item.answered_by is AnsweredBy.PORTAL}
    reasons: tuple[tuple[Iterable[str], Bilingual], ...] = (
        (unconfirmed, _UNCONFIRMED),
        (refused, _REFUSED),
        (stated - unconfirmed - refused, _STATEMENT),
        (derived - set(portal), _PORTAL),
        (auditor, _AUDITOR),
        (before, _BEFORE),
        ((item.id for item in left if found.row.risk_tier not in item.tiers), _TIER),
        ((item.id for item in left if found.row.risk_tier in item.tiers), _CONDITION),
    )
    whole = found.checklist.covers_annex10 or found.row.kind is not AssessmentKind.SELECTION
    lines = (_line(codes, reason) for codes, reason in reasons)
    return (*(() if whole else (_SHORT_FORM,)), *(each for each in lines if each is not None))


def _asked_before(found: Sheet) -> frozenset[str]:
    """What applies too, where a check only asked what became new."""
    tier, asked = found.row.risk_tier, found.answers.keys()
    if not is_addition(found.checklist, tier, set(found.row.conditions), asked):
        return frozenset()
    held = applicable(found.checklist, tier, found.conditions)
    return frozenset(item.id for item in held if item.answered_by in ASKED)


def _line(items: Iterable[str], reason: Bilingual) -> NotChecked | None:
    codes = sorted(items)
    if not codes:
        return None
    said = Bilingual(f"{len(codes)}項目：{'、'.join(codes)}", f"{len(codes)} items: {', '.join(codes)}")
    return NotChecked(said, reason)

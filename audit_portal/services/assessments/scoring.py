"""The score of a check, as its page and its report show it. It informs; no gate looks at it (facts.md section 7)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

from audit_portal.domain.checklist import AnswerValue, outcomes, scores
from audit_portal.domain.checklist.derived import derived
from audit_portal.domain.evidence_in_use import unresolved, with_refusals
from audit_portal.services.assessments.sheets import Sheet
from audit_portal.storage.tables.assessments import Review


@dataclass(frozen=True)
class Scores:
    """Whole percents, halves rounded up; None: nothing that counts ("unscored")."""

    whole: int | None
    sections: Mapping[str, int | None]


def standing(sheet: Sheet, reviews: Mapping[UUID, Review]) -> tuple[dict[str, AnswerValue], frozenset[str]]:
    """What counts per item, and whose refusals to disclose still stand. `reviews`: also outdated ones."""
    results = {
        code: reviews[answer.id].result
        for code, answer in sheet.answers.items()
        if answer.id in reviews and reviews[answer.id].answer_version == answer.version
    }
    values = {code: answer.value for code, answer in sheet.answers.items() if answer.value}
    refused = unresolved(sheet.refusing, sheet.shown, results)
    return {**with_refusals(outcomes(values, results), refused), **derived(sheet.items)}, refused


def scores_of(sheet: Sheet, reviews: Mapping[UUID, Review]) -> Scores:
    whole, sections = scores(sheet.items, standing(sheet, reviews)[0])
    return Scores(percent(whole), {code: percent(each) for code, each in sections.items()})


def percent(score: Fraction | None) -> int | None:
    return None if score is None else int(score * 100 + Fraction(1, 2))

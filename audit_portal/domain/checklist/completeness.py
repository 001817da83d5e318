"""When a set of answers is complete, what it scores, and which items keep a gate shut.

Source: checklists/README.md; PPC guideline 3-4-4(1): every item confirmed before the data is handed over.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from fractions import Fraction

from audit_portal.domain.assessment import ReviewResult
from audit_portal.domain.checklist.conditions import evidence_required
from audit_portal.domain.checklist.model import AnsweredBy, AnswerValue, Item, Kind, Tier

_SHOWS_SOMETHING = (AnswerValue.YES, AnswerValue.PARTIAL)
_SHORT = (AnswerValue.NO, AnswerValue.PARTIAL)
_WORTH = {
    AnswerValue.YES: Fraction(1),
    AnswerValue.PARTIAL: Fraction(1, 2),
    AnswerValue.NO: Fraction(0),
    AnswerValue.UNKNOWN: Fraction(0),
}
_COUNTS_AS = {
    ReviewResult.CONFORMS: AnswerValue.YES,
    ReviewResult.PARTLY: AnswerValue.PARTIAL,
    ReviewResult.NOT: AnswerValue.NO,
    ReviewResult.UNCONFIRMED: AnswerValue.UNKNOWN,
    ReviewResult.NOT_APPLICABLE: AnswerValue.NOT_APPLICABLE,
}


@dataclass(frozen=True)
class Answer:
    """What the answering party said. `evidence` counts documents, "inspected, not handed over" included;
    `refused`: it doesn't disclose the document that is asked for."""

    value: AnswerValue | None
    text: str = ""
    evidence: int = 0
    refused: bool = False


@dataclass(frozen=True)
class Missing:
    """Why an item keeps the answers from being submitted: unanswered, reason_required, evidence_required."""

    item_id: str
    reason: str


@dataclass(frozen=True)
class GateProblem:
    """Why an item keeps the gate shut: unanswered, unknown, blocking_no, no_action, disclosure_refused."""

    item: Item
    reason: str


def missing(items: Iterable[Item], answers: Mapping[str, Answer], tier: Tier) -> tuple[Missing, ...]:
    """What the applicable `items` still lack before submission. Portal items are never asked."""
    found = []
    for item in items:
        if item.answered_by is not AnsweredBy.PORTAL:
            reason = _lacks(item, answers.get(item.id), tier)
            if reason:
                found.append(Missing(item.id, reason))
    return tuple(found)


def _lacks(item: Item, answer: Answer | None, tier: Tier) -> str | None:
    if answer is None or answer.value is None:
        return "unanswered" if item.mandatory else None
    if answer.value is AnswerValue.NOT_APPLICABLE and not answer.text.strip():
        return "reason_required"
    shown = answer.evidence > 0 or answer.refused
    if answer.value in _SHOWS_SOMETHING and evidence_required(item, tier) and not shown:
        return "evidence_required"
    return None


def outcomes(
    answers: Mapping[str, AnswerValue], reviews: Mapping[str, ReviewResult] | None = None
) -> dict[str, AnswerValue]:
    """What counts per item: the reviewer's result where there is one, else the answer."""
    return {**answers, **{item_id: _COUNTS_AS[result] for item_id, result in (reviews or {}).items()}}


def score(items: Iterable[Item], reviewed: Mapping[str, AnswerValue]) -> Fraction | None:
    """Σ weight × value / Σ weight, 0 to 1, over the control items; None when nothing counts.

    Yes 1, partial ½, no and unknown 0, unanswered 0 as well; not applicable and facts are left out, and so
    are optional and portal items without an outcome.
    """
    total, reached = 0, Fraction(0)
    for item in items:
        value = reviewed.get(item.id)
        if item.kind is Kind.FACT or value is AnswerValue.NOT_APPLICABLE:
            continue
        if value is None and (item.answered_by is AnsweredBy.PORTAL or not item.mandatory):
            continue
        total += item.weight
        reached += item.weight * _WORTH[value or AnswerValue.NO]
    return reached / total if total else None


def scores(
    items: Iterable[Item], reviewed: Mapping[str, AnswerValue]
) -> tuple[Fraction | None, dict[str, Fraction | None]]:
    """The score of all items, and by section, in the order of the items. See `score`."""
    by_section: dict[str, list[Item]] = {}
    for item in items:
        by_section.setdefault(item.section, []).append(item)
    every = [item for part in by_section.values() for item in part]
    return score(every, reviewed), {code: score(part, reviewed) for code, part in by_section.items()}


def gate_problems(
    items: Iterable[Item],
    reviewed: Mapping[str, AnswerValue],
    planned: Set[str] = frozenset(),
    refused: Set[str] = frozenset(),
) -> tuple[GateProblem, ...]:
    """The items that keep the gate shut, whatever the score.

    `reviewed` holds what counts per item, the portal's own items worked out; `planned` the ids that have a
    dated corrective action. A plan mends a mandatory "no" or "partial", and a blocking "partial", but never
    a blocking "no". `refused`: whose evidence isn't disclosed and nothing else was shown; they are unknown.
    """
    found = []
    for item in items:
        reason = _stops(item, reviewed.get(item.id), item.id in planned)
        if item.id in refused and (item.mandatory or item.gate_blocking):
            reason = "disclosure_refused"
        if reason:
            found.append(GateProblem(item, reason))
    return tuple(found)


def _stops(item: Item, value: AnswerValue | None, planned: bool) -> str | None:
    if not (item.mandatory or item.gate_blocking):
        return None
    if value is None:
        return "unanswered"
    if value is AnswerValue.UNKNOWN:
        return "unknown"
    if item.gate_blocking and value is AnswerValue.NO:
        return "blocking_no"
    if item.kind is Kind.CONTROL and value in _SHORT and not planned:
        return "no_action"
    return None

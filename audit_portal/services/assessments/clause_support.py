"""What the answers of a contract check rest on: places in contracts, and what stands in for a clause."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from uuid import UUID

from audit_portal.domain.checklist import AnswerValue, Item
from audit_portal.domain.contracts import is_clause
from audit_portal.storage import contracts
from audit_portal.storage.tables.assessments import Answer
from audit_portal.storage.transaction import Transaction

_SAYS_IT_IS_THERE = (AnswerValue.YES, AnswerValue.PARTIAL)


def counts(tx: Transaction, assessment_id: UUID) -> dict[UUID, int]:
    """By answer id: places and stand-ins, which count as the documents that an answer needs."""
    found = {
        answer_id: sum(document.withdrawn_at is None for _, _, document in every)
        for answer_id, every in contracts.clauses(tx, assessment_id).items()
    }
    for answer_id, row in contracts.stand_ins(tx, assessment_id).items():
        if row.words.strip():
            found[answer_id] = found.get(answer_id, 0) + 1
    return found


def untied(
    tx: Transaction,
    assessment_id: UUID,
    items: Iterable[Item],
    answers: Mapping[str, Answer],
    running: Set[UUID] | None = None,
) -> tuple[str, ...]:
    """Clauses that are said to be there, wholly or in part, without a place and without a stand-in.

    `running`: only places in these contracts count; None: in any.
    """
    ties, others = contracts.clauses(tx, assessment_id), contracts.stand_ins(tx, assessment_id)
    lacking = []
    for item in items:
        answer = answers.get(item.id)
        if answer is None or answer.value not in _SAYS_IT_IS_THERE or not is_clause(item.evidence):
            continue
        held = any(
            document.withdrawn_at is None and (running is None or contract.id in running)
            for _, contract, document in ties.get(answer.id, ())
        )
        words = others[answer.id].words if answer.id in others else ""
        if not held and not words.strip():
            lacking.append(item.id)
    return tuple(lacking)


def wording(tx: Transaction, assessment_id: UUID) -> dict[UUID, list[str]]:
    """By answer id: places and stand-ins as fixed text, for the digest that a submission commits to."""
    found = {
        answer_id: [f"{tie.document_id}|{tie.page or ''}|{tie.clause}" for tie, _, _ in every]
        for answer_id, every in contracts.clauses(tx, assessment_id).items()
    }
    for answer_id, row in contracts.stand_ins(tx, assessment_id).items():
        found.setdefault(answer_id, []).append(f"{row.kind.value if row.kind else ''}|{row.words}")
    return found


def settle(tx: Transaction, answers: list[Answer], draft: bool) -> None:
    """What stands in for a clause is a draft as long as its answer is."""
    for answer in answers:
        row = contracts.stand_in(tx, answer.id)
        if row is not None:
            row.is_draft = draft

"""Checklists: what is asked of whom, when it is complete, what stops a gate, and whether a file is sound."""

from __future__ import annotations

from audit_portal.domain.checklist.completeness import (
    Answer,
    GateProblem,
    Missing,
    gate_problems,
    missing,
    outcomes,
    score,
    scores,
)
from audit_portal.domain.checklist.conditions import (
    applicable,
    duty_of,
    evidence_required,
    fired,
    least_tier,
)
from audit_portal.domain.checklist.lint import Problem, SourceFile, lint
from audit_portal.domain.checklist.model import (
    AnsweredBy,
    AnswerValue,
    Checklist,
    Duty,
    Item,
    Kind,
    Scope,
    Text,
    Tier,
)
from audit_portal.domain.checklist.newly import Addition, Asked, addition, is_addition, newly_asked
from audit_portal.domain.checklist.parse import parse
from audit_portal.domain.checklist.references import Clause, Condition, LegalRef, References, parse_references

__all__ = [
    "Addition", "Answer", "AnswerValue", "AnsweredBy", "Asked", "Checklist", "Clause", "Condition", "Duty", "GateProblem", "Item",
    "Kind",
    "LegalRef", "Missing", "Problem", "References", "Scope", "SourceFile", "Text", "Tier", "addition", "applicable",
    "duty_of", "evidence_required", "fired", "gate_problems", "is_addition", "least_tier", "lint", "missing", "newly_asked",
    "outcomes", "parse", "parse_references", "score",
    "scores",
]  # fmt: skip

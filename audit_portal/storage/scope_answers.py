"""Criteria that several tables share: what is within reach, whose answers a vendor sees, and from when on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from sqlmodel import col

from audit_portal.domain.access import INSIDE, Actor
from audit_portal.domain.assessment import SETTLED
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.storage.tables.assessments import (
    Answer,
    Assessment,
    Evidence,
    EvidenceReading,
    EvidenceUse,
    EvidenceVersion,
    Review,
)
from audit_portal.storage.tables.base import Row
from audit_portal.storage.tables.reviewing import Finding
from audit_portal.storage.tables.supervision import Reach


def reached(actor: Actor, inside: bool) -> sa.Select[tuple[Any]]:
    # On the table itself: the criteria of Reach must not be applied to this subquery once more.
    reach = Reach.__table__  # type: ignore[attr-defined]
    found = sa.select(reach.c.engagement_id).where(reach.c.subject_id.in_(sorted(actor.subjects, key=str)))
    return found.where(reach.c.level.in_(sorted(INSIDE))) if inside else found


def in_use(cls: Any, actor: Actor) -> Any:
    """The very versions that answers within reach stand on, wherever the file was first handed in.

    Asked row by row: there may be a hundred thousand uses, and a page looks at a few files.
    """
    use = EvidenceUse.__table__  # type: ignore[attr-defined]
    if cls is Evidence:
        same = use.c.evidence_id == cls.id
    else:
        same = use.c.evidence_version_id == (cls.id if cls is EvidenceVersion else cls.evidence_version_id)
    used = sa.exists().where(same, use.c.engagement_id.in_(reached(actor, inside=True)))
    if actor.is_vendor:
        used = used.where(use.c.answer_id.in_(vendors_answers(actor)))
    used = used.correlate(cls.__table__)
    if cls is EvidenceReading:
        return sa.and_(used, col(EvidenceReading.account_id) == actor.account_id)
    return used


def files_on_answers(actor: Actor) -> sa.Select[tuple[Any]]:
    """Files that an answer the vendor's person sees rests on, in whatever version."""
    use = EvidenceUse.__table__  # type: ignore[attr-defined]
    return sa.select(use.c.evidence_id).where(use.c.answer_id.in_(vendors_answers(actor)))


def vendors_answers(actor: Actor) -> sa.Select[tuple[Any]]:
    """Not what its principal answers in its own check; to a contributor only what was delegated to them."""
    answer = Answer.__table__  # type: ignore[attr-defined]
    found = sa.select(answer.c.id).where(
        sa.or_(
            answer.c.answered_by != AnsweredBy.CLIENT,
            answer.c.assessment_id.in_(_as_principal(actor)),
        )
    )
    return found.where(answer.c.delegate_id == actor.account_id) if actor.only_delegated else found


def _as_principal(actor: Actor) -> sa.Select[tuple[Any]]:
    """The checks in which a vendor supervises the one below it."""
    check = Assessment.__table__  # type: ignore[attr-defined]
    return sa.select(check.c.id).where(check.c.principal_id == actor.party_id)


def _review_over(actor: Actor) -> Any:
    check = Assessment.__table__  # type: ignore[attr-defined]
    over = sa.select(check.c.id).where(check.c.state.in_(sorted(SETTLED)))
    checks = col(Review.assessment_id)
    return sa.or_(checks.in_(over), checks.in_(_as_principal(actor)))


def _finding_shown(actor: Actor) -> Any:
    return sa.or_(col(Finding.shown_at).is_not(None), col(Finding.assessment_id).in_(_as_principal(actor)))


# What a vendor sees of its own check only from a later moment on.
SHOWN_AFTER: dict[type[Row], Callable[[Actor], Any]] = {Review: _review_over, Finding: _finding_shown}

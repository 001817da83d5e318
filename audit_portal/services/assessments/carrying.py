"""Confirming that earlier answers hold here too: only then do they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain import carried, limits
from audit_portal.domain.access import Permission, require
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.events.assessments import AnswersConfirmed
from audit_portal.services.assessments import assessment_view, former
from audit_portal.services.assessments.answers import Written, check_writable, put
from audit_portal.services.assessments.former import Former, FormerFile
from audit_portal.services.assessments.sheets import Sheet, sheet
from audit_portal.services.house import Context
from audit_portal.storage import get
from audit_portal.storage import given as storage
from audit_portal.storage.tables.assessments import Answer, EvidenceUse
from audit_portal.storage.tables.given import AnswerConfirmation
from audit_portal.storage.transaction import Transaction


@dataclass(frozen=True)
class Confirmed:
    """One item as the person saw it: the version of its (empty) answer, and the earlier answer beside it."""

    item: str
    version: int
    given_id: UUID
    given_version: int


def confirm(ctx: Context, assessment_id: UUID, wanted: Sequence[Confirmed]) -> tuple[str, ...]:
    """Makes earlier answers the answers to these items, with the documents that still count; all or none.

    Returns the items. What the same earlier answer was confirmed for already stays as it is. Raises
    Invalid('confirm_items_needed'), NotFound, Conflict('former_changed') when another answer has come in
    since, ('already_answered') when somebody has begun to answer, ('changed_meanwhile'), ('answer_closed').
    """
    require(ctx.actor, Permission.ANSWER_WRITE)
    if not wanted:
        raise Invalid("confirm_items_needed", field="items")
    view = assessment_view.get_assessment(ctx, assessment_id)
    offered = {each.code: each for each in former.offered(ctx, view)}
    with ctx.begin() as tx:
        found = sheet(ctx, tx, assessment_id)
        before = storage.confirmations(tx, assessment_id)
        done = [each.item for each in wanted if _confirm(ctx, tx, found, before, offered, each)]
        if done:
            tx.record(
                AnswersConfirmed(
                    engagement_id=found.row.engagement_id, assessment_id=assessment_id, items=tuple(done)
                )
            )
    return tuple(each.item for each in wanted)


def _confirm(
    ctx: Context,
    tx: Transaction,
    found: Sheet,
    before: Mapping[UUID, AnswerConfirmation],
    offered: Mapping[str, Former],
    each: Confirmed,
) -> bool:
    """Whether anything was written."""
    answer = found.answers.get(each.item)
    if answer is None or each.item not in {item.id for item in found.items}:
        raise NotFound()
    check_writable(ctx, answer, found.row)
    pin = before.get(answer.id)
    if pin is not None and (pin.given_id, pin.given_version) == (each.given_id, each.given_version):
        return False  # pressed twice
    if answer.value is not None or answer.comment or answer.action or storage.uses(tx, answer.id):
        raise Conflict("already_answered", item=each.item)
    get.at_version(answer, each.version)
    earlier = offered.get(each.item)
    if earlier is None or (earlier.given_id, earlier.answer_version) != (each.given_id, each.given_version):
        raise Conflict("former_changed", item=each.item)
    put(ctx, tx, answer, found.row, _written(earlier, ctx.house.today()))
    files = [file for file in earlier.files if not file.expired][: limits.EVIDENCE_PER_ANSWER]
    _take_along(tx, answer, files)
    _pin(ctx, tx, found, answer, pin, earlier, files)
    return True


def _written(earlier: Former, today: date) -> Written:
    """A plan whose day has passed is none: it has to be made anew."""
    if not carried.plan_holds(earlier.action_due, today):
        return Written(earlier.value, earlier.comment)
    return Written(earlier.value, earlier.comment, earlier.action, earlier.action_due)


def _take_along(tx: Transaction, answer: Answer, files: Sequence[FormerFile]) -> None:
    """The same versions of the same files: nothing is copied."""
    for file in files:
        tx.add(
            EvidenceUse(
                engagement_id=answer.engagement_id,
                answer_id=answer.id,
                evidence_id=file.evidence_id,
                evidence_version_id=file.version_id,
            )
        )


def _pin(
    ctx: Context,
    tx: Transaction,
    found: Sheet,
    answer: Answer,
    pin: AnswerConfirmation | None,
    earlier: Former,
    files: Sequence[FormerFile],
) -> None:
    if pin is None:
        pin = AnswerConfirmation(
            assessment_id=answer.assessment_id,
            engagement_id=answer.engagement_id,
            answer_id=answer.id,
            audience_id=None if answer.answered_by is AnsweredBy.VENDOR else found.row.principal_id,
            given_id=earlier.given_id,
            given_version=earlier.answer_version,
            given_at=earlier.given_at,
            content_sha256="",
            given_sha256="",
            confirmed_at=tx.now,
            confirmed_by=ctx.actor.person,
        )
        tx.add(pin)
    pin.given_id, pin.given_version, pin.given_at = earlier.given_id, earlier.answer_version, earlier.given_at
    pin.given_sha256 = earlier.digest
    pin.content_sha256 = carried.content_digest(
        earlier.value, earlier.comment, (file.sha256 for file in files)
    )
    pin.holds, pin.confirmed_at, pin.confirmed_by = True, tx.now, ctx.actor.person

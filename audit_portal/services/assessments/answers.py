"""Writing one answer: a draft that is saved at every pause, until the assessment is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from audit_portal.domain.access import Permission, require
from audit_portal.domain.assessment import AssessmentAction, AssessmentKind, AssessmentState, after
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.contracts import StandIn
from audit_portal.domain.errors import Conflict, NotFound
from audit_portal.domain.events.assessments import AssessmentBegun
from audit_portal.services.assessments import behalf_rules
from audit_portal.services.assessments.sheets import hands_in, side_of
from audit_portal.services.house import Context
from audit_portal.storage import assessments, contracts, get
from audit_portal.storage.tables.assessments import Answer, Assessment
from audit_portal.storage.tables.contracts import ClauseStandIn
from audit_portal.storage.transaction import Transaction

CLIENT_MAY = frozenset(
    {AssessmentState.SENT, AssessmentState.IN_PROGRESS, AssessmentState.SUBMITTED, AssessmentState.RETURNED}
)


@dataclass(frozen=True)
class Written:
    value: AnswerValue | None
    comment: str = ""
    action: str = ""
    action_due: date | None = None
    stand_in: StandIn | None = None  # of a contract check: what takes the place of a clause
    stand_in_words: str = ""


def writable(
    ctx: Context, tx: Transaction, assessment_id: UUID, item: str, for_vendor: bool = False
) -> tuple[Answer, Assessment]:
    """The answer, if this actor may write it now. Raises NotFound, or Conflict('answer_closed').

    `for_vendor`: also what the client enters on behalf of the vendor.
    """
    assessments.lock(tx, assessment_id)
    found = assessments.answer_of(tx, assessment_id, item)
    if found is None:
        raise NotFound()
    if for_vendor and behalf_rules.for_the_vendor(ctx, *found):
        behalf_rules.check_writable(ctx, tx, *found)
    else:
        check_writable(ctx, *found)
    return found


def check_writable(ctx: Context, answer: Answer, row: Assessment) -> None:
    """Raises NotFound or Conflict when this actor may not write this answer now."""
    if answer.answered_by is not side_of(ctx, row):
        raise NotFound()  # nobody is shown a form for what isn't theirs
    if answer.answered_by is hands_in(row):
        after(row.state, AssessmentAction.ANSWER)
    elif row.state not in CLIENT_MAY:
        raise Conflict("assessment_moved_on", state=row.state.value)
    if not answer.is_open:
        raise Conflict("answer_closed")


def note_writer(ctx: Context, answer: Answer) -> None:
    """Remembers that this person had a part in the answer: they don't review it, whoever saves it later."""
    me = str(ctx.actor.person)
    if me not in answer.writers:
        answer.writers = [*answer.writers, me]  # a new list: a change inside one would not be stored


def said(answer: Answer) -> Written:
    return Written(answer.value, answer.comment, answer.action, answer.action_due)


def save(ctx: Context, assessment_id: UUID, item: str, written: Written, version: int | None) -> int:
    """Saves a draft; returns the new version. Raises Conflict('changed_meanwhile') on a stale one, unless the
    newer version says the very same: then there is nothing to choose between."""
    require(ctx.actor, Permission.ANSWER_WRITE)
    with ctx.begin() as tx:
        answer, row = writable(ctx, tx, assessment_id, item)
        same = written == said(answer) and row.kind is not AssessmentKind.CONTRACT
        if version not in (None, answer.version) and same:
            return answer.version
        get.at_version(answer, version)
        put(ctx, tx, answer, row, written)
        tx.flush()
        return answer.version


def put(ctx: Context, tx: Transaction, answer: Answer, row: Assessment, written: Written) -> None:
    """Writes one answer that `check_writable` let through, as this person."""
    answer.value, answer.comment = written.value, written.comment
    answer.action, answer.action_due = written.action, written.action_due
    answer.answered_account_id, answer.answered_at = ctx.actor.person, tx.now
    note_writer(ctx, answer)
    if row.kind is AssessmentKind.CONTRACT:
        _write_stand_in(tx, answer, row, written)
    if row.state is AssessmentState.SENT and answer.answered_by is hands_in(row):
        row.state = after(row.state, AssessmentAction.ANSWER)
        tx.record(AssessmentBegun(engagement_id=row.engagement_id, assessment_id=row.id))


def _write_stand_in(tx: Transaction, answer: Answer, row: Assessment, written: Written) -> None:
    found = contracts.stand_in(tx, answer.id)
    if found is None:
        if written.stand_in is None:
            return
        found = ClauseStandIn(engagement_id=row.engagement_id, assessment_id=row.id, answer_id=answer.id)
        tx.add(found)
    found.kind = written.stand_in
    found.words = written.stand_in_words if written.stand_in else ""

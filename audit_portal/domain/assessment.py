"""One run of a checklist: its states, what an answer and a review may be, when writing is allowed."""

from __future__ import annotations

from enum import StrEnum

from audit_portal.domain.errors import Conflict, Invalid


class AssessmentKind(StrEnum):
    SELECTION = "selection"
    CONTRACT = "contract"
    PERIODIC = "periodic"
    AUDIT = "audit"
    EXIT = "exit"


# Answered by the client's own people alone: who entrusts the work, not the vendor, hands these in.
CLIENT_ONLY = frozenset({AssessmentKind.CONTRACT})


class AssessmentState(StrEnum):
    DRAFT = "draft"
    SENT = "sent"
    IN_PROGRESS = "in_progress"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    REVIEWED = "reviewed"
    DECIDED = "decided"


class AssessmentAction(StrEnum):
    SEND = "send"
    ANSWER = "answer"
    SUBMIT = "submit"
    RETURN = "return"
    FINISH_REVIEW = "finish_review"
    DECIDE = "decide"


_S, _A = AssessmentState, AssessmentAction
NEXT: dict[tuple[AssessmentState, AssessmentAction], AssessmentState] = {
    (_S.DRAFT, _A.SEND): _S.SENT,
    (_S.SENT, _A.ANSWER): _S.IN_PROGRESS,
    (_S.SENT, _A.SUBMIT): _S.SUBMITTED,
    (_S.IN_PROGRESS, _A.ANSWER): _S.IN_PROGRESS,
    (_S.IN_PROGRESS, _A.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _A.RETURN): _S.RETURNED,
    (_S.RETURNED, _A.ANSWER): _S.RETURNED,
    (_S.RETURNED, _A.SUBMIT): _S.SUBMITTED,
    (_S.SUBMITTED, _A.FINISH_REVIEW): _S.REVIEWED,
    (_S.REVIEWED, _A.RETURN): _S.RETURNED,
    (_S.REVIEWED, _A.DECIDE): _S.DECIDED,
}


RUNNING = frozenset({_S.SENT, _S.IN_PROGRESS, _S.SUBMITTED, _S.RETURNED})
SETTLED = frozenset({_S.REVIEWED, _S.DECIDED})  # the review is over
MAY_COME_BACK = RUNNING | {_S.REVIEWED}  # is answered now, or may be given back to be answered


def after(state: AssessmentState, action: AssessmentAction) -> AssessmentState:
    """The next state. Raises Conflict: the usual cause is that somebody else was quicker."""
    try:
        return NEXT[state, action]
    except KeyError:
        raise Conflict("assessment_moved_on", state=state.value, action=action.value) from None


class ReviewResult(StrEnum):
    CONFORMS = "conforms"
    PARTLY = "partly"
    NOT = "not"
    UNCONFIRMED = "unconfirmed"
    NOT_APPLICABLE = "not_applicable"


class ReviewBasis(StrEnum):
    """How the reviewer came to know (PPC guideline 3-4-4 note 3: visit or a reasonable alternative)."""

    STATEMENT = "statement"
    DOCUMENT = "document"
    INTERVIEW = "interview"
    ON_SITE = "on_site"  # observed there …
    REMOTE = "remote"  # … or over a screen
    SAMPLED = "sampled"
    THIRD_PARTY = "third_party"


def check_review(result: ReviewResult, comment: str) -> None:
    """Whatever is short of "conforms" needs a word why; else nobody can mend it."""
    if result is not ReviewResult.CONFORMS and not comment.strip():
        raise Invalid("review_comment_needed", field="comment")

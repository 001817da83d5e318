"""The states of an assessment, and what a review needs."""

from __future__ import annotations

from itertools import product

import pytest

from audit_portal.domain.assessment import (
    NEXT,
    AssessmentAction,
    AssessmentState,
    ReviewResult,
    after,
    check_review,
)
from audit_portal.domain.errors import Conflict, Invalid

S, A = AssessmentState, AssessmentAction
EXPECTED = {
    S.DRAFT: {A.SEND: S.SENT},
    S.SENT: {A.ANSWER: S.IN_PROGRESS, A.SUBMIT: S.SUBMITTED},
    S.IN_PROGRESS: {A.ANSWER: S.IN_PROGRESS, A.SUBMIT: S.SUBMITTED},
    S.SUBMITTED: {A.RETURN: S.RETURNED, A.FINISH_REVIEW: S.REVIEWED},
    S.RETURNED: {A.ANSWER: S.RETURNED, A.SUBMIT: S.SUBMITTED},
    S.REVIEWED: {A.RETURN: S.RETURNED, A.DECIDE: S.DECIDED},
    S.DECIDED: {},
}


@pytest.mark.parametrize(("state", "action"), list(product(S, A)))
def test_every_pair_of_state_and_action_is_decided(state: S, action: A) -> None:
    expected = EXPECTED[state].get(action)
    if expected:
        assert after(state, action) is expected
        return
    with pytest.raises(Conflict) as refused:
        after(state, action)
    assert refused.value.code == "assessment_moved_on"


def test_nothing_is_written_after_submission_unless_it_was_returned() -> None:
    writable = {state for state, action in NEXT if action is A.ANSWER}
    assert writable == {S.SENT, S.IN_PROGRESS, S.RETURNED}


def test_what_was_decided_stays() -> None:
    assert not [pair for pair in NEXT if pair[0] is S.DECIDED]


@pytest.mark.parametrize("result", ReviewResult)
@pytest.mark.parametrize("comment", ["", "  \n", "　"])
def test_what_falls_short_needs_a_word_why(result: ReviewResult, comment: str) -> None:
    if result is ReviewResult.CONFORMS:
        check_review(result, comment)
        return
    with pytest.raises(Invalid) as refused:
        check_review(result, comment)
    assert (refused.value.code, refused.value.field) == ("review_comment_needed", "comment")
    check_review(result, "規程を確認できませんでした。")

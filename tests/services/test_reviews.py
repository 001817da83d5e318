"""Reviews: by another person, of the answer as it stands, and of every item before they end."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.assessment import AssessmentState, ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from audit_portal.services.assessments import assessment_view, inspections, reviews
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from tests.factories.house import account, context
from tests.factories.world import answer_all, attach, inspected, submit
from tests.services.steps import CLIENT_ITEM, ON_SQLITE, VENDOR_ITEM, Case, at_once, execute, make_case

GOOD = Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT, "記録を見ました。")


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path).submitted()


def review(case: Case, who: str, item: str, judgement: Judgement = GOOD, version: int | None = None) -> None:
    reviews.review_item(case.as_(who), case.assessment_id, item, judgement, version)


def test_a_review_is_of_the_very_answer_and_stale_once_that_changes(case: Case) -> None:
    review(case, "second", VENDOR_ITEM)
    seen = case.item(VENDOR_ITEM).review
    assert seen is not None and seen.current
    case.give_back(VENDOR_ITEM)
    case.write("vendor_lead", VENDOR_ITEM, AnswerValue.NO)
    submit(case.as_("vendor_lead"), case.assessment_id)
    seen = case.item(VENDOR_ITEM).review
    assert seen is not None and not seen.current
    answer_all(case.as_("officer"), case.assessment_id)
    with pytest.raises(Refused) as refused:
        reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)
    assert VENDOR_ITEM in refused.value.blockers
    review(case, "second", VENDOR_ITEM, version=seen.version)
    again = case.item(VENDOR_ITEM).review
    assert again is not None and again.current


def test_nobody_reviews_their_own_answer(case: Case) -> None:
    case.write("officer", CLIENT_ITEM)
    with pytest.raises(Forbidden) as refused:
        review(case, "officer", CLIENT_ITEM)
    assert refused.value.code == "own_answer"
    assert case.item(CLIENT_ITEM, "officer").own_answer
    assert not case.item(CLIENT_ITEM, "officer").reviewable
    review(case, "second", CLIENT_ITEM)
    assert not case.item(CLIENT_ITEM).editable


@ON_SQLITE
def test_who_wrote_an_answer_does_not_review_it_after_somebody_else_saved_it(case: Case) -> None:
    third = account(case.house, case.everyone.client_id, Role.OFFICER)
    case.write("officer", CLIENT_ITEM, text="わたしの文")
    case.write("officer", CLIENT_ITEM, text="わたしの文、その2")
    case.write("second", CLIENT_ITEM, text="わたしの文、その2")
    for who in ("officer", "second"):
        with pytest.raises(Forbidden) as refused:
            review(case, who, CLIENT_ITEM)
        assert refused.value.code == "own_answer"
        assert case.item(CLIENT_ITEM, who).own_answer
        assert not case.item(CLIENT_ITEM, who).reviewable
    reader = context(case.house, third)
    seen = assessment_view.get_assessment(reader, case.assessment_id).item(CLIENT_ITEM)
    assert seen.reviewable and not seen.own_answer
    reviews.review_item(reader, case.assessment_id, CLIENT_ITEM, GOOD, None)
    writers = execute(case.house, "SELECT writers FROM answer WHERE item = :item", item=CLIENT_ITEM)
    assert json.loads(writers[0][0]) == [str(case.everyone.officer), str(case.second)]


@ON_SQLITE
def test_an_unanswered_item_of_the_client_is_not_reviewed(case: Case) -> None:
    with pytest.raises(Invalid) as refused:
        review(case, "second", CLIENT_ITEM)
    assert refused.value.code == "answer_incomplete"


@ON_SQLITE
def test_who_may_review(case: Case) -> None:
    with pytest.raises(NotFound):
        review(case, "auditor", VENDOR_ITEM)
    engagements.assign(case.as_("officer"), case.engagement_id, case.everyone.auditor)
    review(case, "auditor", VENDOR_ITEM)
    for who in ("approver", "owner", "admin", "vendor_lead", "vendor_contributor"):
        with pytest.raises(Forbidden):
            review(case, who, "QSL-003")
        with pytest.raises(Forbidden):
            reviews.finish(case.as_(who), case.assessment_id, 1)
    for code in ("QSL-999", ""):
        with pytest.raises(NotFound):
            review(case, "second", code)


@ON_SQLITE
def test_what_falls_short_needs_a_word_and_keeps_the_ledger_free_of_it(case: Case) -> None:
    with pytest.raises(Invalid):
        review(case, "second", VENDOR_ITEM, Judgement(ReviewResult.NOT, ReviewBasis.ON_SITE, " "))
    review(
        case, "second", VENDOR_ITEM, Judgement(ReviewResult.NOT, ReviewBasis.ON_SITE, "規程𠮷がありません。")
    )
    bodies = execute(case.house, "SELECT body FROM ledger_entry")
    assert not [body for (body,) in bodies if "規程".encode() in bytes(body)]


def test_of_two_reviewers_at_once_the_second_is_told(case: Case) -> None:
    found = at_once(*[lambda who=who: review(case, who, VENDOR_ITEM) for who in ("officer", "second")])
    refused = [each for each in found if each is not None]
    assert len(refused) == 1
    assert isinstance(refused[0], Conflict), refused


@ON_SQLITE
def test_a_review_written_from_an_old_page_is_refused(case: Case) -> None:
    review(case, "second", VENDOR_ITEM)
    for version in (None, 99):
        with pytest.raises(Conflict):
            review(case, "officer", VENDOR_ITEM, version=version)
    with pytest.raises(Conflict):
        reviews.review_item(case.as_("second"), case.assessment_id, "QSL-003", GOOD, None, answer_version=99)


def test_the_review_ends_only_when_every_item_has_one(case: Case) -> None:
    answer_all(case.as_("officer"), case.assessment_id)
    codes = [item.code for item in case.view().items]
    for position, code in enumerate(codes):
        with pytest.raises(Refused) as refused:
            reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)
        assert refused.value.blockers == tuple(codes[position:])
        review(case, "second", code)
    reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)
    assert case.state is AssessmentState.REVIEWED
    with pytest.raises(Conflict):
        review(case, "second", VENDOR_ITEM, version=1)


@ON_SQLITE
def test_a_vendor_sees_no_review_before_it_ends(case: Case) -> None:
    review(case, "second", VENDOR_ITEM)
    assert case.item(VENDOR_ITEM, "vendor_lead").review is None


def test_a_review_and_the_end_of_the_review_at_once_leave_nothing_changed_afterwards(case: Case) -> None:
    answer_all(case.as_("officer"), case.assessment_id)
    for item in case.view().items:
        review(case, "second", item.code)
    head, worse = case.view().head.version, Judgement(ReviewResult.NOT, ReviewBasis.DOCUMENT, "不足")
    at_once(
        lambda: reviews.finish(case.as_("second"), case.assessment_id, head),
        lambda: review(case, "officer", VENDOR_ITEM, worse, 1),
    )
    events = execute(
        case.house,
        "SELECT event FROM ledger_entry WHERE event IN ('assessment.item_reviewed', 'assessment.reviewed') "
        "ORDER BY seq",
    )
    assert events[-1] == ("assessment.reviewed",)
    assert case.state is AssessmentState.REVIEWED


def test_a_basis_of_which_nothing_is_on_record_is_refused_and_what_shows_it_is_enough(
    house: House, tmp_path: Path
) -> None:
    """A file, an inspection, or the reviewer's own words; who only read the answer says so."""
    case = make_case(house, tmp_path)
    attach(case.as_("vendor_lead"), case.assessment_id, "QSL-003")
    case.submitted()
    for basis in (ReviewBasis.DOCUMENT, ReviewBasis.INTERVIEW, ReviewBasis.ON_SITE, ReviewBasis.REMOTE):
        with pytest.raises(Invalid, match="basis_needs_record") as refused:
            review(case, "second", VENDOR_ITEM, Judgement(ReviewResult.CONFORMS, basis, " "))
        assert refused.value.field == "comment"
    review(case, "second", "QSL-003", Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT))
    review(case, "second", "QSL-004", Judgement(ReviewResult.CONFORMS, ReviewBasis.STATEMENT))
    inspections.record(case.as_("second"), case.assessment_id, VENDOR_ITEM, inspected(case.house))
    review(case, "second", VENDOR_ITEM, Judgement(ReviewResult.CONFORMS, ReviewBasis.ON_SITE))

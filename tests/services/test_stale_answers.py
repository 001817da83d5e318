"""What engagements rely on and what went stale: marked by change and expiry, settled by a person, never edited."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.services.assessments import answers, stale
from audit_portal.services.assessments.answers import Written
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from tests.factories.house import account, vendor
from tests.factories.world import answer_all, review_all, work
from tests.services.carried_steps import COMPANY, OF_WORK, OTHER, Two, again, another, finish, two
from tests.services.steps import Case


@pytest.fixture
def both(house: House, tmp_path: Path) -> Two:
    return two(house, tmp_path)


def flagged(case: Case, who: str = "officer") -> dict[UUID, int]:
    return {each.engagement_id: each.count for each in stale.listed(case.as_(who))}


def items(case: Case) -> list[str]:
    return [each.item for each in stale.of_engagement(case.as_("officer"), case.engagement_id)]


def settle(case: Case, reason: str = "この業務では以前のままです。") -> None:
    (found, *_) = stale.of_engagement(case.as_("officer"), case.engagement_id)
    stale.settle(
        case.as_("officer"), case.engagement_id, found.given_id, found.version, found.newer_sha256, reason
    )


def test_a_different_answer_marks_every_engagement_that_relies_on_the_older_one(both: Two) -> None:
    case = both.second
    both.confirm(COMPANY, OTHER)
    finish(case)
    assert flagged(case) == {}
    third = another(both.first, "三つめの業務")
    finish(third, QSL_002="一部だけになりました。", QSL_004="この業務では一部です。")
    assert flagged(case) == {both.first.engagement_id: 1, case.engagement_id: 1}
    (found,) = stale.of_engagement(case.as_("officer"), case.engagement_id)
    assert (found.item, found.relied.value, found.relied.comment) == (
        COMPANY,
        AnswerValue.YES,
        "しています。",
    )
    assert found.newer is not None and found.newer.value is AnswerValue.PARTIAL
    assert found.newer.number == third.view().head.number
    assert case.item(COMPANY).value is AnswerValue.YES


def test_the_same_words_again_mark_nothing_and_take_a_mark_away(both: Two) -> None:
    case = both.second
    both.confirm(COMPANY, OTHER)
    finish(case, QSL_003="一部です。")
    assert items(both.first) == [OTHER]
    third = replace(both, second=another(both.first, "三つめの業務"))
    third.confirm(COMPANY)
    answers.save(
        third.second.as_("vendor_lead"),
        third.second.assessment_id,
        OTHER,
        Written(AnswerValue.YES, "しています。"),
        None,
    )
    finish(third.second)
    assert items(both.first) == []
    assert items(case) == [OTHER]


def test_an_engagement_that_answered_anew_relies_on_the_older_one_no_longer(both: Two) -> None:
    case = both.second
    both.confirm(COMPANY, OTHER)
    finish(case)
    finish(another(both.first, "三つめの業務"), QSL_002="変わりました。")
    assert items(case) == [COMPANY]
    answer_all(case.as_("officer"), case.assessment_id)
    review_all(case.as_("second"), case.assessment_id)
    year = replace(both, second=again(case))
    year.confirm(COMPANY)
    finish(year.second)
    assert items(case) == []


def test_what_was_confirmed_from_an_answer_replaced_meanwhile_is_marked_at_once(both: Two) -> None:
    case = both.second
    both.confirm(COMPANY, OTHER)
    finish(another(both.first, "三つめの業務"), QSL_002="変わりました。")
    finish(case)
    assert COMPANY in items(case)
    fourth = replace(both, second=another(both.first, "四つめの業務"))
    assert fourth.former().comment == "変わりました。"  # type: ignore[union-attr]


def test_an_expired_document_marks_all_that_rely_on_it_until_somebody_looked(both: Two) -> None:
    case = both.second
    both.confirm(COMPANY, OTHER)
    finish(case)
    case.house.clock.move(days=200)  # type: ignore[attr-defined]  # past 31 March
    assert flagged(case) == {both.first.engagement_id: 1, case.engagement_id: 1}
    (found,) = stale.of_engagement(case.as_("officer"), case.engagement_id)
    assert found.newer is None and [file.name for file in found.expired] == ["規程.txt"]
    settle(case)
    assert flagged(case) == {both.first.engagement_id: 1}


def test_settling_records_who_and_why_and_a_later_change_opens_it_again(both: Two) -> None:
    case = both.second
    both.confirm(COMPANY, OTHER)
    finish(case)
    finish(another(both.first, "三つめの業務"), QSL_002="変わりました。")
    (found,) = stale.of_engagement(case.as_("officer"), case.engagement_id)
    with pytest.raises(Invalid, match="settle_reason_needed"):
        settle(case, " ")
    settle(case)
    assert items(case) == [] and items(both.first) == [COMPANY]
    (done,) = stale.settled(case.as_("officer"), case.engagement_id)
    assert (done.item, done.reason) == (COMPANY, "この業務では以前のままです。")
    assert done.settled_by == case.as_("officer").actor.name
    with pytest.raises(Conflict, match="nothing_stale"):
        stale.settle(
            case.as_("officer"),
            case.engagement_id,
            found.given_id,
            found.version,
            found.newer_sha256,
            "もう一度",
        )
    finish(another(both.first, "四つめの業務"), QSL_002="また変わりました。")
    assert items(case) == [COMPANY]
    with pytest.raises(Conflict, match="changed_meanwhile"):
        stale.settle(
            case.as_("officer"),
            case.engagement_id,
            found.given_id,
            found.version,
            found.newer_sha256,
            "古い画面",
        )


def test_only_an_officer_settles_and_vendors_learn_nothing_of_it(both: Two) -> None:
    case = both.second
    finish(case, QSL_002="変わりました。")
    (found,) = stale.of_engagement(both.first.as_("officer"), both.first.engagement_id)
    rest = (both.first.engagement_id, found.given_id, found.version, found.newer_sha256, "なぜなら")
    for who in ("approver", "vendor_lead", "owner"):
        with pytest.raises(Forbidden):
            stale.settle(case.as_(who), *rest)
    for who in ("vendor_lead", "vendor_contributor"):
        with pytest.raises(Forbidden):
            stale.listed(case.as_(who))
    with pytest.raises(NotFound):
        stale.of_engagement(case.as_("auditor"), both.first.engagement_id)
    with pytest.raises(NotFound):  # another engagement's
        stale.settle(case.as_("officer"), case.engagement_id, *rest[1:])


def test_a_neighbours_answers_mark_nothing(both: Two) -> None:
    case = both.second
    finish(case)
    officer = case.as_("officer")
    other = vendor(case.house, case.everyone.officer, "隣の会社株式会社", "トナリノカイシャ")
    theirs = replace(
        case,
        everyone=replace(
            case.everyone, vendor_id=other, vendor_lead=account(case.house, other, Role.VENDOR_LEAD)
        ),
    )
    engagements.register(officer, other, work("隣の業務"))
    finish(another(theirs, "隣の業務"), QSL_002="ちがう答えです。", QSL_003="ちがう答えです。")
    assert flagged(case) == {}


def test_the_answer_of_one_engagement_marks_no_other(both: Two) -> None:
    finish(both.second, QSL_004="この業務では一部です。")
    assert OF_WORK not in items(both.first)

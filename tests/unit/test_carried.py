"""Which earlier answers may stand for a question, and when two answers say the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain import carried
from audit_portal.domain.carried import Wanted
from audit_portal.domain.checklist import AnsweredBy, AnswerValue, Item, Scope
from audit_portal.domain.errors import Invalid
from tests.unit.checklist_data import one

HERE, THERE = UUID(int=1), UUID(int=2)
SITES = ["a" * 32, "b" * 32]
NOON = datetime(2026, 11, 21, 3, tzinfo=UTC)


@dataclass(frozen=True)
class Row:
    item: str
    question: str
    meaning: str
    fresh: bool
    place: str
    engagement_id: UUID
    given_at: datetime


def asked(code: str = "PRV-001", scope: Scope = Scope.COMPANY, **more: Any) -> Item:
    return replace(one(), id=code, scope=scope, **more)


def answered(
    what: Item, engagement_id: UUID = THERE, sites: list[str] | None = None, at: datetime = NOON
) -> Row:
    return Row(
        what.id,
        carried.question_of(what),
        carried.meaning_of(what),
        what.fresh,
        carried.place_of(what, engagement_id, sites),
        engagement_id,
        at,
    )


def wanted(what: Item, sites: list[str] | None = None) -> Wanted:
    return Wanted(what, carried.place_of(what, HERE, sites), HERE)


def test_a_company_answer_of_any_engagement_stands_for_the_same_question() -> None:
    what = asked()
    assert carried.may_stand_for(answered(what), wanted(what))


def test_an_answer_on_an_engagement_stands_for_no_other() -> None:
    what = asked(scope=Scope.ENGAGEMENT)
    assert carried.may_stand_for(answered(what, HERE), wanted(what))
    assert not carried.may_stand_for(answered(what, THERE), wanted(what))


def test_an_answer_on_sites_stands_only_for_the_very_same_sites() -> None:
    what = asked(scope=Scope.SITE)
    assert carried.may_stand_for(answered(what, sites=SITES), wanted(what, SITES[::-1]))
    assert not carried.may_stand_for(answered(what, sites=SITES[:1]), wanted(what, SITES))
    assert not carried.may_stand_for(answered(what, sites=SITES), wanted(what, None))
    assert not carried.may_stand_for(answered(what, sites=None), wanted(what, None))  # of another engagement
    assert not carried.may_stand_for(answered(what, sites=[]), wanted(what, []))


def test_a_question_in_other_words_is_answered_anew() -> None:
    what = asked()
    other = replace(what, question=replace(what.question, ja="別の問いか"))
    assert not carried.may_stand_for(answered(what), wanted(other))
    assert carried.may_stand_for(
        answered(what), wanted(replace(what, weight=what.weight + 1, hint=other.question))
    )


def test_same_as_carries_in_both_directions_and_between_siblings() -> None:
    old, new, sibling = (
        asked("SEL-008"),
        asked("PRV-007", same_as="SEL-008"),
        asked("MON-001", same_as="SEL-008"),
    )
    for source, target in ((old, new), (new, old), (new, sibling)):
        assert carried.may_stand_for(answered(source), wanted(target))
    assert not carried.may_stand_for(answered(asked("SEL-009")), wanted(new))


def test_what_is_asked_about_a_period_is_never_carried() -> None:
    old, new = asked("SEL-012"), asked("PRV-011", same_as="SEL-012", fresh=True)
    assert not carried.may_stand_for(answered(old), wanted(new))
    assert not carried.may_stand_for(answered(new), wanted(new))
    assert not carried.may_stand_for(answered(new), wanted(old))


def test_what_the_client_answers_holds_for_its_engagement_alone() -> None:
    what = replace(asked(), answered_by=AnsweredBy.CLIENT)
    assert carried.scope_of(what) is Scope.ENGAGEMENT
    assert not carried.may_stand_for(answered(what, THERE), wanted(what))


scopes, sites = st.sampled_from(Scope), st.one_of(st.none(), st.lists(st.sampled_from(SITES), unique=True))


@given(
    st.lists(st.tuples(st.sampled_from(("SEL-008", "PRV-007", "SEL-009")), scopes, st.booleans(), sites,
                       st.sampled_from((HERE, THERE)), st.integers(0, 5))),
    scopes, st.booleans(), sites,
)  # fmt: skip
def test_the_newest_that_fits_is_taken_and_nothing_that_does_not_fit(
    rows: list[tuple[str, Scope, bool, list[str] | None, UUID, int]],
    scope: Scope,
    fresh: bool,
    at: list[str] | None,
) -> None:
    def made(code: str, scope: Scope, fresh: bool) -> Item:
        return asked(code, scope, fresh=fresh, same_as="SEL-008" if code == "PRV-007" else None)

    before = [
        answered(made(code, each, new), where, places, NOON + timedelta(days=day))
        for code, each, new, places, where, day in rows
    ]
    target = wanted(made("PRV-007", scope, fresh), at)
    fitting = [row for row in before if carried.may_stand_for(row, target)]
    found = carried.newest(before, target)
    assert (found is None) == (not fitting)
    if found is not None:
        assert not fresh and not found.fresh
        assert found.question == "SEL-008" and found.place == target.place
        assert found.given_at == max(row.given_at for row in fitting)
        if scope is Scope.ENGAGEMENT:
            assert found.engagement_id == HERE
    shown = carried.newest_shown(before, target)
    assert shown is found if found is not None else shown is None or shown.engagement_id == HERE


@given(st.sampled_from(AnswerValue), st.text(), st.lists(st.text(min_size=1)))
def test_two_answers_say_the_same_when_value_words_and_documents_do(
    value: AnswerValue, words: str, files: list[str]
) -> None:
    one = carried.content_digest(value, words, files)
    assert one == carried.content_digest(value, f"{words}\n", files[::-1])
    assert one != carried.content_digest(value, f"{words}x", files)
    assert one != carried.content_digest(value, words, [*files, "another"])
    assert one != carried.content_digest(None, words, files)


def test_a_document_and_a_plan_hold_through_their_last_day() -> None:
    day = date(2026, 11, 21)
    assert [carried.has_expired(each, day) for each in (None, day, day - timedelta(days=1))] == [
        False,
        False,
        True,
    ]
    assert [carried.plan_holds(each, day) for each in (None, day, day - timedelta(days=1))] == [
        True,
        True,
        False,
    ]
    assert carried.earliest([None, day, day - timedelta(days=3)]) == day - timedelta(days=3)
    assert carried.earliest([None]) is None


def test_why_it_still_holds_has_to_be_said() -> None:
    with pytest.raises(Invalid, match="settle_reason_needed"):
        carried.check_reason(" \n")


@dataclass(frozen=True)
class Words:
    value: AnswerValue
    comment: str
    hashes: tuple[str, ...] = ()


def test_a_newer_answer_says_something_else_by_value_words_or_a_new_document() -> None:
    older = Words(AnswerValue.YES, "規程があります。", ("a", "b"))
    for same in (
        older,
        replace(older, comment="規程があります。\n"),
        replace(older, hashes=("b",)),
        replace(older, hashes=()),
    ):
        assert carried.says_the_same(older, same)
    for other in (
        replace(older, value=AnswerValue.PARTIAL),
        replace(older, comment="改めました。"),
        replace(older, hashes=("a", "c")),
    ):
        assert not carried.says_the_same(older, other)

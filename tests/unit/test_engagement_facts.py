"""What facts say: conditions, the tier by rule, what a change touches, what became new."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.adapters.checklists_yaml import ChecklistFolder
from audit_portal.config import ROOT
from audit_portal.domain.change import TOUCHES, Touch, changed, touched
from audit_portal.domain.checklist import (
    AnsweredBy,
    AnswerValue,
    Asked,
    Tier,
    addition,
    applicable,
    fired,
    is_addition,
    newly_asked,
)
from audit_portal.domain.engagement import (
    ASKED,
    ASKED_OF_CONFORMING,
    DataKind,
    EngagementFacts,
    Place,
    Recipient,
    Route,
    Upstream,
    conditions_of,
)
from audit_portal.domain.recheck import recheck_blockers
from audit_portal.domain.risk import MANY, REPORTABLE, Why, proposal
from audit_portal.domain.supervision import Classification, WorkKind
from tests.factories.world import work

FOLDER = ChecklistFolder(ROOT / "checklists")
LISTS = FOLDER.references()
SELECTION = FOLDER.parse(next(Path(ROOT / "checklists/selection_check").glob("*.yaml")).read_bytes())
LOW, MEDIUM, HIGH = Tier.LOW, Tier.MEDIUM, Tier.HIGH
COUNTRIES = st.sampled_from(["JP", "US", "DE"])

recipients = st.builds(
    Recipient, st.just("A社"), st.sampled_from(["US", "DE"]), st.sampled_from(Route), st.just("契約")
)
some_facts = st.builds(
    EngagementFacts,
    title=st.sampled_from(["入力", "印刷"]),
    work_kind=st.sampled_from(WorkKind),
    purpose=st.just("案内"),
    data_categories=st.sampled_from(["", "氏名"]),
    persons=st.sampled_from([0, 1, REPORTABLE, REPORTABLE + 1, MANY, MANY + 1]),
    classification=st.sampled_from(Classification),
    classification_reason=st.just("理由"),
    special_care=st.booleans(),
    my_number=st.booleans(),
    handled_abroad=st.booleans(),
    subcontracting=st.booleans(),
    recheck_on=st.sampled_from([None, date(2027, 1, 1)]),
    data_kinds=st.lists(st.sampled_from(DataKind), max_size=3, unique=True).map(tuple),
    places=st.lists(st.builds(Place, COUNTRIES), max_size=2).map(tuple),
    recipients=st.lists(recipients, max_size=2).map(tuple),
    profile=st.lists(st.sampled_from((*ASKED, *ASKED_OF_CONFORMING)), max_size=3, unique=True).map(tuple),
    risk_tier=st.sampled_from([None, *Tier]),
    tier_reason=st.sampled_from(["", "理由"]),
    owner_id=st.sampled_from([None, UUID(int=1)]),
    upstream=st.sampled_from([Upstream(), Upstream("元の会社", permission_needed=True)]),
)


@pytest.mark.parametrize(
    ("facts", "tier", "why"),
    [
        ({"persons": 0}, LOW, ()),
        ({"persons": REPORTABLE}, LOW, ()),
        ({"persons": REPORTABLE + 1}, MEDIUM, (Why.REPORTABLE,)),
        ({"persons": MANY}, MEDIUM, (Why.REPORTABLE,)),
        ({"persons": MANY + 1}, HIGH, (Why.MANY,)),
        ({"persons": 1, "special_care": True}, HIGH, (Why.SPECIAL_CARE,)),
        ({"persons": 1, "my_number": True}, MEDIUM, (Why.MY_NUMBER,)),
        ({"persons": REPORTABLE + 1, "my_number": True}, HIGH, (Why.MY_NUMBER_OF_MANY,)),
        ({"persons": 1, "data_kinds": (DataKind.FINANCE,)}, MEDIUM, (Why.MONEY,)),
        ({"persons": REPORTABLE + 1, "data_kinds": (DataKind.CREDENTIALS,)}, HIGH, (Why.MONEY_OF_MANY,)),
        ({"persons": 1, "handled_abroad": True}, MEDIUM, (Why.ABROAD,)),
        ({"persons": 1, "places": (Place("US"),)}, MEDIUM, (Why.ABROAD,)),
        ({"persons": MANY, "handled_abroad": True}, MEDIUM, (Why.REPORTABLE, Why.ABROAD)),
        ({"persons": 1, "profile": ("gdpr",)}, MEDIUM, (Why.CONDITION,)),
    ],
)
def test_the_tier_at_its_borders(facts: dict[str, Any], tier: Tier, why: tuple[Why, ...]) -> None:
    found = proposal(replace(work(), **facts), LISTS.floors)
    assert (found.tier, found.why) == (tier, why)


@given(some_facts, st.data())
def test_more_risk_never_lowers_the_tier(facts: EngagementFacts, data: st.DataObject) -> None:
    worse = replace(
        facts,
        persons=facts.persons + data.draw(st.integers(0, 100_000)),
        special_care=facts.special_care or data.draw(st.booleans()),
        my_number=facts.my_number or data.draw(st.booleans()),
        handled_abroad=facts.handled_abroad or data.draw(st.booleans()),
        data_kinds=(*facts.data_kinds, *data.draw(st.lists(st.sampled_from(DataKind), max_size=2))),
        profile=tuple({*facts.profile, *data.draw(st.lists(st.sampled_from(ASKED), max_size=2))}),
    )
    assert proposal(worse, LISTS.floors).tier.at_least(proposal(facts, LISTS.floors).tier)


@given(some_facts)
def test_a_tier_above_the_lowest_says_why(facts: EngagementFacts) -> None:
    found = proposal(facts, LISTS.floors)
    assert bool(found.why) is (found.tier is not LOW)
    floors = [LISTS.floors[code] for code in conditions_of(facts) if code in LISTS.floors]
    assert all(found.tier.at_least(floor) for floor in floors)


@given(some_facts, COUNTRIES)
def test_every_condition_that_facts_set_is_one_the_lists_know(facts: EngagementFacts, country: str) -> None:
    assert set(conditions_of(facts, country)) <= set(LISTS.conditions)


def abroad(route: Route) -> EngagementFacts:
    return replace(work(), recipients=(Recipient("A社", "US", route, "契約書"),))


@pytest.mark.parametrize(
    ("facts", "country", "held"),
    [
        (work(), "JP", set()),
        (work(), "US", {"foreign_vendor"}),
        (abroad(Route.NOT_APPLICABLE), "US", {"cross_border"}),
        (abroad(Route.DESIGNATED), "JP", {"cross_border", "foreign_vendor"}),
        (abroad(Route.CONFORMING), "JP", {"cross_border", "foreign_vendor", "foreign_conforming"}),
        (abroad(Route.CONSENT), "JP", {"cross_border", "foreign_vendor", "foreign_consent"}),
        (replace(abroad(Route.CONSENT), profile=("impairment",)), "JP",
         {"cross_border", "foreign_vendor", "foreign_consent"}),
        (replace(abroad(Route.CONFORMING), profile=("impairment",)), "JP",
         {"cross_border", "foreign_vendor", "foreign_conforming", "impairment"}),
        (replace(work(), classification=Classification.CLOUD_NOT_HANDLING), "JP", {"cloud"}),
        (replace(work(), work_kind=WorkKind.ITO, subcontracting=True), "JP", {"ito", "subcontracting"}),
    ],
)  # fmt: skip
def test_conditions_are_derived_where_the_facts_say_so(
    facts: EngagementFacts, country: str, held: set[str]
) -> None:
    assert set(conditions_of(facts, country)) == held


@given(some_facts, some_facts)
def test_only_facts_that_are_said_to_touch_it_move_tier_or_conditions(
    one: EngagementFacts, other: EngagementFacts
) -> None:
    for touch, worked_out in (
        (Touch.TIER, lambda facts: proposal(facts, LISTS.floors)),
        (Touch.CONDITIONS, conditions_of),
    ):
        moving = {name for name, touches in TOUCHES.items() if touch in touches}
        mixed = replace(
            one, **{each.name: getattr(other, each.name) for each in fields(one) if each.name not in moving}
        )
        assert worked_out(mixed) == worked_out(one)


@given(some_facts, some_facts)
def test_a_change_is_named_by_its_facts(one: EngagementFacts, other: EngagementFacts) -> None:
    what = changed(one, other)
    assert what == changed(other, one)
    assert replace(one, **{name: getattr(other, name) for name in what}) == other
    assert touched(what) <= set(Touch) and not touched(frozenset())


CONDITIONS = sorted({code for item in SELECTION.items for code in item.conditions})
some_conditions = st.frozensets(st.sampled_from(CONDITIONS))
some_answers = st.dictionaries(
    st.sampled_from([item.id for item in SELECTION.items]), st.sampled_from(AnswerValue), max_size=8
)


def asked(tier: Tier, conditions: frozenset[str], answers: dict[str, AnswerValue]) -> Asked:
    held = conditions | fired(SELECTION, answers, conditions)
    items = applicable(SELECTION, tier, held)
    return Asked(
        tier, held, frozenset(i.id for i in items if i.answered_by is not AnsweredBy.PORTAL), answers
    )


@given(st.sampled_from(Tier), some_conditions, some_answers)
def test_unchanged_facts_make_nothing_new(
    tier: Tier, conditions: frozenset[str], answers: dict[str, AnswerValue]
) -> None:
    assert newly_asked(SELECTION, (asked(tier, conditions, answers),), tier, conditions) == ()


@given(st.sampled_from(Tier), some_conditions, st.sampled_from(Tier), some_conditions, some_answers)
def test_what_applies_now_was_asked_or_is_new_and_never_both(
    tier: Tier,
    conditions: frozenset[str],
    later_tier: Tier,
    later: frozenset[str],
    answers: dict[str, AnswerValue],
) -> None:
    before = asked(tier, conditions, answers)
    new = {item.id for item in newly_asked(SELECTION, (before,), later_tier, later)}
    now = applicable(SELECTION, later_tier, later | fired(SELECTION, answers, later))
    wanted = {item.id for item in now if item.answered_by is not AnsweredBy.PORTAL}
    assert new | (before.items & wanted) == wanted
    assert not new & before.items


@given(some_conditions, some_conditions)
def test_a_check_of_just_what_was_new_settles_it(one: frozenset[str], other: frozenset[str]) -> None:
    first = asked(LOW, one, {})
    new = newly_asked(SELECTION, (first,), HIGH, one | other)
    second = Asked(HIGH, one | other, frozenset(item.id for item in new))
    assert newly_asked(SELECTION, (first, second), HIGH, one | other) == ()


@given(st.sampled_from(Tier), some_conditions, st.sampled_from(Tier), some_conditions, some_answers)
def test_a_check_that_adds_asks_what_is_new_and_is_known_by_what_it_left_out(
    tier: Tier,
    conditions: frozenset[str],
    later_tier: Tier,
    later: frozenset[str],
    answers: dict[str, AnswerValue],
) -> None:
    before = asked(tier, conditions, answers)
    whole = frozenset(item.id for item in applicable(SELECTION, tier, before.conditions))
    assert not is_addition(SELECTION, tier, before.conditions, whole)
    found = addition(SELECTION, before, later_tier, later)
    new = newly_asked(SELECTION, (before,), later_tier, later)
    assert bool(found) == bool(new)
    if found is None:
        return
    assert found.asked == new and set(new) <= set(found.items)
    assert not {item.id for item in found.items} & before.items
    codes = frozenset(item.id for item in found.items)
    kept = {item.id for item in applicable(SELECTION, later_tier, found.conditions)} & before.items
    assert is_addition(SELECTION, later_tier, found.conditions, codes) == bool(kept)


def test_a_rise_of_the_tier_and_a_new_condition_make_items_new() -> None:
    before = asked(LOW, frozenset(), {})
    risen = {item.id for item in newly_asked(SELECTION, (before,), HIGH, frozenset())}
    assert risen and risen.isdisjoint(before.items)
    abroad = newly_asked(SELECTION, (before,), LOW, frozenset({"foreign_vendor", "cross_border"}))
    assert abroad and all({"foreign_vendor", "cross_border"} & item.conditions for item in abroad)
    assert newly_asked(SELECTION, (asked(HIGH, frozenset(), {}),), LOW, frozenset()) == ()


def test_what_was_never_asked_cannot_be_accepted_away() -> None:
    (blocker,) = recheck_blockers(["SEL-040"])
    assert (blocker.item, blocker.acceptable) == ("SEL-040", False)

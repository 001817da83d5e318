"""Which items apply, what is missing, what scores, what stops a gate: on small checklists made here."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain import checklist as cl
from audit_portal.domain.assessment import ReviewResult
from audit_portal.domain.checklist import Answer, AnswerValue, Duty, Missing, Tier
from tests.unit.checklist_data import ids, item, made, one

YES, PARTIAL, NO = AnswerValue.YES, AnswerValue.PARTIAL, AnswerValue.NO
NOT_APPLICABLE, UNKNOWN = AnswerValue.NOT_APPLICABLE, AnswerValue.UNKNOWN
TIERS = [["low", "medium", "high"], ["medium", "high"], ["high"]]
CODES = ["cloud", "gdpr", "my_number", "subcontracting"]


items_made = st.builds(
    lambda tiers, when: item(1, tiers=tiers, applies_when=when),
    st.sampled_from(TIERS),
    st.one_of(
        st.just("always"), st.sampled_from(CODES), st.lists(st.sampled_from(CODES), min_size=2, unique=True)
    ),
)
lists_made = st.lists(items_made, min_size=1, max_size=12).map(
    lambda items: made(*({**each, "id": f"TST-{number:03}"} for number, each in enumerate(items)))
)
conditions_made = st.frozensets(st.sampled_from([*CODES, "ito"]))


@given(lists_made, st.sampled_from(Tier), conditions_made)
def test_an_item_is_shown_just_when_its_tier_and_every_condition_holds(
    checklist: cl.Checklist, tier: Tier, conditions: frozenset[str]
) -> None:
    shown = cl.applicable(checklist, tier, conditions)
    for each in checklist.items:
        assert (each in shown) == (tier in each.tiers and all(code in conditions for code in each.conditions))


@given(lists_made, conditions_made, conditions_made)
def test_a_higher_tier_and_further_conditions_never_hide_an_item(
    checklist: cl.Checklist, conditions: frozenset[str], more: frozenset[str]
) -> None:
    low, medium, high = (set(ids(cl.applicable(checklist, tier, conditions))) for tier in Tier)
    assert low <= medium <= high
    assert high <= set(ids(cl.applicable(checklist, Tier.HIGH, conditions | more)))


def test_the_condition_that_holds_replaces_the_duty_and_the_strongest_counts() -> None:
    several = one(duty="std", duty_if={"cloud": "gl_should", "gdpr": "eu", "my_number": "gl_must"})
    assert cl.duty_of(several, frozenset()) is Duty.STANDARD
    assert cl.duty_of(several, {"cloud"}) is Duty.GUIDELINE_SHOULD
    assert cl.duty_of(several, {"cloud", "my_number", "gdpr"}) is Duty.EU


@pytest.mark.parametrize(
    ("changes", "required"),
    [
        ({"evidence_from": "low"}, [True, True, True]),
        ({"evidence_from": "medium"}, [False, True, True]),
        ({"evidence_from": "high"}, [False, False, True]),
        ({"evidence_from": "never"}, [False, False, False]),
        ({"evidence_from": "low", "tiers": ["high"]}, [False, False, True]),
        ({"evidence_from": "low", "kind": "fact"}, [False, False, False]),
        ({"evidence_from": "low", "answered_by": "portal"}, [False, False, False]),
    ],
)
def test_evidence_is_required_from_its_tier_on(changes: dict[str, Any], required: list[bool]) -> None:
    assert [cl.evidence_required(one(**changes), tier) for tier in Tier] == required


def test_a_floor_lifts_the_tier_and_never_lowers_it() -> None:
    floors = {"my_number": Tier.MEDIUM}
    assert cl.least_tier(Tier.LOW, {"my_number", "cloud"}, floors) is Tier.MEDIUM
    assert cl.least_tier(Tier.HIGH, {"my_number"}, floors) is Tier.HIGH
    assert cl.least_tier(Tier.LOW, {"cloud"}, floors) is Tier.LOW


# conditions that answers set


def incident() -> cl.Checklist:
    return made(
        item(1, kind="fact", fires="reportable", fires_unless="TST-003"),
        item(2, kind="fact", fires="reportable", fires_unless="TST-003"),
        item(3, kind="fact", fires="encryption_exempt"),
        item(4, kind="fact", fires="reportable", applies_when="my_number"),
        complements={"not_reportable": "reportable"},
    )


@pytest.mark.parametrize(
    ("answers", "held", "expected"),
    [
        ({}, set(), set()),
        ({1: YES}, set(), {"reportable"}),
        ({1: YES, 2: NO, 3: NO}, set(), {"reportable"}),
        ({1: NO, 2: NO}, set(), {"not_reportable"}),
        ({1: NO, 2: UNKNOWN}, set(), set()),
        ({1: NO, 2: PARTIAL}, set(), set()),
        ({1: NO}, set(), set()),
        ({1: YES, 2: NO, 3: YES}, set(), {"encryption_exempt", "not_reportable"}),
        ({1: NO, 2: NO, 4: YES}, set(), {"not_reportable"}),
        ({1: NO, 2: NO, 4: YES}, {"my_number"}, {"reportable"}),
        ({1: NO, 2: NO, 3: YES, 4: YES}, {"my_number"}, {"encryption_exempt", "reportable"}),
        ({1: NO, 2: NO}, {"my_number"}, set()),
    ],
)
def test_facts_fire_their_conditions(
    answers: dict[int, AnswerValue], held: set[str], expected: set[str]
) -> None:
    given_answers = {f"TST-{number:03}": value for number, value in answers.items()}
    assert cl.fired(incident(), given_answers, held) == expected


def test_a_fact_that_does_not_apply_lifts_nothing() -> None:
    checklist = made(
        item(1, kind="fact", fires="reportable", fires_unless="TST-002"),
        item(2, kind="fact", applies_when="cloud"),
    )
    both = {"TST-001": YES, "TST-002": YES}
    assert cl.fired(checklist, both) == {"reportable"}
    assert cl.fired(checklist, both, {"cloud"}) == set()


# completeness


@pytest.mark.parametrize(
    ("changes", "answer", "reason"),
    [
        ({}, None, "unanswered"),
        ({}, Answer(None, "draft"), "unanswered"),
        ({"mandatory": False}, None, None),
        ({}, Answer(YES), "evidence_required"),
        ({}, Answer(PARTIAL), "evidence_required"),
        ({}, Answer(YES, evidence=1), None),
        ({}, Answer(NO), None),
        ({}, Answer(UNKNOWN), None),
        ({}, Answer(NOT_APPLICABLE, " \n"), "reason_required"),
        ({}, Answer(NOT_APPLICABLE, "nothing is carried"), None),
        ({"mandatory": False}, Answer(NOT_APPLICABLE), "reason_required"),
        ({"answered_by": "portal"}, None, None),
    ],
)
def test_what_an_item_lacks_is_named(
    changes: dict[str, Any], answer: Answer | None, reason: str | None
) -> None:
    answers = {} if answer is None else {"TST-001": answer}
    expected = () if reason is None else (Missing("TST-001", reason),)
    assert cl.missing([one(**changes)], answers, Tier.MEDIUM) == expected


def test_the_review_counts_where_there_is_one_else_the_answer() -> None:
    found = cl.outcomes(
        {"A": YES, "B": YES, "C": NO},
        {"A": ReviewResult.UNCONFIRMED, "C": ReviewResult.CONFORMS, "D": ReviewResult.NOT_APPLICABLE},
    )
    assert found == {"A": UNKNOWN, "B": YES, "C": YES, "D": NOT_APPLICABLE}


def test_every_review_result_counts_as_something() -> None:
    assert len(cl.outcomes({}, {each.value: each for each in ReviewResult})) == len(ReviewResult)


def test_the_score_weighs_controls_and_leaves_out_facts_and_what_does_not_apply() -> None:
    items = made(
        item(1, weight=5), item(2, weight=3), item(3, weight=2), item(4, weight=4),
        item(5, weight=5, kind="fact"), item(6, weight=5), item(7, weight=5, mandatory=False),
    ).items  # fmt: skip
    reviewed = {
        "TST-001": YES,
        "TST-002": PARTIAL,
        "TST-003": UNKNOWN,
        "TST-005": YES,
        "TST-006": NOT_APPLICABLE,
    }
    assert cl.score(items, reviewed) == (5 + Fraction(3, 2)) / Fraction(5 + 3 + 2 + 4)


def test_nothing_that_counts_gives_no_score_rather_than_a_perfect_one() -> None:
    assert cl.score([one()], {"TST-001": NOT_APPLICABLE}) is None


BLOCKING = {"gate_blocking": True}


@pytest.mark.parametrize(
    ("changes", "value", "unplanned", "planned"),
    [
        ({}, YES, None, None),
        ({}, NOT_APPLICABLE, None, None),
        ({}, None, "unanswered", "unanswered"),
        ({}, UNKNOWN, "unknown", "unknown"),
        ({}, NO, "no_action", None),
        ({}, PARTIAL, "no_action", None),
        (BLOCKING, NO, "blocking_no", "blocking_no"),
        (BLOCKING, UNKNOWN, "unknown", "unknown"),
        (BLOCKING, PARTIAL, "no_action", None),
        (BLOCKING | {"answered_by": "portal"}, None, "unanswered", "unanswered"),
        ({"kind": "fact"}, NO, None, None),
        ({"kind": "fact"}, UNKNOWN, "unknown", "unknown"),
        ({"mandatory": False}, NO, None, None),
        ({"mandatory": False}, None, None, None),
    ],
)
def test_what_keeps_a_gate_shut(
    changes: dict[str, Any], value: AnswerValue | None, unplanned: str | None, planned: str | None
) -> None:
    items = made(item(1, **changes)).items
    reviewed = {} if value is None else {"TST-001": value}
    for plan, expected in ((frozenset(), unplanned), (frozenset({"TST-001"}), planned)):
        found = [problem.reason for problem in cl.gate_problems(items, reviewed, plan)]
        assert found == ([] if expected is None else [expected])

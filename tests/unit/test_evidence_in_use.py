"""What an answer rests on beside its files, grounds of a conclusion, findings, and a score that opens nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_portal.domain import checklist as cl
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Invalid
from audit_portal.domain.evidence_in_use import (
    Inspected,
    InspectionMeans,
    Refusal,
    RefusalOffer,
    check_inspected,
    check_refusal,
    counts,
    unresolved,
    with_refusals,
)
from audit_portal.domain.findings import DAYS, FindingFacts, Severity, due_on
from audit_portal.domain.review_basis import Grounds, Sample, ThirdParty, grounds, needs_record
from tests.unit.checklist_data import item, made

TODAY = date(2026, 11, 21)
SAMPLE = Sample(400, 25, "無作為")
REPORT = ThirdParty("SOC 2 Type 2", "保管の業務", date(2025, 4, 1), date(2026, 3, 31), "なし")
SEEN = Inspected(
    "入退室記録", "2026年10月分", "監査 花子", "本社", InspectionMeans.ON_SITE, TODAY, "全件を見た。"
)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        (None, "population_needed"),
        (replace(SAMPLE, population=None), "population_needed"),
        (replace(SAMPLE, population=0), "population_needed"),
        (replace(SAMPLE, size=None), "sample_size_needed"),
        (replace(SAMPLE, size=0), "sample_size_needed"),
        (replace(SAMPLE, size=401), "sample_above_population"),
        (replace(SAMPLE, choice=" "), "sample_choice_needed"),
    ],
)
def test_a_sample_says_of_how_many_how_many_and_how_chosen(wrong: Sample | None, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        grounds(ReviewBasis.SAMPLED, wrong)
    assert refused.value.code == code
    assert grounds(ReviewBasis.SAMPLED, replace(SAMPLE, size=400), REPORT) == Grounds(
        ReviewBasis.SAMPLED, replace(SAMPLE, size=400)
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"title": ""}, "source_title_needed"),
        ({"scope": ""}, "source_scope_needed"),
        ({"exceptions": ""}, "source_exceptions_needed"),
        ({"period_from": None}, "source_period_needed"),
        ({"period_to": None}, "source_period_needed"),
        ({"period_to": date(2025, 3, 31)}, "source_period_reversed"),
    ],
)
def test_a_third_partys_report_says_what_it_covers_when_and_what_it_takes_exception_to(
    changes: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        grounds(ReviewBasis.THIRD_PARTY, report=replace(REPORT, **changes))  # type: ignore[arg-type]
    assert refused.value.code == code
    assert grounds(ReviewBasis.THIRD_PARTY, SAMPLE, REPORT).report == REPORT
    assert grounds(ReviewBasis.DOCUMENT, SAMPLE, REPORT) == Grounds(ReviewBasis.DOCUMENT)


def test_an_inspection_names_everything_and_no_day_to_come() -> None:
    check_inspected(SEEN, TODAY)
    with pytest.raises(Invalid, match="inspected_in_future"):
        check_inspected(SEEN, TODAY - timedelta(days=1))
    for field in ("document", "edition", "inspector", "place", "seen"):
        with pytest.raises(Invalid, match="inspection_incomplete"):
            check_inspected(replace(SEEN, **{field: " "}), TODAY)


def test_a_refusal_says_why_and_what_is_offered() -> None:
    check_refusal(Refusal(RefusalOffer.NOTHING, "契約上の守秘"))
    with pytest.raises(Invalid, match="refusal_reason_needed"):
        check_refusal(Refusal(RefusalOffer.NOTHING, " "))
    with pytest.raises(Invalid, match="refusal_offer_needed"):
        check_refusal(Refusal(RefusalOffer.SUMMARY, "契約上の守秘"))


def test_a_file_counts_to_the_end_of_its_last_day() -> None:
    assert counts(None, TODAY) and counts(TODAY, TODAY) and not counts(TODAY - timedelta(days=1), TODAY)


def test_a_refusal_stands_until_something_is_shown_or_it_is_called_unconfirmed() -> None:
    assert unresolved({"A"}, {}, {}) == {"A"}
    assert unresolved({"A"}, {"A": 0}, {"A": ReviewResult.CONFORMS}) == {"A"}
    assert unresolved({"A"}, {"A": 1}, {}) == frozenset()
    assert unresolved({"A"}, {}, {"A": ReviewResult.UNCONFIRMED}) == frozenset()
    assert with_refusals({"A": AnswerValue.YES, "B": AnswerValue.NO}, {"A"}) == {
        "A": AnswerValue.UNKNOWN,
        "B": AnswerValue.NO,
    }


def test_the_gate_names_a_refusal_and_not_on_items_that_never_stop_it() -> None:
    items = made(item(1), item(2, mandatory=False)).items
    refused = frozenset({"TST-001", "TST-002"})
    found = cl.gate_problems(items, {"TST-001": AnswerValue.YES}, refused, refused)
    assert [(each.item.id, each.reason) for each in found] == [("TST-001", "disclosure_refused")]


def test_whoever_refuses_to_disclose_may_hand_in_all_the_same() -> None:
    one = made(item(1)).items
    said = cl.Answer(AnswerValue.YES)
    assert cl.missing(one, {"TST-001": said}, cl.Tier.MEDIUM)
    assert not cl.missing(one, {"TST-001": replace(said, refused=True)}, cl.Tier.MEDIUM)


def test_a_finding_is_due_by_the_policy_unless_a_day_is_named() -> None:
    for severity, days in DAYS.items():
        assert due_on(FindingFacts(severity, "x"), TODAY) == TODAY + timedelta(days=days)
    assert due_on(FindingFacts(Severity.LOW, "x", TODAY), TODAY) == TODAY
    for day, code in (
        (TODAY - timedelta(days=1), "finding_due_past"),
        (date(2099, 1, 1), "finding_due_too_far"),
    ):
        with pytest.raises(Invalid, match=code):
            due_on(FindingFacts(Severity.LOW, "x", day), TODAY)


values = st.dictionaries(st.sampled_from([f"TST-{n:03}" for n in range(1, 7)]), st.sampled_from(AnswerValue))
weights = st.lists(st.integers(1, 5), min_size=6, max_size=6)
blocking = st.lists(st.booleans(), min_size=6, max_size=6)


def six(weight: list[int], stops: list[bool]) -> tuple[cl.Item, ...]:
    return made(
        *(
            item(n + 1, weight=weight[n], gate_blocking=stops[n], section=("basic", "other")[n % 2])
            for n in range(6)
        ),
        sections=["basic", "other"],
    ).items


@given(values, weights, blocking)
def test_a_score_lies_between_nothing_and_everything_in_whole_and_in_part(
    said: dict[str, AnswerValue], weight: list[int], stops: list[bool]
) -> None:
    items = six(weight, stops)
    whole, parts = cl.scores(items, said)
    there = [each for each in (whole, *parts.values()) if each is not None]
    assert all(0 <= each <= 1 for each in there)
    if whole is not None:  # the whole lies between its parts
        known = [each for each in parts.values() if each is not None]
        assert min(known) <= whole <= max(known)
    better = {
        code: AnswerValue.YES if value is not AnswerValue.NOT_APPLICABLE else value
        for code, value in said.items()
    }
    raised = cl.score(items, better)
    assert whole is None or (raised is not None and raised >= whole)


@given(values, weights, weights, blocking)
def test_whatever_the_score_the_gate_decides_the_same(
    said: dict[str, AnswerValue], weight: list[int], other: list[int], stops: list[bool]
) -> None:
    def problems(chosen: list[int]) -> list[tuple[str, str]]:
        return [(each.item.id, each.reason) for each in cl.gate_problems(six(chosen, stops), said)]

    assert problems(weight) == problems(other)


@pytest.mark.parametrize("basis", ReviewBasis)
def test_who_looked_or_asked_says_what_was_seen_where_nothing_else_shows_it(basis: ReviewBasis) -> None:
    own = {
        ReviewBasis.STATEMENT,
        ReviewBasis.SAMPLED,
        ReviewBasis.THIRD_PARTY,
    }  # these have words of their own
    assert needs_record(basis, " ") is (basis not in own)
    assert not needs_record(basis, "規程の第3版を見た。")

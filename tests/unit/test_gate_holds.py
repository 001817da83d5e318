"""What holds a gate beside the answers: items said not to apply, evidence that lapsed, old reports, open controls."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from audit_portal.domain import limits
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.gate_holds import (
    Certificate,
    Conclusion,
    cloud_undetermined,
    control_settled,
    controls_open,
    evidence_expired,
    lapsed,
    lost,
    of_annex10,
    reports_old,
    said_not_to_apply,
    too_old,
)
from audit_portal.domain.on_behalf import ControlStatus
from audit_portal.domain.register import CertificationKind
from audit_portal.domain.supervision import Duty, Who
from tests.unit.checklist_data import one

TODAY = date(2026, 11, 20)
DAY = timedelta(days=1)
NOT_APPLICABLE, YES = AnswerValue.NOT_APPLICABLE, AnswerValue.YES
SEEN = Conclusion(ReviewResult.NOT_APPLICABLE, ReviewBasis.INTERVIEW, "媒体を持ち出さないと聞いた。")


@pytest.mark.parametrize(
    ("answer", "found", "held"),
    [
        (NOT_APPLICABLE, None, True),
        (
            NOT_APPLICABLE,
            Conclusion(ReviewResult.NOT_APPLICABLE, ReviewBasis.STATEMENT, "回答のとおり"),
            True,
        ),
        (YES, Conclusion(ReviewResult.NOT_APPLICABLE, ReviewBasis.STATEMENT, "回答のとおり"), True),
        (NOT_APPLICABLE, Conclusion(ReviewResult.CONFORMS, ReviewBasis.STATEMENT), True),
        (NOT_APPLICABLE, Conclusion(ReviewResult.NOT_APPLICABLE, ReviewBasis.ON_SITE, " "), True),
        (NOT_APPLICABLE, SEEN, False),
        (NOT_APPLICABLE, Conclusion(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT), False),
        (NOT_APPLICABLE, Conclusion(ReviewResult.NOT, ReviewBasis.STATEMENT, "当てはまる"), False),
        (YES, Conclusion(ReviewResult.CONFORMS, ReviewBasis.STATEMENT), False),
        (None, None, False),
    ],
)
def test_that_an_item_of_annex_10_does_not_apply_is_for_the_reviewer_to_conclude(
    answer: AnswerValue | None, found: Conclusion | None, held: bool
) -> None:
    item = one()
    answered, concluded = {item.id: answer} if answer else {}, {item.id: found} if found else {}
    blockers = said_not_to_apply([item], answered, concluded)
    assert [(each.code, each.duty, each.who) for each in blockers] == [
        ("not_applicable_alone", Duty.GUIDELINE_MUST, Who.REVIEWER)
    ] * held


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({}, True),
        ({"legal_basis": ["PPC-GL-10-5-4"]}, True),
        ({"legal_basis": ["PPC-GL-10-1"]}, False),  # important, but no must
        ({"legal_basis": ["PPC-GL-10-SME"]}, False),
        ({"legal_basis": ["PPC-GL-3-4-4", "PPC-GL-10-7"]}, True),
    ],
)
def test_which_items_ask_for_the_measures_of_annex_10(changes: dict[str, Any], asked: bool) -> None:
    assert of_annex10(one(**changes)) is asked
    alone = said_not_to_apply([one(**changes)], {"TST-001": NOT_APPLICABLE}, {})
    assert bool(alone) is asked
    assert said_not_to_apply([one(mandatory=False, **changes)], {"TST-001": NOT_APPLICABLE}, {}) == ()


@pytest.mark.parametrize(
    ("expiries", "expected"),
    [
        ([], False),
        ([None], False),
        ([TODAY], False),
        ([TODAY - DAY], True),
        ([TODAY - DAY, TODAY + DAY], False),
    ],
)
def test_files_have_lapsed_when_none_of_them_holds_today(expiries: list[date | None], expected: bool) -> None:
    assert lapsed(expiries, TODAY) is expected


def test_lapsed_evidence_holds_with_the_duty_of_its_item_behind_a_yes_that_weighs() -> None:
    law = one(duty="std", duty_if={"my_number": "law"}, gate_blocking=True)
    (found,) = evidence_expired([law], {law.id: YES}, {law.id}, False, {"my_number"})
    assert (found.code, found.duty, found.item, found.acceptable) == (
        "evidence_expired",
        Duty.LAW,
        law.id,
        False,
    )
    assert evidence_expired([law], {law.id: AnswerValue.NO}, {law.id}, False) == ()
    assert evidence_expired([law], {law.id: YES}, set(), True) == ()  # it rests on more than certificates
    light = one(mandatory=False)
    assert evidence_expired([light], {light.id: YES}, {light.id}, False) == ()


def test_a_lost_certificate_holds_what_rests_on_certificates_alone() -> None:
    item = one(mandatory=False, evidence=["certificate"], duty="std")
    (found,) = evidence_expired([item], {item.id: YES}, set(), True)
    assert (found.duty, found.acceptable) == (Duty.STANDARD, True)
    assert evidence_expired([item], {item.id: YES}, set(), False) == ()
    assert evidence_expired([item], {item.id: NOT_APPLICABLE}, set(), True) == ()


def _mark(
    expires: date | None = None, withdrawn: date | None = None, kind: str = "p_mark", title: str = ""
) -> Certificate:
    return Certificate(CertificationKind(kind), title, expires, withdrawn)


@pytest.mark.parametrize(
    ("found", "count"),
    [
        ([_mark(TODAY)], 0),
        ([_mark(TODAY - DAY)], 1),
        ([_mark(TODAY + DAY, TODAY)], 1),
        ([_mark(TODAY - DAY), _mark(TODAY + DAY)], 0),  # renewed
        ([_mark(TODAY - DAY), _mark(TODAY - 9 * DAY)], 1),
        ([_mark(TODAY - DAY), _mark(TODAY + DAY, kind="soc_2")], 1),
        ([_mark(TODAY - DAY, kind="other", title="甲"), _mark(None, kind="other", title="乙")], 1),
    ],
)
def test_a_certification_is_lost_unless_another_of_its_kind_stands(
    found: list[Certificate], count: int
) -> None:
    assert len(lost(found, TODAY)) == count


@pytest.mark.parametrize(
    ("status", "due_on", "settled"),
    [
        (ControlStatus.DONE, None, True),
        (ControlStatus.PLANNED, TODAY, True),
        (ControlStatus.PLANNED, TODAY - DAY, False),
        (ControlStatus.NOT_DONE, None, False),
        (None, None, False),
    ],
)
def test_a_control_of_the_user_is_done_or_planned_for_a_day_to_come(
    status: ControlStatus | None, due_on: date | None, settled: bool
) -> None:
    assert control_settled(status, due_on, TODAY) is settled


def test_controls_and_old_reports_are_own_policy_that_may_be_accepted() -> None:
    found = (*controls_open([1, 3]), *reports_old(["#2"]))
    assert [each.key for each in found] == [
        "user_control_open:CUEC-1",
        "user_control_open:CUEC-3",
        "source_stale:#2",
    ]
    assert all(each.duty is Duty.OWN and each.acceptable and each.basis == () for each in found)


def test_a_report_is_too_old_the_day_after_the_days_that_own_policy_gives_it() -> None:
    ended = TODAY - timedelta(days=limits.REPORT_AGE_DAYS)
    assert not too_old(ended, TODAY)
    assert too_old(ended - DAY, TODAY)


def test_work_classed_as_not_handled_without_a_finding_is_held_by_a_must() -> None:
    found = cloud_undetermined()
    assert (found.key, found.duty, found.acceptable) == ("cloud_undetermined", Duty.GUIDELINE_MUST, False)

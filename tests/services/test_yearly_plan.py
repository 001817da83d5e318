"""The yearly plan: what goes in, what becomes of it, and what it says of how far the year is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.domain.imports import ImportKind
from audit_portal.domain.lists import WorkFilter
from audit_portal.domain.monitoring import PlanState
from audit_portal.services import history_check
from audit_portal.services.assessments import assessment_list, assessment_view, sending
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.engagements import (
    client_facts,
    engagement_changes,
    engagement_profile,
    engagements,
)
from audit_portal.services.engagements.client_facts import ClientFacts
from audit_portal.services.house import House
from audit_portal.services.imports import Order
from audit_portal.services.monitoring import fiscal, plan, plan_views
from audit_portal.storage.tables.monitoring import PlanEntry
from tests.factories.world import answer_all, review_all, submit
from tests.services.steps import Case, at_once, make_case
from tests.services.test_evaluations_brought_in import HEADS, row
from tests.services.test_imports import WORK, bring, csv

YEAR, NOW, JANUARY = 2026, date(2026, 11, 1), date(2027, 1, 1)


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    """A live engagement beside one that is only being selected."""
    case = make_case(house, tmp_path)
    return replace(case, engagement_id=live(case, "進行中の業務"))


def live(case: Case, title: str) -> UUID:
    officer = case.as_("officer")
    line = [title, "北海印刷株式会社", title, "BPO", "案内", "氏名", "10", "", "R5.4.1", "", "", "宛名の印刷"]
    order = Order(basis="台帳", catch_up_on=case.house.today() + timedelta(60))
    bring(officer, ImportKind.ENGAGEMENTS, csv(WORK, line), order)
    (found,) = engagements.listed(officer, wanted=WorkFilter(search=title)).items
    return found.id


def planned(case: Case, month: date = NOW, year: int = YEAR) -> plan_views.EntryView:
    plan.add(case.as_("officer"), year, {case.engagement_id: month})
    (found,) = plan_views.entries(case.as_("officer"), year, month, None).items
    return found


def order(case: Case) -> SendOrder:
    version = sending.sendable(case.as_("officer"), AssessmentKind.PERIODIC)[0].id
    return SendOrder(version, case.house.today() + timedelta(30))


def test_only_work_in_which_data_is_handled_is_proposed_and_what_is_planned_no_more(case: Case) -> None:
    officer = case.as_("officer")
    (found,) = plan_views.candidates(officer, YEAR, None).items
    assert (found.engagement_id, found.verified_on) == (case.engagement_id, None)
    assert found.proposal.month == NOW, "never verified: this month"
    planned(case)
    assert plan_views.candidates(officer, YEAR, None).items == ()
    assert len(plan_views.candidates(officer, YEAR + 1, None).items) == 1


def test_an_evaluation_from_before_the_portal_counts_as_the_last_one(case: Case) -> None:
    officer = case.as_("officer")
    number = engagements.get_engagement(officer, case.engagement_id).number
    bring(officer, ImportKind.EVALUATIONS, csv(HEADS, row(number, day="2025/1/15")))
    (found,) = plan_views.candidates(officer, YEAR, None).items
    assert found.verified_on == date(2025, 1, 15)
    assert found.proposal.due_on == date(2027, 1, 15) and found.proposal.month == JANUARY, (
        "a low tier: 24 months"
    )


def test_the_year_counts_what_is_planned_late_under_way_and_done(case: Case) -> None:
    officer = case.as_("officer")
    entry = planned(case)

    def here() -> tuple[int, int, int, int]:
        found = next(each for each in plan_views.year(officer).months if each.first == NOW)
        return found.planned, found.late, found.running, found.done

    assert here() == (1, 0, 0, 0)
    case.house.clock.move(days=20)  # type: ignore[attr-defined]
    assert here() == (1, 1, 0, 0) and plan_views.year(officer).late == 1
    check = plan.start(officer, entry.id, entry.version, order(case))
    assert here() == (0, 0, 1, 0)
    lead = case.as_("vendor_lead")
    answer_all(lead, check)
    submit(lead, check)
    answer_all(officer, check)
    review_all(case.as_("second"), check)
    assert here() == (0, 0, 0, 1) and plan_views.year(officer).done == 1
    (done,) = plan_views.entries(officer, YEAR, NOW, None).items
    assert done.done and done.assessment_id == check
    assert done.verified_on == case.house.today()


def test_a_planned_evaluation_is_sent_as_one_and_tied_to_its_entry(case: Case) -> None:
    officer, entry = case.as_("officer"), planned(case)
    check = plan.start(officer, entry.id, entry.version, order(case))
    (found,) = assessment_list.of_engagement(officer, case.engagement_id)
    assert (found.id, found.kind, found.state) == (check, AssessmentKind.PERIODIC, AssessmentState.SENT)
    (tied,) = plan_views.entries(officer, YEAR, NOW, None).items
    assert (tied.state, tied.assessment_id) == (PlanState.STARTED, check)
    for again in (
        lambda: plan.start(officer, entry.id, tied.version, order(case)),
        lambda: plan.move(officer, entry.id, tied.version, JANUARY, "理由"),
        lambda: plan.cancel(officer, entry.id, tied.version, "理由"),
    ):
        with pytest.raises(Conflict, match="plan_started"):
            again()
    names = [each.event for each in engagements.timeline(officer, case.engagement_id)]
    assert {"plan.added", "plan.started", "assessment.sent"} <= set(names)
    assert history_check.verify(case.house) == ()


def test_the_next_evaluation_asks_everything_anew(case: Case) -> None:
    officer, lead = case.as_("officer"), case.as_("vendor_lead")

    def held(entry: plan_views.EntryView) -> set[str]:
        check = plan.start(officer, entry.id, entry.version, order(case))
        answer_all(lead, check)
        submit(lead, check)
        answer_all(officer, check)
        review_all(case.as_("second"), check)
        return {each.code for each in assessment_view.get_assessment(officer, check).items}

    first = held(planned(case))
    case.house.clock.move(days=365)  # type: ignore[attr-defined]
    profile = engagement_profile.get_profile(officer, case.engagement_id)
    grown = replace(profile.facts, special_care=True)  # what makes further items new
    engagement_changes.change(officer, case.engagement_id, profile.version, grown)
    assert held(planned(case, date(2027, 11, 1), YEAR + 1)) > first


def test_only_a_checklist_for_a_written_evaluation_is_offered(case: Case) -> None:
    offered = sending.sendable(case.as_("officer"), AssessmentKind.PERIODIC)
    assert [each.title["ja"] for each in offered] == ["定期評価（年1回の書面確認）"]


def test_work_that_is_no_longer_live_is_neither_planned_nor_started(case: Case) -> None:
    officer = case.as_("officer")
    selecting = next(each.id for each in engagements.listed(officer).items if each.id != case.engagement_id)
    with pytest.raises(Conflict, match="plan_not_live"):
        plan.add(officer, YEAR, {selecting: NOW})
    with pytest.raises(Conflict, match="plan_not_live"):
        sending.send(officer, selecting, order(case), kind=AssessmentKind.PERIODIC)
    with pytest.raises(NotFound):
        plan.add(officer, YEAR, {uuid4(): NOW})


def test_moving_and_cancelling_need_a_reason_and_leave_a_trace(case: Case) -> None:
    officer, entry = case.as_("officer"), planned(case)
    for empty in ("", "  "):
        with pytest.raises(Invalid, match="plan_needs_reason"):
            plan.move(officer, entry.id, entry.version, JANUARY, empty)
    with pytest.raises(Invalid, match="plan_same_month"):
        plan.move(officer, entry.id, entry.version, NOW, "理由")
    with pytest.raises(Invalid, match="plan_month_outside"):
        plan.move(officer, entry.id, entry.version, date(2027, 4, 1), "理由")
    plan.move(officer, entry.id, entry.version, JANUARY, "繁忙期を避けるため")
    (moved,) = plan_views.entries(officer, YEAR, JANUARY, None).items
    assert moved.reason == "繁忙期を避けるため"
    with pytest.raises(Conflict, match="changed_meanwhile"):
        plan.cancel(officer, entry.id, entry.version, "理由")
    plan.cancel(officer, entry.id, moved.version, "契約の終了が決まったため")
    assert plan_views.entries(officer, YEAR, JANUARY, None).items == ()
    assert plan_views.of_engagement(officer, case.engagement_id) == ()
    with pytest.raises(Conflict, match="plan_cancelled"):
        plan.move(officer, entry.id, moved.version + 1, NOW, "理由")
    planned(case)  # room for a new entry


def test_the_same_engagement_stands_in_a_year_once(case: Case) -> None:
    planned(case)
    with pytest.raises(Conflict, match="plan_there"):
        plan.add(case.as_("officer"), YEAR, {case.engagement_id: JANUARY})
    planned(case, date(2027, 4, 1), YEAR + 1)


def test_of_two_officers_at_once_one_puts_it_into_the_plan(case: Case) -> None:
    def put(who: str) -> int:
        return plan.add(case.as_(who), YEAR, {case.engagement_id: NOW})

    at_once(lambda: put("officer"), lambda: put("second"))
    assert len(plan_views.entries(case.as_("officer"), YEAR, NOW, None).items) == 1


def test_nothing_goes_in_when_one_of_them_cannot(case: Case) -> None:
    other = live(case, "もう一つの業務")
    officer = case.as_("officer")
    with pytest.raises(Invalid, match="plan_month_past"):
        plan.add(officer, YEAR, {case.engagement_id: NOW, other: date(2026, 10, 1)})
    with pytest.raises(Invalid, match="plan_empty"):
        plan.add(officer, YEAR, {})
    assert plan_views.year(officer).all == 0
    assert plan.add(officer, YEAR, {case.engagement_id: NOW, other: JANUARY}) == 2


def test_the_plan_is_the_clients_own(case: Case) -> None:
    entry = planned(case)
    lead = case.as_("vendor_lead")
    with lead.read() as tx:
        assert list(tx.session.exec(select(PlanEntry))) == []
    for refused in (
        lambda: plan_views.year(lead),
        lambda: plan_views.entries(lead, YEAR, NOW, None),
        lambda: plan.add(case.as_("approver"), YEAR, {}),
        lambda: plan.cancel(case.as_("owner"), entry.id, entry.version, "理由"),
    ):
        with pytest.raises(Forbidden):
            refused()
    assert plan_views.year(case.as_("approver")).all == 1
    assert plan_views.year(case.as_("auditor")).all == 0, "not assigned"


def test_a_fiscal_year_begins_in_the_month_the_company_says(case: Case) -> None:
    officer = case.as_("officer")
    assert fiscal.current(officer).year == YEAR
    settings = client_facts.get_settings(officer)
    assert client_facts.save(officer, settings.version, ClientFacts(False, False, 12))
    assert (fiscal.current(officer).year, fiscal.current(officer).first) == (2025, date(2025, 12, 1))
    assert not client_facts.save(officer, settings.version + 1, ClientFacts(False, False, 12))
    for month in (0, 13):
        with pytest.raises(Invalid, match="no_such_month"):
            client_facts.save(officer, settings.version + 1, ClientFacts(False, False, month))
    assert history_check.verify(case.house) == ()

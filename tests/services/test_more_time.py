"""More time: asked with a date and a reason, granted or refused; the due date moves, both see it, letters go."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, PortalError
from audit_portal.domain.more_time import TimeState
from audit_portal.services import jobs
from audit_portal.services.assessments import more_time
from audit_portal.services.assessments.around import around
from audit_portal.services.assessments.more_time import TimeView, Verdict
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from tests.factories.house import account, context, mailer, vendor
from tests.services.steps import Case, at_once, make_case

REASON = "規程の改定が月末までかかるため"


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def due(case: Case) -> date:
    return case.view().head.due_on


def later(case: Case, days: int = 7) -> date:
    return due(case) + timedelta(days=days)


def ask(case: Case, day: date | None = None, who: str = "vendor_lead") -> UUID:
    more_time.ask(case.as_(who), case.assessment_id, day or later(case), REASON)
    return newest(case).id


def newest(case: Case, who: str = "vendor_lead") -> TimeView:
    return more_time.desk(case.as_(who), case.assessment_id).requests[0]


def decide(
    case: Case, request_id: UUID, granted_on: date | None, answer: str = "", who: str = "officer"
) -> None:
    more_time.decide(case.as_(who), case.assessment_id, request_id, Verdict(granted_on, answer))


def code(kind: type[PortalError], act) -> str:  # type: ignore[no-untyped-def]
    with pytest.raises(kind) as refused:
        act()
    return refused.value.code


def letters(case: Case) -> list[str]:
    jobs.run_due(case.house)
    box = mailer(case.house).sent
    found = [f"{each.subject} {each.body}" for each in box if "期限" in each.subject]
    box.clear()
    return found


def test_a_granted_request_moves_the_due_date_for_both_and_letters_go(case: Case) -> None:
    before, wanted = due(case), later(case)
    request = ask(case)
    (asked,) = letters(case)
    assert REASON in asked and str(wanted) in asked
    assert [each.vendor_name for each in more_time.waiting(case.as_("officer"))] == ["北海印刷株式会社"]
    assert due(case) == before
    decide(case, request, wanted)
    assert due(case) == wanted
    for who in ("vendor_lead", "officer"):
        found = newest(case, who)
        assert (found.state, found.granted_on, found.due_before) == (TimeState.GRANTED, wanted, before)
    (told,) = letters(case)
    assert str(wanted) in told
    assert more_time.waiting(case.as_("officer")) == ()
    events = [each.event for each in engagements.timeline(case.as_("officer"), case.engagement_id)]
    assert events[:2] == ["assessment.time_decided", "assessment.time_asked"]


def test_another_date_may_be_granted(case: Case) -> None:
    decide(case, ask(case, later(case, 30)), later(case, 3), "その日までにお願いします。")
    assert due(case) == newest(case).granted_on
    assert newest(case).wanted_on == due(case) + timedelta(days=27)


def test_a_refusal_needs_a_reason_and_leaves_the_date(case: Case) -> None:
    before, request = due(case), ask(case)
    letters(case)
    assert code(Invalid, lambda: decide(case, request, None, " ")) == "time_refusal_needs_reason"
    decide(case, request, None, "決裁の日程が決まっているため")
    assert due(case) == before
    assert newest(case).state is TimeState.REFUSED
    assert "決裁の日程が決まっているため" in letters(case)[0]


def test_asking_anew_replaces_what_nobody_answered_yet(case: Case) -> None:
    first, second = ask(case), ask(case, later(case, 10))
    assert [each.state for each in more_time.desk(case.as_("officer"), case.assessment_id).requests] == [
        TimeState.OPEN,
        TimeState.REPLACED,
    ]
    assert code(Conflict, lambda: decide(case, first, later(case))) == "time_not_open"
    decide(case, second, later(case))
    assert code(Conflict, lambda: decide(case, second, later(case, 20))) == "time_not_open"


def test_dates_lie_after_the_present_one_and_not_in_the_past(case: Case) -> None:
    assert code(Invalid, lambda: ask(case, due(case))) == "time_not_later"
    request = ask(case)
    assert code(Invalid, lambda: decide(case, request, due(case))) == "time_not_later"
    case.house.clock.move(days=30)  # type: ignore[attr-defined]
    assert code(Invalid, lambda: ask(case, later(case, 1))) == "time_in_past"
    assert code(Invalid, lambda: decide(case, request, later(case, 1))) == "time_in_past"


def test_only_the_lead_asks_only_an_officer_answers_and_only_while_answers_are_out(case: Case) -> None:
    for who in ("officer", "vendor_contributor", "owner", "approver"):
        assert code(Forbidden, lambda w=who: ask(case, later(case), w)) == "permission_missing"
    request = ask(case)
    for who in ("vendor_lead", "auditor", "approver", "owner"):
        assert (
            code(Forbidden, lambda w=who: decide(case, request, later(case), "", w)) == "permission_missing"
        )
    case.submitted()
    assert code(Conflict, lambda: decide(case, request, later(case))) == "assessment_moved_on"
    assert code(Conflict, lambda: ask(case)) == "assessment_moved_on"
    assert more_time.waiting(case.as_("officer")) == ()
    case.give_back("QSL-002")
    assert len(more_time.waiting(case.as_("officer"))) == 1
    assert around(case.as_("vendor_lead"), case.assessment_id).time_state is TimeState.OPEN


def test_a_stranger_finds_nothing_to_ask_about(case: Case) -> None:
    other = vendor(case.house, case.everyone.officer, "別の会社", "ベツノカイシャ")
    stranger = context(case.house, account(case.house, other, Role.VENDOR_LEAD))
    with pytest.raises(NotFound):
        more_time.ask(stranger, case.assessment_id, later(case), REASON)
    with pytest.raises(NotFound):
        more_time.desk(stranger, case.assessment_id)


def test_of_two_officers_who_answer_at_once_one_wins(case: Case) -> None:
    request, days = ask(case), (later(case, 3), later(case, 5))
    found = at_once(*[lambda d=day: decide(case, request, d) for day in days])
    assert sorted(type(each).__name__ for each in found) == ["Conflict", "NoneType"]
    assert due(case) in days

"""Decisions taken outside (稟議): entered with their paper by one person, confirmed by another."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Forbidden, Invalid, NotFound, Refused
from audit_portal.domain.outside import OutsideFacts
from audit_portal.domain.route import Step
from audit_portal.domain.supervision import Gate, State
from audit_portal.services import jobs
from audit_portal.services.decisions import decision_views, decisions, outside, route_settings
from audit_portal.services.decisions.outside import OutsideUpload
from audit_portal.services.evidence import evidence_reading, vault_check
from audit_portal.services.house import Context, House
from audit_portal.services.reports import report_content, reports
from audit_portal.storage import get
from audit_portal.storage.tables.assessments import SignedReport
from tests.factories.house import account, context
from tests.services.steps import ON_SQLITE, Case, execute, make_case
from tests.services.test_decisions import decide, link_state


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def facts(case: Case, **more: object) -> OutsideFacts:
    day = case.house.today() - timedelta(9)
    said = OutsideFacts("総-2026-118", "管理 太郎", "専務取締役", day, "稟議で決裁済みです。")
    return replace(said, **more)  # type: ignore[arg-type]


def enter(ctx: Context, case: Case, said: OutsideFacts | None = None) -> UUID:
    with OutsideUpload(ctx, case.engagement_id, said or facts(case), "稟議書.txt", None) as upload:
        upload.write("稟議書（写し）\n".encode())
        return upload.finish()


def test_it_counts_once_another_person_confirmed_it_and_both_days_are_kept(case: Case) -> None:
    case.reviewed()
    both = context(case.house, account(case.house, case.everyone.client_id, Role.OFFICER, Role.APPROVER))
    decision_id = enter(both, case)
    assert link_state(case) is State.DRAFT
    with pytest.raises(Forbidden, match="own_request"):
        decisions.decide(both, decision_id, 1, True, "確認しました。")
    officer = case.as_("officer")
    shown = outside.of_decision(officer, decision_id)
    assert shown is not None
    assert (shown.decided_on, shown.entered_at.date()) == (
        facts(case).decided_on,
        case.house.clock.now().date(),
    )
    known = decision_views.frozen(officer, decision_id).outside
    assert known is not None
    assert (known.number, known.approver_title, known.decided_on) == (
        "総-2026-118",
        "専務取締役",
        facts(case).decided_on,
    )
    decide(case, decision_id)
    assert link_state(case) is State.SELECTED
    assert vault_check.verify(case.house).ok


def test_the_paper_is_read_by_the_client_and_never_by_the_vendor(case: Case) -> None:
    case.reviewed()
    decision_id = enter(case.as_("officer"), case)
    shown = outside.of_decision(case.as_("approver"), decision_id)
    assert shown is not None
    assert evidence_reading.open_download(case.as_("approver"), shown.version_id).name == "稟議書.txt"
    with pytest.raises(NotFound):
        evidence_reading.open_download(case.as_("vendor_lead"), shown.version_id)
    with pytest.raises(Forbidden):
        outside.of_decision(case.as_("vendor_lead"), decision_id)


@ON_SQLITE
def test_it_is_confirmed_on_the_last_seat_of_the_route_alone(case: Case) -> None:
    other = account(case.house, case.everyone.client_id, Role.APPROVER)
    steps = (Step("部長", (other,)), Step("管理者", (case.everyone.approver,)))
    route_settings.save(case.as_("officer"), Gate.SELECTION, "", steps)
    case.reviewed()
    decision_id = enter(case.as_("officer"), case)
    found = decision_views.get_decision(case.as_("officer"), decision_id)
    assert [each.title for each in found.seats] == ["管理者"]
    with pytest.raises(Forbidden, match="not_your_seat"):
        decisions.decide(context(case.house, other), decision_id, 1, True, "")


@ON_SQLITE
def test_what_stands_in_the_way_stands_in_its_way_too(case: Case) -> None:
    with pytest.raises(Refused):
        enter(case.as_("officer"), case)
    case.reviewed()
    for said in ({"number": " "}, {"approver": ""}, {"approver_title": ""}, {"reason": ""}):
        with pytest.raises(Invalid, match="outside_incomplete"):
            enter(case.as_("officer"), case, facts(case, **said))
    with pytest.raises(Invalid, match="outside_in_the_future"):
        enter(case.as_("officer"), case, facts(case, decided_on=case.house.today() + timedelta(1)))
    for who in ("approver", "owner", "vendor_lead"):
        with pytest.raises(Forbidden):
            enter(case.as_(who), case)
    assert execute(case.house, "SELECT count(*) FROM decision") == [(0,)]
    assert vault_check.verify(case.house).ok


@ON_SQLITE
def test_the_report_names_the_paper_and_who_confirmed_it(case: Case) -> None:
    case.reviewed()
    decision_id = enter(case.as_("officer"), case)
    decide(case, decision_id)
    assert decision_views.get_decision(case.as_("officer"), decision_id).state is DecisionState.APPROVED
    report_id = reports.create(case.as_("officer"), case.assessment_id, "ja")
    with case.as_("officer").read() as tx:
        row = get.one(tx, SignedReport, report_id)
    made = report_content.build(case.house, row).decision
    assert made is not None
    assert "管理 太郎 [専務取締役]" in made.by[0] and "総-2026-118" in made.by[0]
    assert case.as_("approver").actor.name in made.by[1]
    jobs.run_due(case.house)  # the manifest with all this is one the portal takes
    assert reports.get_report(case.as_("officer"), report_id).number

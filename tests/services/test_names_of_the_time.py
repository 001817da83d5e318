"""What people did keeps the name, department and title they had then, whatever becomes of them."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import system
from audit_portal.domain.errors import Conflict, Forbidden
from audit_portal.domain.imports import ImportKind
from audit_portal.services import history_check, imports
from audit_portal.services.accounts import accounts, cards
from audit_portal.services.accounts.cards import Card
from audit_portal.services.assessments import comments, delegation
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.decisions import decision_views
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.services.imports import evaluations
from audit_portal.services.reports import report_content, reports
from audit_portal.storage import get
from audit_portal.storage.tables.assessments import SignedReport
from tests.services.steps import VENDOR_ITEM, Case, make_case
from tests.services.test_evaluations_brought_in import HEADS, row
from tests.services.test_imports import bring, csv

_SYSTEM = system("tests")


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def call(case: Case, person: UUID, name: str, department: str = "", title: str = "") -> None:
    """The clock goes on, then the administrator changes the card."""
    case.house.clock.move(minutes=1)  # type: ignore[attr-defined]
    admin = case.as_("admin")
    version = accounts.get_account(admin, person).version
    cards.change_card(admin, person, version, Card(name, department, title))
    case.house.clock.move(minutes=1)  # type: ignore[attr-defined]


def everybody(case: Case) -> tuple[UUID, ...]:
    one = case.everyone
    return (one.officer, case.second, one.approver, one.vendor_lead)


def test_past_acts_keep_the_card_of_their_time(case: Case) -> None:
    for person in everybody(case):
        call(case, person, f"前の名{str(person)[-4:]}", "前の部", "課長")
    comments.write(case.as_("officer"), case.assessment_id, VENDOR_ITEM, "見ました。", shared=True)
    decision_id = case.requested()
    report_id = reports.create(case.as_("officer"), case.assessment_id, "ja")
    for person in everybody(case):
        call(case, person, f"後の名{str(person)[-4:]}", "後の部", "部長")
    view = case.view()
    names = {each.answered_name for each in view.items}
    names |= {each.review.reviewer for each in view.items if each.review}
    names |= {each.author for each in comments.of_item(case.as_("officer"), case.assessment_id, VENDOR_ITEM)}
    names.add(decision_views.get_decision(case.as_("officer"), decision_id).requested_by)
    assert len(names) >= 3 and all(each.startswith("前の名") for each in names), names
    with case.house.db.read(_SYSTEM) as tx:
        row = get.one(tx, SignedReport, report_id)
    report = report_content.build(case.house, row)
    said = repr(report.sections)
    assert "前の名" in said and "後の名" not in said
    told = engagements.timeline(case.as_("officer"), case.engagement_id)
    asked = next(each for each in told if each.event == "decision.requested")
    assert (asked.actor[:3], asked.post) == ("前の名", "前の部 課長")
    first = next(each for each in told if each.event == "engagement.registered")
    assert (first.actor, first.post) == ("試験 officer", "")
    comments.write(case.as_("officer"), case.assessment_id, VENDOR_ITEM, "また見ました。", shared=True)
    newest = comments.of_item(case.as_("officer"), case.assessment_id, VENDOR_ITEM)[-1]
    assert newest.author.startswith("後の名")
    assert history_check.verify(case.house) == ()


def test_items_are_held_by_who_somebody_is_and_were_given_by_who_they_were(case: Case) -> None:
    giver, holder = case.everyone.vendor_lead, case.everyone.vendor_contributor
    call(case, giver, "前の責任者")
    call(case, holder, "前の担当者")
    delegation.give(case.as_("vendor_lead"), case.assessment_id, Gift((VENDOR_ITEM,), holder))
    call(case, giver, "後の責任者")
    call(case, holder, "後の担当者")
    (share,) = delegation.board(case.as_("vendor_lead"), case.assessment_id).shares
    assert (share.name, share.given_by) == ("後の担当者", "前の責任者")
    (mine,) = delegation.mine(case.as_("vendor_contributor"))
    assert mine.given_by == "前の責任者"


def test_what_was_brought_in_keeps_the_name_of_who_did_it(case: Case) -> None:
    officer = case.as_("officer")
    call(case, case.everyone.officer, "前の名")
    number = engagements.get_engagement(officer, case.engagement_id).number
    bring(officer, ImportKind.EVALUATIONS, csv(HEADS, row(number)))
    call(case, case.everyone.officer, "後の名")
    (run,) = imports.history(officer).items
    (brought,) = evaluations.of_engagement(officer, case.engagement_id)
    assert (run.applied_by, brought.entered_by) == ("前の名", "前の名")


def test_cards_are_changed_by_administrators_only_and_not_of_who_is_gone(case: Case) -> None:
    with pytest.raises(Forbidden):
        cards.change_card(case.as_("officer"), case.second, 1, Card("別名"))
    admin = case.as_("admin")
    version = accounts.get_account(admin, case.second).version
    cards.change_card(admin, case.second, version, Card("別名"))
    with pytest.raises(Conflict, match="changed_meanwhile"):
        cards.change_card(admin, case.second, version, Card("また別名"))
    accounts.end_account(admin, case.second)
    with pytest.raises(Conflict, match="already_ended"):
        cards.change_card(admin, case.second, version + 2, Card("また別名"))

"""Items given to a person: they reach just those, know who asked and by when, and lose them when taken back."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, PortalError
from audit_portal.services import jobs
from audit_portal.services.assessments import answers, delegation
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from tests.factories.house import account, context, mailer, vendor
from tests.factories.world import send, work
from tests.services.steps import (
    CLIENT_ITEM,
    FACT,
    ON_SQLITE,
    VENDOR_ITEM,
    Case,
    execute,
    make_case,
    send_full,
)

OTHER = "QSL-003"


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def give(
    case: Case, *items: str, by: str = "vendor_lead", to: str | None = "vendor_contributor", **more
) -> int:  # type: ignore[no-untyped-def]
    person = getattr(case.everyone, to) if to else None
    return delegation.give(case.as_(by), case.assessment_id, Gift(items, person, **more))


def refused(code: str, case: Case, *items: str, kind: type[PortalError] = Invalid, **more) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(kind) as found:
        give(case, *items, **more)
    assert found.value.code == code


def seen(case: Case, who: str = "vendor_contributor") -> list[str]:
    return [item.code for item in case.view(who).items]


def test_a_contributor_reaches_just_the_items_they_were_given(case: Case) -> None:
    assert seen(case) == []
    assert give(case, VENDOR_ITEM) == 1
    assert seen(case) == [VENDOR_ITEM]
    version = case.item(VENDOR_ITEM, "vendor_contributor").version
    written = Written(AnswerValue.YES, "担当者が書きました。")
    answers.save(case.as_("vendor_contributor"), case.assessment_id, VENDOR_ITEM, written, version)
    assert case.item(VENDOR_ITEM).comment == "担当者が書きました。"
    with pytest.raises(NotFound):
        case.write("vendor_contributor", OTHER)
    assert give(case, VENDOR_ITEM, to=None) == 1
    assert seen(case) == []
    with pytest.raises(NotFound):
        case.write("vendor_contributor", VENDOR_ITEM)
    assert case.item(VENDOR_ITEM).comment == "担当者が書きました。"  # what was written stays


def test_the_home_page_knows_what_by_when_and_from_whom(case: Case) -> None:
    day = case.house.today() + timedelta(days=3)
    give(case, VENDOR_ITEM, OTHER, due_on=day, message="規程を見てください")
    (mine,) = delegation.mine(case.as_("vendor_contributor"))
    assert (mine.left, mine.due_on, mine.given_by) == (2, day, "試験 vendor_lead")
    assert mine.message == "規程を見てください"
    case.write("vendor_contributor", OTHER)
    left = {item.code for item in case.view("vendor_contributor").todo}
    (mine,) = delegation.mine(case.as_("vendor_contributor"))
    assert mine.left == len(left)
    assert delegation.mine(case.as_("vendor_lead")) == ()


def test_the_lead_sees_who_has_what_and_how_far_they_are(case: Case) -> None:
    give(case, VENDOR_ITEM, OTHER, FACT)
    board = delegation.board(case.as_("vendor_lead"), case.assessment_id)
    (share,) = board.shares
    assert (share.name, share.given, share.finished) == ("試験 vendor_contributor", 3, 0)
    assert board.free == len(board.view.mine) - 3
    case.write("vendor_contributor", FACT, AnswerValue.NO)
    (share,) = delegation.board(case.as_("vendor_lead"), case.assessment_id).shares
    assert share.finished == 1


def test_the_delegate_is_told_by_mail_once_for_each_gift(case: Case) -> None:
    jobs.run_due(case.house)
    box = mailer(case.house).sent
    box.clear()
    give(case, VENDOR_ITEM, OTHER, message="お願いします")
    assert give(case, VENDOR_ITEM) == 0  # they have it already
    jobs.run_due(case.house)
    (mail,) = box
    assert "2件の項目" in mail.body and "試験 vendor_lead" in mail.body and "お願いします" in mail.body
    assert f"/assessments/{case.assessment_id}" in mail.body


def test_what_an_others_answer_decides_counts_for_a_contributor_too(case: Case) -> None:
    full = send_full(case)
    before = {item.code for item in full.view("vendor_lead").mine}
    for item in full.view("vendor_lead").mine:
        if item.fact:
            full.write("vendor_lead", item.code, AnswerValue.YES)
    brought_up = {item.code for item in full.view("vendor_lead").mine} - before
    assert brought_up
    give(full, *brought_up)
    assert set(seen(full)) == brought_up


def test_nobody_gives_to_strangers_or_what_is_not_theirs(case: Case) -> None:
    other = vendor(case.house, case.everyone.officer, "別の会社", "ベツノカイシャ")
    stranger = account(case.house, other, Role.VENDOR_CONTRIBUTOR)
    for who in (stranger, case.everyone.owner, case.everyone.officer):
        with pytest.raises(Invalid) as found:
            delegation.give(case.as_("vendor_lead"), case.assessment_id, Gift((VENDOR_ITEM,), who))
        assert found.value.code == "share_person_unknown"
    refused("not_found", case, CLIENT_ITEM, kind=NotFound)
    refused("not_found", case, "QSL-999", kind=NotFound)
    refused("share_items_needed", case)
    refused("share_due_in_past", case, VENDOR_ITEM, due_on=case.house.today() - timedelta(days=1))
    refused("share_due_too_late", case, VENDOR_ITEM, due_on=case.house.today() + timedelta(days=99))
    for who in ("vendor_contributor", "owner", "auditor", "approver", "admin"):
        refused("permission_missing", case, VENDOR_ITEM, kind=Forbidden, by=who)
    strangers = context(case.house, account(case.house, other, Role.VENDOR_LEAD))
    with pytest.raises(NotFound):
        delegation.give(strangers, case.assessment_id, Gift((VENDOR_ITEM,), stranger))
    assert seen(case) == []


def test_the_officer_gives_client_items_to_owners_of_the_engagement(case: Case) -> None:
    refused("share_person_unknown", case, CLIENT_ITEM, by="officer", to="owner")
    engagements.assign(case.as_("officer"), case.engagement_id, case.everyone.owner)
    assert give(case, CLIENT_ITEM, by="officer", to="owner") == 1
    (mine,) = delegation.mine(case.as_("owner"))
    assert (mine.given_by, mine.left) == ("試験 officer", 1)
    assert case.item(CLIENT_ITEM).delegate_name == "試験 owner"
    with pytest.raises(NotFound):
        give(case, VENDOR_ITEM, by="officer", to="owner")


def test_the_client_is_not_told_how_a_vendor_shares_its_work(case: Case) -> None:
    give(case, VENDOR_ITEM)
    assert case.item(VENDOR_ITEM).delegate_name == ""
    told = engagements.timeline(case.as_("officer"), case.engagement_id)
    assert not [entry for entry in told if "items_delegated" in entry.event]
    found = "SELECT count(*) FROM ledger_entry WHERE event = 'assessment.items_delegated'"
    assert execute(case.house, found) == [(1,)]


@ON_SQLITE
def test_nothing_changes_hands_once_the_answers_are_in_but_returned_items_do(case: Case) -> None:
    case.submitted()
    refused("assessment_moved_on", case, VENDOR_ITEM, kind=Conflict)
    case.give_back(VENDOR_ITEM)
    assert give(case, VENDOR_ITEM, OTHER) == 1  # only the one that is open again
    assert seen(case) == [VENDOR_ITEM]
    (mine,) = delegation.mine(case.as_("vendor_contributor"))
    assert mine.left == 1
    case.house.clock.move(seconds=1)  # type: ignore[attr-defined]
    case.write("vendor_contributor", VENDOR_ITEM, text="直しました。")
    assert delegation.mine(case.as_("vendor_contributor")) == ()


@ON_SQLITE
def test_a_second_check_of_the_same_vendor_stays_closed_to_the_contributor(case: Case) -> None:
    give(case, VENDOR_ITEM)
    officer = case.as_("officer")
    second = send(officer, engagements.register(officer, case.everyone.vendor_id, work("別の業務")))
    with pytest.raises(NotFound):
        answers.save(case.as_("vendor_contributor"), second, VENDOR_ITEM, Written(AnswerValue.YES), None)

"""Comments: shared ones reach both sides, internal ones never the other; letters come at most once an hour."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import select

from audit_portal.domain import limits
from audit_portal.domain.access import Role, system
from audit_portal.domain.checklist import AnsweredBy
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.services import jobs
from audit_portal.services.assessments import comments, delegation
from audit_portal.services.assessments.around import around
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.engagements import engagements
from audit_portal.services.house import Context, House
from audit_portal.storage import get
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.process import AnswerComment
from tests.factories.house import account, context, mailer, vendor
from tests.services.steps import CLIENT_ITEM, ON_SQLITE, VENDOR_ITEM, Case, at_once, execute, make_case

OTHER = "QSL-003"
INSIDE_CLIENT, INSIDE_VENDOR, SHARED = "委託元の内輪の話", "委託先の内輪の話", "両方への話"


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def read(case: Case, who: str, item: str = VENDOR_ITEM) -> list[str]:
    return [each.text for each in comments.of_item(case.as_(who), case.assessment_id, item)]


def write(case: Case, who: str, text: str, shared: bool, item: str = VENDOR_ITEM) -> None:
    comments.write(case.as_(who), case.assessment_id, item, text, shared)


def raw(ctx: Context) -> set[str]:
    """What any query of this person on the table itself could return, whatever the page asks for."""
    with ctx.read() as tx:
        return {row.text for row in tx.session.exec(select(AnswerComment))}


def talk(case: Case) -> None:
    write(case, "officer", INSIDE_CLIENT, False)
    write(case, "vendor_lead", INSIDE_VENDOR, False)
    write(case, "vendor_lead", SHARED, True)


def test_internal_comments_never_reach_the_other_side(case: Case) -> None:
    talk(case)
    engagements.assign(case.as_("officer"), case.engagement_id, case.everyone.auditor)
    for who in ("officer", "second", "approver", "auditor"):
        assert read(case, who) == [INSIDE_CLIENT, SHARED]
        assert raw(case.as_(who)) == {INSIDE_CLIENT, SHARED}
    assert read(case, "vendor_lead") == [INSIDE_VENDOR, SHARED]
    assert raw(case.as_("vendor_lead")) == {INSIDE_VENDOR, SHARED}
    counts = {
        who: dict(around(case.as_(who), case.assessment_id).comments) for who in ("officer", "vendor_lead")
    }
    assert counts == {"officer": {VENDOR_ITEM: 2}, "vendor_lead": {VENDOR_ITEM: 2}}


def test_a_contributor_reads_and_writes_on_the_items_they_hold_only(case: Case) -> None:
    talk(case)
    write(case, "vendor_lead", "別の項目の話", True, OTHER)
    assert raw(case.as_("vendor_contributor")) == set()
    with pytest.raises(NotFound):
        read(case, "vendor_contributor")
    gift = Gift((VENDOR_ITEM,), case.everyone.vendor_contributor)
    delegation.give(case.as_("vendor_lead"), case.assessment_id, gift)
    assert read(case, "vendor_contributor") == [INSIDE_VENDOR, SHARED]
    assert raw(case.as_("vendor_contributor")) == {INSIDE_VENDOR, SHARED}
    write(case, "vendor_contributor", "調べています", True)
    assert read(case, "officer")[-1] == "調べています"
    with pytest.raises(NotFound):
        write(case, "vendor_contributor", "x", True, OTHER)


def test_an_owner_or_auditor_who_is_not_on_the_engagement_and_strangers_find_nothing(case: Case) -> None:
    talk(case)
    other = vendor(case.house, case.everyone.officer, "別の会社", "ベツノカイシャ")
    stranger = context(case.house, account(case.house, other, Role.VENDOR_LEAD))
    for ctx in (case.as_("owner"), case.as_("auditor"), stranger):
        assert raw(ctx) == set()
        with pytest.raises(NotFound):
            comments.of_item(ctx, case.assessment_id, VENDOR_ITEM)
        with pytest.raises(NotFound):
            comments.write(ctx, case.assessment_id, VENDOR_ITEM, "x", True)


def test_what_only_the_client_answers_is_only_discussed_there(case: Case) -> None:
    write(case, "officer", "こちらの話", False, CLIENT_ITEM)
    with pytest.raises(Invalid) as refused:
        write(case, "officer", "見せる", True, CLIENT_ITEM)
    assert refused.value.code == "comment_stays_inside"
    for act in (lambda: read(case, "vendor_lead", CLIENT_ITEM),
                lambda: write(case, "vendor_lead", "x", False, CLIENT_ITEM)):  # fmt: skip
        with pytest.raises(NotFound):
            act()
    assert raw(case.as_("vendor_lead")) == set()


def test_a_comment_says_who_of_which_side_and_when_the_newest_last(case: Case) -> None:
    write(case, "vendor_lead", "一", True)
    case.house.clock.move(minutes=5)  # type: ignore[attr-defined]
    write(case, "officer", "二", True)
    first, second = comments.of_item(case.as_("officer"), case.assessment_id, VENDOR_ITEM)
    assert (first.author, first.side, first.text) == ("試験 vendor_lead", AnsweredBy.VENDOR, "一")
    assert (second.author, second.side, second.shared) == ("試験 officer", AnsweredBy.CLIENT, True)
    assert second.at > first.at


def test_the_timeline_of_the_client_knows_nothing_of_a_vendors_internal_comment(case: Case) -> None:
    def told() -> int:
        entries = engagements.timeline(case.as_("officer"), case.engagement_id)
        return sum(1 for each in entries if each.event == "assessment.item_commented")

    write(case, "vendor_lead", INSIDE_VENDOR, False)
    assert told() == 0
    write(case, "vendor_lead", SHARED, True)
    assert told() == 1
    kept = execute(case.house, "SELECT body FROM ledger_entry")
    assert not [body for (body,) in kept if "話".encode() in bytes(body)]


def test_who_may_not_comment_is_refused_and_nothing_is_said_with_nothing(case: Case) -> None:
    for who in ("approver", "admin"):
        with pytest.raises(Forbidden):
            write(case, who, "x", False)
    with pytest.raises(Invalid):
        write(case, "officer", " \n ", True)
    case.requested()
    execute(case.house, "UPDATE assessment SET state = 'decided'")
    with pytest.raises(Conflict):
        write(case, "officer", "遅い", True)


@ON_SQLITE
def test_an_item_takes_only_so_many_comments(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "COMMENTS_PER_ITEM", 1)
    write(case, "officer", "一", True)
    with pytest.raises(Conflict) as refused:
        write(case, "officer", "二", True)
    assert refused.value.code == "too_many_comments"


def letters(case: Case) -> list[str]:
    """Whom the worker wrote to since the last look."""
    jobs.run_due(case.house)
    box = mailer(case.house).sent
    found = [each.to for each in box if "コメント" in each.subject]
    box.clear()
    return found


def email_of(case: Case, account_id: UUID) -> str:
    with case.house.db.read(system("tests")) as tx:
        return get.one(tx, Account, account_id).email


def test_the_other_side_is_told_at_once_and_then_once_an_hour(case: Case) -> None:
    clock = case.house.clock
    lead = email_of(case, case.everyone.vendor_lead)
    letters(case)
    write(case, "officer", "一", True)
    assert letters(case) == [lead]
    for minutes in (1, 20, 20):  # 41 minutes after the first
        clock.move(minutes=minutes)  # type: ignore[attr-defined]
        write(case, "officer", "続き", True)
        assert letters(case) == []
    clock.move(minutes=18)  # type: ignore[attr-defined]
    assert letters(case) == []
    clock.move(minutes=2)  # type: ignore[attr-defined]  # the hour is over: what waited goes, as one letter
    assert letters(case) == [lead]
    clock.move(minutes=30)  # type: ignore[attr-defined]
    write(case, "officer", "また", True)
    assert letters(case) == []
    clock.move(minutes=31)  # type: ignore[attr-defined]
    assert letters(case) == [lead]
    clock.move(hours=5)  # type: ignore[attr-defined]
    assert letters(case) == []


def test_internal_comments_cause_no_letter_and_shared_ones_go_to_the_sender_of_the_check(case: Case) -> None:
    letters(case)
    write(case, "vendor_lead", INSIDE_VENDOR, False)
    write(case, "officer", INSIDE_CLIENT, False)
    assert letters(case) == []
    write(case, "vendor_lead", SHARED, True)
    assert letters(case) == [email_of(case, case.everyone.officer)]


def test_comments_of_several_at_once_all_stay_and_cause_one_letter(case: Case) -> None:
    letters(case)
    found = at_once(*[lambda n=n: write(case, "officer", f"{n}", True) for n in range(4)])
    assert found == [None] * 4
    assert sorted(read(case, "vendor_lead")) == ["0", "1", "2", "3"]
    assert len(letters(case)) == 1

"""Sending to many: the preflight names what is missing, each check goes in a transaction of its own, once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa

from audit_portal.domain import limits
from audit_portal.domain.access import Role, system
from audit_portal.domain.errors import Forbidden, Invalid, NotFound
from audit_portal.domain.rounds import LineState, Obstacle, RoundState
from audit_portal.services import jobs
from audit_portal.services.accounts import accounts
from audit_portal.services.assessments import assessment_list, assessment_view, behalf_views, sending
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.services.rounds import round_sending, rounds, rounds_view
from audit_portal.services.rounds.rounds import Filter, RoundOrder
from audit_portal.services.rounds.rounds_view import RoundView
from audit_portal.storage import rounds as stored
from tests.factories.house import account, mailer, vendor
from tests.factories.world import work
from tests.services.steps import ON_SQLITE, Case, at_once, execute, make_case


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def make(case: Case, count: int, lead: bool = True) -> list[UUID]:
    """New engagements of one new vendor."""
    officer = case.as_("officer")
    name = f"委託先{uuid4().hex[:6]}"
    vendor_id = vendor(case.house, case.everyone.officer, name, "イタクサキ")
    if lead:
        account(case.house, vendor_id, Role.VENDOR_LEAD)
    return [engagements.register(officer, vendor_id, work(f"業務{n}")) for n in range(count)]


def order(case: Case, **more) -> RoundOrder:  # type: ignore[no-untyped-def]
    version = sending.sendable(case.as_("officer"))[0].id
    facts = {"title": "2026年度 選定チェック", "fiscal_year": 2026, "checklist_version_id": version,
             "due_on": case.house.today() + timedelta(days=14), "message": "お願いします"}  # fmt: skip
    return RoundOrder(**{**facts, **more})


def start(case: Case, ids: list[UUID], **more) -> UUID:  # type: ignore[no-untyped-def]
    return rounds.start(case.as_("officer"), ids, order(case, **more))


def seen(case: Case, round_id: UUID) -> RoundView:
    return rounds_view.get_round(case.as_("officer"), round_id)


def checks(case: Case, engagement_id: UUID) -> int:
    return len(assessment_list.of_engagement(case.as_("officer"), engagement_id))


def left_out(case: Case, round_id: UUID) -> dict[UUID, str]:
    page = rounds_view.lines(case.as_("officer"), round_id, LineState.LEFT_OUT, None)
    return {each.engagement_id: each.problem for each in page.items}


def work_off(case: Case) -> None:
    while jobs.run_due(case.house):
        pass


def test_the_preflight_names_what_each_lacks_and_lets_the_rest_go(case: Case) -> None:
    good, alone = make(case, 2), make(case, 1, lead=False)
    picked = [*good, *alone, case.engagement_id]
    version = order(case).checklist_version_id
    found = rounds.preflight(case.as_("officer"), picked, 2026, version)
    assert {each.engagement_id for each in found.go} == {*good, *alone}
    assert [each.engagement_id for each in found.on_behalf] == alone
    assert {each.engagement_id: each.problems for each in found.stay} == {
        case.engagement_id: (Obstacle.RUNNING,)
    }
    round_id = start(case, picked)
    assert (seen(case, round_id).chosen, seen(case, round_id).waiting) == (4, 3)
    work_off(case)
    done = seen(case, round_id)
    assert (done.state, done.sent, done.left_out, done.waiting) == (RoundState.DONE, 3, 1, 0)
    assert left_out(case, round_id) == {case.engagement_id: "assessment_running"}
    assert [checks(case, each) for each in good] == [1, 1]
    (check,) = assessment_list.of_engagement(case.as_("officer"), good[0])
    view = assessment_view.get_assessment(case.as_("officer"), check.id)
    assert (view.message, view.contact["name"], view.head.due_on) == (
        "お願いします",
        "試験 officer",
        case.house.today() + timedelta(days=14),
    )
    assert sum("確認のお願い" in mail.subject for mail in mailer(case.house).sent) == 2 + 1


def test_a_vendor_without_an_account_is_sent_its_check_to_be_entered_on_its_behalf(case: Case) -> None:
    """No party's lack of an account stops its check; no letter goes out, and the round says what is to be done."""
    (alone,) = make(case, 1, lead=False)
    work_off(case)
    before = len(mailer(case.house).sent)
    round_id = start(case, [alone])
    work_off(case)
    (line,) = rounds_view.lines(case.as_("officer"), round_id, LineState.SENT, None).items
    assert line.on_behalf and line.assessment_id is not None
    assert len(mailer(case.house).sent) == before
    assert behalf_views.get_entry(case.as_("officer"), line.assessment_id).can_open
    account(case.house, engagements.get_engagement(case.as_("officer"), alone).vendor_id, Role.VENDOR_LEAD)
    (line,) = rounds_view.lines(case.as_("officer"), round_id, LineState.SENT, None).items
    assert not line.on_behalf


@ON_SQLITE
def test_what_a_round_of_before_left_out_for_want_of_an_account_is_sent_when_resumed(case: Case) -> None:
    ready, alone = make(case, 1), make(case, 1, lead=False)
    round_id = start(case, [*ready, *alone])
    work_off(case)
    (check,) = assessment_list.of_engagement(case.as_("officer"), alone[0])
    undo = "UPDATE check_round_line SET state = 'left_out', problem = 'no_lead', assessment_id = NULL"
    execute(case.house, f"{undo} WHERE assessment_id = :id", id=check.id.hex)
    execute(case.house, "UPDATE assessment SET state = 'decided'")
    assert left_out(case, round_id) == {alone[0]: "no_lead"}
    assert round_sending.resume(case.as_("officer"), round_id) == 1
    work_off(case)
    assert left_out(case, round_id) == {}


@contextmanager
def sent_in_each_transaction(house: House) -> Iterator[list[int]]:
    """How many assessments each transaction that wrote any wrote."""
    found: list[int] = []
    open_: dict[int, int] = {}

    def count(connection, _cursor, statement, *_rest) -> None:  # type: ignore[no-untyped-def]
        if statement.startswith("INSERT INTO assessment "):
            open_[id(connection)] = open_.get(id(connection), 0) + 1

    def over(connection) -> None:  # type: ignore[no-untyped-def]
        if id(connection) in open_:
            found.append(open_.pop(id(connection)))

    sa.event.listen(house.db.engine, "before_cursor_execute", count)
    sa.event.listen(house.db.engine, "commit", over)
    yield found
    sa.event.remove(house.db.engine, "before_cursor_execute", count)
    sa.event.remove(house.db.engine, "commit", over)


def test_each_check_goes_in_a_transaction_of_its_own(case: Case) -> None:
    start(case, make(case, 5))
    with sent_in_each_transaction(case.house) as found:
        work_off(case)
    assert found == [1] * 5


def test_a_round_that_was_interrupted_goes_on_where_it_was(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = make(case, 4)
    round_id = start(case, ids)
    real, calls = sending.send, []

    def dies(*args, **more):  # type: ignore[no-untyped-def]
        calls.append(1)
        if len(calls) == 3:
            raise SystemExit  # as if the process had been killed here
        return real(*args, **more)

    monkeypatch.setattr(sending, "send", dies)
    with pytest.raises(SystemExit):
        work_off(case)
    assert (seen(case, round_id).sent, seen(case, round_id).state) == (2, RoundState.RUNNING)
    monkeypatch.setattr(sending, "send", real)
    case.house.clock.move(minutes=6)  # type: ignore[attr-defined]  # the lease of the job that died is over
    work_off(case)
    assert (seen(case, round_id).sent, seen(case, round_id).state) == (4, RoundState.DONE)
    assert [checks(case, each) for each in ids] == [1] * 4


def payloads(case: Case, round_id: UUID) -> list[dict[str, object]]:
    with case.house.db.read(system("tests")) as tx:
        lines = stored.unsent(tx, round_id)
    return [{"line_id": str(each.id), "round_id": str(round_id), "turn": each.turn} for each in lines]


def test_a_job_that_comes_twice_sends_once(case: Case) -> None:
    (engagement_id,) = make(case, 1)
    round_id = start(case, [engagement_id])
    (payload,) = payloads(case, round_id)
    round_sending.send_line(case.house, payload)  # and dies before the outbox hears of it
    round_sending.send_line(case.house, payload)
    work_off(case)
    assert (checks(case, engagement_id), seen(case, round_id).sent) == (1, 1)
    assert left_out(case, round_id) == {}


def test_two_workers_on_one_round_send_each_check_once(case: Case) -> None:
    ids = make(case, 4)
    round_id = start(case, ids)
    todo = payloads(case, round_id)

    def all_of_it() -> None:
        for payload in todo:
            round_sending.send_line(case.house, payload)

    assert at_once(all_of_it, all_of_it) == [None, None]
    work_off(case)
    assert [checks(case, each) for each in ids] == [1] * 4
    done = seen(case, round_id)
    assert (done.sent, done.left_out, done.state) == (4, 0, RoundState.DONE)
    finished = "SELECT count(*) FROM ledger_entry WHERE event = 'round.finished'"
    assert execute(case.house, finished) == [(1,)]


def _reason(case: Case, title: str, reason: str) -> None:
    query = "UPDATE engagement SET classification_reason = :reason WHERE title = :title"
    assert execute(case.house, query, reason=reason, title=title) == 1


def test_what_changed_since_the_preflight_is_left_out_and_can_be_sent_later(case: Case) -> None:
    ready, late = make(case, 1), make(case, 2)[1:]
    _reason(case, "業務1", " ")
    round_id = start(case, [*ready, *late])
    officer = case.as_("officer")
    sending.send(officer, ready[0], SendOrder(order(case).checklist_version_id, case.house.today()))
    work_off(case)
    assert left_out(case, round_id) == {ready[0]: "assessment_running", late[0]: "not_classified"}
    with pytest.raises(Invalid) as refused:
        round_sending.resume(officer, round_id)
    assert refused.value.code == "round_nothing_to_send"
    _reason(case, "業務1", "入力を任せるため")
    assert round_sending.resume(officer, round_id) == 1
    assert seen(case, round_id).state is RoundState.RUNNING
    work_off(case)
    assert left_out(case, round_id) == {ready[0]: "assessment_running"}
    assert (checks(case, late[0]), checks(case, ready[0])) == (1, 1)
    assert seen(case, round_id).state is RoundState.DONE


def test_a_year_sends_the_same_checklist_to_an_engagement_once(case: Case) -> None:
    ids = make(case, 2)
    work_off_round = start(case, ids[:1])
    work_off(case)
    assert seen(case, work_off_round).sent == 1
    execute(case.house, "UPDATE assessment SET state = 'decided'")
    version = order(case).checklist_version_id
    officer = case.as_("officer")
    again = rounds.preflight(officer, ids, 2026, version)
    assert {each.engagement_id: each.problems for each in again.stay} == {ids[0]: (Obstacle.SENT_THIS_YEAR,)}
    assert rounds.preflight(officer, ids, 2027, version).stay == ()


@ON_SQLITE
def test_the_round_of_an_officer_who_left_is_not_sent_in_their_name(case: Case) -> None:
    (engagement_id,) = make(case, 1)
    round_id = start(case, [engagement_id])
    accounts.end_account(case.as_("admin"), case.everyone.officer)
    work_off(case)
    found = rounds_view.lines(case.as_("second"), round_id, LineState.LEFT_OUT, None)
    assert [each.problem for each in found.items] == ["sender_gone"]
    assert len(assessment_list.of_engagement(case.as_("second"), engagement_id)) == 0
    assert round_sending.resume(case.as_("second"), round_id) == 1  # and it goes in this one's name
    work_off(case)
    (check,) = assessment_list.of_engagement(case.as_("second"), engagement_id)
    mail = execute(case.house, "SELECT email FROM account WHERE id = :id", id=case.second.hex)[0][0]
    contact = assessment_view.get_assessment(case.as_("second"), check.id).contact
    assert contact["email"] == mail


@ON_SQLITE
def test_a_round_past_its_date_is_neither_sent_nor_resumed(case: Case) -> None:
    (engagement_id,) = make(case, 1)
    round_id = start(case, [engagement_id])
    case.house.clock.move(days=15)  # type: ignore[attr-defined]
    work_off(case)
    assert left_out(case, round_id) == {engagement_id: "due_in_past"}
    with pytest.raises(Invalid) as refused:
        round_sending.resume(case.as_("officer"), round_id)
    assert refused.value.code == "due_in_past"


def refused(code: str, kind, act) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(kind) as found:
        act()
    assert found.value.code == code


def test_what_can_not_begin_is_refused(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    (good,) = make(case, 1)
    refused("round_empty", Invalid, lambda: start(case, []))
    refused("not_found", NotFound, lambda: start(case, [good, uuid4()]))
    refused("round_nothing_to_send", Invalid, lambda: start(case, [case.engagement_id]))
    yesterday = case.house.today() - timedelta(days=1)
    refused("due_in_past", Invalid, lambda: start(case, [good], due_on=yesterday))
    refused("not_found", NotFound, lambda: start(case, [good], checklist_version_id=uuid4()))
    monkeypatch.setattr(limits, "ROUND", 1)
    refused("round_too_many", Invalid, lambda: start(case, [good, case.engagement_id]))
    for who in ("approver", "owner", "auditor", "vendor_lead", "admin"):
        refused("permission_missing", Forbidden, lambda w=who: rounds.start(case.as_(w), [good], order(case)))
    assert rounds_view.listed(case.as_("officer")) == ()


def test_engagements_are_picked_by_state_tier_and_words_of_either_width(case: Case) -> None:
    officer = case.as_("officer")
    wide = vendor(case.house, case.everyone.officer, "ABC印刷株式会社", "エービーシー")
    engagement_id = engagements.register(officer, wide, work("ＤＭの発送"))

    def found(**wanted) -> set[UUID]:  # type: ignore[no-untyped-def]
        return {each.engagement_id for each in rounds.pickable(officer, Filter(**wanted))}

    assert found() == {engagement_id, case.engagement_id}
    words = ("ＡＢＣ", "エービー", "えーびー", "ｴｰﾋﾞｰ", "ＤＭ", "dm")
    assert [found(search=each) for each in words] == [{engagement_id}] * len(words)
    assert found(search="%") == set()
    state = engagements.get_engagement(officer, engagement_id).state
    assert found(state=state, search="ABC") == {engagement_id}
    assert not found(state="live")

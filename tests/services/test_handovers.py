"""A person who leaves: everything open moves to the successors in one go, or is held and told."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.domain.handover import HandoverState, Obstacle, Task
from audit_portal.domain.route import Step
from audit_portal.domain.supervision import Gate
from audit_portal.services import history_check, jobs
from audit_portal.services.accounts import accounts
from audit_portal.services.assessments import delegation
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.decisions import decision_views, decisions, reseating, route_settings
from audit_portal.services.engagements import engagement_changes, engagement_profile, engagements
from audit_portal.services.handovers import handovers, looking
from audit_portal.services.handovers.in_hand import Line
from audit_portal.services.handovers.looking import Order
from audit_portal.services.house import Context, House
from audit_portal.storage.tables.accounts import Account
from audit_portal.storage.tables.handovers import Handover
from audit_portal.storage.transaction import Transaction
from tests.factories.house import account, context, mailer
from tests.services.steps import CLIENT_ITEM, ON_SQLITE, Case, at_once, execute, make_case


@dataclass
class Leaving:
    """Somebody who owns an engagement, holds an item of its check and sits on a route; and two successors."""

    case: Case
    leaver: UUID
    worker: UUID
    decider: UUID
    route_id: UUID

    @property
    def officer(self) -> Context:
        return self.case.as_("officer")

    def order(self, **more: object) -> Order:
        today = self.case.house.today()
        return replace(Order(self.leaver, self.worker, self.decider, today), **more)  # type: ignore[arg-type]

    def plan(self, who: str = "officer", **more: object) -> UUID:
        ctx, order = self.case.as_(who), self.order(**more)
        return handovers.plan(ctx, order, looking.preview(ctx, order).seen)

    def state(self, handover_id: UUID) -> HandoverState:
        return looking.get_handover(self.officer, handover_id)[0].state

    def owner(self) -> str:
        return engagement_profile.get_profile(self.officer, self.case.engagement_id).owner


def own(case: Case, owner: UUID | None, deputy: UUID | None = None) -> None:
    ctx = case.as_("officer")
    profile = engagement_profile.get_profile(ctx, case.engagement_id)
    facts = replace(profile.facts, owner_id=owner, deputy_id=deputy)
    engagement_changes.change(ctx, case.engagement_id, profile.version, facts)


@pytest.fixture
def leaving(house: House, tmp_path: Path) -> Leaving:
    case = make_case(house, tmp_path)
    client = case.everyone.client_id
    leaver = account(case.house, client, Role.OWNER, Role.APPROVER, name="去る人")
    worker = account(case.house, client, Role.OWNER, name="後任の人")
    decider = account(case.house, client, Role.APPROVER, name="後任の部長")
    own(case, leaver)
    delegation.give(case.as_("officer"), case.assessment_id, Gift((CLIENT_ITEM,), leaver))
    steps = (Step("部長", (leaver,)), Step("個人情報保護管理者", (case.everyone.approver,)))
    route_id = route_settings.save(case.as_("officer"), Gate.SELECTION, "", steps)
    return Leaving(case, leaver, worker, decider, route_id)


def test_everything_in_hand_moves_today_and_each_thing_is_on_record(leaving: Leaving) -> None:
    case, officer = leaving.case, leaving.officer
    decision_id = case.requested()
    own(case, leaving.leaver)
    today = case.house.today()
    away = route_settings.name_deputy(
        officer, case.everyone.approver, leaving.leaver, today, today + timedelta(5), ""
    )
    seen = looking.preview(case.as_("second"), leaving.order())
    assert {each.held.thing.task for each in seen.moving} == {
        Task.OWNER,
        Task.SEAT,
        Task.ROUTE,
        Task.STAND_IN,
        Task.ITEMS,  # handed in with the check, which may be given back
    }
    assert seen.staying == ()
    handover_id = leaving.plan("second")
    view, left = looking.get_handover(officer, handover_id)
    assert (view.state, left) == (HandoverState.DONE, None) and len(view.moved) == len(seen.moving)
    assert leaving.owner() == "後任の人"
    (seat, _) = decision_views.get_decision(officer, decision_id).seats
    assert seat.people == ("後任の部長",)
    route = route_settings.get_route(officer, leaving.route_id)
    assert route.steps[0].people == ("後任の部長",)
    (stand_in,) = route_settings.deputies(officer)
    assert (stand_in.deputy, stand_in.first_on) == ("後任の部長", today) and stand_in.id != away
    told = [e for e in engagements.timeline(officer, case.engagement_id) if e.event == "handover.task_moved"]
    assert {each.facts["task"] for each in told} >= {"owner", "seat"}
    assert all(each.facts["before"] == str(leaving.leaver) for each in told)
    assert [each.name for each in engagements.assigned(officer, case.engagement_id)] == ["後任の人"]
    assert history_check.verify(case.house) == ()


def test_items_and_the_number_to_call_move_too(leaving: Leaving) -> None:
    case = leaving.case
    leaving.plan()
    (share,) = delegation.board(leaving.officer, case.assessment_id).shares
    assert (share.name, share.given) == ("後任の人", 1)
    assert [each.left for each in delegation.mine(context(case.house, leaving.worker))] == [1]
    second = case.second
    order = Order(case.everyone.officer, second, None, case.house.today())
    found = looking.preview(leaving.officer, order)
    assert [each.held.thing.task for each in found.moving] == [Task.CONTACT]
    handovers.plan(leaving.officer, order, found.seen)
    mail = execute(case.house, "SELECT email FROM account WHERE id = :id", id=_stored(case.house, second))
    assert case.view("vendor_lead").contact["email"] == mail[0][0]


def _stored(house: House, row_id: UUID) -> str | UUID:
    return row_id.hex if house.db.is_sqlite else row_id


@ON_SQLITE
def test_the_successors_are_told_by_mail(leaving: Leaving) -> None:
    leaving.case.requested()
    jobs.run_due(leaving.case.house)
    sent = mailer(leaving.case.house).sent
    before = len(sent)
    leaving.plan("second")
    jobs.run_due(leaving.case.house)
    assert any("後任の部長" in each.body for each in sent[before:])


@ON_SQLITE
def test_a_seat_that_was_handed_over_is_given_to_others_when_the_successor_leaves_too(
    leaving: Leaving,
) -> None:
    case = leaving.case
    decision_id = case.requested()
    leaving.plan("second")
    accounts.end_account(case.as_("admin"), leaving.decider)
    third = account(case.house, case.everyone.client_id, Role.APPROVER, name="三人目の部長")
    reseating.reseat(leaving.officer, decision_id, (third,))
    (seat, _) = decision_views.get_decision(leaving.officer, decision_id).seats
    assert seat.people == ("三人目の部長",)
    jobs.run_due(case.house)
    assert any("三人目の部長" in each.body for each in mailer(case.house).sent)


@ON_SQLITE
def test_what_cannot_move_stays_and_says_why(leaving: Leaving) -> None:
    officer, case = leaving.officer, leaving.case
    found = looking.preview(officer, leaving.order(decider_id=None))
    assert {(e.held.thing.task, e.obstacle) for e in found.staying} == {(Task.ROUTE, Obstacle.NOBODY)}
    found = looking.preview(officer, leaving.order(decider_id=case.everyone.approver))
    assert [each.obstacle for each in found.staying] == [Obstacle.OTHER_SEAT]
    found = looking.preview(officer, leaving.order(worker_id=case.everyone.auditor))
    assert {e.obstacle for e in found.staying} == {Obstacle.ROLE}
    both = account(case.house, case.everyone.client_id, Role.OFFICER, Role.APPROVER)
    case.reviewed()
    decisions.request(context(case.house, both), case.engagement_id, "お願いします。")
    found = looking.preview(officer, leaving.order(decider_id=both))
    assert [(e.held.thing.task, e.obstacle) for e in found.staying] == [(Task.SEAT, Obstacle.ASKED)]


def both_roles(case: Case) -> Context:
    return context(
        case.house, account(case.house, case.everyone.client_id, Role.OFFICER, Role.APPROVER, name="兼務の人")
    )


@ON_SQLITE
def test_nobody_picks_the_approver_of_their_own_request_or_gives_themselves_a_seat(leaving: Leaving) -> None:
    case = leaving.case
    case.requested()  # by the officer who plans
    found = looking.preview(leaving.officer, leaving.order())
    assert [(e.held.thing.task, e.obstacle) for e in found.staying] == [(Task.SEAT, Obstacle.OWN_REQUEST)]
    other = both_roles(case)
    found = looking.preview(other, leaving.order(decider_id=other.actor.person))
    assert (Task.SEAT, Obstacle.PLANNER) in {(e.held.thing.task, e.obstacle) for e in found.staying}
    handover_id = leaving.plan("second", from_on=later(leaving))
    case.house.clock.move(days=4)  # type: ignore[attr-defined]
    view, now = looking.get_handover(leaving.officer, handover_id)
    assert view.late and [each.id for each in looking.held(leaving.officer)] == [handover_id]
    assert now is not None and {e.obstacle for e in now.staying} == {Obstacle.OWN_REQUEST}


@ON_SQLITE
def test_an_owner_who_also_audits_hands_both_places_over(leaving: Leaving) -> None:
    case = leaving.case
    both = account(case.house, case.everyone.client_id, Role.OWNER, Role.AUDITOR, name="兼務の担当")
    own(case, both)
    order = leaving.order(leaver_id=both, decider_id=None)
    found = looking.preview(leaving.officer, order)
    assert {(e.held.thing.task, e.obstacle) for e in found.lines} == {
        (Task.OWNER, None),
        (Task.ASSIGNED, Obstacle.ROLE),
    }
    handovers.plan(leaving.officer, order, found.seen)
    names = {each.name for each in engagements.assigned(leaving.officer, case.engagement_id)}
    assert {"後任の人", "兼務の担当"} <= names  # the auditor is still on it


@ON_SQLITE
def test_the_deputy_who_becomes_the_owner_leaves_the_other_post_empty(leaving: Leaving) -> None:
    own(leaving.case, leaving.leaver, leaving.worker)
    found = looking.preview(leaving.officer, leaving.order())
    assert [each.held.thing.task for each in found.moving if each.vacates] == [Task.OWNER]
    leaving.plan()
    profile = engagement_profile.get_profile(leaving.officer, leaving.case.engagement_id)
    assert (profile.owner, profile.deputy) == ("後任の人", "")


def later(leaving: Leaving, days: int = 3) -> date:
    return leaving.case.house.today() + timedelta(days)


def test_a_later_one_waits_for_its_day_and_ends_the_account_with_it(leaving: Leaving) -> None:
    house = leaving.case.house
    with pytest.raises(Forbidden, match="permission_missing"):
        leaving.plan(ends_account=True)  # ending accounts is the administrator's
    both = account(house, leaving.case.everyone.client_id, Role.OFFICER, Role.ADMIN)
    ctx, order = context(house, both), leaving.order(from_on=later(leaving), ends_account=True)
    handover_id = handovers.plan(ctx, order, looking.preview(ctx, order).seen)
    assert handovers.sweep(house) == 0 and leaving.owner() == "去る人"
    house.clock.move(days=3)  # type: ignore[attr-defined]
    assert handovers.sweep(house) == 1 and handovers.sweep(house) == 0
    assert (leaving.state(handover_id), leaving.owner()) == (HandoverState.DONE, "後任の人")
    gone = accounts.get_account(context(house, leaving.case.everyone.admin), leaving.leaver)
    assert gone.state is AccountState.ENDED
    moved = engagements.timeline(leaving.officer, leaving.case.engagement_id)
    assert moved[0].event == "handover.task_moved" and not moved[0].actor.startswith("system:")


def test_one_whose_successor_is_gone_by_then_is_held_whole(leaving: Leaving) -> None:
    house, officer = leaving.case.house, leaving.officer
    handover_id = leaving.plan(from_on=later(leaving))
    accounts.end_account(leaving.case.as_("admin"), leaving.decider)
    house.clock.move(days=3)  # type: ignore[attr-defined]
    assert handovers.sweep(house) == 0
    assert leaving.state(handover_id) is HandoverState.HELD
    assert leaving.owner() == "去る人"  # nothing is done by halves
    assert [each.id for each in looking.held(officer)] == [handover_id]
    view, now = looking.get_handover(officer, handover_id)
    assert now is not None and [each.obstacle for each in now.staying] == [Obstacle.NOT_THERE]
    with pytest.raises(Conflict, match="handover_moved_on"):
        handovers.carry_out(officer, handover_id, view.version, "something else")
    handovers.carry_out(officer, handover_id, view.version, now.seen)
    assert (leaving.state(handover_id), leaving.owner()) == (HandoverState.DONE, "後任の人")


@ON_SQLITE
def test_a_successor_who_lost_the_role_holds_it_too(leaving: Leaving) -> None:
    handover_id = leaving.plan(from_on=later(leaving))
    admin = leaving.case.as_("admin")
    version = accounts.get_account(admin, leaving.worker).version
    accounts.change_account(admin, leaving.worker, version, frozenset({Role.AUDITOR}), None)
    leaving.case.house.clock.move(days=3)  # type: ignore[attr-defined]
    handovers.sweep(leaving.case.house)
    assert leaving.state(handover_id) is HandoverState.HELD


@ON_SQLITE
@pytest.mark.parametrize("change", ["ended", "no longer an administrator"])
def test_it_is_held_when_who_planned_it_may_no_longer_do_it(leaving: Leaving, change: str) -> None:
    house, admin = leaving.case.house, leaving.case.as_("admin")
    both = account(house, leaving.case.everyone.client_id, Role.OFFICER, Role.ADMIN)
    ctx, order = context(house, both), leaving.order(from_on=later(leaving), ends_account=True)
    handover_id = handovers.plan(ctx, order, looking.preview(ctx, order).seen)
    if change == "ended":
        accounts.end_account(admin, both)
    else:
        version = accounts.get_account(admin, both).version
        accounts.change_account(admin, both, version, frozenset({Role.OFFICER}), None)
    house.clock.move(days=3)  # type: ignore[attr-defined]
    assert handovers.sweep(house) == 0 and leaving.state(handover_id) is HandoverState.HELD
    view, now = looking.get_handover(leaving.officer, handover_id)
    assert now is not None
    with pytest.raises(Forbidden, match="handover_ends_account"):
        handovers.carry_out(leaving.officer, handover_id, view.version, now.seen)


def test_of_two_workers_one_does_it_and_a_withdrawal_at_the_same_moment_is_all_or_nothing(
    leaving: Leaving,
) -> None:
    house = leaving.case.house
    first = leaving.plan(from_on=later(leaving))
    house.clock.move(days=3)  # type: ignore[attr-defined]
    done = at_once(lambda: handovers.sweep(house), lambda: handovers.sweep(house))
    assert sorted(done) == [0, 1] and leaving.state(first) is HandoverState.DONE
    back = Order(leaving.worker, leaving.leaver, None, later(leaving))
    second = handovers.plan(leaving.officer, back, looking.preview(leaving.officer, back).seen)
    house.clock.move(days=3)  # type: ignore[attr-defined]
    version = looking.get_handover(leaving.officer, second)[0].version
    at_once(lambda: handovers.sweep(house), lambda: handovers.withdraw(leaving.officer, second, version))
    kept = leaving.state(second) is HandoverState.WITHDRAWN
    assert leaving.owner() == ("後任の人" if kept else "去る人")


@ON_SQLITE
def test_one_that_fails_leaves_the_others_alone(leaving: Leaving, monkeypatch: pytest.MonkeyPatch) -> None:
    case, house = leaving.case, leaving.case.house
    leaving.plan(from_on=later(leaving))
    order = Order(case.everyone.officer, case.second, None, later(leaving))
    other = handovers.plan(leaving.officer, order, looking.preview(leaving.officer, order).seen)
    real = handovers.move

    def broken(tx: Transaction, row: Handover, leaver: Account, line: Line) -> None:
        if row.leaver_id == leaving.leaver:
            raise RuntimeError("deadlock detected")
        real(tx, row, leaver, line)

    monkeypatch.setattr(handovers, "move", broken)
    house.clock.move(days=3)  # type: ignore[attr-defined]
    assert handovers.sweep(house) == 1 and leaving.state(other) is HandoverState.DONE
    assert leaving.owner() == "去る人"


@ON_SQLITE
def test_what_was_known_to_stay_does_not_hold_it(leaving: Leaving) -> None:
    handover_id = leaving.plan(from_on=later(leaving), decider_id=None)
    leaving.case.house.clock.move(days=3)  # type: ignore[attr-defined]
    assert handovers.sweep(leaving.case.house) == 1
    assert leaving.state(handover_id) is HandoverState.DONE
    assert route_settings.get_route(leaving.officer, leaving.route_id).steps[0].people == ("去る人",)


@ON_SQLITE
def test_one_that_is_not_due_can_be_withdrawn(leaving: Leaving) -> None:
    handover_id = leaving.plan(from_on=later(leaving))
    with pytest.raises(Conflict, match="handover_there"):
        leaving.plan()
    view, _ = looking.get_handover(leaving.officer, handover_id)
    with pytest.raises(Conflict, match="handover_not_due"):
        handovers.carry_out(leaving.officer, handover_id, view.version, "")
    handovers.withdraw(leaving.officer, handover_id, view.version)
    leaving.case.house.clock.move(days=3)  # type: ignore[attr-defined]
    assert handovers.sweep(leaving.case.house) == 0 and leaving.owner() == "去る人"
    with pytest.raises(Conflict, match="handover_over"):
        handovers.withdraw(leaving.officer, handover_id, view.version)


@ON_SQLITE
def test_what_was_not_looked_at_is_not_done(leaving: Leaving) -> None:
    order = leaving.order()
    seen = looking.preview(leaving.officer, order).seen
    own(leaving.case, leaving.worker)
    with pytest.raises(Conflict, match="handover_moved_on"):
        handovers.plan(leaving.officer, order, seen)


@ON_SQLITE
def test_nothing_in_hand_and_other_peoples_houses_are_refused(leaving: Leaving) -> None:
    case = leaving.case
    empty = leaving.order(leaver_id=leaving.worker, worker_id=leaving.leaver, decider_id=None)
    with pytest.raises(Invalid, match="handover_nothing"):
        handovers.plan(leaving.officer, empty, looking.preview(leaving.officer, empty).seen)
    for more in ({"leaver_id": case.everyone.vendor_lead}, {"worker_id": case.everyone.vendor_lead}):
        with pytest.raises(NotFound):
            looking.preview(leaving.officer, leaving.order(**more))
    for who in ("admin", "approver", "owner", "auditor", "vendor_lead"):
        with pytest.raises(Forbidden):
            looking.preview(case.as_(who), leaving.order())

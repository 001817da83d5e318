"""Requests that walk a route: seats in order, stand-ins, return, and seats that fall vacant."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.decision import Acceptance, DecisionState
from audit_portal.domain.errors import Conflict, Forbidden, Invalid
from audit_portal.domain.route import SeatState, Step
from audit_portal.domain.supervision import Gate, State
from audit_portal.services import jobs
from audit_portal.services.accounts import accounts
from audit_portal.services.decisions import decision_views, decisions, reseating, route_settings
from audit_portal.services.decisions.decisions import Terms
from audit_portal.services.engagements import engagements
from audit_portal.services.house import Context, House
from tests.factories.house import account, context, mailer
from tests.services.steps import ON_SQLITE, Case, at_once, execute, make_case


class Route:
    """A case whose selection is decided by a manager and then by the approver, with two more approvers."""

    def __init__(self, case: Case) -> None:
        self.case, self.final = case, case.everyone.approver
        client = case.everyone.client_id
        self.manager = account(case.house, client, Role.APPROVER, name="部長")
        self.other = account(case.house, client, Role.APPROVER, name="代理の人")
        self.route_id = route_settings.save(
            case.as_("officer"),
            Gate.SELECTION,
            "",
            (Step("部長", (self.manager,)), Step("個人情報保護管理者", (self.final,))),
        )

    def as_(self, person: UUID) -> Context:
        return context(self.case.house, person)

    def stands_in(self, person: UUID, deputy: UUID) -> UUID:
        today = self.case.house.today()
        officer = self.case.as_("officer")
        return route_settings.name_deputy(officer, person, deputy, today, today + timedelta(7), "出張のため")

    def seen(self, decision_id: UUID) -> decision_views.DecisionView:
        return decision_views.get_decision(self.case.as_("officer"), decision_id)

    def decide(self, person: UUID, decision_id: UUID, approve: bool = True, **more: object) -> None:
        version = self.seen(decision_id).version
        decisions.decide(self.as_(person), decision_id, version, approve, "確認しました。", **more)  # type: ignore[arg-type]


@pytest.fixture
def route(house: House, tmp_path: Path) -> Route:
    return Route(make_case(house, tmp_path))


def state_of(route: Route) -> State:
    return engagements.get_engagement(route.case.as_("officer"), route.case.engagement_id).state


def test_a_request_walks_its_seats_in_order(route: Route) -> None:
    decision_id = route.case.requested()
    for person in (route.final, route.other):
        with pytest.raises(Forbidden, match="not_your_seat"):
            route.decide(person, decision_id)
    assert decision_views.waiting(route.as_(route.final)) == ()
    assert [each.id for each in decision_views.waiting(route.as_(route.manager))] == [decision_id]
    route.decide(route.manager, decision_id)
    assert (route.seen(decision_id).state, route.seen(decision_id).step) == (DecisionState.REQUESTED, 2)
    assert state_of(route) is State.DRAFT
    with pytest.raises(Forbidden, match="second_seat"):
        route.decide(route.manager, decision_id)
    route.decide(route.final, decision_id)
    found = route.seen(decision_id)
    assert found.state is DecisionState.APPROVED and state_of(route) is State.SELECTED
    assert [each.acted_by for each in found.seats] == ["部長", "試験 approver"]
    known = decision_views.frozen(route.case.as_("officer"), decision_id)
    assert [(each.title, each.people) for each in known.route] == [
        ("部長", ("部長",)),
        ("個人情報保護管理者", ("試験 approver",)),
    ]


@ON_SQLITE
def test_each_seat_is_told_when_its_turn_comes(route: Route) -> None:
    decision_id = route.case.requested()
    jobs.run_due(route.case.house)
    sent = mailer(route.case.house).sent
    told = len(sent)
    assert "部長" in sent[-1].body
    route.decide(route.manager, decision_id)
    jobs.run_due(route.case.house)
    assert [("試験 approver" in each.body) for each in sent[told:]] == [True]


def test_a_deputy_acts_in_the_name_of_who_is_away_and_it_is_on_record(route: Route) -> None:
    decision_id = route.case.requested()
    row_id = route.stands_in(route.manager, route.other)
    route.decide(route.other, decision_id)
    seat = route.seen(decision_id).seats[0]
    assert (seat.acted_by, seat.deputy_of, seat.state) == ("代理の人", "部長", SeatState.APPROVED)
    route_settings.end_deputy(route.case.as_("officer"), row_id)
    execute(route.case.house, "UPDATE account SET name = '改名'")
    assert route.seen(decision_id).seats[0].deputy_of == "部長"  # the names of the time
    [(body,)] = execute(
        route.case.house, "SELECT body FROM ledger_entry WHERE event = 'decision.seat_filled'"
    )
    assert f'"deputy_of":"{route.manager}"'.encode() in bytes(body)


def test_one_person_does_not_fill_two_seats_in_whosever_name(route: Route) -> None:
    decision_id = route.case.requested()
    route.stands_in(route.manager, route.other)
    route.stands_in(route.final, route.other)
    route.decide(route.other, decision_id)  # as the manager's deputy
    with pytest.raises(Forbidden, match="second_seat"):
        route.decide(route.other, decision_id)
    with pytest.raises(Forbidden, match="second_seat"):
        route.decide(route.manager, decision_id)
    route.decide(route.final, decision_id)


def test_a_deputy_of_who_asked_is_no_second_pair_of_eyes(route: Route) -> None:
    case = route.case
    both = account(case.house, case.everyone.client_id, Role.OFFICER, Role.APPROVER)
    ctx, officer = route.as_(both), case.as_("officer")
    route_settings.save(officer, Gate.SELECTION, "", (Step("部長", (both,)),), route.route_id, 1)
    route.stands_in(both, route.other)
    case.reviewed()
    with pytest.raises(Conflict, match="route_requester") as refused:
        decisions.request(ctx, case.engagement_id, "お願いします。")
    assert refused.value.facts == {"place": 1, "seat": "部長"}
    decision_id = decisions.request(officer, case.engagement_id, "お願いします。")
    route.decide(route.other, decision_id)


@ON_SQLITE
def test_a_request_that_was_returned_is_over_and_may_be_asked_anew(route: Route) -> None:
    decision_id = route.case.requested()
    ctx = route.as_(route.manager)
    with pytest.raises(Invalid, match="return_needs_reason"):
        decisions.give_back(ctx, decision_id, 1, " ")
    decisions.give_back(ctx, decision_id, 1, "根拠を足してください。")
    found = route.seen(decision_id)
    assert (found.state, found.comment) == (DecisionState.RETURNED, "根拠を足してください。")
    assert state_of(route) is State.DRAFT
    with pytest.raises(Conflict, match="decision_made"):
        route.decide(route.final, decision_id)
    again = decisions.request(route.case.as_("officer"), route.case.engagement_id, "直しました。")
    assert again != decision_id


@ON_SQLITE
def test_a_refusal_on_any_seat_ends_it(route: Route) -> None:
    decision_id = route.case.requested()
    route.decide(route.manager, decision_id, approve=False)
    assert route.seen(decision_id).state is DecisionState.REFUSED
    assert state_of(route) is State.REFUSED


@ON_SQLITE
def test_only_the_last_seat_accepts_and_sets_conditions(route: Route) -> None:
    decision_id = route.case.requested()
    far = route.case.house.today() + timedelta(30)
    with pytest.raises(Forbidden, match="only_final_accepts"):
        route.decide(
            route.manager, decision_id, terms=Terms((Acceptance("item_unknown:X", "理由", "対策", far),))
        )
    assert route.seen(decision_id).step == 1


def test_of_two_who_approve_one_seat_at_once_one_wins(route: Route) -> None:
    officer = route.case.as_("officer")
    pair = Step("部長", (route.manager, route.other))
    route_settings.save(
        officer, Gate.SELECTION, "", (pair, Step("管理者", (route.final,))), route.route_id, 1
    )
    decision_id = route.case.requested()
    found = at_once(
        *[
            lambda who=who: decisions.decide(route.as_(who), decision_id, 1, True, "")
            for who in (route.manager, route.other)
        ]
    )
    assert [each for each in found if each is None] == [None], found
    assert len([each for each in found if isinstance(each, Conflict)]) == 1, found
    assert route.seen(decision_id).step == 2


@ON_SQLITE
def test_a_route_that_nobody_could_walk_is_not_saved(route: Route) -> None:
    officer, case = route.case.as_("officer"), route.case
    gone = account(case.house, case.everyone.client_id, Role.APPROVER)
    accounts.end_account(case.as_("admin"), gone)
    for code, steps in {
        "route_empty": (),
        "route_untitled": (Step(" ", (route.final,)),),
        "route_vacant": (Step("部長", (gone,)),),
        "route_loop": (Step("課長", (route.final,)), Step("部長", (route.manager, route.final))),
        "route_too_long": tuple(Step(f"席{n}") for n in range(6)),
    }.items():
        with pytest.raises(Invalid, match=code):
            route_settings.save(officer, Gate.CONTRACT, "", steps)
    with pytest.raises(Conflict, match="route_there"):
        route_settings.save(officer, Gate.SELECTION, "", (Step("部長"),))
    for who in ("approver", "owner", "auditor", "vendor_lead"):
        with pytest.raises(Forbidden):
            route_settings.save(case.as_(who), Gate.CONTRACT, "", (Step("部長"),))


@ON_SQLITE
def test_the_route_of_the_tier_comes_before_that_of_all(route: Route) -> None:
    tier = engagements.get_engagement(route.case.as_("officer"), route.case.engagement_id).risk_tier
    own = route_settings.save(
        route.case.as_("admin"), Gate.SELECTION, tier.value, (Step("別の人", (route.other,)),)
    )
    assert [each.title for each in route.seen(route.case.requested()).seats] == ["別の人"]
    route_settings.end(route.case.as_("admin"), own)
    assert {each.id for each in route_settings.listed(route.case.as_("officer"))} == {route.route_id}


def test_a_seat_that_falls_vacant_is_named_and_given_to_somebody_else(route: Route) -> None:
    case = route.case
    officer, admin = case.as_("officer"), case.as_("admin")
    decision_id = case.requested()
    assert reseating.vacancies(officer) == ()
    with pytest.raises(Conflict, match="seat_not_vacant"):
        reseating.reseat(officer, decision_id, (route.other,))
    accounts.end_account(admin, route.manager)
    for ctx in (officer, admin):
        (found,) = reseating.vacancies(ctx)
        assert (found.decision_id, found.position, found.title) == (decision_id, 1, "部長")
    assert route_settings.listed(officer)[0].flaw == ("route_vacant", "部長")
    with pytest.raises(Invalid, match="seat_needs_people"):
        reseating.reseat(officer, decision_id, (case.everyone.officer,))
    version = route.seen(decision_id).version
    reseating.reseat(admin, decision_id, (route.other,))
    assert reseating.vacancies(officer) == ()
    decisions.decide(route.as_(route.other), decision_id, version, True, "")
    assert route.seen(decision_id).step == 2


@ON_SQLITE
def test_a_route_cannot_be_asked_while_a_seat_is_vacant(route: Route) -> None:
    accounts.end_account(route.case.as_("admin"), route.manager)
    route.case.reviewed()
    with pytest.raises(Conflict, match="route_vacant"):
        decisions.request(route.case.as_("officer"), route.case.engagement_id, "お願いします。")
    assert execute(route.case.house, "SELECT count(*) FROM decision") == [(0,)]


@ON_SQLITE
def test_a_stand_in_is_another_approver_for_days_to_come(route: Route) -> None:
    today, officer = route.case.house.today(), route.case.as_("officer")
    for code, who, first, last in (
        ("deputy_of_oneself", route.manager, today, today),
        ("deputy_not_approver", route.case.everyone.owner, today, today),
        ("deputy_days", route.other, today, today - timedelta(1)),
        ("deputy_past", route.other, today - timedelta(3), today - timedelta(1)),
    ):
        with pytest.raises(Invalid, match=code):
            route_settings.name_deputy(officer, route.manager, who, first, last, "")

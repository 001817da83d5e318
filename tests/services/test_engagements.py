"""Engagements: registered within the rules, shown within reach, people put on them, numbered without gaps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from audit_portal.domain.access import Role, system
from audit_portal.domain.checklist import Tier
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.domain.events.parties import PartyRegistered
from audit_portal.domain.numbers import Numbered
from audit_portal.domain.supervision import State, WorkKind
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.storage import ledger
from audit_portal.storage.numbers import next_number
from audit_portal.storage.tables.supervision import Party, PartyKind
from tests.clock import SetClock
from tests.factories.house import People, account, context, vendor
from tests.factories.world import work
from tests.services.steps import at_once

STAFF_IN_REACH = ("officer", "approver")
SYSTEM = system("test")


def registered(house: House, everyone: People, **facts: Any) -> Any:
    ctx = context(house, everyone.officer)
    return engagements.register(ctx, everyone.vendor_id, replace(work(), **facts))


def test_an_engagement_begins_as_a_draft_of_the_first_tier(house: House, everyone: People) -> None:
    engagement_id = registered(house, everyone, title="会員データの入力 𠮷野髙﨑 🗂️")
    found = engagements.get_engagement(context(house, everyone.officer), engagement_id)
    assert (found.number, found.state, found.tier) == ("E-2026-0001", State.DRAFT, 1)
    assert found.title == "会員データの入力 𠮷野髙﨑 🗂️"
    assert (found.principal_id, found.vendor_id) == (everyone.client_id, everyone.vendor_id)
    assert found.risk_tier is Tier.LOW


@pytest.mark.parametrize(
    "who", ["approver", "owner", "auditor", "admin", "vendor_lead", "vendor_contributor"]
)
def test_only_an_officer_registers(house: House, everyone: People, who: str) -> None:
    with pytest.raises(Forbidden):
        engagements.register(context(house, getattr(everyone, who)), everyone.vendor_id, work())


def test_only_a_vendor_can_be_entrusted(house: House, everyone: People) -> None:
    ctx = context(house, everyone.officer)
    for party_id in (everyone.client_id, uuid4()):
        with pytest.raises(NotFound):
            engagements.register(ctx, party_id, work())


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"starts_on": date(2027, 1, 2), "ends_on": date(2027, 1, 1)}, "ends_before_start", "ends_on"),
        ({"my_number": True, "risk_tier": Tier.LOW}, "risk_tier_too_low", "risk_tier"),
    ],
)
def test_facts_that_do_not_fit_are_refused(
    house: House, everyone: People, facts: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        registered(house, everyone, **facts)
    assert (refused.value.code, refused.value.field) == (code, field)


def test_a_day_is_a_whole_engagement(house: House, everyone: People) -> None:
    registered(house, everyone, starts_on=date(2027, 1, 1), ends_on=date(2027, 1, 1))


def test_the_facts_decide_the_conditions() -> None:
    assert engagements.conditions_of(work()) == []
    every = replace(work(), my_number=True, handled_abroad=True, subcontracting=True, work_kind=WorkKind.ITO)
    assert engagements.conditions_of(every) == ["cross_border", "ito", "my_number", "subcontracting"]


def test_only_who_is_within_reach_finds_it(house: House, everyone: People) -> None:
    engagement_id = registered(house, everyone)
    stranger = account(house, vendor(house, everyone.officer, "他社", "タシャ"), Role.VENDOR_LEAD)
    for who in ("officer", "approver", "vendor_lead", "vendor_contributor"):
        ctx = context(house, getattr(everyone, who))
        assert engagements.get_engagement(ctx, engagement_id).id == engagement_id
        assert len(engagements.listed(ctx).items) == 1
    for account_id in (everyone.owner, everyone.auditor, stranger):
        ctx = context(house, account_id)
        assert engagements.listed(ctx).items == ()
        with pytest.raises(NotFound):
            engagements.get_engagement(ctx, engagement_id)
    with pytest.raises(Forbidden):
        engagements.get_engagement(context(house, everyone.admin), engagement_id)


@pytest.mark.parametrize("who", ["auditor", "owner"])
def test_a_person_who_is_put_on_it_reaches_it_from_then_on(house: House, everyone: People, who: str) -> None:
    engagement_id, other = registered(house, everyone), registered(house, everyone)
    officer, person = context(house, everyone.officer), getattr(everyone, who)
    engagements.assign(officer, engagement_id, person)
    assert [each.id for each in engagements.listed(context(house, person)).items] == [engagement_id]
    assert [each.id for each in engagements.assigned(officer, engagement_id)] == [person]
    with pytest.raises(NotFound):
        engagements.get_engagement(context(house, person), other)
    with pytest.raises(Conflict) as refused:
        engagements.assign(officer, engagement_id, person)
    assert refused.value.code == "already_assigned"


def test_only_auditors_and_owners_of_the_client_are_put_on_it(house: House, everyone: People) -> None:
    engagement_id, officer = registered(house, everyone), context(house, everyone.officer)
    with pytest.raises(Invalid):
        engagements.assign(officer, engagement_id, everyone.approver)
    with pytest.raises(NotFound):
        engagements.assign(officer, engagement_id, everyone.vendor_lead)
    with pytest.raises(NotFound):
        engagements.assign(officer, uuid4(), everyone.auditor)
    assert {each.id for each in engagements.assignable(officer)} == {everyone.auditor, everyone.owner}
    with pytest.raises(Forbidden):
        engagements.assign(context(house, everyone.auditor), engagement_id, everyone.auditor)


def test_the_timeline_tells_it_newest_first_with_names(house: House, everyone: People) -> None:
    engagement_id = registered(house, everyone)
    officer = context(house, everyone.officer)
    engagements.assign(officer, engagement_id, everyone.auditor)
    found = engagements.timeline(context(house, everyone.auditor), engagement_id)
    assert [each.event for each in found] == ["engagement.person_assigned", "engagement.registered"]
    assert {each.actor for each in found} == {officer.actor.name}
    for who in ("vendor_lead", "vendor_contributor", "admin"):
        with pytest.raises(Forbidden):
            engagements.timeline(context(house, getattr(everyone, who)), engagement_id)
    with pytest.raises(NotFound):
        engagements.timeline(context(house, everyone.owner), engagement_id)


def test_numbers_begin_anew_with_the_year_in_japan(house: House, everyone: People, clock: SetClock) -> None:
    officer = context(house, everyone.officer)
    clock.at = clock.at.replace(month=12, day=31, hour=14, minute=59)
    first = engagements.get_engagement(officer, registered(house, everyone))
    clock.move(minutes=1)
    second = engagements.get_engagement(officer, registered(house, everyone))
    assert (first.number, second.number) == ("E-2026-0001", "E-2027-0001")


def test_eight_writers_at_once_leave_no_gap_and_no_number_twice(house: House) -> None:
    """Numbers and ledger entries both."""

    def register(position: int) -> list[str]:
        taken = []
        for _turn in range(4):
            with house.db.begin(SYSTEM) as tx:
                number = next_number(tx, Numbered.PARTY)
                row = Party(number=number, kind=PartyKind.VENDOR, name=f"会社{position}", kana="カイシャ")
                tx.add(row)
                tx.record(PartyRegistered(party_id=row.id, number=number))
            taken.append(number)
        return taken

    with house.db.read(SYSTEM) as tx:
        before = ledger.size(tx)
    results = at_once(*[lambda position=position: register(position) for position in range(8)])
    assert not [each for each in results if isinstance(each, Exception)]
    assert sorted(number for taken in results for number in taken) == [
        f"P-2026-{n:04d}" for n in range(1, 33)
    ]
    assert all(each == sorted(each) for each in results)
    with house.db.read(SYSTEM) as tx:
        seqs = [seq for seq, _, _ in ledger.entry_rows(tx)]
    assert seqs == list(range(before + 32))


def test_a_number_that_was_not_used_is_given_again(house: House) -> None:
    with pytest.raises(ZeroDivisionError), house.db.begin(SYSTEM) as tx:
        next_number(tx, Numbered.PARTY)
        raise ZeroDivisionError
    with house.db.begin(SYSTEM) as tx:
        assert next_number(tx, Numbered.PARTY) == "P-2026-0001"

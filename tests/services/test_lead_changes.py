"""A vendor's lead who left: the next one comes in only after a known contact and a second person said so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.domain.lead_change import LeadChangeState, Means
from audit_portal.domain.register import ContactPurpose
from audit_portal.services import jobs
from audit_portal.services.accounts import accounts, invitations, sessions
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.assessments import delegation
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.handovers import lead_changes
from audit_portal.services.handovers.lead_changes import Confirmation, LeadChangeView
from audit_portal.services.house import House
from audit_portal.services.parties import party_contacts
from audit_portal.services.parties.party_contacts import ContactFacts
from tests.factories.house import account, context, mailer, vendor
from tests.services.steps import ON_SQLITE, VENDOR_ITEM, Case, make_case

NEXT = NewPerson("新任 者", "next@example.jp", frozenset({Role.VENDOR_LEAD}), "総務部")


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    """The contact was written a month ago."""
    case = make_case(house, tmp_path)
    facts = ContactFacts("海野 渚", phone="03-5555-0134", email="umino@example.jp")
    party_contacts.add(case.as_("officer"), case.everyone.vendor_id, facts)
    case.house.clock.move(days=30)  # type: ignore[attr-defined]
    return case


def contact(case: Case) -> UUID:
    return party_contacts.listed(case.as_("officer"), case.everyone.vendor_id)[0].id


def ask(case: Case, who: str = "officer", person: NewPerson = NEXT, **more: object) -> UUID:
    values: dict[str, object] = {
        "contact_id": contact(case),
        "means": Means.PHONE,
        "confirmed_on": case.house.today(),
        "note": "退職と後任を電話で確かめた。",
    } | more
    leaving = values.pop("leaving", case.everyone.vendor_lead)
    confirmed = Confirmation(**values)  # type: ignore[arg-type]
    return lead_changes.ask(case.as_(who), case.everyone.vendor_id, leaving, person, confirmed)  # type: ignore[arg-type]


def seen(case: Case, change_id: UUID, who: str = "second") -> LeadChangeView:
    return lead_changes.get_change(case.as_(who), change_id)


def settle(case: Case, change_id: UUID, who: str = "second", agree: bool = True, words: str = "") -> None:
    lead_changes.settle(case.as_(who), change_id, seen(case, change_id).version, agree, words)


def state_of(case: Case, account_id: UUID) -> AccountState:
    return accounts.get_account(case.as_("officer"), account_id).state


def test_the_next_lead_comes_in_and_the_old_one_goes_once_a_second_person_agrees(case: Case) -> None:
    old = case.everyone.vendor_lead
    delegation.give(case.as_("vendor_lead"), case.assessment_id, Gift((VENDOR_ITEM,), old))
    token = sessions.start(case.house, old, {})
    assert sessions.load(case.house, token) is not None
    change_id = ask(case)
    jobs.run_due(case.house)
    sent = mailer(case.house).sent
    assert not any("next@example.jp" in each.to for each in sent)
    assert state_of(case, old) is AccountState.ACTIVE
    with pytest.raises(Forbidden, match="own_lead_change"):
        settle(case, change_id, "officer")
    assert [each.id for each in lead_changes.waiting(case.as_("second"))] == [change_id]
    assert lead_changes.waiting(case.as_("officer")) == ()
    settle(case, change_id)
    jobs.run_due(case.house)
    assert any("next@example.jp" in each.to for each in sent)
    assert state_of(case, old) is AccountState.ENDED
    assert sessions.load(case.house, token) is None
    people = {each.email: each for each in accounts.of_party(case.as_("officer"), case.everyone.vendor_id)}
    new = people["next@example.jp"]
    assert (new.state, new.roles) == (AccountState.INVITED, (Role.VENDOR_LEAD,))
    row = seen(case, change_id)
    assert (row.state, row.contact, row.contact_reached) == (
        LeadChangeState.DONE,
        "海野 渚",
        "03-5555-0134 umino@example.jp",
    )
    invitations.accept(case.house, mailer(case.house).last_link().rsplit("/", 1)[1], "長い合い言葉 for tests")
    assert [each.left for each in delegation.mine(context(case.house, new.id))] == [1]
    with pytest.raises(Conflict, match="lead_change_over"):
        settle(case, change_id, "admin")


@ON_SQLITE
def test_an_officer_does_not_invite_another_lead_past_it(case: Case) -> None:
    ctx, vendor_id = case.as_("officer"), case.everyone.vendor_id
    with pytest.raises(Invalid, match="lead_needs_confirmation"):
        invitations.invite(ctx, vendor_id, NEXT)
    helper = NewPerson("手伝い", "helper@example.jp", frozenset({Role.VENDOR_CONTRIBUTOR}))
    invitations.invite(ctx, vendor_id, helper)
    accounts.end_account(case.as_("admin"), case.everyone.vendor_lead)
    with pytest.raises(Invalid, match="lead_needs_confirmation"):
        invitations.invite(ctx, vendor_id, NEXT)  # a lead who left was there
    other = vendor(case.house, case.everyone.officer, "南海運輸株式会社", "ナンカイウンユ")
    invitations.invite(ctx, other, NEXT)


@ON_SQLITE
def test_an_ended_lead_is_followed_and_one_more_lead_is_added_in_the_same_way(case: Case) -> None:
    settle(case, ask(case, leaving=None))
    assert state_of(case, case.everyone.vendor_lead) is AccountState.ACTIVE
    accounts.end_account(case.as_("admin"), case.everyone.vendor_lead)
    another = NewPerson("次の次", "after@example.jp", NEXT.roles)
    settle(case, ask(case, person=another), "admin")
    found = accounts.of_party(case.as_("officer"), case.everyone.vendor_id)
    assert {"next@example.jp", "after@example.jp"} <= {each.email for each in found}


@ON_SQLITE
def test_a_colleague_becomes_lead_in_the_same_way_and_in_no_other(case: Case) -> None:
    admin, helper = (
        case.as_("admin"),
        accounts.get_account(case.as_("admin"), case.everyone.vendor_contributor),
    )
    roles = frozenset({Role.VENDOR_LEAD})
    with pytest.raises(Invalid, match="lead_needs_confirmation"):
        accounts.change_account(admin, helper.id, helper.version, roles, None)
    token = sessions.start(case.house, helper.id, {})
    change_id = ask(case, person=NewPerson(helper.name, helper.email, roles))
    settle(case, change_id)
    raised = accounts.get_account(admin, helper.id)
    assert (raised.roles, raised.state) == ((Role.VENDOR_LEAD,), AccountState.ACTIVE)
    assert sessions.load(case.house, token) is None
    assert state_of(case, case.everyone.vendor_lead) is AccountState.ENDED
    with pytest.raises(Invalid, match="email_taken"):
        ask(case, person=NewPerson("他社", accounts.get_account(admin, case.everyone.owner).email, roles))


@ON_SQLITE
def test_a_contact_written_by_the_same_act_vouches_for_nobody(case: Case) -> None:
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    fresh = party_contacts.add(officer, vendor_id, ContactFacts("名乗る 人", phone="090-0000-0000"))
    with pytest.raises(Invalid, match="contact_just_written"):
        ask(case, contact_id=fresh)
    known = party_contacts.get_contact(officer, vendor_id, contact(case))
    party_contacts.change(
        officer, vendor_id, known.id, known.version, ContactFacts("海野 渚", phone="090-0000-0000")
    )
    with pytest.raises(Invalid, match="contact_just_written"):
        ask(case, contact_id=known.id)  # its number is the one that was just told
    ask(case, "second", contact_id=known.id)


@ON_SQLITE
def test_wrong_contacts_days_addresses_and_leads_are_refused(case: Case) -> None:
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    daily = ContactFacts("日々 窓口", phone="1", purposes=(ContactPurpose.DAILY,))
    daily_id = party_contacts.add(officer, vendor_id, daily)
    other = vendor(case.house, case.everyone.officer, "南海運輸株式会社", "ナンカイウンユ")
    theirs = party_contacts.add(officer, other, ContactFacts("よその 人"))
    strangers = account(case.house, other, Role.VENDOR_LEAD)
    for code, more in (
        ("contact_not_for_contracts", {"contact_id": daily_id}),
        ("confirmed_in_future", {"confirmed_on": case.house.today() + timedelta(1)}),
        ("lead_not_here", {"leaving": strangers}),
        ("contact_is_lead", {"person": NewPerson("海野 渚", "umino@example.jp", NEXT.roles)}),
        ("email_wrong", {"person": NewPerson("誰か", "x", NEXT.roles)}),
    ):
        with pytest.raises(Invalid, match=code):
            ask(case, **more)  # type: ignore[arg-type]
    with pytest.raises(NotFound):
        ask(case, contact_id=theirs)
    for who in ("admin", "approver", "owner", "auditor", "vendor_lead"):
        with pytest.raises((Forbidden, NotFound)):
            lead_changes.choices(case.as_(who), vendor_id)


@ON_SQLITE
def test_a_change_is_refused_with_words_or_withdrawn_and_another_may_follow(case: Case) -> None:
    first = ask(case)
    with pytest.raises(Conflict, match="lead_change_there"):
        ask(case)
    with pytest.raises(Invalid, match="refusal_needs_words"):
        settle(case, first, agree=False, words=" ")
    settle(case, first, agree=False, words="窓口に折り返すと、知らないとのことでした。")
    assert seen(case, first).state is LeadChangeState.REFUSED
    second = ask(case)
    lead_changes.withdraw(case.as_("officer"), second, seen(case, second).version)
    with pytest.raises(Conflict, match="lead_change_over"):
        settle(case, second)
    assert state_of(case, case.everyone.vendor_lead) is AccountState.ACTIVE

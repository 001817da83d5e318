"""A vendor's lead who left: the next one comes in only after a known contact and a second person said so."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from audit_portal.domain.access import Role
from audit_portal.domain.accounts import AccountState, LinkKind
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.domain.lead_change import LeadChangeState, Means
from audit_portal.domain.register import ContactPurpose
from audit_portal.services import jobs
from audit_portal.services.accounts import accounts, cards, invitations, links, sessions
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.accounts.cards import Card
from audit_portal.services.assessments import delegation
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.handovers import lead_change_views, lead_changes
from audit_portal.services.handovers.lead_change_views import LeadChangeView
from audit_portal.services.handovers.lead_changes import Confirmation
from audit_portal.services.house import House
from audit_portal.services.parties import parties, party_contacts
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
    return lead_change_views.get_change(case.as_(who), change_id)


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
    assert [each.id for each in lead_change_views.waiting(case.as_("second"))] == [change_id]
    assert lead_change_views.waiting(case.as_("officer")) == ()
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
def test_items_that_were_handed_in_come_back_to_the_next_lead(case: Case) -> None:
    """No letter asks to answer what is answered; once it is given back, it waits with who is there."""
    old, helper = case.everyone.vendor_lead, case.everyone.vendor_contributor
    delegation.give(case.as_("vendor_lead"), case.assessment_id, Gift((VENDOR_ITEM,), old, message="お願い"))
    case.submitted()
    jobs.run_due(case.house)
    email = accounts.get_account(case.as_("admin"), helper).email
    settle(case, ask(case, person=NewPerson("名", email, NEXT.roles)))
    sent = mailer(case.house).sent
    del sent[:]
    jobs.run_due(case.house)
    assert not [each for each in sent if "引き継" in each.subject]
    new = context(case.house, helper)
    assert delegation.mine(new) == ()
    case.give_back(VENDOR_ITEM)
    (mine,) = delegation.mine(new)
    assert (mine.left, mine.message) == (1, "お願い")
    assert [(each.name, each.ended) for each in delegation.board(new, case.assessment_id).shares] == [
        (accounts.get_account(case.as_("admin"), helper).name, False)
    ]


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
def test_a_contact_written_that_day_vouches_for_nobody(case: Case) -> None:
    """Whoever wrote it: two people of a day are one hand."""
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    fresh = party_contacts.add(officer, vendor_id, ContactFacts("名乗る 人", phone="090-0000-0000"))
    for who in ("officer", "second"):
        with pytest.raises(Invalid, match="contact_just_written"):
            ask(case, who, contact_id=fresh)
    known = party_contacts.get_contact(officer, vendor_id, contact(case))
    facts = ContactFacts("海野 渚", phone="090-0000-0000")
    party_contacts.change(officer, vendor_id, known.id, known.version, facts)
    for who in ("officer", "second"):
        with pytest.raises(Invalid, match="contact_just_written"):
            ask(case, who, contact_id=known.id)  # its number is the one that was just told


@ON_SQLITE
def test_the_second_person_did_not_write_the_contact_and_sees_who_did(case: Case) -> None:
    second, vendor_id = case.as_("second"), case.everyone.vendor_id
    theirs = party_contacts.add(second, vendor_id, ContactFacts("窓口 係", phone="03-5555-0135"))
    case.house.clock.move(days=1)  # type: ignore[attr-defined]
    change_id = ask(case, contact_id=theirs)
    view = seen(case, change_id, "admin")
    writer = accounts.get_account(case.as_("admin"), case.second).name
    assert (view.contact_written_by, view.contact_written_at) == (writer, view.asked_at - timedelta(days=1))
    with pytest.raises(Forbidden, match="own_contact"):
        settle(case, change_id, "second")
    settle(case, change_id, "admin")


@ON_SQLITE
def test_a_contact_written_anew_or_ended_meanwhile_is_no_confirmation(case: Case) -> None:
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    change_id = ask(case)
    known = party_contacts.get_contact(officer, vendor_id, contact(case))
    party_contacts.change(
        officer, vendor_id, known.id, known.version, ContactFacts("海野 渚", phone="090-0000-0000")
    )
    with pytest.raises(Invalid, match="contact_just_written"):
        settle(case, change_id)
    party_contacts.end(officer, vendor_id, known.id, known.version + 1)
    with pytest.raises(Invalid, match="contact_not_for_contracts"):
        settle(case, change_id)
    settle(case, change_id, agree=False, words="窓口がもういません。")


@ON_SQLITE
def test_wrong_contacts_days_addresses_and_leads_are_refused(case: Case) -> None:
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    daily = ContactFacts("日々 窓口", phone="1", purposes=(ContactPurpose.DAILY,))
    daily_id = party_contacts.add(officer, vendor_id, daily)
    mute = party_contacts.add(officer, vendor_id, ContactFacts("電話 だけ", phone="1"))
    other = vendor(case.house, case.everyone.officer, "南海運輸株式会社", "ナンカイウンユ")
    theirs = party_contacts.add(officer, other, ContactFacts("よその 人"))
    strangers = account(case.house, other, Role.VENDOR_LEAD)
    for code, more in (
        ("contact_not_for_contracts", {"contact_id": daily_id}),
        ("contact_lacks_email", {"contact_id": mute, "means": Means.EMAIL}),
        ("confirmed_long_ago", {"confirmed_on": case.house.today() - timedelta(91)}),
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


@ON_SQLITE
def test_a_lead_made_a_contributor_opens_no_door(case: Case) -> None:
    admin, vendor_id = case.as_("admin"), case.everyone.vendor_id
    old = accounts.get_account(admin, case.everyone.vendor_lead)
    accounts.change_account(admin, old.id, old.version, frozenset({Role.VENDOR_CONTRIBUTOR}), None)
    with pytest.raises(Invalid, match="lead_needs_confirmation"):
        invitations.invite(case.as_("officer"), vendor_id, NEXT)
    helper = accounts.get_account(admin, case.everyone.vendor_contributor)
    with pytest.raises(Invalid, match="lead_needs_confirmation"):
        accounts.change_account(admin, helper.id, helper.version, frozenset({Role.VENDOR_LEAD}), None)
    with pytest.raises(Invalid, match="lead_not_here"):
        ask(case, person=NewPerson(old.name, old.email, NEXT.roles))  # nobody follows themselves
    settle(case, ask(case, leaving=None, person=NewPerson(old.name, old.email, NEXT.roles)))
    assert accounts.get_account(admin, old.id).roles == (Role.VENDOR_LEAD,)


def joins(case: Case, account_id: UUID) -> None:
    link = links.make(case.house, LinkKind.INVITATION, account_id, "mailed")
    invitations.accept(case.house, link.rsplit("/", 1)[1], "長い合い言葉 for tests")


@pytest.fixture
def fresh(case: Case) -> UUID:
    """A vendor where nobody has joined."""
    return vendor(case.house, case.everyone.officer, "南海運輸株式会社", "ナンカイウンユ")


def test_of_several_first_leads_one_comes_in_and_the_next_is_confirmed(case: Case, fresh: UUID) -> None:
    ctx = case.as_("officer")
    party_contacts.add(ctx, fresh, ContactFacts("大洋 汐", phone="03-5555-0136"))
    one, two = (
        invitations.invite(ctx, fresh, NewPerson(name, f"{name}@example.jp", NEXT.roles))
        for name in ("a", "b")
    )
    held = invitations.copy(ctx, two).rsplit("/", 1)[1]
    joins(case, one)
    for again in (invitations.resend, invitations.copy):
        with pytest.raises(Conflict, match="lead_joined_meanwhile"):
            again(ctx, two)
    with pytest.raises(Conflict, match="lead_joined_meanwhile"):
        invitations.accept(case.house, held, "長い合い言葉 for tests")
    case.house.clock.move(days=1)  # type: ignore[attr-defined]
    known = party_contacts.listed(ctx, fresh)[0].id
    confirmed = Confirmation(known, Means.PHONE, case.house.today(), "確かめた。")
    person = NewPerson("b", "b@example.jp", NEXT.roles)
    settle(case, lead_changes.ask(ctx, fresh, None, person, confirmed))
    with pytest.raises(Conflict, match="link_revoked"):
        invitations.accept(case.house, held, "長い合い言葉 for tests")  # somebody else may hold it
    invitations.resend(ctx, two)
    joins(case, two)


@ON_SQLITE
def test_a_first_leads_invitation_is_sent_again_and_replaced(case: Case, fresh: UUID) -> None:
    ctx = case.as_("officer")
    helper = NewPerson("手伝い", "helper@example.jp", frozenset({Role.VENDOR_CONTRIBUTOR}))
    joins(case, invitations.invite(ctx, fresh, helper))
    one = invitations.invite(ctx, fresh, NEXT)
    case.house.clock.move(days=60)  # type: ignore[attr-defined]
    invitations.resend(ctx, one)
    invitations.revoke(ctx, one)
    joins(case, invitations.invite(ctx, fresh, NewPerson("次", "other@example.jp", NEXT.roles)))


@ON_SQLITE
def test_nobody_takes_the_link_of_a_lead_whom_a_contact_confirmed(case: Case) -> None:
    settle(case, ask(case))
    found = accounts.of_party(case.as_("officer"), case.everyone.vendor_id)
    new = next(each.id for each in found if each.email == "next@example.jp")
    with pytest.raises(Conflict, match="lead_by_mail_only"):
        invitations.copy(case.as_("officer"), new)
    invitations.resend(case.as_("officer"), new)
    jobs.run_due(case.house)
    assert mailer(case.house).sent[-1].to == "next@example.jp"


@ON_SQLITE
def test_a_colleague_under_another_name_is_seen_as_who_they_are(case: Case) -> None:
    helper = accounts.get_account(case.as_("admin"), case.everyone.vendor_contributor)
    change_id = ask(case, person=NewPerson("別の 名", helper.email, NEXT.roles))
    assert seen(case, change_id).colleague == helper.name
    settle(case, change_id)
    assert seen(case, change_id).colleague == helper.name
    case.house.clock.move(minutes=1)  # type: ignore[attr-defined]
    version = accounts.get_account(case.as_("admin"), helper.id).version
    cards.change_card(case.as_("admin"), helper.id, version, Card("後の 名", "", ""))
    assert seen(case, change_id).colleague == helper.name  # as they were called then
    another = ask(case, leaving=None)
    assert seen(case, another).colleague == ""
    settle(case, another)
    assert seen(case, another).colleague == ""


@ON_SQLITE
def test_an_operator_makes_no_further_lead_either(case: Case, fresh: UUID) -> None:
    ctx = case.as_("officer")
    there, new = (parties.get_vendor(ctx, each).number for each in (case.everyone.vendor_id, fresh))
    with pytest.raises(Invalid, match="lead_needs_confirmation") as refused:
        invitations.add_by_operator(case.house, NEXT, there)
    assert f"/vendors/{case.everyone.vendor_id}/lead/new" in str(refused.value.facts["mend"])
    assert invitations.add_by_operator(case.house, NEXT, new)


def queries(case: Case) -> int:
    """How many it takes to list what waits."""
    ctx, said = case.as_("second"), []
    note = lambda *given: said.append(given[2])  # noqa: E731
    sa.event.listen(case.house.db.engine, "before_cursor_execute", note)
    lead_change_views.waiting(ctx)
    sa.event.remove(case.house.db.engine, "before_cursor_execute", note)
    return len(said)


@ON_SQLITE
def test_what_waits_is_listed_with_a_handful_of_queries_however_much_it_is(case: Case) -> None:
    ask(case)
    few = queries(case)
    for number in range(3):
        other = vendor(case.house, case.everyone.officer, f"株式会社第{number}", "ダイ")
        account(case.house, other, Role.VENDOR_LEAD)
        known = party_contacts.add(case.as_("officer"), other, ContactFacts("海野 渚", phone="1"))
        case.house.clock.move(days=1)  # type: ignore[attr-defined]
        person = NewPerson("次", f"next{number}@example.jp", NEXT.roles)
        confirmed = Confirmation(known, Means.PHONE, case.house.today(), "確かめた。")
        lead_changes.ask(case.as_("officer"), other, None, person, confirmed)
    assert len(lead_change_views.waiting(case.as_("second"))) == 4
    assert queries(case) == few


@ON_SQLITE
def test_a_colleague_is_told_of_items_without_a_name_of_the_clients(case: Case) -> None:
    helper, by = case.everyone.vendor_contributor, case.as_("admin")
    delegation.give(
        case.as_("vendor_lead"), case.assessment_id, Gift((VENDOR_ITEM,), case.everyone.vendor_lead)
    )
    email = accounts.get_account(by, helper).email
    settle(case, ask(case, person=NewPerson("名", email, NEXT.roles)))
    sent = mailer(case.house).sent
    del sent[:]
    jobs.run_due(case.house)
    (mail,) = [each for each in sent if each.to == email and "引き継" in each.subject]
    name = accounts.get_account(by, case.second).name
    assert name not in mail.subject + mail.body and "さんから、" not in mail.body
    (mine,) = delegation.mine(context(case.house, helper))
    (share,) = delegation.board(context(case.house, helper), case.assessment_id).shares
    assert (mine.given_by, share.given_by) == ("", "")

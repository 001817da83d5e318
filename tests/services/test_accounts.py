"""Accounts: invited, joined, changed, ended; single-use links."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from audit_portal.domain import limits
from audit_portal.domain.access import STAFF, VENDOR, Role, system
from audit_portal.domain.accounts import AccountState, LinkKind
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, PortalError
from audit_portal.services import jobs
from audit_portal.services.accounts import accounts, invitations, links, sessions, setup
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.house import House
from audit_portal.storage.accounts import session_row
from audit_portal.storage.tables.accounts import AccessLink
from audit_portal.storage.tables.system import History, LedgerEntry
from tests.clock import SetClock
from tests.factories.house import PASSWORD, People, context, mailer, vendor

NEW = "まったく別の合い言葉 2"


def newcomer(*roles: Role, email: str = "new@example.jp") -> NewPerson:
    return NewPerson(name="新田 𠮷髙", email=email, roles=frozenset(roles))


def token(link: str) -> str:
    return link.rsplit("/", 1)[1]


def invited(house: House, everyone: People, *roles: Role) -> tuple[str, UUID]:
    """An invitation sent by mail; its token and the account."""
    party = everyone.vendor_id if roles[0] in VENDOR else everyone.client_id
    account_id = invitations.invite(context(house, everyone.admin), party, newcomer(*roles))
    jobs.run_due(house)
    return token(mailer(house).last_link()), account_id


def test_an_invited_person_joins_with_the_mailed_link(house: House, everyone: People) -> None:
    link, account_id = invited(house, everyone, Role.AUDITOR)
    assert mailer(house).sent[-1].to == "new@example.jp"
    assert links.look_at(house, LinkKind.INVITATION, link).email == "new@example.jp"
    assert invitations.accept(house, link, PASSWORD) == account_id
    view = accounts.get_account(context(house, everyone.admin), account_id)
    assert (view.state, view.roles) == (AccountState.ACTIVE, (Role.AUDITOR,))


def test_a_link_opens_once(house: House, everyone: People) -> None:
    link, _ = invited(house, everyone, Role.OWNER)
    invitations.accept(house, link, PASSWORD)
    for again in (
        lambda: links.look_at(house, LinkKind.INVITATION, link),
        lambda: invitations.accept(house, link, NEW),
    ):
        with pytest.raises(Conflict) as refusal:
            again()
        assert refusal.value.code == "link_used"


def test_looking_at_a_link_does_not_use_it(house: House, everyone: People) -> None:
    link, _ = invited(house, everyone, Role.OWNER)
    for _time in range(3):
        links.look_at(house, LinkKind.INVITATION, link)
    invitations.accept(house, link, PASSWORD)


def test_a_refused_password_leaves_the_link_good(house: House, everyone: People) -> None:
    link, _ = invited(house, everyone, Role.OWNER)
    with pytest.raises(Invalid):
        invitations.accept(house, link, "short")
    invitations.accept(house, link, PASSWORD)


def test_a_link_expires(house: House, everyone: People, clock: SetClock) -> None:
    link, _ = invited(house, everyone, Role.OWNER)
    clock.move(seconds=limits.INVITATION_LIFE - 1)
    links.look_at(house, LinkKind.INVITATION, link)
    clock.move(seconds=1)
    with pytest.raises(Conflict) as refusal:
        invitations.accept(house, link, PASSWORD)
    assert refusal.value.code == "link_expired"


def test_a_revoked_invitation_opens_nothing_and_says_no_name(house: House, everyone: People) -> None:
    mailed, account_id = invited(house, everyone, Role.OWNER)
    copied = token(invitations.copy(context(house, everyone.admin), account_id))
    invitations.revoke(context(house, everyone.admin), account_id)
    for link in (mailed, copied):
        with pytest.raises(Conflict) as refusal:
            links.look_at(house, LinkKind.INVITATION, link)
        assert refusal.value.code == "link_revoked"


def test_the_link_of_an_ended_account_says_no_name(house: House, everyone: People) -> None:
    link, account_id = invited(house, everyone, Role.OWNER)
    accounts.end_account(context(house, everyone.admin), account_id)
    with pytest.raises(Conflict) as refusal:
        links.look_at(house, LinkKind.INVITATION, link)
    assert refusal.value.code == "link_revoked"


def test_using_one_link_closes_the_others(house: House, everyone: People) -> None:
    first, account_id = invited(house, everyone, Role.OWNER)
    second = token(invitations.copy(context(house, everyone.admin), account_id))
    invitations.accept(house, second, PASSWORD)
    with pytest.raises(Conflict) as refusal:
        links.look_at(house, LinkKind.INVITATION, first)
    assert refusal.value.code == "link_revoked"


@pytest.mark.parametrize("made_up", ["", "x", "é" * 50, "a" * 100_000, "\x00", "𠮷"])
def test_an_unknown_link_is_not_found(house: House, made_up: str) -> None:
    with pytest.raises(NotFound):
        links.look_at(house, LinkKind.INVITATION, made_up)


def test_a_link_of_one_kind_opens_no_other(house: House, everyone: People) -> None:
    link, _ = invited(house, everyone, Role.OWNER)
    with pytest.raises(NotFound):
        accounts.reset_password(house, link, PASSWORD)


def test_the_database_holds_no_token(house: House, everyone: People) -> None:
    link, _ = invited(house, everyone, Role.OWNER)
    with house.db.read(system("test")) as tx:
        stored = tx.session.exec(select(AccessLink)).all()
    assert stored and all(link not in repr(row.model_dump()) for row in stored)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_an_officer_cannot_give_staff_roles_to_a_vendors_people(
    house: House, everyone: People, role: Role
) -> None:
    ctx = context(house, everyone.officer)
    for roles in ((role,), (role, Role.VENDOR_LEAD)):
        with pytest.raises(Forbidden) as refusal:
            invitations.invite(ctx, everyone.vendor_id, newcomer(*roles))
        assert refusal.value.code == "roles_do_not_fit"


def test_staff_cannot_be_given_a_vendors_role(house: House, everyone: People) -> None:
    with pytest.raises(Forbidden):
        invitations.invite(context(house, everyone.admin), everyone.client_id, newcomer(Role.VENDOR_LEAD))


def test_an_officer_cannot_invite_staff(house: House, everyone: People) -> None:
    with pytest.raises(NotFound):
        invitations.invite(context(house, everyone.officer), everyone.client_id, newcomer(Role.ADMIN))


def test_an_officer_cannot_list_or_open_the_accounts_of_staff(house: House, everyone: People) -> None:
    ctx = context(house, everyone.officer)
    with pytest.raises(NotFound):
        accounts.of_party(ctx, everyone.client_id)
    with pytest.raises(NotFound):
        accounts.get_account(ctx, everyone.admin)


@pytest.mark.parametrize("who", ["approver", "owner", "auditor", "vendor_lead", "vendor_contributor"])
def test_others_invite_nobody(house: House, everyone: People, who: str) -> None:
    ctx = context(house, getattr(everyone, who))
    for party, role in ((everyone.vendor_id, Role.VENDOR_LEAD), (everyone.client_id, Role.OWNER)):
        with pytest.raises((Forbidden, NotFound)):
            invitations.invite(ctx, party, newcomer(role))


def test_an_address_is_used_once_however_it_is_typed(house: House, everyone: People) -> None:
    ctx = context(house, everyone.officer)
    invitations.invite(ctx, everyone.vendor_id, newcomer(Role.VENDOR_CONTRIBUTOR))
    with pytest.raises(Invalid) as refusal:
        invitations.invite(
            ctx, everyone.vendor_id, newcomer(Role.VENDOR_CONTRIBUTOR, email=" ＮＥＷ@Example.jp ")
        )
    assert refusal.value.code == "email_taken"


def test_a_form_sent_twice_invites_once(house: House, everyone: People) -> None:
    ctx = context(house, everyone.officer, key="a" * 32)
    invitations.invite(ctx, everyone.vendor_id, newcomer(Role.VENDOR_CONTRIBUTOR))
    with pytest.raises(Conflict) as refusal:
        invitations.invite(
            ctx, everyone.vendor_id, newcomer(Role.VENDOR_CONTRIBUTOR, email="other@example.jp")
        )
    assert refusal.value.code == "already_done"


def test_delivery_tells_how_far_the_mail_came(house: House, everyone: People, clock: SetClock) -> None:
    mailer(house).broken = True
    ctx = context(house, everyone.admin)
    account_id = invitations.invite(ctx, everyone.client_id, newcomer(Role.OWNER))
    assert accounts.get_account(ctx, account_id).delivery == "waiting"
    for _try in range(jobs.MOST_TRIES):
        jobs.run_due(house)
        clock.move(hours=7)
    assert accounts.get_account(ctx, account_id).delivery == "dead"
    mailer(house).broken = False
    invitations.resend(ctx, account_id)
    jobs.run_due(house)
    assert accounts.get_account(ctx, account_id).delivery == "mailed"


def test_a_change_of_roles_ends_the_persons_sessions(house: House, everyone: People) -> None:
    token = sessions.start(house, everyone.owner, {})
    ctx = context(house, everyone.admin)
    version = accounts.get_account(ctx, everyone.owner).version
    accounts.change_account(ctx, everyone.owner, version, frozenset({Role.OWNER, Role.AUDITOR}), None)
    assert sessions.load(house, token) is None


def test_a_change_from_an_older_version_is_refused(house: House, everyone: People) -> None:
    ctx = context(house, everyone.admin)
    version = accounts.get_account(ctx, everyone.owner).version
    accounts.change_account(ctx, everyone.owner, version, frozenset({Role.AUDITOR}), None)
    with pytest.raises(Conflict) as refusal:
        accounts.change_account(ctx, everyone.owner, version, frozenset({Role.APPROVER}), None)
    assert refusal.value.code == "changed_meanwhile"


def test_access_ends_after_the_last_day(house: House, everyone: People, clock: SetClock) -> None:
    ctx = context(house, everyone.admin)
    today = house.today()
    version = accounts.get_account(ctx, everyone.auditor).version
    accounts.change_account(ctx, everyone.auditor, version, frozenset({Role.AUDITOR}), today)
    assert sessions.load(house, sessions.start(house, everyone.auditor, {}))
    clock.move(days=1)
    assert sessions.load(house, sessions.start(house, everyone.auditor, {})) is None


def test_nobody_takes_their_own_administration_or_account_away(house: House, everyone: People) -> None:
    ctx = context(house, everyone.admin)
    version = accounts.get_account(ctx, everyone.admin).version
    with pytest.raises(Forbidden):
        accounts.change_account(ctx, everyone.admin, version, frozenset({Role.OFFICER}), None)
    with pytest.raises(Forbidden):
        accounts.end_account(ctx, everyone.admin)


@pytest.mark.parametrize("days", [-1, 0, 30])
def test_nobody_sets_their_own_last_day(house: House, everyone: People, days: int) -> None:
    ctx = context(house, everyone.admin)
    version = accounts.get_account(ctx, everyone.admin).version
    ends_on = house.today() + timedelta(days=days)
    with pytest.raises(Forbidden, match="not_on_yourself"):
        accounts.change_account(ctx, everyone.admin, version, frozenset({Role.ADMIN}), ends_on)
    assert accounts.get_account(ctx, everyone.admin).ends_on is None


def test_who_audits_cannot_be_made_the_approver_too(house: House, everyone: People) -> None:
    ctx, both = context(house, everyone.admin), frozenset({Role.APPROVER, Role.AUDITOR})
    version = accounts.get_account(ctx, everyone.auditor).version
    with pytest.raises(Forbidden, match="auditor_is_not_approver"):
        accounts.change_account(ctx, everyone.auditor, version, both, None)
    with pytest.raises(Forbidden, match="auditor_is_not_approver"):
        invitations.invite(ctx, everyone.client_id, newcomer(*both))


def test_the_ledger_and_the_history_name_who_changed_their_own_account(
    house: House, everyone: People
) -> None:
    link, account_id = invited(house, everyone, Role.OWNER)
    invitations.accept(house, link, PASSWORD)
    accounts.set_language(context(house, account_id), "en")
    accounts.change_password(context(house, account_id), PASSWORD, NEW)
    with house.db.read(system("test")) as tx:
        entries = tx.session.exec(select(LedgerEntry).order_by(LedgerEntry.seq)).all()  # type: ignore[arg-type]
        history = tx.session.exec(select(History).where(History.row_id == account_id)).all()
    assert [entry.actor for entry in entries[-3:]] == [str(account_id)] * 3
    assert {row.actor for row in history} == {str(everyone.admin), str(account_id)}


def test_an_ended_account_has_no_session(house: House, everyone: People) -> None:
    token = sessions.start(house, everyone.owner, {})
    accounts.end_account(context(house, everyone.admin), everyone.owner)
    assert sessions.load(house, token) is None


def test_setting_up_takes_the_link_once_and_only_when_all_went_well(house: House) -> None:
    link = token(setup.setup_link(house) or "")
    client = ("株式会社サンプル", "さんぷる", "")
    person = setup.administrator("管理 太郎", "admin@example.jp", "")
    for wrong_client, wrong_password in (((*client[:2], "123"), PASSWORD), (client, "short")):
        with pytest.raises(Invalid):
            setup.finish(house, link, wrong_client, person, wrong_password)
        assert setup.client_id(house) is None
    with pytest.raises(NotFound):
        setup.finish(house, "made up", client, person, PASSWORD)
    setup.finish(house, link, client, person, PASSWORD)
    with pytest.raises(PortalError) as refusal:
        setup.finish(house, link, client, person, PASSWORD)
    assert refusal.value.code == "link_used"
    assert setup.setup_link(house) is None


def test_a_newer_set_up_link_closes_the_older(house: House) -> None:
    old, new = token(setup.setup_link(house) or ""), token(setup.setup_link(house) or "")
    with pytest.raises(Conflict):
        links.look_at(house, LinkKind.SETUP, old)
    links.look_at(house, LinkKind.SETUP, new)


def test_the_list_pages_over_every_account_once(house: House, everyone: People) -> None:
    other = vendor(house, everyone.officer, "南海運輸株式会社", "ナンカイウンユ")
    for number in range(limits.PAGE + 5):
        invitations.invite(
            context(house, everyone.officer),
            other,
            newcomer(Role.VENDOR_CONTRIBUTOR, email=f"p{number:03}@example.jp"),
        )
    ctx, key, seen = context(house, everyone.admin), None, []
    while True:
        page = accounts.listed(ctx, key)
        seen += [each.email for each in page.items]
        key = page.next_key
        if key is None:
            break
    assert len(seen) == len(set(seen)) == limits.PAGE + 5 + 7
    assert seen == sorted(seen)


def test_the_sweep_forgets_ended_sessions(house: House, everyone: People, clock: SetClock) -> None:
    token = sessions.start(house, everyone.owner, {})
    clock.at += timedelta(seconds=limits.SESSION_MAX + 1)
    accounts.sweep(house)
    with house.db.read(system("test")) as tx:
        assert session_row(tx, token) is None

"""Accounts, and what the portal gave up on: the pages of administrators."""

from __future__ import annotations

from uuid import UUID, uuid4

import pyotp
import pytest

from audit_portal.domain import limits
from audit_portal.domain.access import Role
from audit_portal.domain.accounts import AccountState
from audit_portal.services import jobs
from audit_portal.services.accounts import accounts, invitations, sessions, sign_in
from audit_portal.services.accounts.accounts import AccountView, NewPerson
from tests.clock import SetClock
from tests.factories.house import PASSWORD, People, context, mailer
from tests.web.client import Browser, errors, text
from tests.web.test_sign_in_pages import HOSTILE

INVITATION = {"name": "新田 花子", "email": "new@example.jp", "language": "ja", "roles": "owner"}


@pytest.fixture
def admin(browser: Browser, everyone: People) -> Browser:
    return browser.sign_in(everyone.admin)


def account(browser: Browser, everyone: People, account_id: UUID) -> AccountView:
    return accounts.get_account(context(browser.house, everyone.admin), account_id)


def invited(admin: Browser, everyone: People) -> UUID:
    location = admin.post("/accounts/invite", INVITATION).headers["Location"]
    return UUID(location.rsplit("/", 1)[1])


def test_an_administrator_invites_and_the_person_joins(admin: Browser, everyone: People) -> None:
    response = admin.post("/accounts/invite", {**INVITATION, "roles": ["owner", "auditor"]})
    page = text(admin.follow(response))
    assert "新田 花子 さんを招待しました。" in page and "送信を待っています" in page
    jobs.run_due(admin.house)
    assert "メールを送りました" in text(admin.follow(response))
    person = admin.other()
    link = mailer(admin.house).last_link()
    assert "新田 花子" in text(person.get(link))
    assert person.post(link, {"password": PASSWORD}).status_code == 303
    assert person.get(link).status_code == 410
    entered = person.post("/sign-in", {"email": "new@example.jp", "password": PASSWORD})
    assert entered.headers["Location"] == "/sign-in/second-factor"


def test_the_copied_link_is_shown_once_and_works(admin: Browser, everyone: People) -> None:
    account_id = invited(admin, everyone)
    shown = admin.post(f"/accounts/{account_id}/link", page=f"/accounts/{account_id}")
    link = text(shown).partition('value="http')[2].partition('"')[0]
    assert link.partition("/invitation/")[2] not in text(admin.get(f"/accounts/{account_id}"))
    assert admin.other().get("http" + link).status_code == 200


def test_a_revoked_invitation_is_over(admin: Browser, everyone: People) -> None:
    account_id = invited(admin, everyone)
    jobs.run_due(admin.house)
    link = mailer(admin.house).last_link()
    asked = admin.get(f"/accounts/{account_id}/revoke")
    assert asked.status_code == 200
    assert account(admin, everyone, account_id).state is AccountState.INVITED, "asking changes nothing"
    admin.follow(admin.post(f"/accounts/{account_id}/revoke"))
    assert account(admin, everyone, account_id).state is AccountState.ENDED
    assert admin.other().get(link).status_code == 410
    again = admin.post(f"/accounts/{account_id}/resend", page="/accounts")
    assert again.status_code == 409


def test_a_letter_that_would_not_leave_can_be_sent_again(
    admin: Browser, everyone: People, clock: SetClock
) -> None:
    account_id = invited(admin, everyone)
    mailer(admin.house).broken = True
    for _try in range(jobs.MOST_TRIES):
        jobs.run_due(admin.house)
        clock.move(hours=6.1)
        admin.sign_in(everyone.admin)
    page = text(admin.get(f"/accounts/{account_id}"))
    assert "メールを送れませんでした" in page
    assert "メールを送れませんでした" in text(admin.get("/accounts"))
    mailer(admin.house).broken = False
    admin.follow(admin.post(f"/accounts/{account_id}/resend", page=f"/accounts/{account_id}"))
    jobs.run_due(admin.house)
    assert mailer(admin.house).sent[-1].to == "new@example.jp"


def test_roles_change_and_the_person_is_signed_out(admin: Browser, everyone: People) -> None:
    other = admin.other().sign_in(everyone.owner)
    version = account(admin, everyone, everyone.owner).version
    data = {"version": version, "roles": ["auditor"], "ends_on": ["2027", "3", "31"]}
    assert admin.post(f"/accounts/{everyone.owner}", data).status_code == 303
    view = account(admin, everyone, everyone.owner)
    assert (view.roles, str(view.ends_on)) == ((Role.AUDITOR,), "2027-03-31")
    assert not other.signed_in()
    stale = admin.post(f"/accounts/{everyone.owner}", {**data, "roles": ["owner"]})
    assert stale.status_code == 422 and "ほかの人が先に変更しました" in errors(stale)[0]


@pytest.mark.parametrize("roles", [[], ["vendor_lead"], ["owner", "vendor_lead"], ["root"], "x" * 100_000])
def test_roles_that_do_not_fit_are_refused(admin: Browser, everyone: People, roles: object) -> None:
    version = account(admin, everyone, everyone.owner).version
    assert admin.post(f"/accounts/{everyone.owner}", {"version": version, "roles": roles}).status_code == 422
    assert account(admin, everyone, everyone.owner).roles == (Role.OWNER,)
    assert admin.post("/accounts/invite", {**INVITATION, "roles": roles}).status_code == 422


def test_a_vendors_person_keeps_to_a_vendors_roles(admin: Browser, everyone: People) -> None:
    version = account(admin, everyone, everyone.vendor_lead).version
    path = f"/accounts/{everyone.vendor_lead}"
    assert admin.post(path, {"version": version, "roles": ["admin"]}).status_code == 422
    assert admin.post(path, {"version": version, "roles": ["vendor_contributor"]}).status_code == 303


def test_an_administrator_stays_one(admin: Browser, everyone: People) -> None:
    version = account(admin, everyone, everyone.admin).version
    refused = admin.post(f"/accounts/{everyone.admin}", {"version": version, "roles": ["officer"]})
    assert refused.status_code == 422 and "自分自身" in errors(refused)[0]
    assert admin.post(f"/accounts/{everyone.admin}/end").status_code == 403
    assert admin.signed_in()


def test_an_ended_account_is_signed_out_and_stays_out(admin: Browser, everyone: People) -> None:
    other = admin.other().sign_in(everyone.owner)
    assert admin.get(f"/accounts/{everyone.owner}/end").status_code == 200
    assert other.signed_in(), "asking changes nothing"
    admin.follow(admin.post(f"/accounts/{everyone.owner}/end"))
    assert not other.signed_in()
    who = sessions.person_in(admin.house, everyone.owner).email
    assert other.post("/sign-in", {"email": who, "password": PASSWORD}).status_code == 422


def test_a_lost_second_factor_is_taken_off(admin: Browser, everyone: People, clock: SetClock) -> None:
    begun = sign_in.begin_enrolment(admin.house, everyone.officer)
    code = pyotp.TOTP(begun.secret).at(clock.now())
    sign_in.confirm_enrolment(admin.house, everyone.officer, begun.sealed, code)
    officer = admin.other().sign_in(everyone.officer)
    admin.follow(admin.post(f"/accounts/{everyone.officer}/second-factor"))
    assert not officer.signed_in()
    assert sign_in.begin_enrolment(admin.house, everyone.officer).secret != begun.secret
    assert admin.post(f"/accounts/{everyone.admin}/second-factor").status_code == 403


def test_a_form_sent_twice_invites_once_and_leads_to_the_same_page(admin: Browser, everyone: People) -> None:
    first = admin.post("/accounts/invite", INVITATION, key="k" * 32)
    again = admin.post("/accounts/invite", {**INVITATION, "email": "other@example.jp"}, key="k" * 32)
    assert again.status_code == 303
    assert first.headers["Location"] == again.headers["Location"]
    assert "other@example.jp" not in text(admin.get("/accounts"))


def test_the_list_leads_on_and_back(admin: Browser, everyone: People) -> None:
    for number in range(limits.PAGE):
        person = NewPerson("山田", f"z{number:03}@example.jp", frozenset({Role.VENDOR_CONTRIBUTOR}))
        invitations.invite(context(admin.house, everyone.officer), everyone.vendor_id, person)
    page = text(admin.get("/accounts"))
    following = page.partition('rel="next" href="')[2].partition('"')[0]
    second = text(admin.get(following))
    assert "z019@example.jp" in second and "z019@example.jp" not in page
    assert 'href="/accounts"' in second and 'rel="next"' not in second


@pytest.mark.parametrize("key", ["x", "%00", "0" * 32, "0" * 32 + ".%00", "%F0%9F%98%80", "a" * 50_000])
def test_a_made_up_place_in_a_list_is_no_fault(admin: Browser, everyone: People, key: str) -> None:
    officer = admin.other().sign_in(everyone.officer)
    assert admin.get(f"/accounts?after={key}").status_code in (200, 400)
    assert officer.get(f"/vendors?after={key}").status_code in (200, 400)


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_invitations_are_refused_or_stored_clean(
    admin: Browser, everyone: People, typed: str
) -> None:
    assert admin.post("/accounts/invite", dict.fromkeys(INVITATION, typed)).status_code == 422
    response = admin.post("/accounts/invite", {**INVITATION, "name": typed, "department": typed})
    if len(typed) > limits.NAME:
        assert response.status_code == 422
        return
    page = admin.follow(response)
    assert page.status_code == 200
    raw = page.get_data(as_text=True)
    assert not {"\x00", "\u202e"} & set(raw) and "<script>alert" not in raw
    view = account(admin, everyone, UUID(response.headers["Location"].rsplit("/", 1)[1]))
    assert view.name == typed.replace("\x00", "").replace("\u202e", "")
    jobs.run_due(admin.house)
    assert mailer(admin.house).sent[-1].to == "new@example.jp"


@pytest.mark.parametrize("version", ["", "x", "9" * 5_000, "-1"])
def test_a_made_up_version_changes_nothing(admin: Browser, everyone: People, version: str) -> None:
    refused = admin.post(f"/accounts/{everyone.owner}", {"version": version, "roles": "auditor"})
    assert refused.status_code == 422
    assert account(admin, everyone, everyone.owner).roles == (Role.OWNER,)


def test_unknown_people_and_things_are_not_found(admin: Browser, everyone: People) -> None:
    for path in (
        f"/accounts/{uuid4()}",
        f"/accounts/{uuid4()}/end",
        "/accounts/1",
        f"/accounts/{everyone.client_id}",
    ):
        assert admin.get(path).status_code == 404
    for path in (f"/accounts/{uuid4()}/resend", f"/accounts/{uuid4()}/link", f"/jobs/{uuid4()}/retry"):
        assert admin.post(path, page="/accounts").status_code == 404


def test_what_was_given_up_is_explained_and_started_again(
    admin: Browser, everyone: People, clock: SetClock
) -> None:
    assert "止まっている送信や処理はありません" in text(admin.get("/jobs"))
    invited(admin, everyone)
    mailer(admin.house).broken = True
    for _try in range(jobs.MOST_TRIES):
        jobs.run_due(admin.house)
        clock.move(hours=7)
    page = text(admin.sign_in(everyone.admin).get("/jobs"))
    assert "招待メール" in page and "メールサーバーが受け取りませんでした" in page
    action = page.partition('action="/jobs/')[2].partition('"')[0]
    mailer(admin.house).broken = False
    for _press in range(2):
        admin.follow(admin.post(f"/jobs/{action}", page="/jobs"))
    jobs.run_due(admin.house)
    assert len(mailer(admin.house).sent) == 1


@pytest.mark.parametrize(
    "who", ["officer", "approver", "owner", "auditor", "vendor_lead", "vendor_contributor"]
)
def test_others_find_no_door_to_accounts_and_jobs(browser: Browser, everyone: People, who: str) -> None:
    browser.sign_in(getattr(everyone, who))
    for path in ("/accounts", "/accounts/invite", f"/accounts/{everyone.owner}", "/jobs"):
        assert browser.get(path).status_code == 403
    for path in (
        f"/accounts/{everyone.owner}/end",
        f"/accounts/{everyone.owner}/second-factor",
        f"/jobs/{uuid4()}/retry",
    ):
        assert browser.post(path, page="/account").status_code == 403

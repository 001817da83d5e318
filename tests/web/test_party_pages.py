"""The vendor register and the people of vendors: the pages of officers."""

from __future__ import annotations

from io import BytesIO
from uuid import UUID, uuid4

import pytest

from audit_portal.domain import limits
from audit_portal.domain.access import Role
from audit_portal.domain.corporate_number import check_digit
from audit_portal.services import jobs
from audit_portal.services.accounts import accounts, invitations
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.parties import parties
from tests.factories.house import PASSWORD, People, account, context, mailer, vendor
from tests.web.client import Browser, errors, text
from tests.web.test_sign_in_pages import HOSTILE

NUMBER = check_digit("234567890123") + "234567890123"
FORM = {"name": "南海運輸株式会社", "kana": "なんかいうんゆ", "country": "JP"}
PERSON = {"name": "海野 渚", "email": "umino@example.jp", "language": "ja", "role": "vendor_contributor"}


@pytest.fixture
def officer(browser: Browser, everyone: People) -> Browser:
    return browser.sign_in(everyone.officer)


def test_a_vendor_is_registered_found_and_changed(officer: Browser, everyone: People) -> None:
    response = officer.post("/vendors/new", {**FORM, "corporate_number": NUMBER})
    page = text(officer.follow(response))
    assert "委託先を登録しました。" in page and "ナンカイウンユ" in page and NUMBER in page
    assert "南海運輸株式会社" in text(officer.get("/vendors?q=なんかい"))
    path = response.headers["Location"]
    edit = text(officer.get(f"{path}/edit"))
    version = edit.partition('name="version"')[2].partition('value="')[2].partition('"')[0]
    changed = {**FORM, "name": "南海物流株式会社", "version": version}
    assert "南海物流株式会社" in text(officer.follow(officer.post(f"{path}/edit", changed)))
    stale = officer.post(f"{path}/edit", {**changed, "name": "別の名前"})
    assert (stale.status_code, "ほかの人が先に変更しました" in errors(stale)[0]) == (422, True)
    assert "別の名前" in text(stale), "what was typed stays"


def test_an_error_stands_at_its_field_and_nothing_typed_is_lost(officer: Browser, everyone: People) -> None:
    data = {**FORM, "corporate_number": "1234567890123", "contact_email": "nowhere", "kana": ""}
    data["contact_name"] = "海野 渚"
    response = officer.post("/vendors/new", data)
    assert response.status_code == 422
    page = text(response)
    assert 'id="kana-error"' in page and 'aria-describedby="kana-hint kana-error"' in page
    assert 'value="1234567890123"' in page
    assert 'id="corporate_number-error"' in text(officer.post("/vendors/new", {**data, "kana": "ナ"}))
    wrong_mail = officer.post("/vendors/new", {**FORM, "contact_name": "海野 渚", "contact_email": "nowhere"})
    assert 'id="contact_email-error"' in text(wrong_mail)


def test_the_empty_register_says_what_to_do(officer: Browser, everyone: People) -> None:
    assert "当てはまる委託先はありません" in text(officer.get("/vendors?q=無い会社"))
    owner = officer.other().sign_in(everyone.owner)
    assert "表示できる委託先は、まだありません" in text(owner.get("/vendors"))
    assert "/vendors/new" not in text(owner.get("/vendors"))


def test_the_search_is_kept_from_page_to_page(officer: Browser, everyone: People) -> None:
    for number in range(limits.PAGE + 1):
        vendor(officer.house, everyone.officer, f"山川{number}", f"ヤマカワ{number:03}")
    page = officer.get("/vendors?q=山川").get_data(as_text=True)
    following = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    second = text(officer.get(following))
    assert "ヤマカワ020" in second and "北海印刷" not in second
    assert 'rel="next"' not in second


@pytest.mark.parametrize("typed", [*HOSTILE, "%", "_", "\\"])
def test_hostile_searches_are_answered(officer: Browser, everyone: People, typed: str) -> None:
    response = officer.get("/vendors", query_string={"q": typed})
    assert response.status_code == 200
    raw = response.get_data(as_text=True)
    assert "\x00" not in raw and "\u202e" not in raw and "<script>alert" not in raw


@pytest.mark.parametrize("typed", HOSTILE)
def test_hostile_entries_are_refused_or_stored_clean(officer: Browser, everyone: People, typed: str) -> None:
    assert officer.post("/vendors/new", dict.fromkeys([*FORM, "contact_email"], typed)).status_code == 422
    assert officer.post("/vendors/new", {**FORM, "country": typed}).status_code == 422
    assert officer.post("/vendors/new", {**FORM, "corporate_number": typed}).status_code == 422
    free = dict.fromkeys(["name", "kana", "address", "contact_name", "contact_department"], typed)
    response = officer.post("/vendors/new", {**FORM, **free})
    if len(typed) > limits.LINE:
        assert response.status_code == 422
        return
    assert officer.follow(response).status_code == 200
    view = parties.get_vendor(
        context(officer.house, everyone.officer), UUID(response.headers["Location"].rsplit("/", 1)[1])
    )
    assert view.name == typed.replace("\x00", "").replace("\u202e", "")


def test_a_form_sent_twice_registers_once(officer: Browser, everyone: People) -> None:
    first = officer.post("/vendors/new", FORM, key="k" * 32)
    again = officer.post("/vendors/new", FORM, key="k" * 32)
    assert (again.status_code, again.headers["Location"]) == (303, first.headers["Location"])
    assert len(parties.listed(context(officer.house, everyone.officer), None, "南海").items) == 1


@pytest.mark.parametrize("key", ["", "x" * 65, "<script>", "😀", "\x00"])
def test_a_made_up_key_is_as_good_as_none(officer: Browser, everyone: People, key: str) -> None:
    response = officer.post("/vendors/new", {**FORM, "idempotency_key": key})
    assert officer.follow(response).status_code == 200


def test_a_form_without_the_token_is_refused(officer: Browser, everyone: People) -> None:
    response = officer.client.post("/vendors/new", data=FORM, base_url="http://127.0.0.1:8000")
    assert response.status_code == 400
    assert parties.listed(context(officer.house, everyone.officer), None, "南海").items == ()


def test_a_file_in_a_form_without_files_is_refused(officer: Browser, everyone: People) -> None:
    response = officer.client.post(
        "/vendors/new",
        data={**FORM, "file": (BytesIO(b"x"), "x.txt")},
        base_url="http://127.0.0.1:8000",
    )
    assert response.status_code in (400, 415)


def test_a_vendors_person_is_invited_and_joins(officer: Browser, everyone: People) -> None:
    path = f"/vendors/{everyone.vendor_id}"
    page = text(officer.follow(officer.post(f"{path}/people/new", PERSON)))
    assert "海野 渚 さんを招待しました。" in page and "umino@example.jp" in page
    jobs.run_due(officer.house)
    person, link = officer.other(), mailer(officer.house).last_link()
    person.post(link, {"password": PASSWORD})
    person.post("/sign-in", {"email": "umino@example.jp", "password": PASSWORD})
    assert person.signed_in()
    assert person.get("/vendors").status_code == 403


@pytest.mark.parametrize("role", ["admin", "officer", "approver", "owner", "auditor", "", "vendor"])
def test_an_officer_cannot_give_staff_roles_to_a_vendors_people(
    officer: Browser, everyone: People, role: str
) -> None:
    path = f"/vendors/{everyone.vendor_id}/people/new"
    assert officer.post(path, {**PERSON, "role": role}).status_code == 422
    officer.post(path, {**PERSON, "roles": role})
    people = accounts.of_party(context(officer.house, everyone.officer), everyone.vendor_id)
    assert all(set(each.roles) <= {Role.VENDOR_LEAD, Role.VENDOR_CONTRIBUTOR} for each in people)


def test_the_client_is_no_vendor_to_invite_to(officer: Browser, everyone: People) -> None:
    for path in (f"/vendors/{everyone.client_id}", f"/vendors/{everyone.client_id}/people/new"):
        assert officer.get(path).status_code == 404
    assert (
        officer.post(f"/vendors/{everyone.client_id}/people/new", PERSON, page="/vendors").status_code == 404
    )


def waiting(officer: Browser, everyone: People) -> UUID:
    person = NewPerson("海野 渚", "umino@example.jp", frozenset({Role.VENDOR_CONTRIBUTOR}))
    return invitations.invite(context(officer.house, everyone.officer), everyone.vendor_id, person)


def test_an_invitation_is_sent_again_copied_and_revoked(officer: Browser, everyone: People) -> None:
    account_id = waiting(officer, everyone)
    path = f"/vendors/{everyone.vendor_id}"
    jobs.run_due(officer.house)
    officer.house.clock.move(seconds=1)  # type: ignore[attr-defined]
    officer.follow(officer.post(f"{path}/people/{account_id}/resend", page=path))
    jobs.run_due(officer.house)
    assert len(mailer(officer.house).sent) == 2
    shown = text(officer.post(f"{path}/people/{account_id}/link", page=path))
    copied = "http" + shown.partition('value="http')[2].partition('"')[0]
    assert officer.other().get(copied).status_code == 200
    officer.follow(officer.post(f"{path}/people/{account_id}/revoke"))
    for link in (copied, mailer(officer.house).last_link()):
        assert officer.other().get(link).status_code == 410


def test_two_invitations_are_sent_again_from_one_page(officer: Browser, everyone: People) -> None:
    waiting(officer, everyone)
    second = NewPerson("波田 航", "hata@example.jp", frozenset({Role.VENDOR_CONTRIBUTOR}))
    invitations.invite(context(officer.house, everyone.officer), everyone.vendor_id, second)
    page = officer.get(f"/vendors/{everyone.vendor_id}").get_data(as_text=True)
    keys = [part.partition('"')[0] for part in page.split('name="idempotency_key" value="')[1:]]
    assert len(keys) == len(set(keys)) == 2


def test_ids_that_do_not_belong_together_are_not_found(officer: Browser, everyone: People) -> None:
    account_id = waiting(officer, everyone)
    other = vendor(officer.house, everyone.officer, "南海運輸株式会社", "ナンカイウンユ")
    for party_id, person_id in (
        (other, account_id),
        (everyone.vendor_id, everyone.admin),
        (uuid4(), account_id),
    ):
        path = f"/vendors/{party_id}/people/{person_id}"
        assert officer.get(f"{path}/revoke").status_code == 404
        for action in ("resend", "link", "revoke"):
            assert officer.post(f"{path}/{action}", page="/vendors").status_code == 404
    jobs.run_due(officer.house)
    assert len(mailer(officer.house).sent) == 1


@pytest.mark.parametrize(
    "who", ["approver", "owner", "auditor", "vendor_lead", "vendor_contributor", "admin"]
)
def test_others_register_and_invite_nobody(browser: Browser, everyone: People, who: str) -> None:
    account_id = waiting(browser, everyone)
    browser.sign_in(getattr(everyone, who))
    path = f"/vendors/{everyone.vendor_id}"
    for each in ("/vendors/new", f"{path}/edit", f"{path}/people/new", f"{path}/people/{account_id}/revoke"):
        assert browser.get(each).status_code == 403
    for action in ("resend", "link", "revoke"):
        refused = browser.post(f"{path}/people/{account_id}/{action}", page="/account")
        assert refused.status_code == 403
    assert "umino@example.jp" not in text(browser.get(path))


def test_an_approver_sees_the_vendor_without_its_people(browser: Browser, everyone: People) -> None:
    account(browser.house, everyone.vendor_id, Role.VENDOR_LEAD, email="hidden@example.jp")
    page = browser.sign_in(everyone.approver).get(f"/vendors/{everyone.vendor_id}")
    assert page.status_code == 200
    assert "hidden@example.jp" not in text(page) and f"{everyone.vendor_id}/edit" not in text(page)


def test_a_neighbour_is_not_found_by_vendors_people(browser: Browser, everyone: People) -> None:
    browser.sign_in(everyone.vendor_lead)
    assert browser.get(f"/vendors/{everyone.vendor_id}").status_code == 403
    assert "北海印刷" in text(browser.get("/account")), "their own company's name"

"""Pages of hand-overs and of a vendor's next lead, as people meet them."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.accounts import LinkKind
from audit_portal.domain.lead_change import Means
from audit_portal.domain.route import Step
from audit_portal.domain.supervision import Gate
from audit_portal.services import jobs
from audit_portal.services.accounts import accounts, invitations, links
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.decisions import route_settings
from audit_portal.services.handovers import handovers, lead_changes, looking
from audit_portal.services.handovers.lead_changes import Confirmation
from audit_portal.services.house import House
from audit_portal.services.parties import party_contacts
from audit_portal.services.parties.party_contacts import ContactFacts
from tests.factories.house import account, context, mailer, vendor
from tests.web.client import errors, text
from tests.web.floor import Floor, make_floor


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def day(name: str, on: date) -> dict[str, Any]:
    return {name: [str(on.year), str(on.month), str(on.day)]}


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, f"no {name}"
    return found[1]


@pytest.fixture
def leaver(floor: Floor) -> UUID:
    """An approver on a route."""
    who = account(floor.house, floor.everyone.client_id, Role.APPROVER, name="去る 部長")
    officer = context(floor.house, floor.everyone.officer)
    route_settings.save(officer, Gate.RELEASE, "", (Step("部長", (who,)),))
    return who


def ask(floor: Floor, leaver: UUID, **more: Any) -> dict[str, Any]:
    decider = more.pop("decider", floor.everyone.approver)
    on = more.pop("on", floor.house.today())
    return {"leaver": str(leaver), "worker": "", "decider": str(decider), **day("from_on", on), **more}


def test_what_moves_is_shown_first_and_then_done(floor: Floor, leaver: UUID) -> None:
    officer = floor.browser(floor.everyone.officer)
    empty = officer.post("/handovers/new", {})
    assert empty.status_code == 422 and "引き継ぐ人を選んでください" in errors(empty)
    past = officer.post("/handovers/new", ask(floor, leaver, on=date(2020, 1, 1)))
    assert past.status_code == 422 and "きょう以降" in errors(past)[0]
    sent = ask(floor, leaver, reason="異動のため")
    shown = officer.post("/handovers/new", sent)
    page = text(shown)
    assert shown.status_code == 200 and "後任の人に移るもの" in page and "部長" in page
    assert looking.listed(context(floor.house, floor.everyone.officer)) == ()  # nothing has happened yet
    wrong = officer.post("/handovers/new", {**sent, "seen": "x", "agree": "1"})
    assert wrong.status_code == 409 and "異動のため" in text(wrong)
    done = officer.post("/handovers/new", {**sent, "seen": hidden(page, "seen"), "agree": "1"})
    after = text(officer.follow(done))
    assert done.status_code == 303 and "後任の人に移ったもの" in after and "済み" in after
    assert "去る 部長" in text(officer.get("/handovers"))
    assert "アカウントを終了する" not in page  # the administrator's


def test_one_that_is_held_is_told_on_the_home_page_and_settled(floor: Floor, leaver: UUID) -> None:
    ctx = context(floor.house, floor.everyone.officer)
    gone = account(floor.house, floor.everyone.client_id, Role.APPROVER, name="後任 候補")
    order = looking.Order(leaver, None, gone, floor.house.today() + timedelta(2))
    handover_id = handovers.plan(ctx, order, looking.preview(ctx, order).seen)
    officer = floor.browser(floor.everyone.officer)
    planned = text(officer.get(f"/handovers/{handover_id}"))
    assert "予定" in planned and "いまの内容で引き継ぐ" not in planned
    assert "止まっている引き継ぎ" not in text(officer.get("/"))
    accounts.end_account(context(floor.house, floor.everyone.admin), gone)
    floor.house.clock.move(days=2)  # type: ignore[attr-defined]
    handovers.sweep(floor.house)
    officer = floor.browser(floor.everyone.officer)
    assert "止まっている引き継ぎがあります" in text(officer.get("/"))
    page = text(officer.get(f"/handovers/{handover_id}"))
    assert "利用中ではありません" in page
    fields = {"version": hidden(page, "version"), "seen": hidden(page, "seen")}
    where = f"/handovers/{handover_id}"
    nothing = officer.post(f"{where}/carry-out", fields, page=where)
    assert nothing.status_code == 422 and "移せるものがありません" in errors(nothing)[0]
    stale = officer.post(f"{where}/withdraw", {**fields, "version": "1"}, page=where)
    assert stale.status_code == 409
    assert officer.post(f"{where}/withdraw", fields, page=where).status_code == 303
    assert "止まっている引き継ぎ" not in text(officer.get("/"))


def test_the_next_lead_is_noted_by_one_person_and_let_in_by_another(floor: Floor) -> None:
    everyone = floor.everyone
    vendor = f"/vendors/{everyone.vendor_id}"
    second = account(floor.house, everyone.client_id, Role.OFFICER)
    ctx = context(floor.house, second)
    contact = party_contacts.add(ctx, everyone.vendor_id, ContactFacts("海野 渚", phone="03-5555-0134"))
    floor.house.clock.move(days=1)  # type: ignore[attr-defined]
    officer = floor.browser(everyone.officer)
    refused = officer.post(
        f"{vendor}/people/new",
        {"name": "新任", "email": "next@example.jp", "role": "vendor_lead", "language": "ja"},
    )
    assert refused.status_code == 422 and "責任者の交代" in errors(refused)[0]
    assert f"{vendor}/lead/new" in text(officer.get(vendor))
    assert officer.post(f"{vendor}/lead/new", {}).status_code == 422
    sent = {
        "leaving": str(everyone.vendor_lead),
        "contact": str(contact),
        "means": "phone",
        **day("confirmed_on", floor.house.today()),
        "note": "退職と後任を確かめた。",
        "name": "新任 者",
        "email": "next@example.jp",
        "language": "ja",
    }
    noted = officer.post(f"{vendor}/lead/new", sent)
    assert noted.status_code == 303
    own = text(officer.follow(noted))
    assert "あなたが記録したので" in own and "2人目の確認待ち" in own
    assert "2人目の確認を待っている交代があります" in text(officer.get(f"{vendor}/lead/new"))
    admin = floor.browser(everyone.admin)
    assert noted.location in text(admin.get("/"))
    page = text(admin.get(noted.location))
    version = hidden(page, "version")
    assert "窓口を最後に登録・変更した人" in page and "すでに登録されている人" not in page
    assert admin.post(noted.location, {"version": version}).status_code == 422
    wordless = admin.post(noted.location, {"version": version, "outcome": "refuse"})
    assert wordless.status_code == 422 and "理由" in errors(wordless)[0]
    agreed = admin.post(noted.location, {"version": version, "outcome": "agree"})
    assert agreed.status_code == 303 and "招待しました" in text(admin.follow(agreed))
    people = text(officer.get(vendor))
    assert "next@example.jp" in people
    (new,) = [
        each.id for each in accounts.of_party(ctx, everyone.vendor_id) if each.email == "next@example.jp"
    ]
    assert f"{vendor}/people/{new}/resend" in people and f"{vendor}/people/{new}/link" not in people
    assert "本人へのメールだけを送ります" in people
    taken = officer.post(f"{vendor}/people/{new}/link", {}, page=vendor)
    assert taken.status_code == 409 and "招待メールだけ" in text(taken)
    assert floor.browser(everyone.vendor_contributor).get(noted.location).status_code == 403


def test_the_second_person_sees_whose_address_it_is(floor: Floor) -> None:
    everyone = floor.everyone
    ctx = context(floor.house, everyone.officer)
    helper = accounts.get_account(ctx, everyone.vendor_contributor)
    contact = party_contacts.add(ctx, everyone.vendor_id, ContactFacts("海野 渚", phone="03-5555-0134"))
    floor.house.clock.move(days=1)  # type: ignore[attr-defined]
    confirmed = Confirmation(contact, Means.PHONE, floor.house.today(), "確かめた。")
    person = NewPerson("別の 名", helper.email, frozenset({Role.VENDOR_LEAD}))
    change_id = lead_changes.ask(ctx, everyone.vendor_id, everyone.vendor_lead, person, confirmed)
    page = text(floor.browser(everyone.admin).get(f"/lead-changes/{change_id}"))
    assert f"{helper.name} さん（この委託先にすでに登録されている人です" in page


def test_a_colleague_who_becomes_lead_is_told_of_as_such_and_not_as_invited(floor: Floor) -> None:
    everyone = floor.everyone
    ctx = context(floor.house, everyone.officer)
    helper = accounts.get_account(ctx, everyone.vendor_contributor)
    contact = party_contacts.add(ctx, everyone.vendor_id, ContactFacts("海野 渚", phone="03-5555-0134"))
    floor.house.clock.move(days=1)  # type: ignore[attr-defined]
    sent = {
        "leaving": str(everyone.vendor_lead),
        "contact": str(contact),
        "means": "phone",
        **day("confirmed_on", floor.house.today()),
        "note": "退職と後任を確かめた。",
        "name": helper.name,
        "email": helper.email,
        "language": "ja",
    }
    officer, admin = floor.browser(everyone.officer), floor.browser(everyone.admin)
    noted = officer.post(f"/vendors/{everyone.vendor_id}/lead/new", sent, key="d" * 32)
    assert f"{helper.name} さんが責任者になります。" in text(officer.follow(noted))
    again = officer.post(f"/vendors/{everyone.vendor_id}/lead/new", sent, key="d" * 32)
    assert again.location == noted.location
    page = text(admin.get(noted.location))
    assert f"認める。{helper.name} さんを責任者にし" in page
    agreed = admin.post(noted.location, {"version": hidden(page, "version"), "outcome": "agree"})
    told = text(admin.follow(agreed))
    assert f"{helper.name} さんが責任者になりました。" in told and "招待しました" not in told
    assert "招待はせず、責任者になりました）" in told
    jobs.run_due(floor.house)
    sent = mailer(floor.house).sent
    assert not [each for each in sent if "/invitation/" in each.body]
    (mail,) = [each for each in sent if each.to == helper.email and "責任者になりました" in each.subject]
    assert "新しい招待はありません" in mail.body


def test_an_invitation_that_opens_nothing_any_more_has_no_buttons(floor: Floor) -> None:
    """Two first leads were invited; one of them came in."""
    everyone = floor.everyone
    ctx = context(floor.house, everyone.officer)
    fresh = vendor(floor.house, everyone.officer, "南海運輸株式会社", "ナンカイウンユ")
    one, two = (
        invitations.invite(ctx, fresh, NewPerson(name, f"{name}@example.jp", frozenset({Role.VENDOR_LEAD})))
        for name in ("a", "b")
    )
    officer, admin = floor.browser(everyone.officer), floor.browser(everyone.admin)
    page, theirs = f"/vendors/{fresh}", f"/accounts/{two}"
    for browser, place, buttons in (
        (officer, page, f"{page}/people/{two}"),
        (admin, theirs, theirs),
    ):
        shown = text(browser.get(place))
        assert f"{buttons}/resend" in shown and f"{buttons}/link" in shown
    link = links.make(floor.house, LinkKind.INVITATION, one, "mailed")
    invitations.accept(floor.house, link.rsplit("/", 1)[1], "長い合い言葉 for tests")
    for browser, place, buttons in (
        (officer, page, f"{page}/people/{two}"),
        (admin, theirs, theirs),
    ):
        shown = text(browser.get(place))
        assert f"{buttons}/resend" not in shown and f"{buttons}/link" not in shown
        assert f"{buttons}/revoke" in shown and "ほかの人がこの会社の責任者になったため" in shown
    assert f"{page}/lead/new" in text(officer.get(page)) and f"{page}/lead/new" not in text(admin.get(theirs))

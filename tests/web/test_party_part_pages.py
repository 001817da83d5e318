"""Sites, certifications and contacts on the vendor's page, and the forms behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from audit_portal.domain.register import CertificationKind
from audit_portal.services.house import Context
from audit_portal.services.parties import party_certifications, party_contacts, party_sites
from audit_portal.services.parties.party_certifications import CertificationFacts
from audit_portal.services.parties.party_contacts import ContactFacts
from audit_portal.services.parties.party_sites import SiteFacts
from tests.factories.house import People, context
from tests.web.client import Browser, errors, text


@pytest.fixture
def officer(browser: Browser, everyone: People) -> Browser:
    return browser.sign_in(everyone.officer)


@pytest.fixture
def ctx(officer: Browser, everyone: People) -> Context:
    return context(officer.house, everyone.officer)


def ymd(day: object) -> list[str]:
    return str(day).split("-")


def version(page: str) -> str:
    return page.partition('name="version"')[2].partition('value="')[2].partition('"')[0]


def test_a_site_is_added_changed_and_ended(officer: Browser, everyone: People, ctx: Context) -> None:
    home = f"/vendors/{everyone.vendor_id}"
    added = officer.post(f"{home}/sites/new", {"name": "札幌センター", "country": "JP", "handles": "入力"})
    assert added.headers["Location"].endswith("#sites")
    page = text(officer.follow(added))
    assert "札幌センター" in page and "拠点を登録しました。" in page
    (site,) = party_sites.listed(ctx, everyone.vendor_id)
    url = f"{home}/sites/{site.id}"
    data = {"name": "札幌第1センター", "country": "JP", "version": version(text(officer.get(f"{url}/edit")))}
    assert officer.post(f"{url}/edit", data).status_code == 303
    stale = officer.post(f"{url}/edit", {**data, "name": "古い画面から"})
    assert stale.status_code == 422 and "ほかの人が先に変更しました" in errors(stale)[0]
    assert "古い画面から" in text(stale)
    ended = {"version": version(text(officer.get(f"{url}/end"))), "last_day": ymd(ctx.house.today())}
    assert "まで" in text(officer.follow(officer.post(f"{url}/end", ended)))


def test_a_certification_shows_at_a_glance_how_it_stands(
    officer: Browser, everyone: People, ctx: Context
) -> None:
    home, today = f"/vendors/{everyone.vendor_id}", ctx.house.today()
    soon = {"kind": "p_mark", "number": "10000001", "expires_on": ymd(today + timedelta(days=30))}
    page = text(officer.follow(officer.post(f"{home}/certifications/new", soon)))
    assert "まもなく期限の認証 1件" in page and "プライバシーマーク" in page
    renewed = CertificationFacts(CertificationKind.P_MARK, expires_on=today + timedelta(days=700))
    party_certifications.add(ctx, everyone.vendor_id, renewed)
    assert "まもなく期限の認証" not in text(officer.get(home)), "the newer one stands for both"


def test_a_withdrawal_needs_a_reason_and_says_it(officer: Browser, everyone: People, ctx: Context) -> None:
    home = f"/vendors/{everyone.vendor_id}"
    found = party_certifications.add(ctx, everyone.vendor_id, CertificationFacts(CertificationKind.ISMAP))
    url = f"{home}/certifications/{found}/withdraw"
    sent = {"version": "1", "day": ymd(ctx.house.today()), "reason": ""}
    assert "失効した理由を入力してください" in errors(officer.post(url, sent))
    page = text(officer.follow(officer.post(url, {**sent, "reason": "登録の取消し"})))
    assert "登録の取消し" in page and "失効の認証 1件" in page


def test_what_is_wrong_is_said_beside_its_field(officer: Browser, everyone: People, ctx: Context) -> None:
    home = f"/vendors/{everyone.vendor_id}"
    answer = officer.post(f"{home}/certifications/new", {"kind": "other", "covers": "全社"})
    assert 'id="title-error"' in text(answer) and "全社" in text(answer)
    answer = officer.post(
        f"{home}/contacts/new", {"name": "海野 渚", "email": "nowhere", "purposes": "daily"}
    )
    assert 'id="email-error"' in text(answer)
    assert "何の窓口かを1つ以上選んでください" in errors(
        officer.post(f"{home}/contacts/new", {"name": "海野 渚"})
    )


def test_a_contact_ends_and_stays_on_record(officer: Browser, everyone: People, ctx: Context) -> None:
    home = f"/vendors/{everyone.vendor_id}"
    sent = {
        "name": "海野 渚",
        "kana": "うんの",
        "purposes": ["contract", "incident"],
        "phone": "03-5555-0134",
    }
    page = text(officer.follow(officer.post(f"{home}/contacts/new", sent)))
    assert "契約、事故の連絡" in page
    assert "海野 渚" in text(officer.get("/vendors")), "the list says whom to call"
    (contact,) = party_contacts.listed(ctx, everyone.vendor_id)
    ended = officer.post(f"{home}/contacts/{contact.id}/end", {"version": "1"})
    page = text(officer.follow(ended))
    assert "海野 渚" in page and "窓口から外しました。" in page
    assert "海野 渚" not in text(officer.get("/vendors"))


def test_who_only_reads_sees_no_way_to_write(officer: Browser, everyone: People, ctx: Context) -> None:
    party_sites.add(ctx, everyone.vendor_id, SiteFacts("札幌センター"))
    party_contacts.add(ctx, everyone.vendor_id, ContactFacts("海野 渚"))
    page = text(officer.other().sign_in(everyone.approver).get(f"/vendors/{everyone.vendor_id}"))
    assert "札幌センター" in page and "海野 渚" in page
    assert "/sites/" not in page and "/contacts/" not in page and "/certifications/" not in page


def test_a_change_without_the_version_it_was_made_on_is_refused(
    officer: Browser, everyone: People, ctx: Context
) -> None:
    site_id = party_sites.add(ctx, everyone.vendor_id, SiteFacts("札幌センター"))
    answer = officer.post(
        f"/vendors/{everyone.vendor_id}/sites/{site_id}/edit", {"name": "別", "country": "JP"}
    )
    assert answer.status_code == 422

"""A file replaced by a newer version through the web: by script, by plain form, and by nobody else."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest

from audit_portal.domain.access import Role
from audit_portal.services.house import House
from tests.factories.house import account, context, vendor
from tests.factories.world import CONTENT, attach
from tests.web.client import errors, text
from tests.web.desk import PDF, Desk, form_parts, make_desk, multipart, post_form, put, token, told


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return make_desk(house, tmp_path)


def first_version(desk: Desk) -> UUID:
    return attach(context(desk.house, desk.everyone.vendor_lead), desk.assessment_id, desk.vendor_item)


def replace_url(desk: Desk, version_id: UUID, item: str | None = None) -> str:
    return f"{desk.url(item)}/{version_id}/replace"


def item_page(desk: Desk, account_id: UUID | None = None) -> str:
    return text(desk.browser(account_id).get(desk.url().removesuffix("/evidence")))


def test_a_newer_version_by_script_takes_the_place_and_the_older_stays_at_hand(desk: Desk) -> None:
    first = first_version(desk)
    url = replace_url(desk, first)
    assert url in item_page(desk)
    page = text(desk.browser().get(url))
    assert f'data-upload-url="{url}"' in page and "確認資料.txt" in page and " multiple" not in page
    fields = [("idempotency_key", uuid4().hex), *[("observed", part) for part in ("2026", "11", "1")]]
    answer = put(desk.browser(), url, fields=fields)
    assert (answer.status_code, answer.json) == (201, {"location": desk.url().removesuffix("/evidence")})
    old, new = sorted(desk.versions(), key=lambda each: each.number)
    assert (new.number, new.file_name, str(new.observed_on)) == (2, "規程.pdf", "2026-11-01")
    assert old.evidence_id == new.evidence_id
    for reader in (desk.everyone.vendor_lead, desk.everyone.officer):
        shown = item_page(desk, reader)
        assert "第2版" in shown and "第1版" in shown and "試験 vendor_lead" in shown
        for version, content in ((old, CONTENT), (new, PDF)):
            assert f"/evidence/{version.id}" in shown and version.sha256[:16] in shown
            got = desk.browser(reader).get(f"/evidence/{version.id}")
            assert (got.status_code, got.get_data()) == (200, content)
    assert replace_url(desk, new.id) not in item_page(desk, desk.everyone.officer)


def test_a_newer_version_by_plain_form_leads_back_to_the_item(desk: Desk) -> None:
    first = first_version(desk)
    browser = desk.browser()
    sent = multipart(form_parts(token(browser), expires="2027-11-01"))
    answer = post_form(browser, replace_url(desk, first), sent)
    assert (answer.status_code, answer.headers["Location"]) == (303, desk.url().removesuffix("/evidence"))
    assert "新しい版として差し替えました" in text(browser.follow(answer))
    assert sorted(each.number for each in desk.versions()) == [1, 2]


def test_what_is_wrong_with_the_file_is_said_and_nothing_is_replaced(desk: Desk) -> None:
    first = first_version(desk)
    browser, url = desk.browser(), replace_url(desk, first)
    bad = post_form(browser, url, multipart(form_parts(token(browser), b"MZ\x00\x00", "a.exe")))
    assert bad.status_code == 422 and errors(bad)
    assert f'action="{url}"' in text(bad), "the form leads to the same place again"
    none = post_form(browser, url, multipart(form_parts(token(browser), b"", "")))
    assert none.status_code == 422 and "ファイルを選んでください" in text(none)
    assert put(browser, url, b"MZ\x00\x00", "a.exe").status_code == 422
    assert put(browser, url, X_CSRFToken="wrong").status_code == 400
    assert [each.number for each in desk.versions()] == [1]
    assert len(desk.objects()) == 1


def test_a_page_that_somebody_overtook_is_told_so(desk: Desk) -> None:
    first = first_version(desk)
    url = replace_url(desk, first)
    assert put(desk.browser(), url).status_code == 201
    late = put(desk.browser(), url)
    assert late.status_code == 409 and "先に新しい版に差し替えました" in told(late)["error"]
    browser = desk.browser()
    plain = post_form(browser, url, multipart(form_parts(token(browser))))
    assert plain.status_code == 409 and "先に新しい版に差し替えました" in text(plain)
    assert browser.get(url).status_code == 409
    assert len(desk.objects()) == 2


def test_the_same_form_twice_makes_one_version(desk: Desk) -> None:
    first = first_version(desk)
    key = [("idempotency_key", uuid4().hex)]
    assert put(desk.browser(), replace_url(desk, first), fields=key).status_code == 201
    again = put(desk.browser(), replace_url(desk, first), fields=key)
    assert (again.status_code, again.json) == (200, {"location": desk.url().removesuffix("/evidence")})
    assert sorted(each.number for each in desk.versions()) == [1, 2]


def test_nobody_else_replaces_it(desk: Desk) -> None:
    first = first_version(desk)
    other = vendor(desk.house, desk.everyone.officer, "別の会社", "ベツノカイシャ")
    stranger = account(desk.house, other, Role.VENDOR_LEAD)
    expected = {
        stranger: 404,
        desk.everyone.officer: 404,
        desk.everyone.vendor_contributor: 404,
        desk.everyone.approver: 403,
        desk.everyone.admin: 403,
    }
    for who, status in expected.items():
        browser = desk.browser(who)
        url = replace_url(desk, first)
        assert browser.get(url).status_code == status
        assert put(browser, url).status_code == status
        assert post_form(browser, url, multipart(form_parts(token(browser)))).status_code == status
    lead = desk.browser()
    assert put(lead, replace_url(desk, first, "QSL-003")).status_code == 404, "it stands on another answer"
    assert put(lead, replace_url(desk, uuid4())).status_code == 404
    assert [each.number for each in desk.versions()] == [1]

"""Pages of reports and signing keys: who may do what next, and what each refusal looks like."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.app import create_app
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER
from audit_portal.domain.report.state import ReportState
from audit_portal.services import jobs
from audit_portal.services.accounts import signing_keys
from audit_portal.services.house import House
from audit_portal.web.reports import labels
from audit_portal.web.signing_keys.forms import REASONS
from tests.factories.house import context
from tests.services.signing import PASSPHRASE, Bench, make_bench
from tests.web.client import Browser, errors, text
from tests.web.desk import told


@pytest.fixture
def bench(house: House, tmp_path: Path) -> Bench:
    return make_bench(house, tmp_path, keys=False)


class Pages:
    """One application, several people."""

    def __init__(self, bench: Bench) -> None:
        self.bench = bench
        self.app = create_app(bench.house, "only for tests")
        self.app.config["PROPAGATE_EXCEPTIONS"] = False
        self.url = f"/reports/{bench.report_id}"

    def of(self, account_id: UUID) -> Browser:
        return Browser(self.app, self.bench.house).sign_in(account_id)


@pytest.fixture
def pages(bench: Bench) -> Pages:
    return Pages(bench)


def test_from_a_key_to_a_finished_report_through_the_pages(pages: Pages) -> None:
    bench, everyone = pages.bench, pages.bench.everyone
    auditor, officer = pages.of(everyone.auditor), pages.of(everyone.officer)
    assert "署名鍵がまだありません" in text(auditor.get(pages.url))
    assert "いまあなたがすることはありません" in text(officer.get(pages.url))
    for browser in (auditor, officer):
        made = browser.post("/account/signing-key", {"passphrase": PASSPHRASE, "again": PASSPHRASE})
        assert "使えます" in text(browser.follow(made))
    for browser, field, after in (
        (auditor, "auditor", ReportState.AWAITING_OFFICER),
        (officer, "officer", ReportState.FINAL),
    ):
        sent = {"passphrase": PASSPHRASE, "version": bench.view().version}
        signed = text(browser.follow(browser.post(f"{pages.url}/sign/{field}", sent, page=pages.url)))
        assert "いまの状態を見る" in signed, "a link, not a page that reloads by itself"
        assert "http-equiv" not in signed
        jobs.run_due(bench.house)
        assert bench.view().state is after
    page = text(officer.get(pages.url))
    assert "完成しました" in page
    assert bench.view().sha256 in page.replace("<wbr>", "")
    pdf = officer.get(f"{pages.url}/download")
    assert pdf.headers["Content-Disposition"] == f'attachment; filename="{bench.view().number}.pdf"'
    assert pdf.headers["Content-Type"] == "application/pdf"
    answer = officer.client.post(
        "/verify",
        data=pdf.get_data(),
        content_type="application/pdf",
        headers={"Accept": "application/json"},
        base_url="http://127.0.0.1:8000",
    )
    assert (told(answer)["ok"], told(answer)["verdict"]) == (True, "valid")


def test_a_wrong_passphrase_is_told_beside_its_field(pages: Pages) -> None:
    pages.bench.key(pages.bench.everyone.auditor)
    auditor = pages.of(pages.bench.everyone.auditor)
    sent = {"passphrase": "not the one I chose", "version": pages.bench.view().version}
    answer = auditor.post(f"{pages.url}/sign/auditor", sent, page=pages.url)
    assert answer.status_code == 422
    assert 'id="passphrase-error"' in text(answer)
    assert "not the one I chose" not in text(answer)
    assert pages.bench.view().state is ReportState.AWAITING_AUDITOR


def test_who_comes_second_is_told_so(pages: Pages) -> None:
    bench, old = pages.bench, pages.bench.view().version
    bench.key(bench.everyone.auditor)
    bench.key(bench.second_officer)
    bench.certified()
    second = pages.of(bench.second_officer)
    late = second.post(
        f"{pages.url}/sign/officer", {"passphrase": PASSPHRASE, "version": old}, page=pages.url
    )
    assert late.status_code == 409
    again = pages.of(bench.everyone.auditor).post(
        f"{pages.url}/sign/auditor", {"passphrase": PASSPHRASE, "version": old}, page=pages.url
    )
    assert again.status_code == 409
    assert [each.field for each in bench.view().signatures] == [FIELD_AUDITOR]


def test_the_form_is_shown_only_to_who_may_sign_now(pages: Pages) -> None:
    bench = pages.bench
    for person in (bench.everyone.auditor, bench.everyone.officer):
        bench.key(person)
    shown = {
        person: "/sign/" in text(pages.of(person).get(pages.url))
        for person in (bench.everyone.auditor, bench.everyone.officer, bench.everyone.approver)
    }
    assert shown == {
        bench.everyone.auditor: True,
        bench.everyone.officer: False,
        bench.everyone.approver: False,
    }
    wrong = {"passphrase": PASSPHRASE, "version": bench.view().version}
    refused = pages.of(bench.everyone.officer).post(f"{pages.url}/sign/auditor", wrong, page="/account")
    assert refused.status_code == 403
    assert pages.of(bench.everyone.vendor_lead).get(pages.url).status_code == 403


def test_a_new_report_is_ordered_and_shown_as_being_made(pages: Pages) -> None:
    officer = pages.of(pages.bench.everyone.officer)
    url = f"/assessments/{pages.bench.assessment_id}/reports"
    page = officer.follow(officer.post(url, {"language": "en"}, page="/account"))
    assert "作成中" in text(page)
    assert "いまの状態を見る" in text(page)
    assert officer.post(url, {"language": "fr"}, page="/account").status_code == 400


def test_a_report_that_ended_says_why_and_leads_to_another_order(pages: Pages) -> None:
    bench = pages.bench
    bench.key(bench.everyone.auditor)
    bench.sign(bench.everyone.auditor, FIELD_AUDITOR)
    auditor = context(bench.house, bench.everyone.auditor)
    signing_keys.revoke(auditor, signing_keys.mine(auditor)[0].id, "compromised")
    jobs.run_due(bench.house)
    officer = pages.of(bench.everyone.officer)
    shown = text(officer.get(pages.url))
    assert "完成せずに終わりました" in shown and "証明書が失効したか期限を過ぎた" in shown
    assert "app-steps" not in shown and "/sign/" not in shown
    assert f"{pages.url}/download" in shown
    again = f"/assessments/{bench.assessment_id}"
    assert f'href="{again}"' in shown and f'action="{again}/reports"' in text(officer.get(again))
    assert "新しい報告書を作る" not in text(pages.of(bench.everyone.approver).get(pages.url))
    assert "取下げ" in text(officer.get(f"/engagements/{bench.view().engagement_id}"))


def test_two_different_passphrases_make_no_key(pages: Pages) -> None:
    auditor = pages.of(pages.bench.everyone.auditor)
    answer = auditor.post("/account/signing-key", {"passphrase": PASSPHRASE, "again": PASSPHRASE + "x"})
    assert answer.status_code == 422
    assert errors(answer) == ["2つの署名用パスフレーズが一致しません。もう一度入力してください。"]
    short = auditor.post("/account/signing-key", {"passphrase": "short", "again": "short"})
    assert errors(short) == ["署名用パスフレーズは12文字以上にしてください。"]
    assert signing_keys.mine(context(pages.bench.house, pages.bench.everyone.auditor)) == ()


def test_a_key_is_revoked_with_a_reason_and_others_keys_are_not_found(pages: Pages) -> None:
    bench = pages.bench
    mine, theirs = bench.key(bench.everyone.auditor), bench.key(bench.everyone.officer)
    auditor = pages.of(bench.everyone.auditor)
    url = f"/account/signing-key/{mine}/revoke"
    assert auditor.post(url).status_code == 422
    page = auditor.follow(auditor.post(url, {"reason": "forgotten"}))
    assert "これまでの署名鍵" in text(page)
    assert auditor.get(url).status_code == 409
    assert auditor.get(f"/account/signing-key/{theirs}/revoke").status_code == 404
    assert pages.of(bench.everyone.admin).get("/account/signing-key").status_code == 403


def test_every_state_and_reason_has_words() -> None:
    assert set(labels.STATES) == set(labels.NEXT) == set(ReportState)
    assert set(REASONS) == set(signing_keys.REASONS)
    assert set(labels.FIELDS) == {FIELD_AUDITOR, FIELD_OFFICER}

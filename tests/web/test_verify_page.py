"""The public page that checks reports: plain words, nothing kept, not to be worn out."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from audit_portal.adapters import pdf_verify
from audit_portal.app import create_app
from audit_portal.domain import limits
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER, ReportCheck, Verdict
from audit_portal.services.house import House
from audit_portal.services.reports import reports
from audit_portal.web.verify import views, words
from tests.clock import SetClock
from tests.services.signing import make_bench
from tests.web.client import Browser, errors, text
from tests.web.desk import multipart, post_form, told


def check(browser: Browser, content: bytes, **headers: str) -> TestResponse:
    return post_form(
        browser, "/verify", multipart([("file", "報告書.pdf", content), ("submit", None, b"x")]), **headers
    )


def test_a_finished_report_is_told_to_be_valid_with_who_signed_when(house: House, tmp_path: Path) -> None:
    bench = make_bench(house, tmp_path)
    bench.certified()
    halfway = bench.pdf()
    bench.countersigned()
    browser = Browser(create_app(bench.house, "only for tests"), bench.house)
    page = text(check(browser, bench.pdf()))
    assert str(words.VERDICTS[Verdict.VALID][0]) in page
    for name in ("試験 auditor", "試験 officer", bench.view().number, "このポータル自身の時計"):
        assert name in page
    assert "まだ完成していません" in text(check(browser, halfway))
    pdf = bytearray(bench.pdf())
    pdf[len(pdf) // 3] ^= 1
    changed = told(check(browser, bytes(pdf), Accept="application/json"))
    assert (changed["ok"], changed["verdict"]) == (False, "changed")
    assert changed["problems"]


@pytest.mark.parametrize(
    ("content", "verdict"), [(b"no pdf at all", "not_ours"), (b"%PDF-1.7\nbroken", "changed")]
)
def test_another_file_is_told_apart(browser: Browser, content: bytes, verdict: str) -> None:
    answer = check(browser, content, Accept="application/json")
    assert answer.status_code == 200
    assert told(answer)["verdict"] == verdict
    assert str(words.VERDICTS[Verdict(verdict)][0]) in text(check(browser, content))


def test_nothing_chosen_and_too_large_are_told(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    assert errors(check(browser, b"")) == ["ファイルを選んでください。"]
    monkeypatch.setattr(limits, "REPORT_CHECK_BYTES", 1000)
    for size in (2000, 100_000):
        answer = check(browser, b"%PDF-" + b"x" * size)
        assert answer.status_code == 413
        assert "大きすぎます" in errors(answer)[0]


def test_one_address_checks_only_so_often(
    browser: Browser, clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    checked: list[int] = []
    real = reports.verify

    def counted(house: House, pdf: bytes) -> ReportCheck:
        checked.append(1)
        return real(house, pdf)

    monkeypatch.setattr(reports, "verify", counted)
    for _ in range(views.TRIES):
        assert check(browser, b"no pdf").status_code == 200
    assert check(browser, b"no pdf").status_code == 429
    assert len(checked) == views.TRIES
    clock.move(seconds=views.WINDOW + 1)
    assert check(browser, b"no pdf").status_code == 200


def test_a_checked_file_is_kept_nowhere(browser: Browser, house: House) -> None:
    marker = b"%PDF-1.7 marker-of-a-checked-file"
    check(browser, marker * 1000)
    for path in house.settings.instance.rglob("*"):
        assert not path.is_file() or marker not in path.read_bytes(), path


def test_another_sites_form_is_refused(browser: Browser) -> None:
    assert check(browser, b"no pdf", Sec_Fetch_Site="cross-site").status_code == 403


def test_the_page_needs_no_sign_in(browser: Browser) -> None:
    assert browser.get("/verify").status_code == 200


def test_every_problem_and_verdict_of_the_check_has_words(app: Flask) -> None:
    assert set(words.PROBLEMS) == set(pdf_verify.PROBLEMS)
    assert set(words.VERDICTS) == set(Verdict)
    assert set(words.FIELDS) == {FIELD_AUDITOR, FIELD_OFFICER}
    with app.test_request_context():
        assert all(str(each) for each in words.PROBLEMS.values())

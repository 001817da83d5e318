"""Evidence through the web: in by script or by plain form, off an answer, out to who may read it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from audit_portal.adapters.evidence_files import FileSink
from audit_portal.domain import limits
from audit_portal.domain.access import Role, system
from audit_portal.domain.errors import Unavailable
from audit_portal.services.house import House
from audit_portal.storage import ledger
from tests.clock import SetClock
from tests.factories.house import account, context
from tests.factories.world import attach
from tests.web.client import errors, text
from tests.web.desk import BOUNDARY, PDF, Desk, form_parts, make_desk, multipart, post_form, put, token, told


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return make_desk(house, tmp_path)


def events(desk: Desk, name: str) -> int:
    with desk.house.db.read(system("tests")) as tx:
        bodies = [body for _, body in ledger.positions(tx, desk.engagement_id)]
    return sum(f'"{name}"'.encode() in body for body in bodies)


def test_a_file_sent_by_script_is_kept_sealed_and_its_place_is_answered(desk: Desk) -> None:
    answer = put(
        desk.browser(), desk.url(), fields=[("observed", "2026"), ("observed", "11"), ("observed", "1")]
    )
    assert answer.status_code == 201
    assert answer.json == {"location": desk.url().removesuffix("/evidence")}
    (version,) = desk.versions()
    assert (version.file_name, version.media_type, version.size) == ("規程.pdf", "application/pdf", len(PDF))
    assert str(version.observed_on) == "2026-11-01"
    assert len(desk.objects()) == 1
    assert events(desk, "evidence.added") == 1


def test_a_file_sent_by_a_plain_form_is_kept_and_leads_back_to_the_item(desk: Desk) -> None:
    browser = desk.browser()
    body = multipart(form_parts(token(browser), observed="2026-11-01", expires="2027-11-01"))
    answer = post_form(browser, desk.url(), body)
    assert answer.status_code == 303
    assert answer.headers["Location"] == desk.url().removesuffix("/evidence")
    (version,) = desk.versions()
    assert (str(version.observed_on), str(version.expires_on)) == ("2026-11-01", "2027-11-01")
    assert version.file_name == "規程.pdf"


@pytest.mark.parametrize("sent", [None, "", "wrong"])
def test_without_the_forms_token_nothing_is_read_or_kept(desk: Desk, sent: str | None) -> None:
    browser = desk.browser()
    assert put(browser, desk.url(), X_CSRFToken=sent).status_code == 400
    parts = [part for part in form_parts(sent or "") if sent is not None or part[0] != "csrf_token"]
    assert post_form(browser, desk.url(), multipart(parts)).status_code == 400
    assert desk.nothing_stored()


@pytest.mark.parametrize(
    "headers",
    [{"Sec_Fetch_Site": "cross-site"}, {"Sec_Fetch_Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_what_another_site_sends_is_refused(desk: Desk, headers: dict[str, str]) -> None:
    browser = desk.browser()
    assert put(browser, desk.url(), PDF, **headers).status_code == 403  # type: ignore[arg-type]
    assert post_form(browser, desk.url(), multipart(form_parts(token(browser))), **headers).status_code == 403
    assert desk.nothing_stored()


def test_a_token_behind_the_file_comes_too_late(desk: Desk) -> None:
    browser = desk.browser()
    parts = form_parts(token(browser))
    assert post_form(browser, desk.url(), multipart(parts[1:] + parts[:1])).status_code == 400
    assert desk.nothing_stored()


@pytest.mark.parametrize(
    ("content", "name", "status", "said"),
    [
        (b"", "a.pdf", 422, "空"),
        (b"MZ\x00\x00program", "a.pdf", 422, "拡張子"),
        (b"<svg xmlns='x'><script/></svg>", "a.svg", 422, "受け取れません"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40, "a.xls", 422, "古い形式"),
        (b"PK\x03\x04" + b"\0" * 22 + b"\x12\0\0\0" + b"xl/vbaProject.bin\0", "a.xlsx", 422, "マクロ"),
        (PDF * 20, "a.pdf", 413, "大きすぎます"),
    ],
)
def test_what_may_not_come_in_is_refused_with_the_reason_both_ways(
    desk: Desk, content: bytes, name: str, status: int, said: str
) -> None:
    small = replace(desk, house=replace(desk.house, settings=replace(desk.house.settings, evidence_max=2000)))
    browser = small.browser()
    answer = put(browser, desk.url(), content, name)
    assert answer.status_code == status
    assert said in told(answer)["error"]
    page = post_form(
        browser, desk.url(), multipart(form_parts(token(browser), content, name, observed="2026-11-01"))
    )
    assert page.status_code == status
    assert any(said in error for error in errors(page)), errors(page)
    assert 'value="2026"' in text(page), "what was typed is still there"
    assert desk.nothing_stored()


def test_a_plain_form_far_too_large_is_refused_before_its_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    small = replace(desk, house=replace(desk.house, settings=replace(desk.house.settings, evidence_max=100)))
    written: list[int] = []
    monkeypatch.setattr(FileSink, "write", lambda _self, data: written.append(len(data)))
    browser = small.browser()
    body = multipart(form_parts(token(browser), b"%PDF-" + b"x" * 200_000))
    page = post_form(browser, desk.url(), body)
    assert page.status_code == 413
    assert written == []


@pytest.mark.parametrize(
    ("dates", "field"),
    [
        ({"observed": "2026-13-01"}, "observed"),
        ({"observed": "2027-01-01"}, "observed"),
        ({"observed": "2026-11-01", "expires": "2026-10-01"}, "expires"),
    ],
)
def test_wrong_dates_are_told_beside_their_field_and_the_file_is_not_read(
    desk: Desk, dates: dict[str, str], field: str
) -> None:
    browser = desk.browser()
    page = post_form(browser, desk.url(), multipart(form_parts(token(browser), **dates)))  # type: ignore[arg-type]
    assert page.status_code == 422
    assert f'id="{field}-error"' in text(page)
    assert f'value="{dates[field].split("-")[0]}"' in text(page)
    typed = [(name, part) for name, day in dates.items() for part in day.split("-")]
    answer = put(browser, desk.url(), fields=typed)
    assert answer.status_code == 422
    assert told(answer)["error"]
    assert desk.nothing_stored()


def test_a_form_without_a_file_says_what_is_missing(desk: Desk) -> None:
    browser = desk.browser()
    for parts in (form_parts(token(browser), b"", ""), form_parts(token(browser))[:2]):
        page = post_form(browser, desk.url(), multipart(parts))
        assert page.status_code == 422
        assert errors(page) == ["ファイルを選んでください。"]


def test_a_second_file_in_one_form_is_refused_with_nothing_kept(desk: Desk) -> None:
    browser = desk.browser()
    parts = form_parts(token(browser))
    page = post_form(browser, desk.url(), multipart([*parts[:-1], *parts[-2:]]))
    assert page.status_code == 422
    assert errors(page) == ["一度に送れるのは1ファイルです。1つずつ送ってください。"]
    assert desk.nothing_stored()


@pytest.mark.parametrize("missing", [1, 4, 30, 100])
def test_a_form_that_ends_early_is_never_kept(desk: Desk, missing: int) -> None:
    browser = desk.browser()
    body = multipart(form_parts(token(browser)))[:-missing]
    for length in (len(body), len(body) + missing):  # a shorter promise, and a broken one
        if missing == 1 and length == len(body):
            continue  # the very last line end says nothing
        answer = browser.client.post(
            desk.url(),
            data=body,
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
            environ_overrides={"CONTENT_LENGTH": str(length)},
            base_url="http://127.0.0.1:8000",
        )
        assert answer.status_code in (400, 422), answer.status_code
    assert desk.nothing_stored()


def test_a_body_of_unknown_length_is_refused(desk: Desk) -> None:
    answer = put(desk.browser(), desk.url(), Transfer_Encoding="chunked")
    assert answer.status_code == 411
    assert desk.nothing_stored()


def test_a_full_disk_is_told_and_leaves_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_self: FileSink) -> None:
        raise Unavailable("disk_full")

    monkeypatch.setattr(FileSink, "commit", full)
    browser = desk.browser()
    answer = put(browser, desk.url())
    assert answer.status_code == 503
    assert "保存場所" in told(answer)["error"]
    page = post_form(browser, desk.url(), multipart(form_parts(token(browser))))
    assert page.status_code == 503
    assert desk.nothing_stored()


def test_a_fault_in_mid_upload_leaves_nothing_open(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    aborted: list[FileSink] = []
    real = FileSink.abort

    def noted(self: FileSink) -> None:
        aborted.append(self)
        real(self)

    monkeypatch.setattr(FileSink, "abort", noted)
    monkeypatch.setattr("audit_portal.domain.evidence.Intake.write", lambda *_: 1 / 0)
    assert put(desk.browser(), desk.url()).status_code == 500
    assert aborted
    assert desk.nothing_stored()


def test_the_same_upload_tried_again_is_kept_once_and_answered_alike(desk: Desk) -> None:
    browser, key = desk.browser(), uuid4().hex
    for _ in range(2):
        answer = put(browser, desk.url(), fields=[("idempotency_key", key)])
        assert answer.json == {"location": desk.url().removesuffix("/evidence")}
    again = post_form(browser, desk.url(), multipart(form_parts(token(browser), key=key)))
    assert again.status_code == 303
    assert len(desk.versions()) == len(desk.objects()) == 1


def test_an_item_takes_only_so_many_files(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "EVIDENCE_PER_ANSWER", 1)
    browser = desk.browser()
    assert put(browser, desk.url()).status_code == 201
    answer = put(browser, desk.url())
    assert (answer.status_code, len(desk.versions())) == (409, 1)


@pytest.mark.parametrize(
    ("raw", "kept"),
    [
        ("../../etc/passwd.pdf", "passwd.pdf"),
        ("C:\\secret\\a.pdf", "a.pdf"),
        ("\u202efdp.exe.pdf", "fdp.exe.pdf"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie: x=1.pdf"),
        ("\U0001f600" * 400 + ".pdf", None),
        ("", None),
    ],
)
def test_hostile_names_become_harmless_ones(desk: Desk, raw: str, kept: str | None) -> None:
    browser = desk.browser()
    assert put(browser, desk.url(), name=raw).status_code == 201
    (version,) = desk.versions()
    assert kept is None or version.file_name == kept
    assert 0 < len(version.file_name) <= limits.FILE_NAME
    assert version.file_name.endswith(".pdf")
    answer = browser.get(f"/evidence/{version.id}")
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith("attachment; ")
    assert disposition.isprintable()
    assert "Set-Cookie" not in answer.headers


def test_who_does_not_reach_the_item_gets_not_found(desk: Desk) -> None:
    other = account(desk.house, desk.everyone.client_id, Role.OWNER)  # not on this engagement
    for person, item in ((other, desk.client_item), (desk.everyone.vendor_lead, desk.client_item)):
        assert put(desk.browser(person), desk.url(item)).status_code == 404
    contributor = desk.browser(desk.everyone.vendor_contributor)  # nothing is delegated to them
    assert put(contributor, desk.url()).status_code == 404
    assert put(desk.browser(), desk.url("NO-1")).status_code == 404
    assert put(desk.browser(desk.everyone.approver), desk.url()).status_code == 403
    assert desk.nothing_stored()


def test_reading_is_an_attachment_without_any_power(desk: Desk) -> None:
    browser = desk.browser()
    put(browser, desk.url())
    answer = browser.get(f"/evidence/{desk.versions()[0].id}")
    assert answer.get_data() == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Length"] == str(len(PDF))
    assert answer.headers["Content-Disposition"].endswith("filename*=UTF-8''%E8%A6%8F%E7%A8%8B.pdf")
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"


def test_reading_is_in_the_ledger_once_in_fifteen_minutes(desk: Desk, clock: SetClock) -> None:
    put(desk.browser(), desk.url())
    url = f"/evidence/{desk.versions()[0].id}"
    officer = desk.browser(desk.everyone.officer)
    for _ in range(3):
        assert officer.get(url).status_code == 200
    assert events(desk, "evidence.read") == 1
    desk.browser().get(url)
    assert events(desk, "evidence.read") == 2, "another person, another entry"
    clock.move(minutes=15)
    officer.get(url)
    assert events(desk, "evidence.read") == 3


def test_others_evidence_is_not_found(desk: Desk) -> None:
    officer = context(desk.house, desk.everyone.officer)
    of_client = attach(officer, desk.assessment_id, desk.client_item)
    of_vendor = attach(context(desk.house, desk.everyone.vendor_lead), desk.assessment_id, desk.vendor_item)
    assert desk.browser().get(f"/evidence/{of_client}").status_code == 404, "the client's own file"
    for person in (desk.everyone.vendor_contributor, desk.everyone.auditor):
        assert desk.browser(person).get(f"/evidence/{of_vendor}").status_code == 404
    assert desk.browser(desk.everyone.admin).get(f"/evidence/{of_vendor}").status_code == 403
    assert desk.browser(desk.everyone.officer).get(f"/evidence/{uuid4()}").status_code == 404
    assert events(desk, "evidence.read") == 0


def test_a_damaged_object_is_a_fault_with_a_reference(desk: Desk) -> None:
    browser = desk.browser()
    put(browser, desk.url())
    folder = Path(desk.house.settings.evidence_url.removeprefix("file:"))
    (path,) = (each for each in folder.rglob("*") if each.is_file())
    sealed = bytearray(path.read_bytes())
    sealed[-20] ^= 1
    path.write_bytes(sealed)
    answer = browser.get(f"/evidence/{desk.versions()[0].id}")
    assert answer.status_code == 500
    assert "問い合わせ番号" in text(answer)


def test_a_file_is_taken_off_a_draft_and_stays_readable(desk: Desk) -> None:
    browser = desk.browser()
    put(browser, desk.url())
    version = desk.versions()[0]
    answer = browser.post(f"{desk.url()}/{version.id}/detach", page="/account")
    assert answer.status_code == 303
    assert events(desk, "evidence.detached") == 1
    assert browser.get(f"/evidence/{version.id}").status_code == 200
    assert browser.post(f"{desk.url()}/{version.id}/detach", page="/account").status_code == 404

"""Autosave and upload in a real browser, under the portal's content security policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import WSGIRequestHandler, make_server

from tests.web.demo import demo_app


class Quiet(WSGIRequestHandler):
    def log(self, *_: Any) -> None:
        """The test's own output is enough."""


@pytest.fixture
def app() -> Flask:
    return demo_app()


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()


@pytest.fixture
def page(browser: Browser, app: Flask) -> Iterator[Page]:
    app.extensions["received"].clear()
    page = browser.new_page(locale="ja-JP")
    problems: list[str] = []
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("console", lambda line: problems.append(line.text) if "Security Policy" in line.text else None)
    yield page
    page.close()
    assert problems == []


def test_a_draft_is_saved_while_typing_with_the_version_it_was_given(
    page: Page, address: str, app: Flask
) -> None:
    page.goto(f"{address}/draft")
    status = page.locator("[data-autosave-status]")
    page.get_by_label("補足説明").fill("一つめ")
    expect(status).to_contain_text("下書きを保存しました（")
    expect(page.locator("[name=version]")).to_have_value("2")
    page.get_by_label("補足説明").fill("二つめ")
    expect(page.locator("[name=version]")).to_have_value("3")
    sent = app.extensions["received"]
    assert [(each["detail"], each["version"]) for each in sent] == [("一つめ", "1"), ("二つめ", "2")]
    assert "csrf_token" not in sent[0]
    assert "idempotency_key" not in sent[0]


def test_a_conflict_is_told_and_keeps_the_text(page: Page, address: str, app: Flask) -> None:
    page.goto(f"{address}/draft")
    page.get_by_label("補足説明").fill("text in conflict")
    status = page.locator("[data-autosave-status]")
    expect(status).to_have_text("taken")
    page.get_by_label("補足説明").press_sequentially("!")
    page.wait_for_timeout(2000)  # longer than the pause before a save
    expect(status).to_have_text("taken")
    expect(page.get_by_label("補足説明")).to_have_value("text in conflict!")
    assert len(app.extensions["received"]) == 1
    compare = page.get_by_role("button", name="見比べる")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        compare.click()
    assert "text in conflict!" in (sent.value.post_data or "")


def test_comparing_is_offered_after_a_conflict_only(page: Page, address: str) -> None:
    page.goto(f"{address}/draft")
    page.get_by_label("補足説明").fill("一つめ")
    expect(page.locator("[data-autosave-status]")).to_contain_text("下書きを保存しました（")
    expect(page.get_by_role("button", name="見比べる")).to_be_hidden()


def test_a_lost_connection_is_told(page: Page, address: str) -> None:
    page.goto(f"{address}/draft")
    page.context.set_offline(True)
    page.get_by_label("補足説明").fill("一つめ")
    expect(page.locator("[data-autosave-status]")).to_contain_text("自動保存できませんでした")
    page.context.set_offline(False)


def choose(page: Page, *paths: Path) -> None:
    page.locator("input[type=file]").set_input_files(paths)
    page.get_by_role("button", name="送る").click()


def test_files_go_one_by_one_with_their_names_and_the_other_fields(
    page: Page, address: str, app: Flask, tmp_path: Path
) -> None:
    for name in ("入退室 100%.txt", "b.txt"):
        (tmp_path / name).write_text("good")
    page.goto(f"{address}/upload")
    page.get_by_label("年").fill("2026")
    choose(page, tmp_path / "入退室 100%.txt", tmp_path / "b.txt")
    page.wait_for_url(f"{address}/")
    sent = app.extensions["received"]
    assert [unquote(each["name"]) for each in sent] == ["入退室 100%.txt", "b.txt"]
    assert [each["size"] for each in sent] == [4, 4]
    assert "observed=2026&observed=&observed=" in sent[0]["fields"]
    assert "csrf_token" not in sent[0]["fields"]
    first, second = (parse_qs(each["fields"])["idempotency_key"][0] for each in sent)
    assert second == f"{first}1"


def test_a_refused_file_is_told_beside_the_field_and_the_arrived_one_is_not_sent_again(
    page: Page, address: str, app: Flask, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("good")
    (tmp_path / "b.txt").write_text("bad")
    page.goto(f"{address}/upload")
    choose(page, tmp_path / "a.txt", tmp_path / "b.txt")
    message = page.locator("#files-error")
    expect(message).to_have_text("エラー： b.txt: この種類のファイルは受け取れません")
    control = page.locator("#files")
    expect(control).to_be_focused()
    assert "files-error" in (control.get_attribute("aria-describedby") or "").split()
    page.wait_for_timeout(1100)  # the button takes no second click within a second
    with page.expect_response("**/upload"):
        page.get_by_role("button", name="送る").click()
    expect(message).to_contain_text("b.txt")
    assert [each["name"] for each in app.extensions["received"]] == ["a.txt", "b.txt", "b.txt"]


def test_a_file_over_the_limit_is_not_sent(page: Page, address: str, app: Flask, tmp_path: Path) -> None:
    (tmp_path / "big.txt").write_bytes(b"x" * 1001)
    page.goto(f"{address}/upload")
    choose(page, tmp_path / "big.txt")
    expect(page.locator("#files-error")).to_contain_text("1ファイル 1000 バイト")
    assert app.extensions["received"] == []


def test_an_upload_can_be_cancelled(page: Page, address: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("good")
    page.goto(f"{address}/upload")
    page.route("**/upload", lambda route: None if route.request.method == "PUT" else route.continue_())
    choose(page, tmp_path / "a.txt")
    page.get_by_role("button", name="送信を取り消す").click()
    expect(page.get_by_text("送信を取り消しました。")).to_be_visible()
    expect(page.get_by_role("button", name="送る")).to_be_enabled()
    expect(page.get_by_role("button", name="送る")).to_be_focused()


def test_the_account_menu_closes_with_escape(page: Page, address: str) -> None:
    page.goto(address)
    summary = page.locator(".app-menu summary")
    summary.click()
    expect(page.get_by_role("button", name="サインアウト")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="サインアウト")).to_be_hidden()
    expect(summary).to_be_focused()


def test_no_page_asks_for_fonts_or_another_host(page: Page, address: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for path in ("/", "/form"):
        page.goto(address + path, wait_until="networkidle")
    assert asked
    assert [url for url in asked if not url.startswith(address) or "/assets/" in url or "woff" in url] == []

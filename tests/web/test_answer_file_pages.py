"""The assessment as a file, through its pages: saved, edited elsewhere, sent back, looked at, taken."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import openpyxl
import pytest
from werkzeug.test import TestResponse

from audit_portal.domain.checklist import AnswerValue
from audit_portal.services.assessments import answers, assessment_view, item_views
from audit_portal.services.assessments.answers import Written
from audit_portal.services.house import House
from tests.adapters.workbooks import edited, xlsx
from tests.factories.house import BASE_URL, context
from tests.web.client import Browser, csrf_token, errors, text
from tests.web.desk import Desk, make_desk


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return make_desk(house, tmp_path)


def path(desk: Desk, more: str = "") -> str:
    return f"/assessments/{desk.assessment_id}/file{more}"


def download(browser: Browser, desk: Desk) -> bytes:
    answer = browser.get(path(desk, ".xlsx"))
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"].startswith(
        "attachment; filename=file.xlsx; filename*=UTF-8''A-"
    )
    return answer.get_data()


def send(
    browser: Browser, url: str, content: bytes, name: str = "回答.xlsx", token: str | None = None
) -> TestResponse:
    found = csrf_token(browser.client, url) if token is None else token
    data = {"csrf_token": found, "idempotency_key": uuid4().hex, "file": (BytesIO(content), name)}
    return browser.client.post(url, data=data, base_url=BASE_URL, content_type="multipart/form-data")


def written(content: bytes, **answers: dict[str, Any]) -> bytes:
    def change(book: Any) -> None:
        sheet = book.worksheets[1]
        rows = {row[1].value: row[0].row for row in sheet.iter_rows(min_row=2)}
        for name, cells in answers.items():
            for column, value in cells.items():
                sheet[f"{column}{rows[name.replace('_', '-')]}"] = value

    return edited(content, change)


def values(browser: Browser, desk: Desk, *overwrite: str) -> dict[str, Any]:
    page = text(browser.get(path(desk, "/preview")))
    sha256 = page.partition('name="sha256"')[2].partition('value="')[2].partition('"')[0]
    return {"sha256": sha256, "overwrite": list(overwrite)}


def item(desk: Desk, code: str) -> item_views.ItemView:
    return assessment_view.get_assessment(
        context(desk.house, desk.everyone.vendor_lead), desk.assessment_id
    ).item(code)


def save(desk: Desk, code: str, comment: str) -> None:
    lead = context(desk.house, desk.everyone.vendor_lead)
    answers.save(lead, desk.assessment_id, code, Written(AnswerValue.YES, comment), None)


def test_a_large_vendor_answers_by_file(desk: Desk) -> None:
    browser = desk.browser()
    assert path(desk) in text(browser.get(f"/assessments/{desk.assessment_id}"))
    content = written(
        download(browser, desk), QSL_002={"E": "はい", "F": "規程を定めている"}, QSL_005={"E": "いいえ"}
    )
    shown = browser.follow(send(browser, path(desk), content))
    assert "規程を定めている" in text(shown) and "2件を取り込む" in text(shown)
    assert item(desk, "QSL-002").value is None
    done = browser.post(path(desk, "/apply"), values(browser, desk), page=path(desk, "/preview"))
    assert done.location == f"/assessments/{desk.assessment_id}"
    assert "2件の回答を取り込みました。" in text(browser.follow(done))
    assert (item(desk, "QSL-002").value, item(desk, "QSL-002").comment) == (
        AnswerValue.YES,
        "規程を定めている",
    )
    assert browser.get(path(desk, "/preview")).location == path(desk)


def test_what_was_not_taken_is_shown_with_its_cells_and_the_rest_is_in(desk: Desk) -> None:
    browser = desk.browser()
    content = written(download(browser, desk), QSL_002={"E": "たぶん", "H": "来年"}, QSL_005={"E": "はい"})
    send(browser, path(desk), content)
    done = browser.post(path(desk, "/apply"), values(browser, desk), page=path(desk, "/preview"))
    after = text(browser.follow(done))
    assert "1件の回答を取り込みました。次の項目は取り込んでいません：QSL-002" in after
    assert "選択肢にない回答です" in after and "日付として読み取れません" in after and "たぶん" in after
    assert item(desk, "QSL-005").value is AnswerValue.YES


def test_a_stale_item_stands_side_by_side_and_is_overwritten_only_by_a_tick(desk: Desk) -> None:
    browser = desk.browser()
    content = written(download(browser, desk), QSL_002={"E": "はい", "F": "ファイルの文"})
    save(desk, "QSL-002", "画面の文")
    page = text(browser.follow(send(browser, path(desk), content)))
    assert "画面の文" in page and "ファイルの文" in page and 'name="overwrite"' in page
    browser.post(path(desk, "/apply"), values(browser, desk), page=path(desk, "/preview"))
    assert item(desk, "QSL-002").comment == "画面の文"
    key = f"QSL-002:{item(desk, 'QSL-002').version}"
    browser.post(path(desk, "/apply"), values(browser, desk, key), page=path(desk, "/preview"))
    assert item(desk, "QSL-002").comment == "ファイルの文"


def test_the_same_button_pressed_twice_leads_to_the_same_place(desk: Desk) -> None:
    browser = desk.browser()
    send(browser, path(desk), written(download(browser, desk), QSL_002={"E": "はい"}))
    data, key = values(browser, desk), uuid4().hex
    token = csrf_token(browser.client, path(desk, "/preview"))
    sent = {"csrf_token": token, "idempotency_key": key, **data}
    first = browser.client.post(path(desk, "/apply"), data=sent, base_url=BASE_URL)
    again = browser.client.post(path(desk, "/apply"), data=sent, base_url=BASE_URL)
    assert first.location == f"/assessments/{desk.assessment_id}"
    assert again.status_code in (303, 409)


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "", "ファイルを選んでください"),
        (xlsx([["a"]]), "a.xlsx", "このポータルから保存した回答ファイルではありません"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "古い形式（xls）"),
        (b"PK\x03\x04 broken", "a.xlsx", "ファイルが壊れている"),
    ],
)
def test_what_cannot_be_taken_is_said_on_the_form(desk: Desk, content: bytes, name: str, said: str) -> None:
    browser = desk.browser()
    answer = send(browser, path(desk), content, name)
    assert answer.status_code == 422
    assert said in errors(answer)[0]
    assert 'id="file"' in text(answer)


def test_too_large_a_file_is_refused_before_it_is_read(desk: Desk) -> None:
    answer = send(desk.browser(), path(desk), b"x" * (20 * 1024**2 + 1_000_000))
    assert (answer.status_code, errors(answer)) == (
        413, ["ファイルが大きすぎます。20 MB までです。分けるか、画像などを消して小さくしてください。"],
    )  # fmt: skip


def test_without_the_forms_token_nothing_is_read(desk: Desk) -> None:
    browser = desk.browser()
    answer = send(browser, path(desk), download(browser, desk), token="wrong")
    assert answer.status_code == 400
    assert browser.get(path(desk, "/preview")).status_code == 303


def test_the_file_speaks_the_readers_language_and_comes_back_in_either(desk: Desk) -> None:
    browser = desk.browser()
    browser.post("/language", {"language": "en", "page": "/"}, page="/")
    content = download(browser, desk)
    sheet = openpyxl.load_workbook(BytesIO(content)).worksheets[1]
    japanese = assessment_view.get_assessment(
        context(desk.house, desk.everyone.vendor_lead), desk.assessment_id
    )
    asked = [each.question for each in japanese.mine]
    assert sheet["C2"].value in [each["en"] for each in asked]
    browser.post("/language", {"language": "ja", "page": "/"}, page="/")
    page = text(browser.follow(send(browser, path(desk), written(content, QSL_002={"E": "はい"}))))
    assert "1件を取り込む" in page


def test_an_upload_is_its_persons_alone(desk: Desk) -> None:
    lead = desk.browser()
    send(lead, path(desk), written(download(lead, desk), QSL_002={"E": "はい"}))
    officer = desk.browser(desk.everyone.officer)
    assert officer.get(path(desk, "/preview")).status_code == 303

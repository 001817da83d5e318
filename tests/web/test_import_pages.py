"""Bringing the register in through its pages, and taking lists out."""

from __future__ import annotations

import csv
from io import BytesIO, StringIO
from typing import Any

import openpyxl
import pytest
from flask import Flask

from audit_portal.domain.corporate_number import check_digit
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.services.parties import parties
from audit_portal.services.parties.parties import PartyFacts
from audit_portal.storage import brought_in
from tests.factories.house import People, context
from tests.factories.world import work
from tests.web.client import Browser, errors, text
from tests.web.test_answer_file_pages import send

HEADS = "管理番号,会社名,会社名のカナ,法人番号,国・地域"
WORK = (
    "委託先の会社名,委託業務の名称,業務の種類,任せる目的,渡す個人データの項目,本人の数,委託の開始日\r\n"
    "北海印刷㈱,案内状の発送,BPO,会員への案内,氏名,1200,R5.4.1\r\n"
)


@pytest.fixture
def officer(app: Flask, house: House, everyone: People) -> Browser:
    return Browser(app, house).sign_in(everyone.officer)


def number(base: int) -> str:
    return check_digit(f"{base:012d}") + f"{base:012d}"


def hidden(page: str, name: str) -> str:
    return page.partition(f'name="{name}"')[2].partition('value="')[2].partition('"')[0]


def table(*rows: str) -> bytes:
    return "\r\n".join((HEADS, *rows)).encode("cp932")


def bring(browser: Browser, kind: str, content: bytes, **more: Any) -> Any:
    url = f"/imports/{kind}"
    page = text(browser.follow(send(browser, url, content, "台帳.csv")))
    data = {"sha256": hidden(page, "sha256"), **more}
    return browser.post(f"{url}/apply", data, page=f"{url}/preview")


def test_the_officers_first_day_120_vendors_from_a_cp932_file(
    officer: Browser, house: House, everyone: People
) -> None:
    rows = [f"V-{n},㈱髙﨑商店{n},ﾀｶｻｷ{n},{number(n)},日本" for n in range(120)]
    assert "/imports" in text(officer.get("/vendors"))
    page = text(officer.follow(send(officer, "/imports/vendors", table(*rows), "台帳.csv")))
    assert "120行を取り込めます" in page and "㈱髙﨑商店0" in page
    after = text(officer.follow(bring(officer, "vendors", table(*rows))))
    assert "新しく登録120件、更新0件、変わらない0件" in after
    assert "台帳.csv" in after and "SHA-256" in after
    again = text(officer.follow(bring(officer, "vendors", table(*rows))))
    assert "新しく登録0件、更新0件、変わらない120件" in again
    assert len(parties.listed(context(house, everyone.officer), None, limit=500).items) == 121


def test_each_bad_cell_is_named_and_there_is_no_button_to_go_on(officer: Browser) -> None:
    answer = officer.follow(send(officer, "/imports/vendors", table("V-1,,コウ,123,火星"), "台帳.csv"))
    page = text(answer)
    for said in (
        "B2",
        "必須の欄が空です",
        "D2",
        "法人番号は13桁の数字です",
        "E2",
        "国・地域の名前として読み取れません",
        "火星",
    ):
        assert said in page
    assert 'action="/imports/vendors/apply"' not in page
    sha256 = hidden(page, "sha256")
    refused = officer.post("/imports/vendors/apply", {"sha256": sha256}, page="/account")
    assert refused.status_code == 409
    assert "直すセルが3個" in text(refused)


def test_a_question_left_open_comes_back_at_its_place(
    officer: Browser, house: House, everyone: People
) -> None:
    parties.register(
        context(house, everyone.officer), PartyFacts(name="㈱髙﨑商店", kana="タカサキ", address="前橋市")
    )
    content = table("K-1,株式会社高崎商店,タカサキ,,")
    refused = bring(officer, "vendors", content)
    assert refused.status_code == 422
    assert "登録済みの会社と同じかどうかを選んでください" in errors(refused)[0]
    done = bring(officer, "vendors", content, row_2="new")
    assert "新しく登録1件" in text(officer.follow(done))


def test_running_engagements_come_in_with_gates_not_yet_shown(
    officer: Browser, house: House, everyone: People
) -> None:
    refused = bring(officer, "engagements", WORK.encode())
    assert refused.status_code == 422
    assert errors(refused)[0] == "何に基づいて取り込むかを入力してください"
    done = bring(
        officer, "engagements", WORK.encode(), basis="2025年度台帳", catch_up_on=["2027", "３", "31"]
    )
    assert "新しく登録1件" in text(officer.follow(done))
    (found,) = engagements.listed(context(house, everyone.officer)).items
    page = text(officer.get(f"/engagements/{found.id}"))
    for said in (
        "進行中のまま取り込んだ業務です",
        "2023年4月1日",
        "2025年度台帳",
        "未確認",
        "2027年3月31日",
        "委託中",
    ):
        assert said in page
    assert "（完了）" not in page  # no step of it was passed here
    assert f'href="/engagements/{found.id}/assessments/new"' in page  # the way to show the first gate
    assert "未確認の承認条件" not in text(officer.get("/"))  # its day is far off
    house.clock.at = house.clock.at.replace(year=2027, month=4, day=2)  # type: ignore[attr-defined]
    late = Browser(officer.app, house).sign_in(everyone.officer)
    home = text(late.get("/"))
    assert "未確認の承認条件" in home and f'href="/engagements/{found.id}#standing"' in home
    assert "案内状の発送" in text(late.get("/engagements?unshown=1"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            "氏名,住所\r\na,b".encode(),
            "見出しの行が見つかりません。次の見出しが要ります：会社名、会社名のカナ",
        ),
        (b"\x81\xff\xfe\x00", "文字コードが分かりません"),
        (b"a,b\r\n" * 100_000, "行が多すぎます。1枚のシートで10000行まで"),
    ],
)
def test_a_file_without_a_table_is_refused_on_the_form(officer: Browser, content: bytes, said: str) -> None:
    answer = send(officer, "/imports/vendors", content, "a.csv")
    assert answer.status_code == 422
    assert said in errors(answer)[0].replace(",", "")


@pytest.mark.parametrize("kind", ["vendors", "engagements", "contracts", "evaluations"])
def test_the_template_can_be_brought_in_again_once_it_is_filled(
    officer: Browser, house: House, everyone: People, kind: str
) -> None:
    engagement_id = engagements.register(context(house, everyone.officer), everyone.vendor_id, work())
    book = openpyxl.load_workbook(BytesIO(officer.get(f"/imports/{kind}/template.xlsx").get_data()))
    sheet, guide = book.worksheets
    examples = {row[0].value: row[3].value for row in guide.iter_rows(min_row=2)}
    heads = [cell.value for cell in sheet[1]]
    sheet.append([examples[head.replace("（必須）", "")] for head in heads])
    if kind == "vendors":
        sheet.cell(2, heads.index("法人番号") + 1).value = number(7)
    elif kind in ("contracts", "evaluations"):
        known = engagements.get_engagement(context(house, everyone.officer), engagement_id)
        for place, value in enumerate((known.number, known.vendor_name, None, None), 1):
            sheet.cell(2, place).value = value
    else:
        sheet.cell(2, 2).value = "北海印刷株式会社"
        for head in ("委託先の法人番号", "委託先の管理番号", "所管部門の担当のメールアドレス"):
            sheet.cell(2, heads.index(head) + 1).value = None
    out = BytesIO()
    book.save(out)
    page = text(officer.follow(send(officer, f"/imports/{kind}", out.getvalue())))
    assert "1行を取り込めます" in page


def test_contracts_and_past_evaluations_come_in_through_their_pages(
    officer: Browser, house: House, everyone: People
) -> None:
    ctx = context(house, everyone.officer)
    engagement_id = engagements.register(ctx, everyone.vendor_id, work())
    number = engagements.get_engagement(ctx, engagement_id).number
    contract = f"委託業務の番号,契約の種類,契約の名称,契約期間の初日\r\n{number},覚書,取扱いの覚書,R5.4.1"
    assert "新しく登録1件" in text(officer.follow(bring(officer, "contracts", contract.encode("cp932"))))
    heads = "委託業務の番号,評価の種類,評価した日,評価の結果,評価した人,記録の保管場所"
    record = f"{heads}\r\n{number},定期評価,2025/2/10,Ｂ（指摘1件）,総務部 山田,共有フォルダ"
    assert "新しく登録1件" in text(officer.follow(bring(officer, "evaluations", record.encode("cp932"))))
    page = text(officer.get(f"/engagements/{engagement_id}"))
    for said in (
        "取扱いの覚書",
        "Ｂ（指摘1件）",
        "2025年2月10日",
        "ポータルの中の記録では確かめられていません",
    ):
        assert said in page


def test_headings_of_bad_cells_are_told_in_the_readers_language(officer: Browser) -> None:
    officer.post("/language", {"language": "en"}, page="/account")
    content = table("V-1,甲社,コウ,123,日本")
    page = text(officer.follow(send(officer, "/imports/vendors", content, "台帳.csv")))
    assert ">Corporate number<" in page and ">法人番号<" not in page
    refused = send(officer, "/imports/vendors", "氏名,住所\r\na,b".encode(), "a.csv")
    assert "Company name" in errors(refused)[0] and "会社名" not in errors(refused)[0]


def test_the_history_of_imports_goes_on_on_a_second_page(
    officer: Browser, house: House, everyone: People
) -> None:
    for n in range(3):
        bring(officer, "vendors", table(f"V-{n},甲社{n},コウ,{number(n)},日本"))
    assert text(officer.get("/imports")).count("SHA-256") == 3
    with context(house, everyone.officer).read() as tx:
        key = brought_in.runs(tx, limit=2).next_key
    rest = text(officer.get(f"/imports?after={key}"))
    assert rest.count("SHA-256") == 1 and 'href="/imports"' in rest
    assert officer.get("/imports?after=made.up").status_code == 400


def rows_of(answer: Any) -> list[list[str]]:
    assert answer.status_code == 200
    content = answer.get_data()
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(StringIO(content.decode("utf-8-sig"), newline="")))


def test_lists_go_out_as_they_are_filtered_with_all_their_pages(
    officer: Browser, house: House, everyone: People
) -> None:
    ctx = context(house, everyone.officer)
    for n in range(45):
        parties.register(
            ctx, PartyFacts(name=f"試験{n:02d}", kana=f"シケン{n:02d}", address="=1+1" if n == 3 else "")
        )
    engagements.register(ctx, everyone.vendor_id, work("@業務"))
    rows = rows_of(officer.get("/vendors.csv?q=試験"))
    assert [row[1] for row in rows[1:]] == [f"試験{n:02d}" for n in range(45)]
    assert rows[4][5] == "'=1+1"
    assert len(rows_of(officer.get("/vendors.csv"))) == 47
    book = openpyxl.load_workbook(BytesIO(officer.get("/vendors.xlsx?q=試験").get_data()))
    cell = book.active["F5"]  # type: ignore[index]
    assert (cell.value, cell.data_type, cell.quotePrefix) == ("=1+1", "s", True)
    assert rows_of(officer.get("/engagements.csv"))[1][1] == "'@業務"
    assert (
        openpyxl.load_workbook(BytesIO(officer.get("/engagements.xlsx").get_data())).active["B2"].value
        == "@業務"
    )  # type: ignore[index]


def test_a_vendors_list_of_engagements_holds_its_own_alone(
    app: Flask, house: House, everyone: People
) -> None:
    ctx = context(house, everyone.officer)
    engagements.register(ctx, everyone.vendor_id, work("自社の業務"))
    other = parties.register(ctx, PartyFacts(name="他社", kana="タシャ"))
    engagements.register(ctx, other, work("他社の業務"))
    browser = Browser(app, house).sign_in(everyone.vendor_lead)
    assert [row[1] for row in rows_of(browser.get("/engagements.csv"))[1:]] == ["自社の業務"]
    assert browser.get("/vendors.csv").status_code == 403
    assert rows_of(browser.get("/assessments.csv?all=1"))[1:] == []

"""Vendors and running engagements from files: named cells, all or nothing, again without duplicates."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from audit_portal.domain.access import Role, system
from audit_portal.domain.corporate_number import check_digit
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, Refused
from audit_portal.domain.imports import ImportKind
from audit_portal.domain.supervision import Gate, State
from audit_portal.services import imports
from audit_portal.services.assessments import pending_sheets
from audit_portal.services.decisions import standing
from audit_portal.services.engagements import engagements
from audit_portal.services.house import Context, House
from audit_portal.services.imports import Order, Outcome, Preview, RunView
from audit_portal.services.parties import parties
from audit_portal.storage import accounts
from tests.adapters.workbooks import xlsx
from tests.factories.house import People, account, context
from tests.services.steps import execute

HEADS = ["管理番号", "会社名", "会社名のカナ", "法人番号", "所在地", "窓口の氏名", "窓口のメールアドレス"]
WORK = [
    "管理番号", "委託先の会社名", "委託業務の名称", "業務の種類", "任せる目的", "渡す個人データの項目", "本人の数",
    "要配慮個人情報を含む", "委託の開始日", "委託の終了日", "所管部門の担当のメールアドレス", "判定の理由",
]  # fmt: skip
BRING = Order(basis="2025年度の委託先台帳", catch_up_on=date(2027, 3, 31))


def countries(text: str) -> str:
    if text not in ("日本", "JP"):
        raise Invalid("country_unknown")
    return "JP"


def number(base: int) -> str:
    digits = f"{base:012d}"
    return check_digit(digits) + digits


def csv(*rows: list[Any], encoding: str = "cp932") -> bytes:
    return "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in rows).encode(encoding)


def look(ctx: Context, kind: ImportKind, content: bytes, name: str = "台帳.csv") -> Preview:
    imports.upload(ctx, kind, name, content)
    found = imports.preview(ctx, kind, countries)
    assert found is not None
    return found


def bring(ctx: Context, kind: ImportKind, content: bytes, order: Order = BRING) -> RunView:
    return imports.apply(ctx, kind, look(ctx, kind, content).sha256, order, countries)


@pytest.fixture
def officer(house: House, everyone: People) -> Context:
    return context(house, everyone.officer)


def vendors(ctx: Context) -> list[str]:
    return [each.name for each in parties.listed(ctx, None, limit=500).items]


MANY = [HEADS, *(
    [f"V-{n:03d}", f"㈱髙﨑商店①{n}", f"ﾀｶｻｷｼｮｳﾃﾝ{n}", number(n), "東京都千代田区", f"山田{n}", f"y{n}@example.jp"]
    for n in range(120)
)]  # fmt: skip


def test_a_hundred_and_twenty_vendors_come_in_from_a_cp932_file(officer: Context) -> None:
    run = bring(officer, ImportKind.VENDORS, csv(*MANY))
    assert (run.rows, run.created, run.changed, run.unchanged) == (120, 120, 0, 0)
    found = parties.listed(officer, None, "タカサキショウテン119").items[0]
    assert (found.name, found.kana, found.country) == ("㈱髙﨑商店①119", "タカサキショウテン119", "JP")
    assert found.corporate_number == number(119)


def test_the_same_file_again_makes_nothing_new_and_asks_nothing(officer: Context) -> None:
    bring(officer, ImportKind.VENDORS, csv(*MANY))
    before = vendors(officer)
    run = bring(officer, ImportKind.VENDORS, csv(*MANY))
    assert (run.created, run.changed, run.unchanged) == (0, 0, 120)
    assert vendors(officer) == before


def test_without_key_and_number_the_same_file_again_asks_nothing_either(officer: Context) -> None:
    content = csv(["会社名", "カナ", "住所"], ["高崎商店", "タカサキ", "前橋市"])
    assert bring(officer, ImportKind.VENDORS, content).created == 1
    assert bring(officer, ImportKind.VENDORS, content).unchanged == 1


def test_an_empty_cell_takes_nothing_away_and_a_filled_one_changes(officer: Context) -> None:
    bring(officer, ImportKind.VENDORS, csv(HEADS, ["", "甲社", "コウシャ", number(1), "大阪市", "山田", ""]))
    content = csv(HEADS, ["V-9", "甲社", "コウシャ", number(1), "", "鈴木", ""])
    (row,) = look(officer, ImportKind.VENDORS, content).rows
    assert (row.outcome, row.changes) == (
        Outcome.CHANGED,
        (("contact_name", "山田", "鈴木"), ("external_key", "", "V-9")),
    )
    assert bring(officer, ImportKind.VENDORS, content).changed == 1
    (found,) = parties.listed(officer, None, "コウシャ").items
    assert found.contact is not None
    assert (found.address, found.contact.name) == ("大阪市", "鈴木")
    again = csv(["管理番号", "会社名", "カナ"], ["V-9", "株式会社甲", "コウ"])
    assert bring(officer, ImportKind.VENDORS, again).changed == 1
    assert parties.get_vendor(officer, found.id).name == "株式会社甲"


def test_a_company_of_that_name_is_a_question_that_must_be_answered(officer: Context) -> None:
    bring(officer, ImportKind.VENDORS, csv(HEADS, ["", "㈱髙﨑商店", "タカサキ", "", "前橋市", "", ""]))
    content = csv(HEADS, ["", "株式会社高崎商店", "たかさき", "", "高崎市", "", ""])
    found = look(officer, ImportKind.VENDORS, content)
    (row,) = found.rows
    assert row.outcome is Outcome.QUESTION
    with pytest.raises(Invalid) as refused:
        imports.apply(officer, ImportKind.VENDORS, found.sha256, Order(), countries)
    assert (refused.value.code, refused.value.facts["row"]) == ("import_question_open", 2)
    same = Order(answers={2: str(row.matches[0].id)})
    assert imports.apply(officer, ImportKind.VENDORS, found.sha256, same, countries).changed == 1
    other = csv(HEADS, ["", "株式会社高崎商店", "タカサキ", "", "福岡市", "", ""])
    run = bring(officer, ImportKind.VENDORS, other, Order(answers={2: "new"}))
    assert run.created == 1


def test_a_company_with_another_corporate_number_is_another_company(officer: Context) -> None:
    bring(officer, ImportKind.VENDORS, csv(HEADS, ["", "甲社", "コウ", number(1), "", "", ""]))
    assert (
        bring(officer, ImportKind.VENDORS, csv(HEADS, ["", "甲社", "コウ", number(2), "", "", ""])).created
        == 1
    )


BAD = [
    HEADS,
    ["V-1", "甲社", "コウ", "1234567890123", "", "", ""],
    ["V-1", "", "オツ", "", "", "", "乙＠example"],
    ["V-3", "丙" * 201, "ヘイ", number(3), "=1+1", "", ""],
    ["V-4", "丁社", "テイ", number(3), "", "", ""],
]


def test_every_bad_cell_is_named_with_its_place_and_reason(officer: Context) -> None:
    found = look(officer, ImportKind.VENDORS, csv(*BAD))
    assert [(flaw.address, flaw.heading["ja"], flaw.code) for flaw in found.flaws] == [
        ("D2", "法人番号", "corporate_number_wrong"),
        ("A3", "管理番号", "import_row_twice"),
        ("B3", "会社名", "cell_needed"),
        ("G3", "窓口のメールアドレス", "email_wrong"),
        ("B4", "会社名", "cell_longer"),
        ("E4", "所在地", "cell_formula"),
        ("D5", "法人番号", "import_row_twice"),
    ]


def test_a_file_with_one_bad_cell_brings_in_nothing(officer: Context) -> None:
    before = vendors(officer)
    found = look(officer, ImportKind.VENDORS, csv(*BAD[:2], ["V-9", "良社", "リョウ", number(9), "", "", ""]))
    with pytest.raises(Refused) as refused:
        imports.apply(officer, ImportKind.VENDORS, found.sha256, Order(), countries)
    assert (refused.value.code, refused.value.facts["count"]) == ("import_flawed", 1)
    assert vendors(officer) == before


def test_a_key_that_belongs_to_another_company_is_named(officer: Context) -> None:
    one, other = (
        ["V-1", "甲社", "コウ", number(1), "", "", ""],
        ["V-2", "乙社", "オツ", number(2), "", "", ""],
    )
    bring(officer, ImportKind.VENDORS, csv(HEADS, one, other))
    found = look(officer, ImportKind.VENDORS, csv(HEADS, ["V-2", "甲社", "コウ", number(1), "", "", ""]))
    assert [(flaw.address, flaw.code) for flaw in found.flaws] == [("A2", "import_key_of_other")]


def test_headings_are_found_below_a_title_and_unknown_ones_are_named(officer: Context) -> None:
    content = xlsx(
        [["委託先台帳　2025年度"], [], ["No.", "取引先名（必須）", "フリガナ"], [1, "甲社", "コウ"]]
    )
    found = look(officer, ImportKind.VENDORS, content, "台帳.xlsx")
    assert (found.ignored, [row.title for row in found.rows]) == (("No.",), ["甲社"])


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["氏名", "住所"], ["a", "b"]], "import_no_headings"),
        ([["会社名", "商号", "カナ"], ["a", "b", "c"]], "import_heading_twice"),
        ([["会社名", "カナ"]], "import_no_rows"),
    ],
)
def test_a_file_without_its_table_is_refused(officer: Context, rows: list[list[str]], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        imports.upload(officer, ImportKind.VENDORS, "a.csv", csv(*rows))
    assert refused.value.code == code


def test_only_the_file_that_was_shown_is_brought_in(officer: Context) -> None:
    first = look(officer, ImportKind.VENDORS, csv(HEADS, ["", "甲社", "コウ", "", "", "", ""]))
    look(officer, ImportKind.VENDORS, csv(HEADS, ["", "乙社", "オツ", "", "", "", ""]))
    with pytest.raises(Conflict) as refused:
        imports.apply(officer, ImportKind.VENDORS, first.sha256, Order(), countries)
    assert refused.value.code == "sheet_gone"


def test_what_waits_is_sealed_and_is_gone_after_a_day(house: House, officer: Context) -> None:
    look(officer, ImportKind.VENDORS, csv(HEADS, ["", "秘密の会社", "ヒミツ", "", "", "", ""]))
    ((body,),) = execute(house, "SELECT body FROM pending_sheet")
    assert "秘密".encode() not in bytes(body) and b"\\u79d8" not in bytes(body)
    house.clock.move(days=1, seconds=1)  # type: ignore[attr-defined]
    assert imports.preview(officer, ImportKind.VENDORS, countries) is None
    assert pending_sheets.sweep(house) == 1
    assert execute(house, "SELECT body FROM pending_sheet") == []


def test_one_persons_upload_is_nobody_elses(house: House, everyone: People, officer: Context) -> None:
    look(officer, ImportKind.VENDORS, csv(HEADS, ["", "甲社", "コウ", "", "", "", ""]))
    second = context(house, account(house, everyone.client_id, Role.OFFICER))
    assert imports.preview(second, ImportKind.VENDORS, countries) is None


@pytest.mark.parametrize("who", ["approver", "owner", "auditor", "vendor_lead", "admin"])
def test_only_officers_bring_anything_in(house: House, everyone: People, who: str) -> None:
    with pytest.raises(Forbidden):
        imports.upload(context(house, getattr(everyone, who)), ImportKind.VENDORS, "a.csv", csv(*MANY))


def work_row(title: str = "案内状の発送", **more: Any) -> list[Any]:
    row: dict[str, Any] = {
        "管理番号": "", "委託先の会社名": "北海印刷（株）", "委託業務の名称": title, "業務の種類": "ＢＰＯ",
        "任せる目的": "会員への案内", "渡す個人データの項目": "氏名、住所", "本人の数": "１２，０００人",
        "要配慮個人情報を含む": "無", "委託の開始日": "令和5年4月1日", "委託の終了日": "2027/3/31",
        "所管部門の担当のメールアドレス": "", "判定の理由": "発送を任せるため", **more,
    }  # fmt: skip
    return [row[head] for head in WORK]


def owner_mail(house: House, everyone: People) -> str:
    with house.db.read(system("tests")) as tx:
        return accounts.people(tx, {everyone.owner})[everyone.owner].email


def test_a_running_engagement_comes_in_live_with_its_true_date(
    house: House, everyone: People, officer: Context
) -> None:
    mail = owner_mail(house, everyone)
    content = csv(WORK, work_row(**{"所管部門の担当のメールアドレス": mail, "管理番号": "E-7"}))
    run = bring(officer, ImportKind.ENGAGEMENTS, content)
    assert (run.created, run.basis, run.catch_up_on) == (1, BRING.basis, BRING.catch_up_on)
    (work,) = engagements.listed(officer).items
    assert (work.state, work.persons, work.starts_on) == (State.LIVE, 12_000, date(2023, 4, 1))
    assert work.vendor_name == "北海印刷株式会社"
    found = standing.of_engagement(officer, work.id)
    assert found is not None
    assert (found.runs_since, found.basis) == (date(2023, 4, 1), BRING.basis)
    assert found.entered_at == house.clock.now()
    assert [(each.gate, each.shown, each.catch_up_on) for each in found.gates] == [
        (gate, False, BRING.catch_up_on) for gate in (Gate.SELECTION, Gate.CONTRACT, Gate.RELEASE)
    ]
    assert [each.id for each in engagements.listed(context(house, everyone.owner)).items] == [work.id]
    assert engagements.timeline(officer, work.id)[0].event == "engagement.brought_in"
    assert run.created == 1


def test_engagements_again_make_no_duplicates_and_change_nothing(officer: Context) -> None:
    bring(officer, ImportKind.ENGAGEMENTS, csv(WORK, work_row(), work_row("別の業務", 管理番号="E-8")))
    content = csv(WORK, work_row(任せる目的="変えた"), work_row("名を変えた業務", 管理番号="E-8"))
    assert [row.outcome for row in look(officer, ImportKind.ENGAGEMENTS, content).rows] == [Outcome.KEPT] * 2
    run = bring(officer, ImportKind.ENGAGEMENTS, content)
    assert (run.created, run.unchanged) == (0, 2)
    assert [each.purpose for each in engagements.listed(officer).items] == ["会員への案内"] * 2


@pytest.mark.parametrize(
    ("more", "address", "code"),
    [
        ({"委託先の会社名": "知らない会社"}, "B2", "import_vendor_unknown"),
        ({"業務の種類": "その他"}, "D2", "word_unknown"),
        ({"本人の数": "約1万"}, "G2", "number_not_understood"),
        ({"本人の数": "9" * 12}, "G2", "number_not_understood"),
        ({"要配慮個人情報を含む": "たぶん"}, "H2", "yes_no_not_understood"),
        ({"委託の開始日": "来年"}, "I2", "date_not_understood"),
        ({"委託の開始日": ""}, "I2", "cell_needed"),
        ({"委託の開始日": "2099/1/1", "委託の終了日": ""}, "I2", "import_not_begun"),
        ({"委託の終了日": "2022/1/1"}, "J2", "ends_before_start"),
        ({"委託の終了日": "2024/1/1"}, "J2", "import_ended"),
        ({"所管部門の担当のメールアドレス": "nobody@example.jp"}, "K2", "import_owner_unknown"),
    ],
)
def test_a_bad_cell_of_an_engagement_is_named(
    officer: Context, more: dict[str, Any], address: str, code: str
) -> None:
    found = look(officer, ImportKind.ENGAGEMENTS, csv(WORK, work_row(**more)))
    assert [(flaw.address, flaw.code) for flaw in found.flaws] == [(address, code)]


@pytest.mark.parametrize(
    ("order", "code"),
    [
        (Order(basis=" ", catch_up_on=date(2027, 3, 31)), "import_basis_needed"),
        (Order(basis="台帳"), "import_catch_up_needed"),
        (Order(basis="台帳", catch_up_on=date(2020, 1, 1)), "import_catch_up_past"),
    ],
)
def test_engagements_need_their_basis_and_a_date_to_catch_up(
    officer: Context, order: Order, code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        bring(officer, ImportKind.ENGAGEMENTS, csv(WORK, work_row()), order)
    assert refused.value.code == code


def test_a_vendor_merged_over_its_engagements_is_the_vendor_of_each(officer: Context) -> None:
    content = xlsx(
        [WORK, work_row("一"), work_row("二", 委託先の会社名=None), work_row("三", 委託先の会社名=None)],
        lambda sheet: sheet.merge_cells("B2:B4"),
    )
    assert bring(officer, ImportKind.ENGAGEMENTS, content).created == 3


def test_runs_are_remembered_with_digest_and_counts(officer: Context) -> None:
    run = bring(officer, ImportKind.VENDORS, csv(HEADS, ["", "甲社", "コウ", "", "", "", ""]))
    (line,) = imports.history(officer).items
    assert line == run
    assert (len(line.sha256), line.file_name, line.created) == (64, "台帳.csv", 1)

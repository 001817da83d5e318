"""Contracts from files: the engagement named, told again, all or nothing, each in the ledger."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from audit_portal.domain.contracts import ContractKind, DocumentForm, Reentrustment, Terms
from audit_portal.domain.errors import Refused
from audit_portal.domain.imports import ImportKind
from audit_portal.services import history_check
from audit_portal.services.contracts import contract_views
from audit_portal.services.contracts.contract_views import ContractHead
from audit_portal.services.engagements import engagements
from audit_portal.services.house import Context, House
from audit_portal.services.imports import Outcome
from tests.factories.house import People, context, vendor
from tests.factories.world import work
from tests.services.test_imports import bring, csv, look

HEADS = [
    "委託業務の番号", "委託先", "業務名", "契約の種類", "契約の名称", "契約書の番号", "締結日", "契約期間の初日",
    "契約期間の末日", "自動更新", "更新しないと伝える期限", "通知期限", "再委託の定め", "原本の形", "原本の保管場所",
]  # fmt: skip


@pytest.fixture
def officer(house: House, everyone: People) -> Context:
    return context(house, everyone.officer)


@pytest.fixture
def works(officer: Context, everyone: People) -> tuple[UUID, UUID]:
    titles = ("案内状の発送", "会員証の印刷")
    first, second = (engagements.register(officer, everyone.vendor_id, work(title)) for title in titles)
    return first, second


def row(number: str = "", **more: str) -> list[str]:
    filled = {
        "委託業務の番号": number,
        "契約の種類": "個別契約",
        "契約の名称": "発送業務委託契約書",
        "契約期間の初日": "令和5年4月1日",
        **more,
    }
    assert not filled.keys() - set(HEADS)
    return [filled.get(head, "") for head in HEADS]


def number(ctx: Context, engagement_id: UUID) -> str:
    return engagements.get_engagement(ctx, engagement_id).number


def of(ctx: Context, engagement_id: UUID) -> tuple[ContractHead, ...]:
    return contract_views.of_engagement(ctx, engagement_id)


def named(found: object) -> list[tuple[str, str]]:
    return [(flaw.address, flaw.code) for flaw in found.flaws]  # type: ignore[attr-defined]


FULL = {
    "契約書の番号": "契-015",
    "締結日": "2023/3/20",
    "契約期間の末日": "2027/3/31",
    "自動更新": "１年",
    "更新しないと伝える期限": "3か月前",
    "再委託の定め": "事前の承諾",
    "原本の形": "紙",
    "原本の保管場所": "本社 契約書庫",
}


def test_a_contract_comes_in_with_all_the_register_holds(
    house: House, officer: Context, works: tuple[UUID, UUID]
) -> None:
    content = csv(HEADS, row(number(officer, works[0]), **FULL))
    run = bring(officer, ImportKind.CONTRACTS, content)
    assert (run.created, run.changed, run.unchanged) == (1, 0, 0)
    (head,) = of(officer, works[0])
    found = contract_views.get_contract(officer, head.id)
    assert (head.title, found.reference_number) == ("発送業務委託契約書", "契-015")
    assert head.terms == Terms(
        ContractKind.INDIVIDUAL, date(2023, 4, 1), date(2027, 3, 31), date(2023, 3, 20), 12, 3, 0
    )
    assert head.reentrustment is Reentrustment.PRIOR_CONSENT
    (paper,) = found.documents
    assert (paper.form, paper.original_place, paper.version_id) == (
        DocumentForm.PAPER, "本社 契約書庫", None,
    )  # fmt: skip
    kinds = [entry.event for entry in engagements.timeline(officer, works[0])]
    for kind in ("contract.registered", "contract.tied", "contract.document_added"):
        assert kinds.count(kind) == 1
    assert history_check.verify(house) == ()


def test_the_same_file_again_makes_nothing_new(officer: Context, works: tuple[UUID, UUID]) -> None:
    plain = row(number(officer, works[1]), 契約の名称="印刷業務委託契約書")
    content = csv(HEADS, row(number(officer, works[0]), **FULL), plain)
    assert bring(officer, ImportKind.CONTRACTS, content).created == 2
    again = look(officer, ImportKind.CONTRACTS, content)
    assert [each.outcome for each in again.rows] == [Outcome.SAME, Outcome.SAME]
    run = bring(officer, ImportKind.CONTRACTS, content)
    assert (run.created, run.changed, run.unchanged) == (0, 0, 2)
    assert [len(of(officer, each)) for each in works] == [1, 1]


def test_a_contract_that_is_there_and_differs_is_not_touched(
    officer: Context, works: tuple[UUID, UUID]
) -> None:
    here = number(officer, works[0])
    bring(officer, ImportKind.CONTRACTS, csv(HEADS, row(here, **FULL)))
    other = csv(HEADS, row(here, **{**FULL, "契約期間の末日": "2029/3/31"}))
    assert [each.outcome for each in look(officer, ImportKind.CONTRACTS, other).rows] == [Outcome.KEPT]
    assert bring(officer, ImportKind.CONTRACTS, other).unchanged == 1
    assert of(officer, works[0])[0].terms.ends_on == date(2027, 3, 31)


def test_one_contract_for_two_engagements_stands_in_two_rows(
    officer: Context, works: tuple[UUID, UUID]
) -> None:
    master = {"契約の種類": "基本契約", "契約の名称": "業務委託基本契約書"}
    rows = [row(number(officer, each), **master) for each in works]
    found = look(officer, ImportKind.CONTRACTS, csv(HEADS, *rows))
    assert [each.outcome for each in found.rows] == [Outcome.NEW, Outcome.CHANGED]
    run = bring(officer, ImportKind.CONTRACTS, csv(HEADS, *rows))
    assert (run.created, run.changed) == (1, 1)
    assert {head.id for each in works for head in of(officer, each)} == {of(officer, works[0])[0].id}
    assert bring(officer, ImportKind.CONTRACTS, csv(HEADS, *rows)).unchanged == 2


def test_a_registered_contract_is_tied_to_the_engagement_a_later_file_names(
    officer: Context, works: tuple[UUID, UUID]
) -> None:
    bring(officer, ImportKind.CONTRACTS, csv(HEADS, row(number(officer, works[0]), **FULL)))
    run = bring(officer, ImportKind.CONTRACTS, csv(HEADS, row(number(officer, works[1]), **FULL)))
    assert (run.created, run.changed, run.unchanged) == (0, 1, 0)
    assert of(officer, works[1])[0].id == of(officer, works[0])[0].id


def test_an_engagement_is_found_by_vendor_and_title_too(officer: Context, works: tuple[UUID, UUID]) -> None:
    vendor_name = engagements.get_engagement(officer, works[0]).vendor_name
    content = csv(HEADS, row(委託先=vendor_name, 業務名="案内状の 発送"))
    assert bring(officer, ImportKind.CONTRACTS, content).created == 1
    assert len(of(officer, works[0])) == 1


def test_every_bad_cell_is_named_and_nothing_comes_in(
    house: House, officer: Context, everyone: People, works: tuple[UUID, UUID]
) -> None:
    here = number(officer, works[0])
    twin = engagements.get_engagement(officer, works[0])
    engagements.register(officer, everyone.vendor_id, work(twin.title))
    vendor(house, everyone.officer, "別の会社", "ベツノカイシャ")
    content = csv(
        HEADS,
        row(here, 契約期間の末日="2023/3/31"),
        row("E-2099-9999"),
        row(委託先=twin.vendor_name, 業務名=twin.title),
        row(委託先="知らない会社", 業務名="発送"),
        row(),
        row(here, 契約の名称="甲", 自動更新="はい"),
        row(here, 契約の名称="乙", 契約期間の末日="2027/3/31", 更新しないと伝える期限="3"),
        row(here, 契約の名称="丙", 原本の形="紙"),
        row(here, 契約の名称="丁", 契約の種類="変更契約"),
        row(here, 契約の名称="戊", 締結日="2099/1/1"),
        row(here, 契約の名称="己"),
        row(here, 契約の名称="己"),
        row(here, 契約の名称="庚", 委託先="別の会社"),
        row(here, 契約の名称="辛", 契約期間の末日="2027/3/31", 更新しないと伝える期限="1か月前", 通知期限="2026/12/31"),
    )  # fmt: skip
    found = look(officer, ImportKind.CONTRACTS, content)
    assert named(found) == [
        ("I2", "contract_ends_before_start"),
        ("A3", "import_work_unknown"),
        ("C4", "import_work_unclear"),
        ("B5", "import_vendor_unknown"),
        ("B6", "import_work_needed"),
        ("C6", "import_work_needed"),
        ("J7", "renewal_length_needed"),
        ("K8", "notice_not_understood"),
        ("O9", "original_place_needed"),
        ("D10", "import_amendment"),
        ("G11", "concluded_in_future"),
        ("E13", "import_row_twice"),
        ("B14", "import_work_of_other"),
        ("L15", "import_notice_differs"),
    ]
    with pytest.raises(Refused) as refusal:
        bring(officer, ImportKind.CONTRACTS, content)
    assert refusal.value.code == "import_flawed"
    assert of(officer, works[0]) == ()


def test_rows_about_one_contract_must_say_the_same_of_it(officer: Context, works: tuple[UUID, UUID]) -> None:
    rows = [row(number(officer, each), **FULL) for each in works]
    rows[1][HEADS.index("契約期間の末日")] = "2028/3/31"
    assert named(look(officer, ImportKind.CONTRACTS, csv(HEADS, *rows))) == [
        ("E3", "import_contract_differs")
    ]

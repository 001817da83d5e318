"""The page of a decision shows all that was frozen with it, and says what a former format left out."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.assessment import ReviewBasis
from audit_portal.domain.decision import FrozenFile, FrozenFinding, write_snapshot
from audit_portal.domain.evidence_in_use import Inspected, InspectionMeans, Refusal, RefusalOffer
from audit_portal.domain.findings import Severity
from audit_portal.domain.review_basis import Sample, ThirdParty
from audit_portal.services.house import House
from tests.services.steps import ON_SQLITE, execute
from tests.unit.test_decision_snapshot import FACTS, ITEM, KNOWN, in_former_three
from tests.web.client import text
from tests.web.floor import Floor, make_floor
from tests.web.test_decision_pages import asked

pytestmark = ON_SQLITE
DAY = date(2026, 10, 2)


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def page(floor: Floor, decision_id: UUID, snapshot: bytes, who: str = "approver") -> str:
    execute(
        floor.house,
        "UPDATE decision SET snapshot = :content, snapshot_sha256 = :digest WHERE id = :id",
        content=snapshot,
        digest=hashlib.sha256(snapshot).hexdigest(),
        id=decision_id.hex,
    )
    return text(floor.browser(getattr(floor.everyone, who)).get(f"/decisions/{decision_id}"))


def test_everything_that_was_frozen_is_shown(floor: Floor) -> None:
    assert ITEM.review
    sampled = replace(ITEM.review, basis=ReviewBasis.SAMPLED, sample=Sample(400, 25, "無作為に選んだ。"))
    report = ThirdParty("SOC 2 Type 2", "保管の業務", DAY, DAY, "例外1件")
    told = replace(ITEM.review, basis=ReviewBasis.THIRD_PARTY, report=report)
    seen = Inspected(
        "入退室記録", "10月分", "監査 花子", "本社", InspectionMeans.ON_SITE, DAY, "全件を見た。"
    )
    first = replace(
        ITEM,
        files=(FrozenFile("V-2026-0001", 2, "規程.pdf", "f" * 64, DAY, date(2027, 3, 31)),),
        review=sampled,
        inspections=(seen,),
        refusal=Refusal(RefusalOffer.SUMMARY, "社外秘のため。", "目次だけ。"),
        findings=(FrozenFinding("F-2026-0001", Severity.HIGH, "改訂されていない。", DAY),),
    )
    known = replace(KNOWN, items=(first, replace(ITEM, code="SEL-002", review=told)), facts=FACTS)
    shown = page(floor, asked(floor), write_snapshot(known))
    for wanted in (
        *("会員への案内", "900人", "マイナンバーを含む", "川崎事業所（日本）", "支店（ベトナム）"),
        *("宛先の確認", "総務部", "基準に適合する体制を整えている", "基本契約 第9条", "鍵は当社"),
        *("2020年4月1日", "入れた人", "台帳", "2027年3月31日", "選定の承認"),
        *("400件のうち25件", "無作為に選んだ。", "SOC 2 Type 2", "保管の業務", "例外1件"),
        *("入退室記録", "監査 花子", "全件を見た。", "社外秘のため。", "目次だけ。", "要約した資料"),
        *("F-2026-0001", "改訂されていない。", "資料の日付：2026年10月2日", "有効期限：2027年3月31日"),
    ):
        assert wanted in shown, wanted


def test_a_former_format_is_shown_and_says_what_it_did_not_hold(floor: Floor) -> None:
    shown = page(floor, asked(floor), in_former_three())
    assert "委託の内容（データ、場所、範囲など）は固定されていません" in shown
    assert "基本契約書" in shown and "規程.pdf" in shown

"""The yearly plan through its pages: proposed, put in, moved, taken out, begun; nothing ticked or typed is lost."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.imports import ImportKind
from audit_portal.domain.lists import WorkFilter
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.services.imports import Order
from audit_portal.services.monitoring import plan_views
from tests.factories.house import context
from tests.services.test_imports import WORK, bring, csv
from tests.web.client import errors, text
from tests.web.floor import Floor, make_floor


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def live(floor: Floor, title: str = "進行中の業務") -> UUID:
    officer = context(floor.house, floor.everyone.officer)
    line = [title, "北海印刷株式会社", title, "BPO", "案内", "氏名", "10", "", "R5.4.1", "", "", "宛名の印刷"]
    order = Order(basis="台帳", catch_up_on=floor.house.today() + timedelta(60))
    bring(officer, ImportKind.ENGAGEMENTS, csv(WORK, line), order)
    (found,) = engagements.listed(officer, wanted=WorkFilter(search=title)).items
    return found.id


def entry(floor: Floor, month: str = "2026-11") -> plan_views.EntryView:
    officer = context(floor.house, floor.everyone.officer)
    year = plan_views.year(officer)
    first = next(each.first for each in year.months if each.first.strftime("%Y-%m") == month)
    return plan_views.entries(officer, year.span.year, first, None).items[0]


def test_what_is_due_is_ticked_put_in_and_shown_in_its_month(floor: Floor) -> None:
    work = live(floor)
    officer = floor.browser(floor.everyone.officer)
    empty = text(officer.get("/plan"))
    assert "2026年度（2026年4月–2027年3月）" in empty and "この月の予定はありません。" in empty
    offered = text(officer.get("/plan/new?year=2026"))
    assert re.search(rf'value="{work}" checked', offered) and "まだ一度も評価していません" in offered
    assert "法令の定めではありません" in offered
    assert '<option value="2026-10"' not in offered and '<option value="2026-11" selected' in offered
    sent = officer.post("/plan/new", {"year": "2026", "engagements": [str(work)], f"month-{work}": "2027-01"})
    assert sent.status_code == 303
    shown = text(officer.follow(sent))
    assert "1件を計画に入れました。" in shown and "2027年1月の予定" in shown and "進行中の業務" in shown
    assert "定期評価の予定：2027年1月" in text(officer.get(f"/engagements/{work}"))
    assert "すべてこの年度の計画に入っています" in text(officer.get("/plan/new?year=2026"))


def test_what_was_ticked_and_chosen_comes_back_with_what_is_wrong(floor: Floor) -> None:
    one, other = live(floor), live(floor, "もう一つの業務")
    officer = floor.browser(floor.everyone.officer)
    nothing = officer.post("/plan/new", {"year": "2026"})
    assert nothing.status_code == 422 and "1つ以上選んでください" in text(nothing)
    assert not re.search(rf'value="{one}" checked', text(nothing)), "what was not ticked stays so"
    typed = {
        "year": "2026",
        "engagements": [str(one)],
        f"month-{one}": "2026-04",
        f"month-{other}": "2027-02",
    }
    past = officer.post("/plan/new", typed)
    assert past.status_code == 422 and "過ぎた月は選べません" in text(past)
    assert re.search(rf'value="{one}" checked', text(past))
    assert not re.search(rf'value="{other}" checked', text(past))
    for bad in ("", "x", "2026-13", "9999-99"):
        wrong = officer.post("/plan/new", {**typed, f"month-{one}": bad})
        assert wrong.status_code == 422 and "月を選んでください" in text(wrong)
    strange = officer.post("/plan/new", {"year": "2026", "engagements": ["x", "../"], "month-x": "2026-12"})
    assert strange.status_code == 422


def test_moving_and_cancelling_ask_for_a_reason_and_keep_it(floor: Floor) -> None:
    work = live(floor)
    officer = floor.browser(floor.everyone.officer)
    officer.post("/plan/new", {"year": "2026", "engagements": [str(work)], f"month-{work}": "2026-11"})
    here = entry(floor)
    page = f"/plan/{here.id}/move"
    bare = officer.post(page, {"version": here.version, "month": "2027-02", "reason": ""})
    assert bare.status_code == 422 and "理由を入力してください" in " ".join(errors(bare))
    assert 'value="2027-02" selected' in re.sub(r"\s+", " ", text(bare)).replace(" selected", " selected")
    moved = officer.post(page, {"version": here.version, "month": "2027-02", "reason": "繁忙期のため"})
    assert moved.status_code == 303 and "繁忙期のため" in text(officer.follow(moved))
    stale = officer.post(f"/plan/{here.id}/cancel", {"version": here.version, "reason": "契約が終わるため"})
    assert stale.status_code == 409 and "契約が終わるため" in text(stale)
    now = entry(floor, "2027-02")
    gone = officer.post(f"/plan/{here.id}/cancel", {"version": now.version, "reason": "契約が終わるため"})
    assert gone.status_code == 303
    timeline = text(officer.get(f"/engagements/{work}"))
    assert "年間計画から外しました" in timeline and "2026年11月 → 2027年2月" in timeline


def test_a_planned_evaluation_is_begun_from_the_plan_and_followed_there(floor: Floor) -> None:
    work = live(floor)
    officer = floor.browser(floor.everyone.officer)
    officer.post("/plan/new", {"year": "2026", "engagements": [str(work)], f"month-{work}": "2026-11"})
    here = entry(floor)
    page = f"/plan/{here.id}/start"
    shown = text(officer.get(page))
    assert "定期評価（年1回の書面確認）" in shown
    chosen = re.findall(r'name="checklist" type="radio" value="([^"]+)"', shown)[0]
    past = officer.post(page, {"version": here.version, "checklist": chosen, "due_on": ["2020", "1", "1"],
                               "message": "残る伝言"})  # fmt: skip
    assert past.status_code == 422 and "残る伝言" in text(past)
    typed = {"version": here.version, "checklist": chosen, "due_on": ["2026", "12", "20"]}
    sent = officer.post(page, typed)
    assert sent.status_code == 303 and "/assessments/" in sent.location
    assert "評価を開く" in text(officer.get("/plan?month=2026-11"))
    lead = floor.browser()
    assert "進行中の業務 の確認に回答する" in text(lead.get("/"))


@pytest.mark.parametrize("year", ["x", "20266", "1900", "2400", "２０２６", "-026"])
def test_a_made_up_year_is_not_found(floor: Floor, year: str) -> None:
    officer = floor.browser(floor.everyone.officer)
    assert officer.get("/plan", query_string={"year": year}).status_code == 404


def test_a_year_that_is_over_offers_no_month(floor: Floor) -> None:
    live(floor)
    over = text(floor.browser(floor.everyone.officer).get("/plan/new?year=2025"))
    assert "この年度は終わっています。" in over

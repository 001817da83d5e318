"""A round through the pages: picked, looked through, sent, followed; nothing typed or ticked is lost."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from audit_portal.domain.access import Role
from audit_portal.services import jobs
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from tests.factories.house import account, context, vendor
from tests.factories.world import work
from tests.web.client import errors, text
from tests.web.floor import Floor, make_floor


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def make(floor: Floor, name: str, lead: bool) -> UUID:
    officer = context(floor.house, floor.everyone.officer)
    vendor_id = vendor(floor.house, floor.everyone.officer, name, "カナ")
    if lead:
        account(floor.house, vendor_id, Role.VENDOR_LEAD)
    return engagements.register(officer, vendor_id, work(f"{name}の業務"))


def test_a_round_is_picked_looked_through_sent_and_followed(floor: Floor) -> None:
    good, alone = make(floor, "よい会社", True), make(floor, "責任者のいない会社", False)
    officer = floor.browser(floor.everyone.officer)
    assert "選定チェックの一斉送付" in text(officer.get("/engagements"))
    assert "一斉送付はまだありません" in text(officer.get("/rounds"))
    shown = text(officer.get("/rounds/new"))
    ids = re.findall(r'name="engagements"[^>]*value="([^"]+)" checked', shown)
    assert {str(good), str(alone)} <= set(ids) and len(ids) == 3
    assert " checked" not in text(officer.get("/rounds/new?none=1"))
    assert "よい会社" not in text(officer.get("/rounds/new?q=責任者のいない"))
    assert "条件に合う委託業務はありません" in text(officer.get("/rounds/new?state=closed&tier=bogus"))
    nothing = officer.post("/rounds/new", {})
    assert nothing.status_code == 422 and "1つ以上選んでください" in text(nothing)
    checked = officer.post("/rounds/new", {"engagements": ids})
    found = text(checked)
    assert checked.status_code == 200 and "3件のうち、2件に送れます" in found
    assert "回答を代わりに入力するもの" in found and "まだ終わっていません" in found
    chosen = re.findall(r'name="checklist" type="radio" value="([^"]+)"', found)[0]
    typed = {"engagements": ids, "title": "残る名前", "fiscal_year": "2026", "checklist": chosen,
             "message": "残る伝言"}  # fmt: skip
    past = officer.post("/rounds/new", {**typed, "due_on": ["2020", "1", "1"], "send": "1"})
    assert past.status_code == 422 and 'id="due_on-error"' in text(past)
    assert "残る名前" in text(past) and "残る伝言" in text(past)
    assert text(past).count('name="engagements"') == 3
    assert errors(officer.post("/rounds/new", {**typed, "send": "1"}))
    again = officer.post("/rounds/new", {**typed, "check": "1"})
    assert again.status_code == 200 and "残る名前" in text(again)
    good_date = {**typed, "due_on": ["2027", "1", "20"], "send": "1"}
    sent = officer.post("/rounds/new", good_date, key="c" * 32)
    assert sent.status_code == 303
    twice = officer.post("/rounds/new", good_date, key="c" * 32)
    assert twice.headers["Location"] == sent.headers["Location"]
    here = sent.headers["Location"]
    assert "これから：2件" in text(officer.get(here))
    while jobs.run_due(floor.house):
        pass
    done = text(officer.get(here))
    assert "送った：2件" in done and "送らなかった：1件" in done and "まだ終わっていません" in done
    went = text(officer.get(f"{here}?state=sent"))
    assert went.count("評価を開く") == 2
    assert went.count("委託先の責任者が招待されていません。代行入力をする") == 1
    assert "残る名前" in text(officer.get("/rounds"))
    stuck = officer.post(f"{here}/resume", {}, page=here)
    assert stuck.status_code == 422 and "いま送れる委託業務がありません" in text(stuck)


def test_made_up_input_is_no_fault(floor: Floor) -> None:
    officer = floor.browser(floor.everyone.officer)
    ids = [str(floor.engagement_id)]
    for sent in (
        {"engagements": ["x", "\0"]},
        {"engagements": ids, "fiscal_year": "9" * 40, "check": "1"},
        {"engagements": ids, "fiscal_year": "２０２６", "checklist": "x", "send": "1"},
        {"engagements": [str(uuid4()) for _ in range(1_001)]},
    ):
        assert officer.post("/rounds/new", sent).status_code in (200, 422)
    assert officer.post("/rounds/new", {"engagements": [str(uuid4())]}).status_code == 404
    assert officer.get("/rounds/new?state=%00&tier=%00&q=%00").status_code == 200


def test_only_officers_send_to_many(floor: Floor) -> None:
    for who in ("approver", "owner", "auditor", "vendor_lead", "admin"):
        browser = floor.browser(getattr(floor.everyone, who))
        assert browser.get("/rounds").status_code == 403
        assert browser.get("/rounds/new").status_code == 403

"""Sharing, comments, more time and the dated copy through the pages; and how many queries a page takes."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest

from audit_portal.services.assessments import assessment_view, sending
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from tests.benchmarks.figures import counted
from tests.factories.house import context
from tests.factories.world import answer_all, attach, submit, work
from tests.web.client import errors, text
from tests.web.floor import Floor, make_floor


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def here(floor: Floor, rest: str = "") -> str:
    return f"/assessments/{floor.assessment_id}{rest}"


def test_a_lead_shares_a_section_and_the_delegate_finds_it_at_home(floor: Floor) -> None:
    lead, url = floor.browser(), here(floor, "/share")
    view = assessment_view.get_assessment(
        context(floor.house, floor.everyone.vendor_lead), floor.assessment_id
    )
    section, holder = view.sections[0], str(floor.everyone.vendor_contributor)
    assert "まだだれにも割り振られていません" in text(lead.get(url))
    nobody = lead.post(url, {"sections": section.code})
    assert nobody.status_code == 422 and "割り振る人を選んでください" in errors(nobody)
    nothing = lead.post(url, {"person": holder, "message": "残る文"})
    assert nothing.status_code == 422 and "残る文" in text(nothing)
    sent = {"sections": section.code, "person": holder, "message": "今週中にお願いします"}
    assert lead.post(url, sent).status_code == 303
    shown = text(lead.get(url))
    assert f"0／{len(section.items)}件 完了" in shown and "試験 vendor_contributor" in shown
    home = text(floor.browser(floor.everyone.vendor_contributor).get("/"))
    assert f"{len(section.items)}件の項目に回答する" in home
    assert "試験 vendor_lead さんから" in home and "今週中にお願いします" in home
    task = text(floor.browser(floor.everyone.vendor_contributor).get(here(floor)))
    assert all(item.code in task for item in section.items)
    back = lead.post(url, {"sections": section.code, "take_back": "1"})
    assert back.status_code == 303
    assert "あなたの対応を待っているものはありません" in text(
        floor.browser(floor.everyone.vendor_contributor).get("/")
    )


def test_an_officer_is_told_to_put_an_owner_on_the_engagement_first(floor: Floor) -> None:
    officer, url = floor.browser(floor.everyone.officer), here(floor, "/share")
    assert "先に、委託業務の画面で所管部門の担当を割り当ててください" in text(officer.get(url))
    engagements.assign(
        context(floor.house, floor.everyone.officer), floor.engagement_id, floor.everyone.owner
    )
    sent = {"items": floor.client_item, "person": str(floor.everyone.owner)}
    assert officer.post(url, sent).status_code == 303
    assert "1件の項目に回答する" in text(floor.browser(floor.everyone.owner).get("/"))


def test_comments_go_both_ways_and_internal_ones_do_not(floor: Floor) -> None:
    url = here(floor, f"/items/{floor.vendor_item}")
    officer, lead = floor.browser(floor.everyone.officer), floor.browser()
    undecided = officer.post(f"{url}/comments", {"text": "残る<b>文"}, page=url)
    assert undecided.status_code == 422 and "残る<b>文" in text(undecided)
    assert "だれが読めるかを選んでください" in errors(undecided)
    for browser, words, who in ((officer, "内輪の話", "internal"), (officer, "こちらを見てください", "shared"),
                                (lead, "見ました", "shared"), (lead, "社内で確認中", "internal")):  # fmt: skip
        assert browser.post(f"{url}/comments", {"text": words, "shared": who}, page=url).status_code == 303
    seen, theirs = text(lead.get(url)), text(officer.get(url))
    assert "内輪の話" not in seen and "社内で確認中" in seen and "社内だけ" in seen
    assert "社内で確認中" not in theirs and "内輪の話" in theirs
    assert seen.index("こちらを見てください") < seen.index("見ました")
    assert "試験 officer" in seen and "（委託元）" in seen
    assert "コメント：3件" in text(lead.get(here(floor)))


def test_a_comment_on_what_the_client_answers_can_only_stay_inside(floor: Floor) -> None:
    url = here(floor, f"/items/{floor.client_item}")
    officer = floor.browser(floor.everyone.officer)
    assert 'value="shared"' not in officer.get(url).get_data(as_text=True)
    forced = officer.post(f"{url}/comments", {"text": "見せる", "shared": "shared"}, page=url)
    assert forced.status_code == 422


def test_more_time_is_asked_for_and_answered_on_one_page(floor: Floor) -> None:
    url, lead, officer = here(floor, "/more-time"), floor.browser(), floor.browser(floor.everyone.officer)
    assert "期限の延長を申請する" in text(lead.get(here(floor)))
    early = lead.post(url, {"wanted_on": ["2020", "1", "1"], "reason": "残る理由"})
    assert early.status_code == 422 and 'id="wanted_on-error"' in text(early) and "残る理由" in text(early)
    assert lead.post(url, {"wanted_on": ["2027", "2", "1"], "reason": "規程の改定"}).status_code == 303
    assert "期限の延長を申請中です" in text(lead.get(here(floor)))
    assert "期限の延長の申請に答える" in text(officer.get("/"))
    request = re.findall(r'name="request_id"[^>]*value="([^"]+)"', text(officer.get(url)))[0]
    answer = f"{url}/decision"
    sent = {"request_id": request, "granted_on": ["", "", ""]}
    bare = officer.post(answer, {**sent, "outcome": "grant"}, page=url)
    assert bare.status_code == 422 and "新しい回答期限を入力してください" in errors(bare)
    silent = officer.post(answer, {**sent, "outcome": "refuse"}, page=url)
    assert silent.status_code == 422 and 'id="answer-error"' in text(silent)
    granted = {**sent, "outcome": "grant", "granted_on": ["2027", "1", "25"]}
    assert officer.post(answer, granted, page=url).status_code == 303
    assert "2027年1月25日" in text(lead.get(here(floor))) and "認められました" in text(lead.get(url))
    assert officer.post(answer, granted, page="/account").status_code == 409
    broken = officer.post(answer, {**granted, "request_id": "x"}, page="/account")
    assert broken.status_code == 422


def test_the_vendor_is_told_of_its_copy_and_gets_it_as_a_file(floor: Floor) -> None:
    lead, ctx = floor.browser(), context(floor.house, floor.everyone.vendor_lead)
    assert lead.get(here(floor, "/copy")).status_code == 404
    answer_all(ctx, floor.assessment_id)
    attach(ctx, floor.assessment_id, floor.vendor_item)
    submit(ctx, floor.assessment_id)
    link = re.findall(r'href="([^"]+/copy[^"]*)"', text(lead.get(here(floor))))[0]
    answer = lead.get(link)
    assert answer.status_code == 200
    disposition = unquote(answer.headers["Content-Disposition"])
    assert disposition.startswith("attachment") and "回答の控え_A-" in disposition
    shown = answer.get_data(as_text=True)
    assert "回答の控え" in shown and "確認資料.txt" in shown and "src=" not in shown and "http" not in shown
    kept = json.loads(shown.split('id="submission">')[1].split("</script>")[0])
    assert kept["answers_root"] in shown
    for number in ("2", "x", "-1", "99999", "１"):
        assert lead.get(f"{here(floor, '/copy')}?number={number}").status_code == 404
    assert floor.browser(floor.everyone.officer).get(link).status_code == 403


def test_the_page_of_a_whole_check_takes_few_queries_however_much_was_said(floor: Floor) -> None:
    officer = context(floor.house, floor.everyone.officer)
    engagement_id = engagements.register(officer, floor.everyone.vendor_id, work("本番の選定"))
    full = next(each for each in sending.sendable(officer) if "選定チェック" in each.title["ja"])
    due = floor.house.today() + timedelta(days=9)
    found = sending.send(officer, engagement_id, SendOrder(full.id, due))
    counts = {}
    for who in ("vendor_lead", "vendor_contributor", "officer", "approver"):
        browser = floor.browser(getattr(floor.everyone, who))
        browser.get(f"/assessments/{found}")
        with counted(floor.house.db.engine) as queries:
            assert browser.get(f"/assessments/{found}").status_code == 200
        counts[who] = len(queries)
    assert max(counts.values()) <= 12, counts

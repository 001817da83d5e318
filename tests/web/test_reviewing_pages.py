"""Pages of evidence in use, of inspections, refusals to disclose, grounds and findings."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from audit_portal.services.house import House
from tests.factories.world import answer_all, attach, submit, work
from tests.services.steps import FACT, Case, make_case
from tests.web.client import Browser, text
from tests.web.desk import _app

ITEM, OTHER = "QSL-002", "QSL-003"
DAY = ["2026", "11", "1"]


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path, replace(work(), persons=60_000))


def browser(case: Case, who: str) -> Browser:
    person = case.second if who == "second" else getattr(case.everyone, who)
    return Browser(_app(case.house), case.house).sign_in(person)


def url(case: Case, item: str = ITEM, rest: str = "") -> str:
    return f"/assessments/{case.assessment_id}/items/{item}{rest}"


def handed_in(case: Case) -> Case:
    lead = case.as_("vendor_lead")
    answer_all(lead, case.assessment_id)
    submit(lead, case.assessment_id)
    return case


def test_a_vendor_puts_a_file_it_handed_in_under_another_item(case: Case) -> None:
    lead = browser(case, "vendor_lead")
    file = attach(case.as_("vendor_lead"), case.assessment_id, ITEM)
    here = url(case, OTHER, "/evidence/choose")
    assert "すでに提出した資料から選ぶ" in text(lead.get(url(case, OTHER)))
    assert "確認資料.txt" in text(lead.get(here))
    assert lead.post(here, {"chosen": str(file)}).status_code == 303
    assert [each.version_id for each in case.item(OTHER).evidence] == [file]
    twice = lead.post(here, {"chosen": str(file)})
    assert (twice.status_code, "すでにこの項目に付いています" in text(twice)) == (409, True)
    assert lead.post(here, {"chosen": str(uuid4())}).status_code == 404
    assert lead.post(here, {"chosen": "x"}).status_code == 422


def test_a_refusal_keeps_what_was_typed_and_can_be_taken_back(case: Case) -> None:
    lead, here = browser(case, "vendor_lead"), url(case, OTHER, "/refusal")
    version = case.item(OTHER).version
    short = lead.post(here, {"version": version, "reason": "守秘のため", "offer": "summary", "words": ""})
    assert short.status_code == 422 and "守秘のため" in text(short)
    full = {"version": version, "reason": "守秘のため", "offer": "inspection", "words": "本社で閲覧"}
    assert lead.post(here, full).status_code == 303
    late = {**full, "words": "支社で閲覧"}
    assert lead.post(here, late).status_code == 409  # somebody, or the same hand, was first
    late = {**full, "words": "支社で閲覧"}
    assert lead.post(here, late).status_code == 409  # somebody, or the same hand, was first
    assert "未解決" in text(browser(case, "officer").get(url(case, OTHER)))
    back = {"version": case.item(OTHER).version, "take_back": "1"}
    assert lead.post(here, back).status_code == 303
    assert case.item(OTHER).beside.refusal is None
    assert browser(case, "officer").get(here).status_code == 404


def test_an_inspection_is_recorded_shown_to_the_vendor_and_withdrawn(case: Case) -> None:
    officer, here = browser(case, "second"), url(case, OTHER, "/inspections/new")
    typed = {
        "document": "入退室記録", "edition": "第3版", "inspector": "監査 花子", "means": "on_site",
        "place": "本社", "inspected_on": ["2099", "1", "1"], "seen": "全件を見た。",
    }  # fmt: skip
    wrong = officer.post(here, typed)
    assert wrong.status_code == 422 and "入退室記録" in text(wrong)
    assert officer.post(here, {**typed, "inspected_on": DAY}).status_code == 303
    shown = text(browser(case, "vendor_lead").get(url(case, OTHER)))
    assert "確認のみ・受領なし" in shown and "入退室記録" in shown and "この記録を取り消す" not in shown
    (found,) = case.item(OTHER).beside.inspections
    gone = f"/inspections/{found.id}/withdraw"
    assert officer.post(gone, {"version": found.version, "reason": ""}).status_code == 422
    assert officer.post(gone, {"version": found.version, "reason": "誤記"}).status_code == 303
    assert case.item(OTHER).beside.inspections == ()


def test_a_review_on_a_sample_says_what_is_missing_and_shows_what_was_said(case: Case) -> None:
    handed_in(case)
    officer, here = browser(case, "second"), url(case)
    typed = {
        "version": "", "answer_version": case.item(ITEM).version, "result": "conforms", "basis": "sampled",
        "population": "４００", "sample_size": "401", "sample_choice": "無作為", "remark": "",
    }  # fmt: skip
    wrong = officer.post(f"{here}/review", typed, page=here)
    assert wrong.status_code == 422 and "全体の件数（400件）以下" in text(wrong)
    assert officer.post(f"{here}/review", {**typed, "sample_size": "25"}, page=here).status_code == 303
    assert "400件のうち25件" in text(browser(case, "approver").get(here))


def test_a_basis_without_a_record_is_refused_beside_the_remark_and_nothing_typed_is_lost(case: Case) -> None:
    handed_in(case)
    officer, here = browser(case, "second"), url(case, FACT)
    typed = {
        "version": "", "answer_version": case.item(FACT).version, "result": "conforms",
        "basis": "interview", "remark": "", "sample_choice": "打ちかけの文",
    }  # fmt: skip
    wrong = officer.post(f"{here}/review", typed, page=here)
    assert wrong.status_code == 422 and 'id="remark-error"' in text(wrong)
    assert "誰に聞いたかを所見に書くか" in text(wrong) and "打ちかけの文" in text(wrong)
    assert 'value="interview" checked' in text(wrong) or 'checked value="interview"' in text(wrong)
    said = {**typed, "remark": "責任者から聞いた。"}
    assert officer.post(f"{here}/review", said, page=here).status_code == 303


def test_a_finding_goes_from_the_item_to_every_list_and_to_the_vendor_at_its_time(case: Case) -> None:
    handed_in(case)
    officer, lead, here = browser(case, "second"), browser(case, "vendor_lead"), url(case)
    new = f"{here}/findings/new"
    past = officer.post(new, {"severity": "high", "what": "規程が古い", "due_on": DAY, "version": ""})
    assert past.status_code == 422 and "規程が古い" in text(past)
    typed = {"severity": "high", "what": "規程が古い", "due_on": ["", "", ""], "version": ""}
    assert officer.post(new, typed).status_code == 303
    (found,) = case.item(ITEM).beside.findings
    for page in (
        "/findings",
        here,
        f"/assessments/{case.assessment_id}",
        f"/engagements/{case.engagement_id}",
    ):
        assert "F-2026-0001" in text(officer.get(page)), page
    assert "未対応の指摘事項" in text(officer.get("/"))
    change = f"/findings/{found.id}"
    again = {"severity": "low", "what": "規程が古い。", "due_on": ["", "", ""], "version": found.version}
    assert officer.post(change, again).status_code == 303
    assert officer.post(change, again).status_code == 409
    for page in ("/findings", here):
        assert "F-2026-0001" not in text(lead.get(page))
    case.give_back(ITEM)
    for page in ("/findings", here, f"/assessments/{case.assessment_id}"):
        assert "F-2026-0001" in text(lead.get(page)), page


def test_the_score_is_shown_to_the_reviewer_and_says_that_it_opens_nothing(case: Case) -> None:
    handed_in(case)
    shown = text(browser(case, "officer").get(f"/assessments/{case.assessment_id}"))
    assert "点数（参考）" in shown and "承認条件が開くことはありません" in shown
    assert "点数（参考）" not in text(browser(case, "vendor_lead").get(f"/assessments/{case.assessment_id}"))

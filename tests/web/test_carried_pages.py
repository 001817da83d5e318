"""Earlier answers through the pages: confirming one or all, stale screens, double posts; what went stale settled."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from audit_portal.domain.checklist import AnswerValue
from audit_portal.services.assessments import delegation
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.house import House
from tests.services.carried_steps import COMPANY, OTHER, Two, another, finish, two
from tests.services.steps import ON_SQLITE, Case
from tests.web.client import Browser, errors, text
from tests.web.desk import _app

_SEEN = re.compile(r'name="seen" value="([^"]+)"')
pytestmark = ON_SQLITE  # the services behind run on both


@pytest.fixture
def both(house: House, tmp_path: Path) -> Two:
    return two(house, tmp_path)


def browser(case: Case, who: str = "vendor_lead") -> Browser:
    return Browser(_app(case.house), case.house).sign_in(getattr(case.everyone, who))


def here(case: Case, rest: str = "") -> str:
    return f"/assessments/{case.assessment_id}{rest}"


def form(page: str, **more: Any) -> dict[str, Any]:
    """What the form on a page would send."""
    return {"seen": _SEEN.findall(page), **more}


def values(case: Case) -> dict[str, AnswerValue | None]:
    return {item.code: item.value for item in case.view("vendor_lead").items}


def test_the_way_from_the_task_page_to_all_confirmed_at_once(both: Two) -> None:
    case, lead = both.second, browser(both.second)
    assert "前回の回答を確認して使う（2件）" in text(lead.get(here(case)))
    url = here(case, "/earlier")
    page = text(lead.get(url))
    number = both.first.view().head.number
    assert number in page and "規程.txt" in page and f"{COMPANY}、{OTHER}" in page
    assert set(values(case).values()) == {None}
    sent = lead.post(url, form(page), key="a" * 32)
    assert sent.status_code == 303 and sent.location == here(case)
    assert "2件が前回と同じであると確認しました" in text(lead.follow(sent))
    assert [values(case)[code] for code in (COMPANY, OTHER)] == [AnswerValue.YES] * 2
    again = lead.post(url, form(page), key="a" * 32)
    assert again.status_code == 303 and again.location == here(case)
    assert lead.post(url, form(page)).status_code == 303  # a second tab: nothing is left to do
    assert "いま確認できる前回の回答はありません" in text(lead.get(url))


def test_the_button_of_an_item_confirms_that_one_and_goes_on(both: Two) -> None:
    case, lead = both.second, browser(both.second)
    url = here(case, f"/items/{COMPANY}")
    page = text(lead.get(url))
    assert "前回の回答" in page and "確定するまでは、回答したことになりません" in page
    sent = lead.post(here(case, "/earlier"), form(page, only=COMPANY, next="item"), page=url)
    assert sent.status_code == 303 and sent.location == here(case, f"/items/{OTHER}")
    assert values(case)[COMPANY] is AnswerValue.YES and values(case)[OTHER] is None
    assert "と同じであることを、試験 vendor_lead さんが" in text(lead.get(url))


def test_the_answer_file_shows_what_the_page_shows(both: Two) -> None:
    lead = browser(both.second)
    book = openpyxl.load_workbook(BytesIO(lead.get(here(both.second, "/file.xlsx")).get_data()))
    sheet = book["回答"]
    cells = {row[1].value: row[8].value for row in sheet.iter_rows()}
    assert cells["番号"] == "前回の回答" and "前回の回答" in {
        row[0].value for row in book["はじめに"].iter_rows()
    }
    told = cells[COMPANY].split("\n")
    assert told[0].startswith(both.first.view().head.number)
    assert told[1:] == ["回答：はい", "説明：しています。", "確認資料：規程.txt"]


def test_a_stale_screen_confirms_nothing_and_shows_what_is_there_now(both: Two) -> None:
    case, lead, url = both.second, browser(both.second), here(both.second, "/earlier")
    page = text(lead.get(url))
    both.first.give_back(COMPANY)
    finish(both.first, QSL_002="改めました。")
    refused = lead.post(url, form(page))
    assert refused.status_code == 409 and "改めました。" in text(refused)
    assert any("前回の回答が変わりました" in each for each in errors(refused))
    assert set(values(case).values()) == {None}
    case.write("vendor_lead", OTHER, AnswerValue.NO, "いいえです。")
    refused = lead.post(url, form(page, only=OTHER), page=url)
    assert refused.status_code == 409
    assert values(case)[OTHER] is AnswerValue.NO


@pytest.mark.parametrize(
    "seen", [["x"], ["QSL-002.1.zz.1"], ["QSL-002.a.00.1"], ["." * 3], ["QSL-002.99999999999999999999.0.1"]]
)
def test_what_cannot_be_read_is_refused_with_a_sentence(both: Two, seen: list[str]) -> None:
    lead, url = browser(both.second), here(both.second, "/earlier")
    refused = lead.post(url, {"seen": seen})
    assert refused.status_code == 422 and "この画面を開き直してから" in " ".join(errors(refused))
    assert lead.post(url, {}).status_code == 422


def test_a_contributor_finds_only_what_was_given_to_them(both: Two) -> None:
    case = both.second
    lead_page = text(browser(case).get(here(case, "/earlier")))
    gift = Gift((COMPANY,), case.everyone.vendor_contributor)
    delegation.give(case.as_("vendor_lead"), case.assessment_id, gift)
    contributor, url = browser(case, "vendor_contributor"), here(case, "/earlier")
    page = text(contributor.get(url))
    assert COMPANY in page and OTHER not in page
    assert contributor.post(url, form(lead_page, only=OTHER), page=url).status_code == 404
    assert contributor.post(url, form(page)).status_code == 303
    assert values(case)[COMPANY] is AnswerValue.YES and values(case)[OTHER] is None


def test_the_vendors_list_of_company_answers(both: Two) -> None:
    lead = browser(both.second)
    assert "会社共通の回答を見る" in text(lead.get("/assessments"))
    page = text(lead.get("/company-answers"))
    assert COMPANY in page and "有効期限：2027年3月31日" in page
    assert both.first.view().head.number in page


def test_an_officer_is_told_what_went_stale_and_settles_it_with_a_reason(both: Two) -> None:
    first, officer = both.first, browser(both.first, "officer")
    assert "見直しが必要な回答" not in text(officer.get("/"))
    finish(both.second, QSL_002="半分だけです。")
    work = f"/engagements/{first.engagement_id}"
    url = f"{work}/stale-answers"
    assert url in text(officer.get("/")) and url in text(officer.get(work))
    page = text(officer.get(url))
    assert "半分だけです。" in page and 'for="reason-QSL-002"' in page
    given_id, version = re.findall(r"stale-answers/([0-9a-f-]{36})", page)[0], _hidden(page, "version")
    seen = {"version": version, "newer": _hidden(page, "newer")}
    target = f"{url}/{given_id}"
    empty = officer.post(target, {**seen, "reason": " "}, page=url)
    assert empty.status_code == 422 and "そのままでよい理由を書いてください。" in errors(empty)
    finish(another(first, "三つめの業務"), QSL_002="さらに変わりました。")
    stale = officer.post(target, {**seen, "reason": "残る<b>理由"}, page=url)
    assert stale.status_code == 409 and "残る<b>理由" in text(stale) and "さらに変わりました。" in text(stale)
    now = {"version": _hidden(text(stale), "version"), "newer": _hidden(text(stale), "newer")}
    done = officer.post(target, {**now, "reason": "この業務には関わりません。"}, page=url, key="b" * 32)
    assert done.status_code == 303
    assert officer.post(target, {**now, "reason": "もう一度"}, page=url, key="b" * 32).status_code == 303
    shown = text(officer.get(url))
    assert "この業務には関わりません。" in shown and "いま見直しが必要な回答はありません" in shown
    late = officer.post(target, {**now, "reason": "遅れた理由"}, page="/account")
    assert late.status_code == 409 and "遅れた理由" in text(late)


def _hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]

"""The first page: true numbers, what presses most on top, and all that waits no more than two clicks away."""

from __future__ import annotations

import re
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from tests.benchmarks.figures import counted
from tests.factories.house import context
from tests.factories.world import answer_all, send, submit, work
from tests.web.client import text
from tests.web.floor import Floor, make_floor

CHECK = re.compile(r'href="/assessments/([0-9a-f-]{36})"')


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def more(floor: Floor, count: int) -> list[UUID]:
    """Further engagements of the vendor, each with a check just sent."""
    officer = context(floor.house, floor.everyone.officer)
    found = []
    for number in range(count):
        engagement_id = engagements.register(officer, floor.everyone.vendor_id, work(f"業務{number:02}"))
        found.append(send(officer, engagement_id))
    return found


def figures(page: str) -> str:
    return re.sub(r"<[^>]+>|\s+", " ", page.partition("app-figures")[2].partition("</ul>")[0])


def test_every_check_that_waits_for_a_vendor_is_two_clicks_away(floor: Floor) -> None:
    waiting = {str(each) for each in (floor.assessment_id, *more(floor, 24))}
    lead = floor.browser()
    home = text(lead.get("/"))
    assert len(set(CHECK.findall(home))) == 10 and 'href="/tasks"' in home and "すべて見る（25件）" in home
    assert set(CHECK.findall(text(lead.get("/tasks")))) == waiting


def test_the_figures_count_all_and_call_late_only_what_is_still_with_the_vendor(floor: Floor) -> None:
    more(floor, 24)
    floor.house.clock.move(days=30)  # type: ignore[attr-defined]
    lead = context(floor.house, floor.everyone.vendor_lead)
    answer_all(lead, floor.assessment_id)
    submit(lead, floor.assessment_id)
    page = text(floor.browser(floor.everyone.officer).get("/"))
    said = re.sub(" +", " ", figures(page))
    assert "あなたの対応待ち 25 件" in said  # 24 to remind of, one to review
    assert "期限を過ぎた評価 24 件" in said and "進行中の評価 25 件" in said
    assert "進行中の評価をすべて見る（25件）" in page


def test_a_review_is_on_top_however_many_vendors_are_late(floor: Floor) -> None:
    more(floor, 24)
    floor.house.clock.move(days=30)  # type: ignore[attr-defined]
    lead = context(floor.house, floor.everyone.vendor_lead)
    answer_all(lead, floor.assessment_id)
    submit(lead, floor.assessment_id)
    page = text(floor.browser(floor.everyone.officer).get("/"))
    tasks = page.partition('id="tasks"')[2].partition("</table>")[0]
    assert tasks.index("の回答を審査する") < tasks.index("に回答を催促する")
    assert tasks.count('class="govuk-link"') == 10


def test_the_home_page_of_an_owner_asks_as_often_for_many_checks_as_for_one(floor: Floor) -> None:
    officer, owner = context(floor.house, floor.everyone.officer), floor.everyone.owner
    engagements.assign(officer, floor.engagement_id, owner)
    browser = floor.browser(owner)
    assert "会員データの入力 の委託元の項目に回答する" in text(browser.get("/"))
    with counted(floor.house.db.engine) as one:
        browser.get("/")
    for number in range(12):
        engagement_id = engagements.register(officer, floor.everyone.vendor_id, work(f"業務{number:02}"))
        send(officer, engagement_id)
        engagements.assign(officer, engagement_id, owner)
    with counted(floor.house.db.engine) as many:
        page = text(browser.get("/"))
    assert "業務11 の委託元の項目に回答する" in text(browser.get("/tasks")) and "すべて見る（13件）" in page
    assert len(many) == len(one)


def test_nothing_waits_for_who_has_nothing_to_do(floor: Floor) -> None:
    page = text(floor.browser(floor.everyone.approver).get("/tasks"))
    assert "いま、あなたの対応を待っているものはありません。" in page

"""The long lists as pages: everything in the address, nothing in it breaks them, few queries for many rows."""

from __future__ import annotations

import csv
import html
import re
from io import StringIO
from pathlib import Path

import pytest

from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from tests.benchmarks.figures import counted
from tests.factories.house import context, vendor
from tests.factories.world import send, work
from tests.web.client import Browser, text
from tests.web.floor import Floor, make_floor

LISTS = ("/vendors", "/engagements", "/assessments", "/contracts")
HOSTILE = ("'", "%00", "%FF", "a" * 5000, "<script>", "..%2F", "%F0%A0%AE%B7", "-1", "1;DROP", "%E2%80%AE")
PARAMETERS = ("q", "state", "tier", "mine", "kind", "late", "all", "sort", "certification", "soon")


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


@pytest.fixture
def officer(floor: Floor) -> Browser:
    return floor.browser(floor.everyone.officer)


def fill(floor: Floor, count: int) -> None:
    ctx = context(floor.house, floor.everyone.officer)
    for number in range(count):
        party = vendor(floor.house, floor.everyone.officer, f"試験商店{number}", f"シケン{number:02}")
        send(ctx, engagements.register(ctx, party, work(f"増えた業務{number}")))


def following(page: str) -> str:
    return html.unescape(page.partition('rel="next" href="')[2].partition('"')[0])


@pytest.mark.parametrize("url", LISTS)
def test_hostile_values_count_as_no_choice_or_as_words(officer: Browser, url: str) -> None:
    for value in HOSTILE:
        query = "&".join(f"{name}={value}" for name in PARAMETERS)
        for each in (query, f"{query}&{query}", "&".join(f"{name}[]={value}" for name in PARAMETERS)):
            answer = officer.get(f"{url}?{each}")
            assert answer.status_code == 200, each
    for value in HOSTILE:
        assert officer.get(f"{url}?after={value}").status_code in (200, 400)
        assert officer.get(f"{url}?sort=newest&after={value}").status_code in (200, 400)


@pytest.mark.parametrize("url", LISTS)
def test_what_is_searched_stands_in_the_form_escaped(officer: Browser, url: str) -> None:
    raw = officer.get(f'{url}?q="><script>x').get_data(as_text=True)
    assert "><script>x" not in raw and "&gt;&lt;script&gt;x" in raw
    page = text(officer.get(f"{url}?q=無い言葉&state=nonsense&sort=nonsense"))
    assert "1個の条件で絞り込んでいます。" in page and "条件をすべて外す" in page
    assert "条件を減らすか、別の言葉で探してください。" in page
    assert "条件で絞り込んでいます" not in text(officer.get(url))


def test_filters_stand_in_the_form_and_in_every_link(floor: Floor, officer: Browser) -> None:
    fill(floor, 22)
    page = text(officer.get("/assessments?q=増えた&state=sent&kind=selection&sort=newest"))
    assert 'value="増えた"' in page and '<option value="sent" selected>' in page
    assert '<option value="newest" selected>' in page and "3個の条件で" in page
    assert '<a class="govuk-link" href="/assessments?sort=newest">条件をすべて外す' in page
    assert "増えた業務21" in page and "増えた業務0<" not in page
    more = following(page)
    assert "state=sent" in more and "kind=selection" in more and "sort=newest" in more
    second = text(officer.get(more))
    assert "増えた業務0<" in second and "増えた業務21" not in second and "先頭へ戻る" in second
    assert '<option value="sent" selected>' in second
    assert officer.get(more.replace("sort=newest", "sort=due")).status_code == 400


def exported(browser: Browser, url: str) -> list[list[str]]:
    return list(csv.reader(StringIO(browser.get(url).get_data().decode("utf-8-sig"))))[1:]


@pytest.mark.parametrize(
    "query",
    ["", "q=商店1", "q=しけん", "sort=newest", "state=draft&tier=low", "state=submitted", "mine=1", "late=1&all=1",
     "certification=expired", "kind=contract"],
)  # fmt: skip
def test_a_file_holds_what_its_list_shows(floor: Floor, officer: Browser, query: str) -> None:
    fill(floor, 12)
    for name, numbers in (("vendors", "P"), ("engagements", "E"), ("assessments", "A")):
        page = text(officer.get(f"/{name}?{query}")).partition("<tbody")[2]
        shown = list(dict.fromkeys(re.findall(rf"\b{numbers}-2026-\d+", page)))
        assert [row[0] for row in exported(officer, f"/{name}.csv?{query}")] == shown
        link = re.search(
            rf'href="(/{name}\.xlsx[^"]*)"', officer.get(f"/{name}?{query}").get_data(as_text=True)
        )
        assert bool(link) == bool(shown)


@pytest.mark.parametrize("url", LISTS)
def test_more_rows_take_no_more_queries(floor: Floor, officer: Browser, url: str) -> None:
    url = f"{url}?q={'業務' if url == '/contracts' else ''}&sort=newest"
    fill(floor, 2)

    def queries() -> int:
        officer.get(url)
        with counted(floor.house.db.engine) as found:
            assert officer.get(url).status_code == 200
        return len(found)

    few = queries()
    fill(floor, 12)
    assert queries() == few


def test_a_vendor_is_offered_no_risk_tier_and_no_contract_check(floor: Floor) -> None:
    lead = floor.browser()
    assert 'name="tier"' not in text(lead.get("/engagements")) and 'name="mine"' not in text(
        lead.get("/engagements")
    )
    assert 'value="contract"' not in text(lead.get("/assessments"))
    for tier in ("low", "medium", "high"):
        assert "会員データの入力" in text(lead.get(f"/engagements?tier={tier}"))
        assert len(exported(lead, f"/engagements.csv?tier={tier}")) == 1
    assert exported(lead, "/engagements.csv?state=live") == []

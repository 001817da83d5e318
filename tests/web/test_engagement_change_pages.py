"""The whole form of an engagement's facts, its changes, the flag after one, and findings on cloud services."""

from __future__ import annotations

from dataclasses import fields
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import TestResponse

from audit_portal.domain.access import Role
from audit_portal.domain.engagement import EngagementFacts
from audit_portal.domain.supervision import Classification
from audit_portal.services.decisions import decisions
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.services.parties import party_sites
from audit_portal.services.parties.party_sites import SiteFacts
from audit_portal.web import fact_labels
from tests.factories.clouds import not_handled
from tests.factories.house import account, context
from tests.factories.world import answer_all, deeper_checklists, review_all, submit
from tests.web.client import Browser, errors, text
from tests.web.floor import Floor, make_floor
from tests.web.test_engagement_pages import typed


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path, deeper_checklists)


class _Fields(HTMLParser):
    """What a browser would send of the form as it stands."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: dict[str, list[str]] = {}
        self._select = self._area = ""
        self._first: str | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        at = dict(attrs)
        name, kind = at.get("name", ""), at.get("type", "text")
        if tag == "input" and name and (kind not in ("radio", "checkbox") or "checked" in at):
            self.sent.setdefault(name, []).append(at.get("value") or "")
        elif tag == "select":
            self._select, self._first = name, None
        elif tag == "option":
            self._first = at.get("value", "") if self._first is None else self._first
            if "selected" in at:
                self.sent[self._select] = [at.get("value", "")]
        elif tag == "textarea":
            self._area = name
            self.sent[name] = [""]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.sent.setdefault(self._select, [self._first or ""])
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.sent[self._area][0] += data


def as_it_stands(browser: Browser, url: str) -> dict[str, Any]:
    page = browser.get(url).get_data(as_text=True)
    parser = _Fields()
    main = page.partition("<main")[2].partition("</main>")[0]
    parser.feed(main)
    skipped = {"csrf_token", "idempotency_key"}
    return {name: values for name, values in parser.sent.items() if name not in skipped}


def whole(floor: Floor, site_id: Any) -> dict[str, Any]:
    return typed(
        category="it",
        aims=["cost", "staffing"],
        inside="入力\n発送\n\n入力",
        outside="最終の確認",
        data_kinds=["identity", "finance"],
        sites=[str(site_id)],
        handled_abroad="y",
        abroad_where="アメリカ",
        transfer=["paper"],
        profile=["cloud", "gdpr"],
        owner=str(floor.everyone.owner),
        upstream_who="元の会社",
        upstream_permission="y",
        recheck_on=["2027", "4", "1"],
        **{
            "boundary-0-task": "税理士への連絡",
            "boundary-0-liaison": "経理課 大野",
            "places-0-place": "ネバダ",
            "places-0-country": "US",
            "recipients-0-who": "Acme Inc.",
            "recipients-0-country": "US",
            "recipients-0-route": "conforming",
            "recipients-0-rests_on": "覚書",
        },
    )


def registered(floor: Floor) -> str:
    officer = context(floor.house, floor.everyone.officer)
    site_id = party_sites.add(officer, floor.everyone.vendor_id, SiteFacts("札幌センター"))
    browser = floor.browser(floor.everyone.officer)
    answer = browser.post(f"/vendors/{floor.everyone.vendor_id}/engagements/new", whole(floor, site_id))
    assert answer.status_code == 303, errors(answer)
    return str(answer.headers["Location"])


def test_every_fact_is_typed_and_shown(floor: Floor) -> None:
    page = text(floor.browser(floor.everyone.officer).get(registered(floor)))
    for shown in (
        "IT（開発、運用、監視、ヘルプデスクなど）",
        "費用を抑える、人手を補う",
        "税理士への連絡",
        "経理課 大野",
        "札幌センター（日本）",
        "ネバダ（アメリカ合衆国）",
        "Acme Inc.",
        "基準に適合する体制を整えている",
        "元の会社",
        "要る。まだ得ていない",
        "GDPRが適用される",
        "1,000人を超える口座・カード番号やパスワードを含む",
        "法25条により、委託先を監督する義務があります。",
    ):
        assert shown in page, shown


def test_the_form_saved_as_it_stands_changes_nothing(floor: Floor) -> None:
    browser, here = floor.browser(floor.everyone.officer), registered(floor)
    answer = browser.post(f"{here}/edit", as_it_stands(browser, f"{here}/edit"))
    assert answer.status_code == 303, errors(answer)
    assert "変わったところはありませんでした。" in text(browser.follow(answer))


def test_two_things_are_wrong_and_nothing_typed_is_lost(floor: Floor) -> None:
    browser, here = floor.browser(floor.everyone.officer), registered(floor)
    sent = as_it_stands(browser, f"{here}/edit")
    sent |= {"boundary-1-task": ["監査への立会い"], "recipients-1-who": ["Other Ltd."], "title": [""]}
    answer = browser.post(f"{here}/edit", sent)
    page = text(answer)
    assert answer.status_code == 422
    assert "境目の作業の窓口を入力してください" in errors(answer)
    assert "提供先の国を選んでください" in errors(answer)
    assert 'href="#boundary-1-liaison"' in page and 'id="boundary-1-liaison"' in page
    assert "監査への立会い" in page and "Other Ltd." in page


def test_handled_abroad_needs_a_where_and_a_recipient_or_a_reason(floor: Floor) -> None:
    browser = floor.browser(floor.everyone.officer)
    url = f"/vendors/{floor.everyone.vendor_id}/engagements/new"
    answer = browser.post(url, typed(handled_abroad="y"))
    assert len(errors(answer)) == 2 and 'id="abroad_where-error"' in text(answer)
    good = typed(handled_abroad="y", abroad_where="支店", no_recipient_why="自社の支店だけで扱う")
    assert browser.post(url, good).status_code == 303


@pytest.mark.parametrize(
    "wrong",
    [
        {"sites": ["00000000-0000-0000-0000-000000000000"]},
        {"places-0-country": "XX", "places-0-place": "どこか"},
        {"recipients-0-route": "nowhere", "recipients-0-who": "A"},
        {"aims": ["fame"]},
        {"profile": ["my_number"]},
        {"owner": "x"},
        {"inside": "\n".join(str(n) for n in range(51))},
        {"inside": "長" * 501},
        {"upstream_number": "1234567890123", "upstream_who": "元の会社"},
        {"risk_tier": "high"},
        {"classification_reason": "長" * 501},
    ],
)
def test_made_up_values_are_refused(floor: Floor, wrong: dict[str, Any]) -> None:
    url = f"/vendors/{floor.everyone.vendor_id}/engagements/new"
    answer = floor.browser(floor.everyone.officer).post(url, typed(**wrong))
    assert answer.status_code == 422 and errors(answer)


def selected(floor: Floor) -> None:
    officer, lead = (context(floor.house, getattr(floor.everyone, who)) for who in ("officer", "vendor_lead"))
    second = context(floor.house, account(floor.house, floor.everyone.client_id, Role.OFFICER))
    answer_all(lead, floor.assessment_id)
    submit(lead, floor.assessment_id)
    answer_all(officer, floor.assessment_id)
    review_all(second, floor.assessment_id)
    decision_id = decisions.request(officer, floor.engagement_id, "お願いします。")
    decisions.decide(context(floor.house, floor.everyone.approver), decision_id, 1, True, "承認します。")


def test_a_change_past_draft_is_flagged_with_the_items_that_became_new(floor: Floor) -> None:
    selected(floor)
    browser, here = floor.browser(floor.everyone.officer), f"/engagements/{floor.engagement_id}"
    assert "まだ確かめていない項目" not in text(browser.get(here))
    sent = as_it_stands(browser, f"{here}/edit") | {"persons": ["60,000"]}
    page = text(browser.follow(browser.post(f"{here}/edit", sent)))
    assert "リスク区分が「低」から「高」に変わりました。まだ確かめていない項目が2件あります。" in page
    assert "この変更のあと、まだ確かめていない項目があります" in page
    assert "QSL-003" in page and "QSL-004" in page
    assert (
        "変更で新しく加わった項目があります。選定チェックを送り、加わった項目だけを確かめてください" in page
    )
    form = text(browser.get(f"{here}/assessments/new"))
    assert "加わった2件だけを尋ねます" in form and "QSL-003" in form and "QSL-002" not in form
    assert browser.get(f"{here}/decisions/new").status_code == 200
    assert "本人の数（リスク区分 低 → 高）" in page, "the history says it too"
    vendor = text(floor.browser().get(here))
    assert "まだ確かめていない項目" not in vendor


def test_an_owner_is_shown_only_what_an_owner_describes(floor: Floor) -> None:
    officer = context(floor.house, floor.everyone.officer)
    engagements.assign(officer, floor.engagement_id, floor.everyone.owner)
    browser, url = floor.browser(floor.everyone.owner), f"/engagements/{floor.engagement_id}/edit"
    sent = as_it_stands(browser, url)
    assert not {"classification", "risk_tier", "owner"} & set(sent)
    assert browser.post(url, {**sent, "title": ["新しい名称"], "classification": ["none"]}).status_code == 303
    found = engagements.get_engagement(officer, floor.engagement_id)
    assert (found.title, found.classification) == ("新しい名称", Classification.ENTRUSTMENT)


def test_an_overruled_tier_shows_what_was_proposed_and_why_it_was_not_followed(floor: Floor) -> None:
    browser, here = floor.browser(floor.everyone.officer), f"/engagements/{floor.engagement_id}"
    sent = as_it_stands(browser, f"{here}/edit") | {"risk_tier": ["high"]}
    assert "提案と違う区分にするときは、その理由を書いてください。" in errors(
        browser.post(f"{here}/edit", sent)
    )
    sent["tier_reason"] = ["取引先の求めによる"]
    page = text(browser.follow(browser.post(f"{here}/edit", sent)))
    assert "提案は「低」でした。変えた理由：取引先の求めによる" in page
    assert as_it_stands(browser, f"{here}/edit")["tier_reason"] == ["取引先の求めによる"]


@pytest.mark.parametrize("kind", Classification)
def test_every_class_is_reached_and_says_what_it_means(floor: Floor, kind: Classification) -> None:
    browser, here = floor.browser(floor.everyone.officer), f"/engagements/{floor.engagement_id}"
    if kind is Classification.CLOUD_NOT_HANDLING:
        not_handled(context(floor.house, floor.everyone.officer), floor.engagement_id)
    sent = as_it_stands(browser, f"{here}/edit") | {"classification": [kind.value]}
    page = text(browser.follow(browser.post(f"{here}/edit", sent)))
    assert str(fact_labels.MEANS[kind][0]) in page
    supervised = kind is Classification.ENTRUSTMENT
    assert ("選定の承認条件" in page) is supervised and ("監督の手順" in page) is supervised


def test_a_cloud_finding_with_its_document_comes_before_the_class(floor: Floor) -> None:
    browser, here = floor.browser(floor.everyone.officer), f"/engagements/{floor.engagement_id}"
    as_cloud = {"classification": [Classification.CLOUD_NOT_HANDLING.value]}

    def classed() -> TestResponse:
        return browser.post(
            f"{here}/edit", as_it_stands(browser, f"{here}/edit") | as_cloud | {"title": ["別名"]}
        )

    refused = classed()
    assert refused.status_code == 422 and 'id="classification-error"' in text(refused)
    assert "判定と資料を記録したあとで、分類を変えてください" in text(refused) and "別名" in text(refused)
    assert f"{here}/cloud" in text(browser.get(here))
    empty = browser.post(f"{here}/cloud", {"determined_on": ["", "", ""]})
    assert len(errors(empty)) == 7
    sent = {
        "service": "保管くん（例示社）",
        "outcome": "not_handled",
        "terms": "第12条",
        "access_control": "鍵は当社が持つ",
        "source": "規約 2026年4月版",
        "determined_on": ["2026", "11", "1"],
        "determined_by": "課長 大野",
    }
    future = browser.post(f"{here}/cloud", {**sent, "determined_on": ["2030", "1", "1"]})
    assert 'id="determined_on-error"' in text(future)
    recorded = browser.post(f"{here}/cloud", sent)
    page = text(browser.follow(recorded))
    assert "鍵は当社が持つ" in page and "資料があるときだけ有効です" in page
    assert "資料がまだありません" in text(browser.get(here))
    assert classed().status_code == 422, "a finding without its document is a tick"
    upload = f"{recorded.location}/document"
    nothing = browser.post(upload, {}, page=recorded.location, content_type="multipart/form-data")
    assert nothing.status_code == 422
    files = {"file": (BytesIO(b"terms of service"), "利用規約.txt")}
    page = text(browser.follow(browser.post(upload, files, page=recorded.location)))
    assert "利用規約.txt" in page and "資料がまだありません" not in page
    again = {"file": (BytesIO(b"other terms"), "別の規約.txt")}
    assert browser.post(upload, again, page=recorded.location).status_code == 409
    assert classed().status_code == 303
    assert "選定の承認条件" not in text(browser.get(here))


def test_every_fact_has_a_name_for_the_history() -> None:
    known = {each.name for each in fields(EngagementFacts)} | {"vendor_country", "client_facts"}
    assert known == set(fact_labels.FACTS)

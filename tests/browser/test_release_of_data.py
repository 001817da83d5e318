"""From the selection's approval over the contract and its clauses to the release of data, in Japanese in a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from audit_portal import config, wiring
from audit_portal.domain.access import system
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.lists import WorkFilter
from audit_portal.services.assessments import answers, assessment_view, sending
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.engagements import engagements
from audit_portal.services.house import Context
from audit_portal.storage import accounts as stored
from tests.browser.accessibility import assert_sound
from tests.browser.journey import Person, choose, fill_date, paper, press, save, sign_in, submit
from tests.browser.server import Portal
from tests.factories.house import context
from tests.factories.world import attach, review_all
from tests.factories.world import submit as hand_in

pytestmark = pytest.mark.timeout(1200)

WORK = "従業員の健康相談の受付"  # of the sample; a low risk
MISSING = "CON-013"  # no such clause; own practice, so that the last approver may accept it
BY_TERMS = "CON-005"  # not in the contract, but in the vendor's standard terms


class Story:
    """The sample with a selection check whose review is over: checks and reviews by hand are other journeys'."""

    def __init__(self, browser: Browser, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
        self.portal = portal
        portal.run("init", "--quiet")
        self.passwords = {
            each["email"]: each["password"] for each in portal.told("sample", "load")["accounts"]
        }
        for name, value in portal.env.items():
            if name.startswith("AUDIT_PORTAL_"):
                monkeypatch.setenv(name, value)
        self.house = wiring.build(config.load())
        self.engagement = f"/engagements/{self._review()}"
        portal.start()
        self.officer, self.second, self.manager, self.final = (
            self._person(browser, key) for key in ("hanako", "makoto", "akira", "kenji")
        )

    def _review(self) -> UUID:
        officer, second = self._context("hanako@sample-shoji"), self._context("makoto@sample-shoji")
        works = engagements.listed(officer, wanted=WorkFilter(WORK)).items
        (engagement_id,) = (each.id for each in works if each.title == WORK)
        full = sending.sendable(officer)[0]
        order = SendOrder(full.id, self.house.today() + timedelta(days=14))
        assessment_id = sending.send(officer, engagement_id, order)
        vendor = self._context("kato@minato-fukushi")
        _answer_all(vendor, assessment_id)
        hand_in(vendor, assessment_id)
        _answer_all(officer, assessment_id)
        review_all(second, assessment_id)
        return engagement_id

    def _context(self, key: str) -> Context:
        with self.house.db.read(system("test")) as tx:
            row = stored.by_email(tx, f"{key}.example")
        assert row is not None
        return context(self.house, row.id)

    def _person(self, browser: Browser, key: str) -> Person:
        email = f"{key}@sample-shoji.example"
        found = Person(browser, self.portal, key, email, self.passwords[email])
        sign_in(found)
        return found

    @property
    def people(self) -> tuple[Person, ...]:
        return (self.officer, self.second, self.manager, self.final)


def _answer_all(ctx: Context, assessment_id: UUID) -> None:
    """Yes to every item of one's own; special facts apply to none."""
    while todo := [i for i in assessment_view.get_assessment(ctx, assessment_id).mine if i.value is None]:
        for item in todo:
            value = AnswerValue.NO if item.fact else AnswerValue.YES
            answers.save(ctx, assessment_id, item.code, Written(value, "しています。"), item.version)
            if item.evidence_needed:
                attach(ctx, assessment_id, item.code)


def test_from_the_selection_over_the_contract_to_the_release_of_data(
    browser: Browser, portal_on: Callable[[str], Portal], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    story = Story(browser, portal_on("sqlite"), monkeypatch)
    officer = story.officer.page
    _ask(story, "選定の確認が終わりました。")
    _approve(story.final.page, "選定を決裁する")
    _stands(story, "選定済み")
    _register_the_contract(officer, save(tmp_path, "基本契約書.pdf", paper("Contract")))
    check = _check_the_clauses(story)
    memorandum = _memorandum(officer, check)
    assert "あると確かめられなかった条項の文案です" in memorandum
    assert MISSING not in memorandum, "the draft goes to the vendor: nothing of the check is in it"
    notes = _memorandum(officer, check, "memorandum/notes")
    assert MISSING in notes and BY_TERMS not in notes
    _review(story, check)
    _ask(story, "足りない条項は覚書で補います。")
    _accept_the_missing_clause(story)
    _stands(story, "契約済み")
    expect(officer.locator("#accepted + table")).to_contain_text("覚書を取り交わす")
    _ask(story, "契約まで済みました。")
    _approve(story.manager.page, "データ提供の開始を決裁する")
    _stands(story, "契約済み")  # one seat of two
    _approve(story.final.page, "データ提供の開始を決裁する")
    _stands(story, "委託中")
    assert_sound(officer)
    for each in story.people:
        each.close()


def _ask(story: Story, reason: str) -> None:
    """From the one button that the engagement's page offers next."""
    page = story.officer.page
    page.goto(story.engagement)
    press(page, page.locator(".app-next a.govuk-button", has_text="決裁を申請する"))
    assert_sound(page)
    page.fill("[name=reason]", reason)
    submit(page)


def _approve(page: Page, task: str) -> None:
    page.goto("/")
    press(page, page.locator("main a", has_text=task).first)
    assert_sound(page)
    choose(page, "outcome", "approve")
    submit(page)
    expect(page.locator(".govuk-notification-banner--success")).to_contain_text("承認しました")


def _stands(story: Story, state: str) -> None:
    page = story.officer.page
    page.goto(story.engagement)
    expect(page.locator("main .govuk-tag").first).to_have_text(state)


def _register_the_contract(page: Page, file: Path) -> None:
    press(page, page.locator(".app-next a.govuk-button", has_text="契約を登録する"))
    choose(page, "kind", "master")
    page.fill("[name=title]", "業務委託基本契約書")
    today = date.today()
    fill_date(page, "concluded_on", today - timedelta(days=10))
    fill_date(page, "starts_on", today - timedelta(days=5))
    fill_date(page, "ends_on", today - timedelta(days=6))
    choose(page, "reentrustment", "prior_consent")
    submit(page)
    expect(page.locator(".govuk-error-summary")).to_be_visible()  # it would end before it begins
    assert_sound(page)
    fill_date(page, "ends_on", today + timedelta(days=360))
    submit(page)
    choose(page, "form", "scan")
    page.fill("form[data-upload-url] [name=original_place]", "本社3階 法務キャビネット")
    page.set_input_files("form[data-upload-url] input[type=file]", file)
    press(page, page.locator("button[name=attach]"))
    expect(page.locator("#documents ~ *").first).to_contain_text("基本契約書")
    assert_sound(page)


def _check_the_clauses(story: Story) -> str:
    """Begun, answered clause by clause with its page, handed in; returns the check's address."""
    page = story.officer.page
    page.goto(story.engagement)
    press(page, page.locator(".app-next a.govuk-button", has_text="契約チェックを始める"))
    fill_date(page, "due_on", date.today() + timedelta(days=14))
    submit(page)
    check = page.url
    refused = press(page, page.locator("form[action$='/hand-in'] button"))
    assert refused.status == 422
    expect(page.locator(".govuk-error-summary")).to_contain_text("CON-001")
    page.goto(check)
    press(page, page.locator("main .app-next a.govuk-button").first)
    done = []
    while page.url != check:
        code = page.url.partition("#")[0].rpartition("/")[2]
        assert code not in done, f"{code} comes twice"
        _answer(page, code, len(done) + 1)
        done.append(code)
    assert {MISSING, BY_TERMS} < set(done)
    assert len(done) > 10
    press(page, page.locator("form[action$='/hand-in'] button"))
    expect(page.locator(".govuk-notification-banner--success")).to_contain_text("別の人が審査します")
    return check


def _answer(page: Page, code: str, place: int) -> None:
    answering = page.locator("form[data-autosave]")
    if code == MISSING:
        choose(page, "value", "no")
        page.fill("form[data-autosave] [name=comment]", "契約書に見当たりません。")
    elif code == BY_TERMS:
        choose(page, "value", "stand_in_terms")
        page.fill("[name=stand_in_words]", "利用約款 第4条。目的外の利用を禁じており、足りる。")
    else:
        choose(page, "value", "yes")
    press(page, answering.locator("button[name=submit]"))
    if not page.url.endswith("#clauses"):
        return
    page.select_option("[name=document]", index=1)
    page.fill("form[action$='/clauses'] [name=page]", "2")
    page.fill("form[action$='/clauses'] [name=clause]", f"第{place}条")
    press(page, page.locator("form[action$='/clauses'] button[name=add]"))
    expect(page.locator("main")).to_contain_text(f"第{place}条 2ページ")
    if place == 1:
        assert_sound(page)
    press(page, page.locator("form[data-autosave] button[name=submit]"))


def _memorandum(page: Page, check: str, which: str = "memorandum") -> str:
    page.goto(check)
    with page.expect_download() as got:
        page.locator(f"main a[href$='/{which}']").click()
    assert got.value.suggested_filename.startswith("覚書案")
    return Path(got.value.path()).read_text(encoding="utf-8-sig")


def _review(story: Story, check: str) -> None:
    """By another officer, from the link in the mail."""
    page = story.second.page
    page.goto(story.portal.mails.link_to(story.second.email, "/assessments/"))
    expect(page).to_have_url(check)
    press(page, page.locator("main .app-next a.govuk-button").first)
    done = []
    while page.url != check:
        done.append(page.url)
        assert len(done) == len(set(done)), f"{page.url} comes twice"
        choose(page, "result", "not" if MISSING in page.url else "conforms")
        choose(page, "basis", "document")
        page.fill("form[action$='/review'] [name=remark]", "契約書と見比べた。")
        press(page, page.locator("form[action$='/review'] button[name=submit]"))
    press(page, page.locator("form[action$='/finish'] button"))


def _accept_the_missing_clause(story: Story) -> None:
    page = story.final.page
    page.goto("/")
    press(page, page.locator("main a", has_text="契約を決裁する").first)
    choose(page, "outcome", "approve")
    submit(page)
    expect(page.locator(".govuk-error-summary")).to_contain_text("承認条件を満たしていません")
    details = page.locator("details", has=page.locator("[name=accepted-0-reason]"))
    expect(details).to_have_count(1)
    details.evaluate("it => it.open = true")
    page.fill("[name=accepted-0-reason]", "授受の記録は別に残している。")
    page.fill("[name=accepted-0-measure]", "覚書を取り交わす")
    fill_date(page, "accepted-0-expires_on", date.today() + timedelta(days=90))
    assert_sound(page)
    choose(page, "outcome", "approve")
    submit(page)
    expect(page.locator("main")).to_contain_text("覚書を取り交わす")

"""A decision walks its route: a deputy stands in, the last seat accepts a blocker and sets a condition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from uuid import UUID

import pytest
from playwright.sync_api import Browser, Page, expect

from audit_portal import config, wiring
from audit_portal.domain.access import Role, system
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import Duty
from audit_portal.domain.evidence_in_use import Inspected, InspectionMeans
from audit_portal.services.assessments import assessment_list, assessment_view, inspections, reviews
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.house import Context, House
from audit_portal.storage import accounts as stored
from tests.browser.accessibility import assert_sound
from tests.browser.journey import Person, choose, fill_date, press, sign_in, submit
from tests.browser.server import Portal
from tests.factories.house import account, context
from tests.services.steps import execute

pytestmark = pytest.mark.timeout(600)

HARD = (Duty.LAW, Duty.GUIDELINE_MUST, Duty.EU)
MANAGER, DEPUTY, FINAL = "中村 彰", "代理 健", "田中 健二"
WORK = "ダイレクトメールの印刷と封入"
SEEN = Inspected("原本", "2版", "総務部", "本社", InspectionMeans.ON_SITE, date.today(), "確かめました。")
PASSWORD = "長い合い言葉 for tests"


class Story:
    """The sample with one more approver, and a handed-in check reviewed but for one item that is only desirable."""

    def __init__(self, browser: Browser, portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
        self.portal, self.browser = portal, browser
        portal.run("init", "--quiet")
        told = portal.told("sample", "load")["accounts"]
        self.passwords = {each["email"]: each["password"] for each in told}
        for name, value in portal.env.items():
            if name.startswith("AUDIT_PORTAL_"):
                monkeypatch.setenv(name, value)
        self.house = wiring.build(config.load())
        self.engagement_id = self._review()
        portal.start()

    def _person(self, email: str) -> Context:
        with self.house.db.read(system("test")) as tx:
            row = stored.by_email(tx, email)
            assert row is not None
            self.client_id = row.party_id
        return context(self.house, row.id)

    def _review(self) -> UUID:
        """Returns the engagement; the reviewing by hand is in the Japanese thread."""
        officer, second = (self._person(f"{key}@sample-shoji.example") for key in ("hanako", "makoto"))
        account(self.house, self.client_id, Role.APPROVER, name=DEPUTY, email="deputy@sample-shoji.example")
        head = next(each for each in assessment_list.due(officer) if each.engagement_title == WORK)
        assert head.state == "submitted"
        view = assessment_view.get_assessment(second, head.id)
        self.soft = next(each for each in view.items if each.mandatory and each.duty not in HARD)
        for item in view.items:
            if item.beside.refusal:
                inspections.record(second, head.id, item.code, SEEN)
            result = ReviewResult.UNCONFIRMED if item.code == self.soft.code else ReviewResult.CONFORMS
            reviews.review_item(
                second, head.id, item.code, Judgement(result, ReviewBasis.DOCUMENT, "記録"), None
            )
        reviews.finish(second, head.id, assessment_view.get_assessment(second, head.id).head.version)
        return head.engagement_id

    def person(self, key: str) -> Person:
        email = f"{key}@sample-shoji.example"
        found = Person(self.browser, self.portal, key, email, self.passwords.get(email, PASSWORD))
        sign_in(found)
        return found


def test_a_route_with_a_deputy_and_an_accepted_blocker(
    browser: Browser, portal_on: Callable[[str], Portal], monkeypatch: pytest.MonkeyPatch
) -> None:
    story = Story(browser, portal_on("sqlite"), monkeypatch)
    officer = story.person("hanako")
    _lay_the_route(officer.page)
    officer.page.goto(f"/engagements/{story.engagement_id}/decisions/new")
    _look_at_the_page_of_an_outside_decision(officer.page)
    officer.page.goto(f"/engagements/{story.engagement_id}/decisions/new")
    officer.page.fill("[name=reason]", "1件だけ確かめられません。")
    submit(officer.page)
    _look_at_the_vacant_seat(officer.page, story.house)
    _name_the_deputy(officer.page)
    final = story.person("kenji")
    expect(final.page.locator("#tasks + *")).not_to_contain_text("選定を決裁する")  # not their turn yet
    deputy = story.person("deputy")
    press(deputy.page, deputy.page.locator("main a", has_text="選定を決裁する"))
    expect(deputy.page.locator("main")).to_contain_text(f"{MANAGER} さんの代理として決裁します")
    assert_sound(deputy.page)
    _approve(deputy.page)
    expect(deputy.page.locator("main")).to_contain_text(f"{MANAGER} さんの代理として")
    final.page.goto("/")
    press(final.page, final.page.locator("main a", has_text="選定を決裁する"))
    _approve(final.page)
    expect(final.page.locator(".govuk-error-summary")).to_contain_text("承認条件を満たしていません")
    _accept(final.page, story.house)
    assert_sound(final.page)
    _approve(final.page)
    main = final.page.locator("main")
    expect(main).to_contain_text("月次で点検する")
    expect(main).to_contain_text("研修の記録を集める")
    officer.page.goto(f"/engagements/{story.engagement_id}")
    expect(officer.page.locator("main")).to_contain_text("選定済み")
    expect(officer.page.locator("#accepted + table")).to_contain_text("月次で点検する")
    assert_sound(officer.page)
    for each in (officer, final, deputy):
        each.close()


def _lay_the_route(page: Page) -> None:
    page.goto("/routes")
    page.locator("main a[href='/routes/new']").click()
    page.fill("[name=steps-0-title]", "管理本部長")
    page.get_by_role("group", name="1番目の席").get_by_label(MANAGER).first.check()
    page.fill("[name=steps-1-title]", "個人情報保護管理者")
    page.get_by_role("group", name="2番目の席").get_by_label(FINAL).first.check()
    assert_sound(page)
    submit(page)
    expect(page.locator("main")).to_contain_text("管理本部長")


def _look_at_the_page_of_an_outside_decision(page: Page) -> None:
    press(page, page.locator("main a[href$='/decisions/outside']"))
    assert_sound(page)
    submit(page, "attach")
    expect(page.locator(".govuk-error-summary a").first).to_be_visible()
    assert_sound(page)


def _look_at_the_vacant_seat(page: Page, house: House) -> None:
    """While the manager's account is ended, the officer's home leads to the page that gives the seat away."""
    state = "UPDATE account SET state = :state WHERE name = :name"
    execute(house, state, state="ended", name=MANAGER)
    page.goto("/")
    press(page, page.locator("#vacancies ~ ul a"))
    expect(page.locator("main")).to_contain_text(DEPUTY)
    assert_sound(page)
    execute(house, state, state="active", name=MANAGER)


def _name_the_deputy(page: Page) -> None:
    page.goto("/routes")
    page.locator("main a[href='/deputies/new']").click()
    page.select_option("[name=person]", label=f"{MANAGER} (管理本部)")
    page.select_option("[name=deputy]", label=DEPUTY)
    fill_date(page, "first_on", date.today() - timedelta(1))
    fill_date(page, "last_on", date.today() + timedelta(7))
    submit(page)
    expect(page.locator("main")).to_contain_text(DEPUTY)


def _approve(page: Page) -> None:
    choose(page, "outcome", "approve")
    submit(page)


def _accept(page: Page, house: House) -> None:
    far = house.today() + timedelta(60)
    page.locator("details", has=page.locator("[name=accepted-0-reason]")).first.evaluate(
        "it => it.open = true"
    )
    page.fill("[name=accepted-0-reason]", "影響が小さいため")
    page.fill("[name=accepted-0-measure]", "月次で点検する")
    fill_date(page, "accepted-0-expires_on", far)
    page.locator("details", has=page.locator("[name=conditions-0-what]")).first.evaluate(
        "it => it.open = true"
    )
    page.fill("[name=conditions-0-what]", "研修の記録を集める")
    page.fill("[name=conditions-0-who]", "営業企画部")
    fill_date(page, "conditions-0-due_on", far)

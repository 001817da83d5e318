"""The whole thread in Japanese, in a real browser, on PostgreSQL: from the set-up link to a verified report."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.accessibility import assert_sound
from tests.browser.journey import (
    Person,
    choose,
    fill_date,
    join,
    paper,
    press,
    reload_until,
    save,
    sign_in,
    submit,
)
from tests.browser.server import PROGRAM, Portal
from tests.require import require

pytestmark = pytest.mark.timeout(600)

FACTS = ("SEL-029", "SEL-033", "SEL-040")  # asked as facts: nothing special applies to this vendor
CHECK = "適切な委託先の選定チェック"
PASSPHRASE = "a passphrase for signing, {}"
FILE = "入退室の記録 2026.pdf"


class Story:
    """The installation, its people, and where they have come to."""

    def __init__(self, browser: Browser, portal: Portal) -> None:
        self.portal = portal
        self.link = portal.init()
        portal.start()
        self.officer = self._person(browser, "青木 佳奈", "aoki@aoba-shoji.example")
        self.second = self._person(browser, "井上 徹", "inoue@aoba-shoji.example")
        self.approver = self._person(browser, "上田 修", "ueda@aoba-shoji.example")
        self.auditor = self._person(browser, "江口 玲", "eguchi@aoba-shoji.example")
        self.lead = self._person(browser, "大野 薫", "ono@midori-bpo.example")
        self.visitor = self._person(browser, "誰か", "")
        self.vendor = self.engagement = self.assessment = self.report = ""
        self.pdf = portal.folder / "report.pdf"

    def _person(self, browser: Browser, name: str, email: str) -> Person:
        return Person(browser, self.portal, name, email)

    @property
    def everyone(self) -> tuple[Person, ...]:
        return (self.officer, self.second, self.approver, self.auditor, self.lead, self.visitor)


@pytest.fixture(scope="module")
def story(browser: Browser, portal_on: Callable[[str], Portal]) -> Story:
    return Story(browser, portal_on("postgres"))


@pytest.fixture
def report(story: Story) -> Iterator[Path]:
    assert story.pdf.is_file(), "the thread did not come as far as a report"
    yield story.pdf


def test_the_thread_runs_from_the_set_up_link_to_a_report_with_two_signatures(story: Story) -> None:
    set_up(story)
    invite_staff(story)
    register_the_vendor(story)
    register_the_engagement(story)
    send_the_check(story)
    vendor_answers(story)
    vendor_uploads(story)
    vendor_submits(story)
    officer_answers(story)
    auditor_reviews(story)
    decide(story)
    order_the_report(story)
    sign(story, story.auditor)
    sign(story, story.officer)
    download(story)
    for person in story.everyone:
        assert person.problems == [], person.name


def set_up(story: Story) -> None:
    page, officer = story.officer.page, story.officer
    page.goto(story.link)
    assert_sound(page)
    values = {
        "client": "株式会社青葉商事",
        "kana": "アオバショウジ",
        "name": officer.name,
        "email": officer.email,
    }
    for name, value in {**values, "password": officer.password}.items():
        page.fill(f"[name={name}]", value)
    submit(page)
    expect(page).to_have_url(f"{story.portal.base}/sign-in")
    sign_in(officer)
    answer = story.visitor.page.goto(story.link)
    assert answer is not None
    assert answer.status == 410, "the link works once"


def invite_staff(story: Story) -> None:
    page = story.officer.page
    for person, role in (
        (story.second, "officer"),
        (story.approver, "approver"),
        (story.auditor, "auditor"),
    ):
        page.locator("header nav a[href='/accounts']").click()
        page.locator("main a[href='/accounts/invite']").click()
        page.fill("[name=name]", person.name)
        page.fill("[name=email]", person.email)
        choose(page, "roles", role)
        submit(page)
        join(person)


def register_the_vendor(story: Story) -> None:
    page = story.officer.page
    page.locator("header nav a[href='/vendors']").click()
    page.locator("main a[href='/vendors/new']").first.click()
    page.fill("[name=name]", "みどりBPO株式会社")
    page.fill("[name=kana]", "ミドリビーピーオー")
    page.fill("[name=contact_name]", story.lead.name)
    page.fill("[name=contact_email]", story.lead.email)
    submit(page)
    story.vendor = page.url
    page.locator("main a[href$='/people/new']").click()
    page.fill("[name=name]", story.lead.name)
    page.fill("[name=email]", story.lead.email)
    choose(page, "role", "vendor_lead")
    submit(page)
    join(story.lead)


def register_the_engagement(story: Story) -> None:
    page = story.officer.page
    page.goto(story.vendor)
    page.locator("main a[href$='/engagements/new']").click()
    page.fill("[name=title]", "会員データの入力")
    choose(page, "work_kind", "bpo")
    page.fill("[name=purpose]", "会員への案内の発送")
    page.fill("[name=data_categories]", "氏名、住所")
    page.fill("[name=persons]", "８００")
    choose(page, "classification", "entrustment")
    page.fill("[name=classification_reason]", "個人データを渡して入力を任せるため。")
    choose(page, "risk_tier", "low")
    submit(page)
    story.engagement = page.url
    page.select_option("[name=person]", label=f"{story.auditor.name}（監査人）")
    press(page, page.locator("form[action$='/assign'] button, form:has([name=person]) button").first)
    expect(page.locator("#people + ul, section:has(#people) ul").first).to_contain_text(story.auditor.name)


def send_the_check(story: Story) -> None:
    page = story.officer.page
    page.locator("main a[href$='/assessments/new']").first.click()
    page.get_by_label(re.compile(CHECK)).check()
    fill_date(page, "due_on", date.today() + timedelta(days=14))
    page.fill("[name=message]", "新しい委託の前の確認です。")
    submit(page)
    story.assessment = page.url
    assert "/assessments/" in story.assessment


def vendor_answers(story: Story) -> None:
    page = story.lead.page
    page.goto(story.portal.mails.link_to(story.lead.email, "/assessments/"))
    expect(page).to_have_url(story.assessment)
    refused = press(page, page.locator("form[action$='/submit'] button"))
    assert refused.status == 422
    named = page.locator(".govuk-error-summary a")
    expect(named.first).to_contain_text("SEL-")
    missing = named.count()
    assert_sound(page)
    named.first.click()
    answered = answer_all(story.lead, story.assessment)
    assert len(answered) == missing > 15
    assert answered[0] != answered[-1]


def answer_all(person: Person, assessment: str) -> list[str]:
    """Answers item after item, as the button leads on, until none is left; gives their codes."""
    page, done = person.page, []
    while page.url != assessment:
        code = page.url.rpartition("/")[2]
        assert code not in done, f"{code} comes twice"
        choose(page, "value", "no" if code in FACTS else "yes")
        page.fill("[name=comment]", "規程に沿って実施しています。")
        press(page, page.locator("form[data-autosave] button[name=submit]"))
        done.append(code)
    return done


def vendor_uploads(story: Story) -> None:
    page = story.lead.page
    page.goto(f"{story.assessment}/items/SEL-009")
    file = save(story.portal.folder, FILE, paper("Records"))
    form = page.locator("form[data-upload-url]")
    fill_date(page, "observed", date.today() - timedelta(days=3))
    form.locator("input[type=file]").set_input_files(file)
    with page.expect_request(lambda sent: sent.method == "PUT"):
        form.locator("button[name=attach]").click()
    expect(page.locator("main .app-card")).to_contain_text(FILE)
    assert_sound(page)
    with page.expect_download() as got:
        page.get_by_role("link", name=FILE, exact=True).click()
    assert got.value.suggested_filename == FILE
    assert Path(got.value.path()).read_bytes() == file.read_bytes()


def vendor_submits(story: Story) -> None:
    page = story.lead.page
    page.goto(story.assessment)
    press(page, page.locator("form[action$='/submit'] button"))
    expect(page.locator(".govuk-notification-banner--success")).to_be_visible()
    expect(page.locator("form[action$='/submit']")).to_have_count(0)


def officer_answers(story: Story) -> None:
    page = story.officer.page
    page.goto(story.assessment)
    page.locator("main .app-next a.govuk-button").first.click()
    assert answer_all(story.officer, story.assessment)


def auditor_reviews(story: Story) -> None:
    page = story.auditor.page
    page.goto("/")
    page.locator(f"main a[href='{story.assessment.removeprefix(story.portal.base)}']").first.click()
    page.locator("main .app-next a.govuk-button").first.click()
    done = []
    while page.url != story.assessment:
        done.append(page.url)
        assert len(done) == len(set(done)), f"{page.url} comes twice"
        choose(page, "result", "conforms")
        choose(page, "basis", "document" if page.url.endswith("SEL-009") else "interview")
        page.fill("form[action$='/review'] [name=remark]", "責任者に聞いた。")
        press(page, page.locator("form[action$='/review'] button[name=submit]"))
    assert len(done) > 20
    press(page, page.locator("form[action$='/finish'] button"))
    expect(page.locator("form[action$='/reports']")).to_be_visible()


def decide(story: Story) -> None:
    page = story.officer.page
    page.goto(story.engagement)
    page.locator("main a[href$='/decisions/new']").first.click()
    page.fill("[name=reason]", "選定の確認が終わりました。")
    submit(page)
    decision = page.url
    page = story.approver.page
    page.goto(story.portal.mails.link_to(story.approver.email, "/decisions/"))
    expect(page).to_have_url(decision)
    assert_sound(page)
    choose(page, "outcome", "approve")
    submit(page)
    expect(page.locator("form:has([name=outcome])")).to_have_count(0)
    story.officer.page.goto(story.engagement)
    expect(story.officer.page.locator("main .govuk-tag").first).to_have_text("選定済み")


def order_the_report(story: Story) -> None:
    page = story.auditor.page
    page.goto(story.assessment)
    press(page, page.locator("form[action$='/reports'] button"))
    story.report = page.url
    reload_until(page, page.locator("main a[href='/account/signing-key']"))


def sign(story: Story, person: Person) -> None:
    """Makes a certificate under a passphrase, then signs and waits for the worker's seal."""
    page, passphrase = person.page, PASSPHRASE.format(person.email)
    page.goto(story.report)
    to_the_key = page.locator("main a[href='/account/signing-key']")
    reload_until(page, to_the_key)
    to_the_key.click()
    page.fill("[name=passphrase]", passphrase)
    page.fill("[name=again]", passphrase)
    submit(page)
    page.goto(story.report)
    reload_until(page, page.locator("main [name=passphrase]"))
    assert_sound(page)
    page.fill("[name=passphrase]", "not the passphrase at all")
    assert press(page, page.locator("main button[name=submit]")).status == 422
    assert_sound(page)
    page.fill("[name=passphrase]", passphrase)
    submit(page)
    signed = page.locator("table[aria-labelledby=signatures]", has_text=person.name)
    reload_until(page, signed)


def download(story: Story) -> None:
    page = story.officer.page
    page.goto(story.report)
    reload_until(page, page.locator(".govuk-tag", has_text="完成"))
    with page.expect_download() as got:
        page.locator("main a[href$='/download']").click()
    got.value.save_as(story.pdf)


def test_the_report_is_verified_by_somebody_without_an_instance(
    story: Story, report: Path, tmp_path: Path
) -> None:
    root = story.portal.instance / "trust" / "root.pem"
    env = {**story.portal.env, "AUDIT_PORTAL_INSTANCE": str(tmp_path / "none")}
    done = subprocess.run(
        [PROGRAM, "report", "verify", report, "--trust", root, "--json"],
        env={name: value for name, value in env.items() if name != "AUDIT_PORTAL_DATABASE_URL"},
        capture_output=True,
        text=True,
    )
    found = json.loads(done.stdout)
    assert (done.returncode, found["ok"], found["verdict"]) == (0, True, "valid"), found
    assert [each["name"] for each in found["signatures"]] == [story.auditor.name, story.officer.name]
    assert not (tmp_path / "none").exists()


def test_the_public_page_tells_the_report_from_a_copy_with_one_byte_changed(
    story: Story, report: Path
) -> None:
    page = story.visitor.page
    for content, verdict in (
        (report.read_bytes(), "この報告書は正しいものです"),
        (changed(report.read_bytes()), "この報告書は署名の後に変わっています"),
    ):
        page.goto("/verify")
        page.set_input_files("input[type=file]", save(report.parent, "received.pdf", content))
        submit(page)
        expect(page.locator("#verdict")).to_have_text(verdict)
        assert_sound(page)
    assert story.visitor.problems == []


def changed(pdf: bytes) -> bytes:
    """One byte of a content stream, under the signatures."""
    place = pdf.index(b"stream") + 200
    return pdf[:place] + bytes([pdf[place] ^ 1]) + pdf[place + 1 :]


def test_pdfsig_trusts_both_signatures(story: Story, report: Path, tmp_path: Path) -> None:
    certutil, pdfsig = require("certutil"), require("pdfsig")
    root = story.portal.instance / "trust" / "root.pem"
    store = f"sql:{tmp_path}"
    subprocess.run([certutil, "-N", "-d", store, "--empty-password"], check=True, capture_output=True)
    trust = [certutil, "-A", "-d", store, "-n", "root", "-t", "C,C,C", "-i", root]
    subprocess.run(trust, check=True, capture_output=True)
    said = subprocess.run([pdfsig, "-nssdir", tmp_path, report], capture_output=True).stdout.decode()
    assert said.count("Signature is Valid") == 2, said
    assert said.count("Certificate is Trusted") == 2, said


def test_mutool_reads_both_signatures(report: Path) -> None:
    done = subprocess.run([require("mutool"), "sign", "-v", report], capture_output=True)
    assert (done.stdout + done.stderr).decode().count("The signature is valid") == 2


def test_the_ledger_and_the_evidence_are_sound(story: Story, report: Path) -> None:
    assert story.portal.told("ledger", "verify", "--checkpoint", report)["entries"] > 50
    assert story.portal.told("evidence", "verify")["objects"] >= 2


def test_the_server_logged_no_fault(story: Story, report: Path) -> None:
    assert "Traceback" not in story.portal.log(), story.portal.log()

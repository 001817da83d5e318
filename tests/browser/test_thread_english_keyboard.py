"""The whole thread in English by keyboard alone, without JavaScript, on SQLite: set-up link to verified report."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from audit_portal.config import ROOT
from tests.adapters.openssl import PERSON, cms_verifies, signatures
from tests.browser.english import Reader, enter, japanese, join
from tests.browser.journey import paper, reload_until, save
from tests.browser.server import Portal
from tests.require import require

pytestmark = pytest.mark.timeout(600)

# The short form (quick_selection) can't open the selection gate, so the thread takes the whole check, at the
# low tier that asks least.
CHECK = "Vendor selection check"
FACTS = ("SEL-029", "SEL-033", "SEL-040")  # asked as facts: nothing special applies to this vendor
FILE = "Locked cabinets 2026.pdf"
SOURCES = ("legal_refs", "seed_refs")  # laws and guidelines are named in their own language
PASSPHRASE = "a passphrase for signing, {}"


class Story:
    """The installation, its people, and where they have come to."""

    def __init__(self, browser: Browser, portal: Portal) -> None:
        self.portal = portal
        self.link = portal.init()
        portal.start()
        self.officer = Reader(browser, portal, "Olive Hart", "olive@aoba-trading.example")
        self.approver = Reader(browser, portal, "Peter Lowe", "peter@aoba-trading.example", invited_in="ja")
        self.owner = Reader(browser, portal, "Wendy Marsh", "wendy@aoba-trading.example")
        self.auditor = Reader(browser, portal, "Audrey Finch", "audrey@aoba-trading.example")
        self.lead = Reader(browser, portal, "Victor Dale", "victor@midori-bpo.example")
        self.everyone = (self.officer, self.approver, self.owner, self.auditor, self.lead)
        self.vendor = self.engagement = self.assessment = self.decision = self.report = ""
        self.pdf = portal.folder / "report.pdf"

    @property
    def root(self) -> Path:
        return self.portal.instance / "trust" / "root.pem"


@pytest.fixture(scope="module")
def story(browser: Browser, portal_on: Callable[[str], Portal]) -> Story:
    return Story(browser, portal_on("sqlite"))


@pytest.fixture
def report(story: Story) -> Path:
    assert story.pdf.is_file(), "the thread did not come as far as a report"
    return story.pdf


def test_the_thread_runs_by_keyboard_alone_without_a_script(story: Story) -> None:
    set_up(story)
    invite_staff(story)
    register_the_vendor(story)
    register_the_engagement(story)
    send_the_check(story)
    vendor_answers(story)
    vendor_attaches(story)
    vendor_submits(story)
    owner_answers(story)
    auditor_reviews(story)
    officer_asks(story)
    approver_approves(story)
    order_the_report(story)
    sign(story, story.auditor)
    sign(story, story.officer)
    download(story)
    check_on_the_page(story)
    for person in story.everyone:
        assert person.problems == [], "\n".join([person.name, *person.problems])


def set_up(story: Story) -> None:
    """The first administrator is the officer, too."""
    officer = story.officer
    officer.goto(story.link)
    officer.keys.skip()
    officer.follow("main button[name=submit]")
    expect(officer.page.locator(".govuk-error-message")).not_to_have_count(0)
    officer.type(client="Aoba Trading", kana="Aoba Trading", name=officer.name, email=officer.email)
    officer.type(password=officer.password)
    officer.send()
    enter(officer)


def invite_staff(story: Story) -> None:
    officer = story.officer
    for person, role in (
        (story.approver, "approver"),
        (story.owner, "owner"),
        (story.auditor, "auditor"),
    ):
        officer.follow("header nav a[href='/accounts']")
        officer.follow("main a[href='/accounts/invite']")
        officer.type(name=person.name, email=person.email)
        officer.keys.tick("roles", role)
        if person.invited_in == "en":  # Japanese stands first
            officer.keys.pick("language", "English")
        officer.send()
        join(person)


def register_the_vendor(story: Story) -> None:
    officer, lead = story.officer, story.lead
    officer.follow("header nav a[href='/vendors']")
    officer.follow("main a[href='/vendors/new']")
    officer.type(name="Midori BPO", kana="Midori", contact_name=lead.name, contact_email=lead.email)
    officer.send()
    story.vendor = officer.page.url
    officer.follow("main a[href$='/people/new']")
    officer.type(name=lead.name, email=lead.email)
    officer.keys.choose("role", "vendor_lead")
    officer.keys.pick("language", "English")
    officer.send()
    join(lead)


def register_the_engagement(story: Story) -> None:
    officer, keys = story.officer, story.officer.keys
    expect(officer.page).to_have_url(story.vendor)
    officer.follow("main a[href$='/engagements/new']")
    officer.type(title="Typing in members' data")
    keys.choose("work_kind", "bpo")
    officer.type(purpose="Letters to members", data_categories="Name, address", persons="800")
    keys.choose("classification", "entrustment")
    officer.type(classification_reason="They are handed personal data to type in.")
    keys.choose("risk_tier", "low")
    officer.send()
    story.engagement = officer.page.url
    for person in (story.owner, story.auditor):
        keys.pick("person", person.name.split()[0])
        officer.send("main form[action$='/people'] button")
        expect(officer.page.locator("section:has(#people) ul")).to_contain_text(person.name)


def send_the_check(story: Story) -> None:
    officer, page = story.officer, story.officer.page
    officer.follow("main a[href$='/assessments/new']")
    whole = page.get_by_label(CHECK)
    officer.keys.choose("checklist", whole.get_attribute("value") or "")
    officer.keys.day("due_on", date.today() + timedelta(days=14))
    officer.type(message="We check this before we hand over data.")
    officer.send()
    story.assessment = page.url


def vendor_answers(story: Story) -> None:
    person, page = story.lead, story.lead.page
    person.goto(story.portal.mails.link_to(person.email, "/assessments/"))
    expect(page).to_have_url(story.assessment)
    person.follow("form[action$='/submit'] button")
    missing = page.locator(".govuk-error-summary a")
    expect(missing.first).to_contain_text("SEL-")
    count = missing.count()
    person.follow(".govuk-error-summary a")
    assert len(answer_all(story, person)) == count > 15


def answer_all(story: Story, person: Reader) -> list[str]:
    """Answers item after item, as the button leads on, until none is left; gives their codes."""
    done: list[str] = []
    while person.page.url != story.assessment:
        code = person.page.url.rpartition("/")[2]
        assert code not in done, f"{code} comes twice"
        person.keys.choose("value", "no" if code in FACTS else "yes")
        person.type(comment="We do this as our rules say.")
        person.send("form[data-autosave] button[name=submit]")
        done.append(code)
    return done


def vendor_attaches(story: Story) -> None:
    person, page = story.lead, story.lead.page
    person.follow("main a[href$='/items/SEL-020']")
    person.follow("button[name=attach]")
    expect(page.locator(".govuk-error-message")).to_be_visible()
    person.follow("main p.app-after a")
    person.keys.day("observed", date.today() - timedelta(days=3))
    person.keys.file(page.locator("input[type=file]"), save(story.portal.folder, FILE, paper("Cabinets")))
    person.follow("button[name=attach]")
    expect(page.locator("main .app-card")).to_contain_text(FILE)


def vendor_submits(story: Story) -> None:
    person = story.lead
    person.follow("main a[href$='/" + story.assessment.rpartition("/")[2] + "']")
    person.follow("form[action$='/submit'] button")
    expect(person.page.locator(".govuk-notification-banner--success")).to_be_visible()


def owner_answers(story: Story) -> None:
    story.owner.goto(story.assessment)
    story.owner.follow("main .app-next a.govuk-button")
    assert answer_all(story, story.owner)


def auditor_reviews(story: Story) -> None:
    person, page = story.auditor, story.auditor.page
    person.goto(story.assessment)
    person.follow("main .app-next a.govuk-button")
    done = []
    while page.url != story.assessment:
        done.append(page.url)
        assert len(done) == len(set(done)), f"{page.url} comes twice"
        person.keys.choose("result", "conforms")
        person.keys.choose("basis", "interview")
        person.type(remark="Heard from the vendor.")
        person.send("form[action$='/review'] button[name=submit]")
    assert len(done) > 20
    person.send("form[action$='/finish'] button")
    expect(page.locator("form[action$='/reports']")).to_be_visible()


def officer_asks(story: Story) -> None:
    officer = story.officer
    officer.goto(story.assessment)
    officer.follow("main .app-next a[href^='/engagements/']")
    expect(officer.page).to_have_url(story.engagement)
    officer.follow("main a[href$='/decisions/new']")
    officer.type(reason="The selection check is done.")
    officer.send()
    story.decision = officer.page.url


def approver_approves(story: Story) -> None:
    person, page = story.approver, story.approver.page
    person.goto(story.portal.mails.link_to(person.email, "/decisions/"))
    expect(page).to_have_url(story.decision)
    person.keys.choose("outcome", "approve")
    person.type(comment="I agree.")
    person.send()
    expect(page.locator("[name=outcome]")).to_have_count(0)


def order_the_report(story: Story) -> None:
    person = story.auditor
    person.goto(story.assessment)
    person.keys.choose("language", "en", "form[action$='/reports']")
    person.send("form[action$='/reports'] button")
    story.report = person.page.url


def sign(story: Story, person: Reader) -> None:
    """Makes a key under a passphrase, then signs with it; the worker sets its seal meanwhile."""
    page, passphrase = person.page, PASSPHRASE.format(person.email)
    person.goto(story.report)
    reload_until(page, page.locator("main a[href='/account/signing-key']"))
    person.follow("main a[href='/account/signing-key']")
    person.type(passphrase=passphrase, again=passphrase)
    person.send()
    person.goto(story.report)
    person.type(passphrase=passphrase)
    person.send()


def download(story: Story) -> None:
    officer, page = story.officer, story.officer.page
    reload_until(page, page.locator(".govuk-tag--green"))
    officer.check_language()
    officer.keys.to(page.locator("main a[href$='/download']"))
    with page.expect_download() as got:
        page.keyboard.press("Enter")
    got.value.save_as(story.pdf)


def check_on_the_page(story: Story) -> None:
    officer, page = story.officer, story.officer.page
    officer.follow("footer a[href='/verify']")
    officer.keys.file(page.locator("input[type=file]"), story.pdf)
    officer.send()
    expect(page.locator(".app-next #verdict")).to_have_count(1)


def test_the_command_verifies_the_report(story: Story, report: Path) -> None:
    found = story.portal.told("report", "verify", report, "--trust", story.root)
    assert [each["name"] for each in found["signatures"]] == [story.auditor.name, story.officer.name]
    story.portal.told("ledger", "verify", "--checkpoint", report)
    story.portal.told("evidence", "verify")


def test_openssl_verifies_both_signatures(story: Story, report: Path, tmp_path: Path) -> None:
    people = [each for each in signatures(report.read_bytes()) if each.kind == PERSON]
    assert [cms_verifies(each, story.root, tmp_path) for each in people] == [True, True]


def test_the_report_is_in_english_but_for_the_titles_of_its_sources(report: Path) -> None:
    titles = "".join((ROOT / f"checklists/reference/{name}.yaml").read_text() for name in SOURCES)
    read = subprocess.run([require("pdftotext"), report, "-"], capture_output=True, check=True)
    said = read.stdout.decode()
    assert CHECK in said
    assert [each for each in japanese(said) if each not in titles] == []


def test_the_mails_are_in_the_language_of_their_readers(story: Story, report: Path) -> None:
    mails = story.portal.mails.received
    assert len(mails) >= 7
    for mail in mails:
        welcome = mail["To"] == story.approver.email and "/invitation/" in mail.get_content()
        assert bool(japanese(f"{mail['Subject']} {mail.get_content()}")) == welcome, mail["Subject"]


def test_the_server_logged_no_fault(story: Story, report: Path) -> None:
    assert "Traceback" not in story.portal.log(), story.portal.log()

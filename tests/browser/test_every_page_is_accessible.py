"""Every page the sample's people can open: axe, width, targets, console, errors tied to their fields."""

from __future__ import annotations

import contextlib
import re
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility import assert_sound, faults
from tests.browser.journey import Person, press, sign_in, submit
from tests.browser.server import Portal

pytestmark = pytest.mark.timeout(1200)  # a crawl of a hundred pages

# Endpoints no test here opens, and why.
ELSEWHERE = {
    "assessments.copy": "a file; opened in tests/web/test_process_pages.py",
    "assessments.memorandum": "a file; read in tests/web/test_contract_pages.py",
    "assessments.memorandum_notes": "a file; read in tests/web/test_contract_pages.py",
    "routes.reseat": "only while a seat is vacant; looked at in test_route_with_a_deputy",
    "static": "files, not pages",
    "evidence.download": "a file; downloaded in the Japanese thread",
    "reports.download": "a file; downloaded in the Japanese thread",
    **{
        f"exports.{name}_{kind}": "a file; read in tests/web/test_import_pages.py"
        for name in ("vendors", "works", "checks", "contracts")
        for kind in ("xlsx", "csv")
    },
    "assessments.sheet_file": "a file; read in tests/web/test_answer_file_pages.py",
    "imports.vendors_template": "a file; read in tests/web/test_import_pages.py",
    "imports.engagements_template": "a file; read in tests/web/test_import_pages.py",
    "imports.contracts_template": "a file; made as the other two are",
    "imports.evaluations_template": "a file; made as the other two are",
    "setup.first": "closed in a sample; checked in test_first_steps_are_accessible",
    "sign_in.enrol": "the sample's staff need no second factor; checked with the first steps",
}
NARROW, WIDE = {"width": 320, "height": 640}, {"width": 1280, "height": 900}
PEOPLE = (
    "hanako",
    "kenji",
    "yumi",
    "ken",
    "admin",
    "suzuki",
    "kobayashi",
    "nakamura",
    "inoue",
    "kato",
)
MOST = 12  # pages of one endpoint looked through for one person; the sample has no more kinds than that


@dataclass
class Sample:
    """The sample company on a running server, and its people at their browsers."""

    portal: Portal
    browser: Browser
    accounts: dict[str, dict[str, str]]
    routes: list[tuple[str, re.Pattern[str]]]
    visited: set[str] = field(default_factory=set)
    kinds: set[tuple[str, frozenset[str]]] = field(default_factory=set)
    people: dict[str, Person] = field(default_factory=dict)

    def person(self, key: str) -> Person:
        if key not in self.people:
            found = self.accounts[key]
            person = Person(self.browser, self.portal, key, found["email"], found["password"])
            person.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
            sign_in(person)
            self.people[key] = person
        return self.people[key]

    def endpoint(self, url: str) -> str | None:
        """Which GET endpoint answers this address; None for another site's and for a POST's."""
        parts = urlsplit(url)
        if parts.netloc and f"{parts.scheme}://{parts.netloc}" != self.portal.base:
            return None
        return next((name for name, pattern in self.routes if pattern.fullmatch(parts.path)), None)

    def seen(self, page: Page) -> None:
        endpoint = self.endpoint(page.url)
        if endpoint:
            self.visited.add(endpoint)


def _pattern(rule: str) -> re.Pattern[str]:
    uuid = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    parts = re.split(r"<([^>]+)>", rule)
    return re.compile(
        "".join(
            re.escape(part)
            if place % 2 == 0
            else {"uuid": uuid, "path": ".+"}.get(part.split(":")[0], "[^/]+")
            for place, part in enumerate(parts)
        )
    )


@pytest.fixture(scope="module")
def sample(browser: Browser, portal_on: Callable[[str], Portal]) -> Iterator[Sample]:
    portal = portal_on("sqlite")
    portal.run("init", "--quiet")
    accounts = {each["email"].partition("@")[0]: each for each in portal.told("sample", "load")["accounts"]}
    rows = [row for row in portal.told("routes")["routes"] if row["method"] == "GET"]
    rows.sort(key=lambda row: row["path"].count("<"))  # "/vendors/new" before "/vendors/<id>"
    portal.start()
    yield Sample(portal, browser, accounts, [(row["endpoint"], _pattern(row["path"])) for row in rows])


_LINK = re.compile(r'<a [^>]*?href="([^"#]+)')
_PART = re.compile(r'<(?:main|\w+)[^>]*? (?:class|name)="([^"]+)"')
_SHADES = re.compile(r"govuk-tag--|app-late|app-timeline")  # a tag of another colour is no other kind of page


def kind_of(endpoint: str, html: str) -> tuple[str, frozenset[str]]:
    """Pages of one endpoint that are made of the same parts are one kind."""
    return endpoint, frozenset(part for part in _PART.findall(html) if not _SHADES.search(part))


def reachable(sample: Sample, person: Person, start: str = "/") -> Iterator[tuple[str, str, str]]:
    """What one comes to by links: address, endpoint and page. No link may lead where it isn't allowed."""
    looked: dict[str, int] = {}
    queue, known = [start], {start}
    while queue:
        path = queue.pop(0)
        endpoint = sample.endpoint(path)
        if endpoint is None or endpoint in ELSEWHERE or looked.get(endpoint, 0) >= MOST:
            continue
        looked[endpoint] = looked.get(endpoint, 0) + 1
        answer = person.context.request.get(path)
        assert answer.ok, f"{person.name} is led to {path}: {answer.status}"
        html = answer.text()
        yield path, endpoint, html
        links = [link.replace("&amp;", "&") for link in _LINK.findall(html)]
        fresh = [link for link in dict.fromkeys(links) if link not in known]
        known.update(fresh)
        queue.extend(fresh)


def crawl(sample: Sample, person: Person, start: str = "/") -> list[str]:
    """One page of each kind that nobody was at before."""
    found = []
    for path, endpoint, html in reachable(sample, person, start):
        kind = kind_of(endpoint, html)
        if kind not in sample.kinds:
            sample.kinds.add(kind)
            found.append(path)
    return found


def switch(page: Page) -> None:
    press(page, page.locator("header button[name=language]"))


def look_at(sample: Sample, person: Person, paths: list[str], viewport: dict[str, int]) -> list[str]:
    page, said = person.page, []
    page.set_viewport_size(viewport)  # type: ignore[arg-type]
    for path in paths:
        page.goto(path)
        sample.seen(page)
        said += [f"{person.name} {path} {viewport['width']}: {fault}" for fault in faults(page)]
    return said


@pytest.mark.parametrize("key", PEOPLE)
def test_the_pages_of(key: str, sample: Sample) -> None:
    person = sample.person(key)
    if key == "admin":
        _invite(sample)
    paths = crawl(sample, person)
    assert paths
    said = look_at(sample, person, paths, NARROW)
    switch(person.page)
    one_each = {sample.endpoint(path): path for path in reversed(paths)}
    said += look_at(sample, person, list(one_each.values()), WIDE)
    switch(person.page)
    assert said == []
    assert person.problems == []


def _invite(sample: Sample) -> str:
    """Somebody of the client who hasn't come yet."""
    return _add(sample, "--role", "owner", "--email", "later@sample-shoji.example")


def _add(sample: Sample, *args: str) -> str:
    return sample.portal.run("user", "add", *args).strip()


def test_the_pages_of_a_vendors_invitation(sample: Sample) -> None:
    person = sample.person("hanako")
    person.page.goto("/vendors")
    press(person.page, person.page.locator("main table a").first)
    sample.seen(person.page)
    number = person.page.locator("main .app-title .app-small").inner_text().strip()
    _add(sample, "--role", "vendor_contributor", "--email", "later@vendor.example", "--vendor", number)
    person.page.reload()
    assert_sound(person.page)
    press(person.page, person.page.locator("main a[href$='/revoke']").first)
    sample.seen(person.page)
    assert_sound(person.page)
    person.page.go_back()
    press(person.page, person.page.locator("main form[action$='/link'] button").first)
    assert_sound(person.page)
    assert person.problems == []


def test_the_pages_of_who_isnt_signed_in(sample: Sample) -> None:
    link = _add(sample, "--role", "auditor", "--email", "new@sample-shoji.example")
    visitor = Person(sample.browser, sample.portal, "visitor", "")
    page = visitor.page
    page.goto("/forgotten")
    page.fill("[name=email]", sample.accounts["ken"]["email"])
    submit(page)
    reset = sample.portal.mails.link_to(sample.accounts["ken"]["email"], "/reset/")
    paths = [*crawl(sample, visitor, "/sign-in"), link, reset]
    said = look_at(sample, visitor, paths, NARROW)
    page.goto("/sign-in")
    switch(page)
    said += look_at(sample, visitor, paths, WIDE)
    assert said == []
    visitor.close()


def test_the_pages_of_the_second_factor(sample: Sample) -> None:
    person = sample.person("makoto")
    page = person.page
    page.goto("/account/second-factor")
    sample.seen(page)
    code = pyotp.TOTP(page.locator(".app-reference").inner_text().strip())
    page.fill("[name=code]", code.now())
    page.fill("[name=password]", person.password)
    submit(page)
    assert look_at(sample, person, ["/account", "/account/second-factor/remove"], NARROW) == []
    again = Person(sample.browser, sample.portal, "makoto again", person.email, person.password)
    again.page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    again.page.goto("/sign-in")
    again.page.fill("[name=email]", person.email)
    again.page.fill("[name=password]", person.password)
    submit(again.page)
    sample.seen(again.page)
    expect(again.page.locator("[name=code]")).to_be_visible()
    assert_sound(again.page)
    submit(again.page)
    assert_sound(again.page)
    again.close()
    admin = sample.person("admin").page
    admin.goto("/accounts")
    press(admin, admin.locator("main table a", has_text="高橋 誠"))
    press(admin, admin.locator("main a[href$='/second-factor']"))
    sample.seen(admin)
    assert_sound(admin)


VENDORS = "会社名,カナ,法人番号\r\n甲社,コウシャ,\r\n乙社,オツシャ,123\r\n"
WORKS = "委託先の会社名,委託業務の名称,業務の種類,任せる目的,渡す個人データの項目,本人の数,委託の開始日\r\n"


def test_the_pages_of_files_that_come_in(sample: Sample) -> None:
    person = sample.person("hanako")
    for kind, content in (
        ("vendors", VENDORS),
        ("engagements", WORKS + "知らない会社,発送,BPO,案内,氏名,10,R5.4.1\r\n"),
        ("contracts", "委託業務の番号,契約の種類,契約の名称,契約期間の初日\r\n,覚書,覚書,R5.4.1\r\n"),
        (
            "evaluations",
            "評価の種類,評価した日,評価の結果,評価した人,記録の保管場所\r\n定期評価,2025/2/10,適,山田,棚\r\n",
        ),
    ):
        _send_file(person.page, f"/imports/{kind}", "台帳.csv", content.encode("cp932"))
        sample.seen(person.page)
        assert person.page.locator("#flaws").count(), person.page.locator("main").inner_text()
        assert_sound(person.page)
    _send_file(person.page, "/imports/vendors", "台帳.csv", VENDORS.replace("123", "").encode("cp932"))
    assert_sound(person.page)
    submit(person.page)
    assert_sound(person.page)
    _send_file(person.page, "/imports/vendors", "台帳.csv", b"a,b")
    assert person.page.locator(".govuk-error-summary").count()
    assert_sound(person.page)


def test_the_pages_of_an_answer_file(sample: Sample) -> None:
    person = sample.person("nakamura")
    path = next(path for path, name, _html in reachable(sample, person) if name == "assessments.sheet")
    content = person.context.request.get(f"{path}.xlsx").body()
    _send_file(person.page, path, "回答.xlsx", content)
    sample.seen(person.page)
    assert person.page.url.endswith("/file/preview"), person.page.locator("main").inner_text()
    assert_sound(person.page)


def _send_file(page: Page, path: str, name: str, content: bytes) -> None:
    page.goto(path)
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": "text/csv", "buffer": content}
    )
    submit(page, "upload")


def test_the_page_that_says_why_a_gate_is_shut(sample: Sample) -> None:
    person = sample.person("hanako")
    page = person.page
    page.goto("/engagements")
    press(page, page.locator("main table a", has_text="問い合わせ窓口の運営"))
    work = page.url
    page.goto(f"{work}/decisions/new")
    sample.seen(page)
    assert page.locator(".app-blocker").count()
    assert_sound(page)
    page.goto(f"{work}/decisions/outside")
    sample.seen(page)
    assert_sound(page)


def test_the_page_on_which_a_refused_engagement_is_taken_up_again(sample: Sample) -> None:
    """Nothing in the sample is refused: the page says so."""
    page = sample.person("hanako").page
    page.goto("/engagements")
    press(page, page.locator("main table a", has_text="問い合わせ窓口の運営"))
    page.goto(f"{page.url}/reopen")
    sample.seen(page)
    assert_sound(page)


@pytest.mark.parametrize("title", ["問い合わせ窓口の運営", "会員データの入力と発送名簿の作成"])
def test_the_page_on_which_a_contract_check_begins(title: str, sample: Sample) -> None:
    """Before selection, and while another one runs: no link leads here, an address kept from before does."""
    page = sample.person("hanako").page
    page.goto("/engagements")
    press(page, page.locator("main table a", has_text=title))
    page.goto(f"{page.url}/contract-check/new")
    sample.seen(page)
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert_sound(page)
    _empty(page)
    submit(page)
    assert page.locator(".govuk-error-summary a").count()
    assert_sound(page)


def test_the_text_of_the_contract_stands_beside_its_clauses(sample: Sample) -> None:
    page = sample.person("hanako").page
    page.goto("/engagements")
    press(page, page.locator("main table a", has_text="会員データの入力と発送名簿の作成"))
    press(page, page.locator("main a", has_text="委託契約の安全管理条項チェック").first)
    press(page, page.locator("main a[href*='/items/CON-006']").first)
    press(page, page.locator("#clauses + ul a[href*='#preview']"))
    sample.seen(page)
    shown = page.locator(".app-preview__text")
    expect(shown).to_contain_text("第5条（目的外の利用の禁止）")
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert_sound(page)
    press(page, page.locator("#preview a[rel=prev]"))
    expect(shown).not_to_contain_text("第5条（目的外の利用の禁止）")


def test_the_page_on_which_a_file_is_replaced_by_a_newer_version(sample: Sample) -> None:
    person = sample.person("nakamura")
    pages = reachable(sample, person)
    path = next(path for path, name, html in pages if name == "assessments.item" and 'name="attach"' in html)
    page = person.page
    page.goto(path)
    for name in ("first.txt", "second.txt"):
        if name == "second.txt":
            press(page, page.locator("main a[href$='/replace']").first)
            sample.seen(page)
            assert_sound(page)
        content = {"name": name, "mimeType": "text/plain", "buffer": name.encode()}
        page.set_input_files("input[type=file]", files=[content])  # type: ignore[list-item]
        submit(page, "attach")
    expect(page.locator("main")).to_contain_text("first.txt")
    assert_sound(page)


def test_the_page_of_a_vendors_next_lead(sample: Sample) -> None:
    """The sample's contacts were written today and vouch for nobody yet: here they were a month ago."""
    database = sqlite3.connect(sample.portal.instance / "portal.db", timeout=30)
    with contextlib.closing(database), database:
        database.execute(
            "UPDATE party_contact SET updated_at = datetime(updated_at, '-30 days') || '.000000'"
        )
    second = sample.person("makoto")
    second.page.goto("/vendors")
    press(second.page, second.page.locator("main table a", has_text="みなと福祉サービス"))
    second.page.goto(f"{second.page.url}/lead/new")
    second.page.locator("#leaving").select_option(index=1)
    for label in ("石井 徹", "電話"):
        second.page.get_by_label(label).first.check()
    today = datetime.now(UTC).date()
    for part, value in (("年", today.year), ("月", today.month), ("日", today.day)):
        second.page.get_by_label(part, exact=True).fill(str(value))
    for name, value in (
        ("note", "確かめた。"),
        ("name", "松本 恵"),
        ("email", "matsumoto@minato-fukushi.example"),
    ):
        second.page.locator(f"main [name={name}]").fill(value)
    submit(second.page)
    assert sample.endpoint(second.page.url) == "handovers.lead", second.page.locator("main").inner_text()
    assert_sound(second.page)
    page = sample.person("hanako").page
    page.goto(second.page.url)
    sample.seen(page)
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert_sound(page)
    submit(page)
    assert page.locator(".govuk-error-summary a").count()
    assert_sound(page)


def test_the_page_of_a_cloud_findings_document(sample: Sample) -> None:
    page = sample.person("hanako").page
    page.goto("/engagements")
    press(page, page.locator("main table a", has_text="申込書の画像の保管"))
    page.goto(f"{page.url}/cloud")
    page.locator("main [name=outcome][value=not_handled]").check()
    for name in ("service", "terms", "access_control", "source", "determined_by"):
        page.locator(f"main [name={name}]").fill("みどりクラウドの利用規約 第8条")
    submit(page)
    assert sample.endpoint(page.url) == "engagements.cloud_document", page.locator("main").inner_text()
    sample.seen(page)
    for viewport in (WIDE, NARROW):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert_sound(page)


# Who, the page (an endpoint with links to it), the button of the form.
FORMS = (
    ("hanako", "parties.new", "submit"),
    ("hanako", "parties.invite", "submit"),
    ("hanako", "engagements.new", "submit"),
    ("hanako", "assessments.send", "submit"),
    ("hanako", "assessments.give_back", "submit"),
    ("hanako", "assessments.stale_answers", "submit"),
    ("hanako", "contracts.new", "submit"),
    ("hanako", "routes.new", "submit"),
    ("hanako", "routes.name_deputy", "submit"),
    ("hanako", "handovers.new", "submit"),
    ("hanako", "handovers.new_lead", "submit"),
    ("admin", "accounts.card", "submit"),
    ("ken", "decisions.condition", "submit"),
    ("hanako", "contracts.end", "submit"),
    ("hanako", "account.password", "submit"),
    ("hanako", "account.enrol", "submit"),
    ("yumi", "assessments.item", "submit"),
    ("yumi", "signing_keys.revoke", "submit"),
    ("admin", "accounts.invite", "submit"),
    ("admin", "accounts.view", "submit"),
    ("nakamura", "assessments.item", "attach"),
    ("nakamura", "assessments.share", "give"),
    ("nakamura", "assessments.more_time_page", "ask"),
    ("nakamura", "assessments.item", "write"),
    ("visitor", "sign_in.password", "submit"),
    ("visitor", "sign_in.forgotten", "submit"),
    ("visitor", "verify.check", "submit"),
)


@pytest.mark.parametrize(("key", "endpoint", "button"), FORMS)
def test_an_empty_form_comes_back_with_its_errors_tied_to_the_fields(
    key: str, endpoint: str, button: str, sample: Sample
) -> None:
    person = Person(sample.browser, sample.portal, key, "") if key == "visitor" else sample.person(key)
    page = person.page
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    start = "/sign-in" if key == "visitor" else "/"
    wanted = f'name="{button}"'
    pages = reachable(sample, person, start)
    path = next((path for path, name, html in pages if name == endpoint and wanted in html), "")
    assert path, f"nothing leads {key} to {endpoint} with its form"
    page.goto(path)
    _empty(page)
    submit(page, button)
    assert page.locator(".govuk-error-summary a").count(), page.locator("main").inner_text()
    assert page.locator(".govuk-error-message").count()
    assert page.title().startswith("エラー：")
    assert_sound(page)
    page.locator(".govuk-error-summary a").first.click()
    assert page.evaluate("document.activeElement.matches('input, select, textarea, button')")
    if key == "visitor":
        person.close()


def _empty(page: Page) -> None:
    page.evaluate(
        """document.querySelectorAll('main details').forEach(each => { each.open = true; });
        document.querySelectorAll('main input:not([type=hidden]), main textarea').forEach(each => {
          if (each.type === 'radio' || each.type === 'checkbox') each.checked = false; else each.value = '';
        })"""
    )


def test_the_pages_of_a_round(sample: Sample) -> None:
    person = sample.person("hanako")
    page = person.page
    for viewport in (NARROW, WIDE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        page.goto("/rounds/new")
        sample.seen(page)
        assert_sound(page)
        press(page, page.get_by_role("button", name="選んだものを確かめる"))
        assert_sound(page)
    press(page, page.get_by_role("button", name="件に送る"))  # without a due date
    assert page.locator("#due_on-error").count()
    assert_sound(page)
    for part, value in (("年", "2030"), ("月", "1"), ("日", "20")):
        page.get_by_label(part, exact=True).fill(value)
    press(page, page.get_by_role("button", name="件に送る"))
    sample.seen(page)
    expect(page.locator("h1")).to_contain_text("選定チェック")
    for viewport in (NARROW, WIDE):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        assert_sound(page)
    page.goto("/rounds")
    assert_sound(page)


def test_pages_of_refusals_are_as_sound_as_others(sample: Sample) -> None:
    person = sample.person("kenji")
    for path in ("/nowhere", "/accounts", "/static/none"):
        person.page.goto(path)
        assert_sound(person.page)
    del person.problems[:]  # the browser notes every 403 and 404


def test_every_endpoint_was_opened_or_is_listed_with_its_reason(sample: Sample) -> None:
    """Runs last: what the tests above opened, against the live route map."""
    every: set[str] = {name for name, _pattern in sample.routes}
    assert every - sample.visited - set(ELSEWHERE) == set()
    assert set(ELSEWHERE) <= every
    left = {key: person.problems for key, person in sample.people.items() if person.problems}
    assert left == {}
    assert "Traceback" not in sample.portal.log()

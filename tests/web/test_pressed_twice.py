"""A button pressed twice says what holds, and a refusal gives back what was typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.lead_change import Means
from audit_portal.domain.route import Step
from audit_portal.domain.supervision import Gate
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.decisions import route_settings
from audit_portal.services.handovers import lead_change_views, lead_changes, looking
from audit_portal.services.handovers.lead_changes import Confirmation
from audit_portal.services.house import House
from audit_portal.services.parties import party_contacts
from audit_portal.services.parties.party_contacts import ContactFacts
from tests.factories.house import account
from tests.factories.world import answer_all, review_all, submit, work
from tests.services.steps import ON_SQLITE, Case, make_case
from tests.web.client import Browser, text
from tests.web.desk import _app
from tests.web.test_reviewing_pages import DAY, ITEM, OTHER, browser, url

pytestmark = ON_SQLITE


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path, replace(work(), persons=60_000))


def handed_in(case: Case) -> Browser:
    answer_all(case.as_("vendor_lead"), case.assessment_id)
    submit(case.as_("vendor_lead"), case.assessment_id)
    answer_all(case.as_("officer"), case.assessment_id)
    return Browser(_app(case.house), case.house).sign_in(case.second)


def test_a_disclosure_refused_twice_and_taken_back_twice_is_done(case: Case) -> None:
    lead, here = browser(case, "vendor_lead"), url(case, OTHER, "/refusal")
    full = {
        "version": case.item(OTHER).version,
        "reason": "守秘のため",
        "offer": "inspection",
        "words": "本社で閲覧",
    }
    assert [lead.post(here, full).status_code for _ in range(2)] == [303, 303]
    other = lead.post(here, {**full, "reason": "契約の守秘条項のため"})
    assert other.status_code == 409 and "契約の守秘条項のため" in text(other)
    back = {"version": case.item(OTHER).version, "take_back": "1"}
    assert [lead.post(here, back).status_code for _ in range(2)] == [303, 303]
    assert case.item(OTHER).beside.refusal is None


def test_a_refusal_written_while_a_colleague_handed_in_is_given_back(case: Case) -> None:
    lead, here = browser(case, "vendor_lead"), url(case, OTHER, "/refusal")
    version = case.item(OTHER).version
    handed_in(case)
    typed = {"version": version, "reason": "契約の守秘条項のため", "offer": "nothing", "words": ""}
    late = lead.post(here, typed, page=url(case, OTHER))
    assert late.status_code == 409 and "契約の守秘条項のため" in text(late)


def test_a_finding_withdrawn_twice_is_withdrawn(case: Case) -> None:
    officer = handed_in(case)
    new = {"severity": "high", "what": "規程が古い", "due_on": ["", "", ""], "version": ""}
    officer.post(url(case, ITEM, "/findings/new"), new)
    (found,) = case.item(ITEM).beside.findings
    gone, sent = f"/findings/{found.id}/withdraw", {"version": found.version, "reason": "誤って記録した"}
    pressed_twice(officer, gone, sent, gone, "d" * 32)
    assert officer.get(gone).status_code == 409


def test_an_inspection_withdrawn_twice_is_withdrawn(case: Case) -> None:
    officer = browser(case, "second")
    typed = {
        "document": "入退室記録", "edition": "第3版", "inspector": "監査 花子", "means": "on_site",
        "place": "本社", "inspected_on": DAY, "seen": "全件を見た。",
    }  # fmt: skip
    officer.post(url(case, OTHER, "/inspections/new"), typed)
    (found,) = case.item(OTHER).beside.inspections
    gone, sent = f"/inspections/{found.id}/withdraw", {"version": found.version, "reason": "誤記"}
    pressed_twice(officer, gone, sent, gone, "e" * 32)


def test_what_was_typed_on_a_finding_is_given_back_when_the_review_ended_meanwhile(case: Case) -> None:
    officer = handed_in(case)
    new = {"severity": "low", "what": "規程が古い", "due_on": ["", "", ""], "version": ""}
    officer.post(url(case, ITEM, "/findings/new"), new)
    (found,) = case.item(ITEM).beside.findings
    review_all(case.as_("second"), case.assessment_id)
    sent = {**new, "what": "規程の改訂日が三年前のまま", "version": found.version}
    late = officer.post(f"/findings/{found.id}", sent, page="/account")
    assert late.status_code == 409 and "規程の改訂日が三年前のまま" in text(late)
    again = officer.post(url(case, ITEM, "/findings/new"), sent, page="/account")
    assert again.status_code == 409 and "規程の改訂日が三年前のまま" in text(again)


def test_the_very_same_form_leads_where_it_led_first_even_where_the_view_looks_first(case: Case) -> None:
    officer = handed_in(case)
    new = {"severity": "low", "what": "規程が古い", "due_on": ["", "", ""], "version": ""}
    officer.post(url(case, ITEM, "/findings/new"), new)
    (found,) = case.item(ITEM).beside.findings
    sent = {**new, "what": "規程が古い。", "version": found.version}
    first = officer.post(f"/findings/{found.id}", sent, key="a" * 32)
    review_all(case.as_("second"), case.assessment_id)
    second = officer.post(f"/findings/{found.id}", sent, page="/account", key="a" * 32)
    assert (first.status_code, second.status_code) == (303, 303)
    assert second.location == first.location


def pressed_twice(here: Browser, url: str, form: dict[str, Any], page: str, key: str) -> None:
    """The same form, and the person's own page of the time: the second press leads where the first did."""
    first, second = (here.post(url, form, page=page, key=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (303, 303), text(second)
    assert second.location == first.location


def test_a_next_lead_agreed_to_twice_is_agreed_to(case: Case) -> None:
    """What the portal does beyond a person's reach is still done once for the button they pressed."""
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    contact = party_contacts.add(officer, vendor_id, ContactFacts("海野 渚", phone="03-5555-0134"))
    case.house.clock.move(days=1)  # type: ignore[attr-defined]
    confirmed = Confirmation(contact, Means.PHONE, case.house.today(), "確かめた。")
    person = NewPerson("新任 者", "next@example.jp", frozenset({Role.VENDOR_LEAD}))
    change_id = lead_changes.ask(officer, vendor_id, case.everyone.vendor_lead, person, confirmed)
    where = f"/lead-changes/{change_id}"
    version = lead_change_views.get_change(officer, change_id).version
    pressed_twice(browser(case, "second"), where, {"version": version, "outcome": "agree"}, where, "b" * 32)


def test_a_hand_over_agreed_to_twice_is_agreed_to(case: Case) -> None:
    officer = case.as_("officer")
    leaver, taker = (account(case.house, case.everyone.client_id, Role.APPROVER) for _ in range(2))
    route_settings.save(officer, Gate.RELEASE, "", (Step("部長", (leaver,)),))
    today = case.house.today()
    seen = looking.preview(officer, looking.Order(leaver, None, taker, today)).seen
    form = {
        "leaver": str(leaver),
        "worker": "",
        "decider": str(taker),
        "from_on": [str(today.year), str(today.month), str(today.day)],
        "seen": seen,
        "agree": "1",
    }
    pressed_twice(browser(case, "officer"), "/handovers/new", form, "/handovers/new", "c" * 32)

"""A button pressed twice says what holds, and a refusal gives back what was typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audit_portal.services.house import House
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
    answers = [officer.post(gone, sent, page=url(case)) for _ in range(2)]
    assert [each.status_code for each in answers] == [303, 303]
    assert answers[1].location.endswith(f"{ITEM}#findings")
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
    assert [officer.post(gone, sent, page=url(case)).status_code for _ in range(2)] == [303, 303]


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

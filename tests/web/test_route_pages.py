"""Pages of routes, stand-ins and seats; conditions, outside decisions and refusals as people meet them."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.condition import NewCondition
from audit_portal.services.accounts import accounts
from audit_portal.services.decisions import conditions, decisions, route_settings
from audit_portal.services.decisions.decisions import Terms
from audit_portal.services.house import House
from tests.factories.house import account, context
from tests.web.client import errors, text
from tests.web.floor import Floor, make_floor
from tests.web.test_decision_pages import asked, decide, reviewed


@pytest.fixture
def floor(house: House, tmp_path: Path) -> Floor:
    return make_floor(house, tmp_path)


def test_a_route_is_written_on_its_page_and_changed_there(floor: Floor) -> None:
    other = account(floor.house, floor.everyone.client_id, Role.APPROVER, name="部長")
    officer = floor.browser(floor.everyone.officer)
    sent: dict[str, Any] = {
        "gate": "G1",
        "tier": "",
        "steps-0-title": "部長",
        "steps-0-people": [str(other)],
        "steps-1-title": "",
        "steps-2-title": "個人情報保護管理者",
        "steps-2-people": [str(floor.everyone.approver)],
        "steps-²-title": "x",
    }
    loop = officer.post("/routes/new", {**sent, "steps-2-people": [str(other)]})
    assert loop.status_code == 422 and "1人が着けるのは1つの席だけ" in errors(loop)[0]
    assert "部長" in text(loop)  # nothing typed is lost
    assert officer.post("/routes/new", {"gate": "G1", "tier": ""}).status_code == 422
    saved = officer.post("/routes/new", sent)
    assert saved.status_code == 303 and "部長" in text(officer.follow(saved))
    (route,) = route_settings.listed(context(floor.house, floor.everyone.officer))
    assert [each.title for each in route.steps] == ["部長", "個人情報保護管理者"]
    page = text(officer.get(f"/routes/{route.id}"))
    assert f'value="{other}" checked' in re.sub(r"\s+", " ", page)
    stale = {**sent, "version": route.version - 1, "steps-0-title": "本部長"}
    late = officer.post(f"/routes/{route.id}", stale)
    assert late.status_code == 409 and "本部長" in text(late)
    assert officer.post("/routes/new", sent).status_code == 409  # there is one already


def test_a_vacant_seat_is_shown_to_who_can_mend_it_and_given_to_somebody(floor: Floor) -> None:
    gone = account(floor.house, floor.everyone.client_id, Role.APPROVER, name="部長")
    officer, admin = floor.browser(floor.everyone.officer), floor.browser(floor.everyone.admin)
    sent = {"gate": "G1", "tier": "", "steps-0-title": "部長", "steps-0-people": [str(gone)]}
    assert officer.post("/routes/new", sent).status_code == 303
    decision_id = asked(floor)
    accounts.end_account(context(floor.house, floor.everyone.admin), gone)
    url = f"/decisions/{decision_id}/seat"
    assert url in text(officer.get("/")) and url in text(admin.get("/"))
    assert url in text(officer.get(f"/decisions/{decision_id}"))
    assert admin.post(url, {}).status_code == 422
    assert admin.post(url, {"people": [str(floor.everyone.approver)]}).status_code == 303
    assert url not in text(officer.get("/"))
    assert decide(floor.browser(floor.everyone.approver), decision_id).status_code == 303


def test_of_two_who_give_a_vacant_seat_away_the_second_sees_what_stands_and_what_they_chose(
    floor: Floor,
) -> None:
    """And nobody is put on another seat than the one they looked at."""
    client = floor.everyone.client_id
    gone, other, taker = (
        account(floor.house, client, Role.APPROVER, name=each) for each in ("部長", "次長", "後任の人")
    )
    officer, admin = floor.browser(floor.everyone.officer), floor.browser(floor.everyone.admin)
    steps = {"steps-0-title": "部長", "steps-0-people": [str(gone)], "steps-1-title": "次長"}
    sent = {"gate": "G1", "tier": "", **steps, "steps-1-people": [str(other)]}
    assert officer.post("/routes/new", sent).status_code == 303
    decision_id = asked(floor)
    for each in (gone, other):
        accounts.end_account(context(floor.house, floor.everyone.admin), each)
    url = f"/decisions/{decision_id}/seat"
    page = text(officer.get(url))
    seen = {name: re.search(rf'name="{name}"[^>]*value="(\d+)"', page)[1] for name in ("position", "version")}  # type: ignore[index]
    assert seen["position"] == "1"
    approver = str(floor.everyone.approver)
    assert admin.post(url, {**seen, "people": [approver]}).status_code == 303
    late = officer.post(url, {**seen, "people": [str(taker)]})  # by now the second seat is the vacant one
    said = text(late)
    assert late.status_code == 409 and "試験 approver" in said and "席は、もう変わっています。" in said
    assert "あなたが選んだ人" in said and "後任の人" in said and f'href="{url}"' in said
    waiting = text(officer.get(url))
    assert "2番目の席" in waiting
    version = re.search(r'name="version"[^>]*value="(\d+)"', waiting)
    assert version is not None
    form = {"position": "2", "version": version[1], "people": [str(taker)], "idempotency_key": "k" * 32}
    assert [admin.post(url, form).status_code for _ in range(2)] == [303, 303]  # pressed twice
    over = officer.post(url, {**form, "idempotency_key": "j" * 32})
    assert over.status_code == 409 and "後任の人" in text(over) and "決裁経路へ戻る" in text(over)
    assert officer.get(url).status_code == 409 and "空いている席" not in text(officer.get(url))


def test_a_deputy_is_named_for_days_in_order(floor: Floor) -> None:
    account(floor.house, floor.everyone.client_id, Role.APPROVER, name="代理の人")
    officer = floor.browser(floor.everyone.officer)
    people = {
        each.name: str(each.id)
        for each in route_settings.candidates(context(floor.house, floor.everyone.officer))
    }
    sent = {
        "person": people["試験 approver"],
        "deputy": people["代理の人"],
        "first_on": ["2027", "3", "2"],
        "last_on": ["2027", "3", "1"],
    }
    wrong = officer.post("/deputies/new", sent)
    assert wrong.status_code == 422 and 'id="last_on-error"' in text(wrong)
    done = officer.post("/deputies/new", {**sent, "last_on": ["2027", "3", "9"]})
    assert done.status_code == 303 and "代理の人" in text(officer.follow(done))


def test_a_request_is_returned_with_its_reason_and_asked_anew(floor: Floor) -> None:
    decision_id = asked(floor)
    approver, officer = floor.browser(floor.everyone.approver), floor.browser(floor.everyone.officer)
    assert decide(approver, decision_id, outcome="return", comment=" ").status_code == 422
    assert decide(approver, decision_id, outcome="return", comment="根拠を足してください").status_code == 303
    assert "根拠を足してください" in text(officer.get(f"/decisions/{decision_id}"))
    again = officer.post(f"/engagements/{floor.engagement_id}/decisions/new", {"reason": "足しました"})
    assert again.status_code == 303


def test_a_half_typed_condition_is_no_condition_and_a_whole_one_is_followed_up(floor: Floor) -> None:
    decision_id = asked(floor)
    approver, officer = floor.browser(floor.everyone.approver), floor.browser(floor.everyone.officer)
    half = decide(approver, decision_id, **{"conditions-0-what": "誓約書を集める"})
    assert half.status_code == 422 and "誓約書を集める" in text(half)
    assert 'id="conditions-0-who-error"' in text(half)
    whole = {
        "conditions-0-what": "誓約書を集める",
        "conditions-0-who": "人事部",
        "conditions-0-due_on": ["2027", "3", "31"],
        "conditions-0-before_release": "y",
    }
    assert decide(approver, decision_id, **whole).status_code == 303
    page = text(officer.get(f"/engagements/{floor.engagement_id}"))
    url = re.findall(r'href="(/conditions/[^"]+)"', page)[0]
    assert "誓約書を集める" in page and "誓約書を集める" in text(officer.get("/"))
    version = re.findall(r'name="version"[^>]*value="(\d+)"', text(officer.get(url)))[0]
    assert officer.post(f"{url}/done", {"version": version, "note": " "}, page=url).status_code == 422
    sent = {"version": version, "note": "全員分を集めました"}
    assert officer.post(f"{url}/done", sent, page=url).status_code == 303
    late = officer.post(f"{url}/done", {**sent, "note": "もう一度"}, page="/account")
    assert late.status_code in (409, 422) and "もう一度" in text(late)
    assert "全員分を集めました" in text(approver.get(url))
    version = re.findall(r'name="version"[^>]*value="(\d+)"', text(approver.get(url)))[0]
    answer = {"version": version, "outcome": "confirm", "note": ""}
    assert approver.post(f"{url}/answer", answer, page=url).status_code == 303
    assert floor.browser().get(url).status_code == 403


def test_a_late_condition_is_late_on_home_and_on_the_engagement(floor: Floor) -> None:
    decision_id = asked(floor)
    due = floor.house.today() + timedelta(1)
    decisions.decide(
        context(floor.house, floor.everyone.approver), decision_id, 1, True, "",
        terms=Terms(conditions=(NewCondition("誓約書を集める", "人事部", due),)),
    )  # fmt: skip
    floor.house.clock.move(days=3)  # type: ignore[attr-defined]
    officer = floor.browser(floor.everyone.officer)
    for page in ("/", f"/engagements/{floor.engagement_id}"):
        assert "app-late" in text(officer.get(page)) and "誓約書を集める" in text(officer.get(page))
    (found,) = conditions.pending(context(floor.house, floor.everyone.officer))
    assert found.late


def test_the_vendor_page_shows_the_words_for_it_and_no_reason(floor: Floor) -> None:
    decision_id = asked(floor)
    typed = {"outcome": "refuse", "comment": "社内の評価", "vendor_words": "今回は見送ります"}
    assert decide(floor.browser(floor.everyone.approver), decision_id, **typed).status_code == 303
    seen = text(floor.browser().get(f"/engagements/{floor.engagement_id}"))
    assert "今回は見送ります" in seen and "社内の評価" not in seen


def test_a_decision_taken_outside_comes_in_by_a_plain_form(floor: Floor) -> None:
    reviewed(floor)
    officer = floor.browser(floor.everyone.officer)
    url = f"/engagements/{floor.engagement_id}/decisions/outside"
    assert url in text(officer.get(f"/engagements/{floor.engagement_id}/decisions/new"))

    def sent(**more: Any) -> dict[str, Any]:
        return {
            "number": "総-118",
            "approver": "管理 太郎",
            "approver_title": "専務",
            "decided_on": ["2026", "11", "2"],
            "reason": "決裁済みです",
            "file": (BytesIO(b"a paper"), "稟議書.txt"),
            **more,
        }

    short = officer.post(url, sent(approver_title=""), content_type="multipart/form-data")
    assert short.status_code == 422 and "総-118" in text(short)
    answer = officer.post(url, sent(), content_type="multipart/form-data")
    assert answer.status_code == 303, text(answer)
    page = text(officer.follow(answer))
    decision = re.findall(r'href="(/decisions/[0-9a-f-]+)"', page)[0]
    shown = text(floor.browser(floor.everyone.approver).get(decision))
    assert "総-118" in shown and "稟議書.txt" in shown and "専務" in shown

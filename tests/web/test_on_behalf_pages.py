"""Pages of answers entered on behalf: a source registered, transcribed, confirmed by another, read in the end."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from audit_portal.app import create_app
from audit_portal.domain.assessment import AssessmentState
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.on_behalf import SourceFacts, SourceKind
from audit_portal.services.assessments import transcribing
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.sources import SourceOrder
from audit_portal.services.decisions import decisions
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from tests.factories import behalf
from tests.factories.world import answer_all, attach, review_all, send, work
from tests.services.steps import ON_SQLITE, VENDOR_ITEM, Case
from tests.web.client import BASE_URL, Browser, csrf_token, errors, text

DAY = ["2026", "11", "10"]
PERSON = {"answerer": "山本 登", "answerer_title": "工場長", "answerer_department": "製造部"}


@dataclass
class Desk:
    case: Case
    app: Flask

    def browser(self, who: str) -> Browser:
        person = self.case.second if who == "second" else getattr(self.case.everyone, who)
        return Browser(self.app, self.case.house).sign_in(person)

    @property
    def here(self) -> str:
        return f"/assessments/{self.case.assessment_id}"


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    case = behalf.silent_case(house, tmp_path)
    app = create_app(case.house, "only for tests")
    app.config["PROPAGATE_EXCEPTIONS"] = False
    return Desk(case, app)


def send_file(browser: Browser, place: str, page: str) -> TestResponse:
    token = csrf_token(browser.client, page)
    data = {"csrf_token": token, "file": (BytesIO(b"answers on paper"), "回答書.txt")}
    return browser.client.post(place, base_url=BASE_URL, data=data, content_type="multipart/form-data")


@ON_SQLITE
def test_registered_transcribed_confirmed_and_said_on_every_page(desk: Desk) -> None:
    officer, second = desk.browser("officer"), desk.browser("second")
    assert "の回答を原本から転記する" in text(officer.get("/"))
    assert "代行入力を開く" in text(officer.get(desk.here))
    new = f"{desk.here}/sources/new/paper"
    lacking = officer.post(new, {"dated_on": DAY, **PERSON, "answerer_title": ""})
    assert lacking.status_code == 422
    assert errors(lacking) == ["この欄を入力してください。"] and "山本 登" in text(lacking)
    registered = officer.post(new, {"dated_on": DAY, **PERSON})
    assert registered.status_code == 303
    source = registered.headers["Location"].partition("#")[0]
    sent = send_file(officer, f"{source}/document", source)
    assert sent.status_code == 303, text(sent)
    todo = text(officer.get(f"{desk.here}/on-behalf"))
    assert "転記する項目" in todo and "回答書.txt" in todo
    _transcribe(desk, officer)
    asked = officer.post(f"{desk.here}/on-behalf/ask", _hidden(officer, f"{desk.here}/on-behalf"))
    assert asked.status_code == 303
    assert "原本と照合する" in text(second.get("/"))
    mine = officer.get(f"{desk.here}/on-behalf/confirm")
    assert "あなたは転記に加わったため" in text(mine)
    page = f"{desk.here}/on-behalf/confirm"
    unread = second.post(page, _hidden(second, page))
    assert unread.status_code == 422 and "まだ開いていない原本が1件" in text(unread)
    link = re.search(r"/evidence/[0-9a-f-]{36}", text(second.get(page)))
    assert link is not None
    assert second.get(link[0]).status_code == 200
    assert second.post(page, _hidden(second, page)).status_code == 303
    assert desk.case.state is AssessmentState.SUBMITTED
    said = text(second.get(f"{desk.here}/items/{VENDOR_ITEM}"))
    assert "転記（回答者 山本 登 製造部 工場長、原本 書面" in said
    assert "確認者" in said


def _hidden(browser: Browser, page: str) -> dict[str, str]:
    found = text(browser.get(page))
    names = ("version", "seen")
    inputs = {name: re.search(rf'name="{name}"[^>]*value="([^"]*)"', found) for name in names}
    return {name: match[1] for name, match in inputs.items() if match}


def _transcribe(desk: Desk, officer: Browser) -> None:
    ctx = desk.case.as_("officer")
    for item in desk.case.view().behalf:
        page = f"{desk.here}/items/{item.code}"
        shown = text(officer.get(page))
        assert "原本から転記する" in shown
        chosen = re.search(r'<option value="([0-9a-f-]{36})" selected', shown)
        assert chosen is not None
        data = {"version": str(item.version), "source": chosen[1], "value": "yes", "comment": "しています。"}
        draft = officer.post(f"{page}/draft", data, page=page)
        assert draft.status_code == 200
        saved = officer.post(page, {**data, "version": str(draft.get_json()["version"])})
        assert saved.status_code == 303
        stale = officer.post(page, {**data, "value": "no", "version": str(item.version)})
        assert stale.status_code == 409 and "保存" in text(stale)
        if item.evidence_needed:
            attach(ctx, desk.case.assessment_id, item.code)


@ON_SQLITE
def test_given_back_with_a_note_that_who_transcribed_reads(desk: Desk) -> None:
    behalf.to_confirm(desk.case)
    second = desk.browser("second")
    page, place = f"{desk.here}/on-behalf/confirm", f"{desk.here}/on-behalf/give-back"
    hidden = _hidden(second, page)
    empty = second.post(place, {**hidden, "items": [VENDOR_ITEM]}, page=page)
    assert empty.status_code == 422 and "どこが原本と違うか" in text(empty)
    back = second.post(place, {**hidden, "items": [VENDOR_ITEM], "note": "原本は「一部」です。"}, page=page)
    assert back.status_code == 303
    shown = text(desk.browser("officer").get(f"{desk.here}/on-behalf"))
    assert "差戻し：原本は「一部」です。" in shown and "残り1件" in shown
    assert second.get(page).status_code == 409


@ON_SQLITE
def test_a_provider_is_checked_from_its_report_and_its_controls_are_answered(desk: Desk) -> None:
    officer, owner = desk.browser("officer"), desk.browser("owner")
    new = f"{desk.here}/sources/new/soc2"
    facts = {
        "dated_on": ["2025", "8", "1"],
        "soc2_type": "2",
        "period_to": ["2025", "6", "30"],
        "auditor": "Example Audit LLP",
        "covers": "Example Storage",
        "exceptions": "なし",
        "controls": "多要素認証を有効にする\n退職者の利用者IDを止める",
    }
    lacking = officer.post(new, facts)
    assert lacking.status_code == 422 and "多要素認証を有効にする" in text(lacking)
    registered = officer.post(new, {**facts, "period_from": ["2024", "7", "1"]})
    assert registered.status_code == 303
    shown = text(officer.get(desk.here))
    assert "注意：古い原本" in shown and "多要素認証を有効にする" in shown
    control = re.search(r"/user-controls/[0-9a-f-]{36}", shown)
    assert control is not None
    for person in (officer, owner):
        home = text(person.get("/"))
        assert "が利用者に任せている統制2件に答える" in home and f'href="{desk.here}#user-controls"' in home
    page = f"{desk.here}{control[0]}"
    version = _hidden(owner, page)
    undated = owner.post(page, {**version, "status": "planned", "note": "準備中"})
    assert undated.status_code == 422 and "準備中" in text(undated)
    assert owner.post(page, {**version, "status": "done", "note": "全員に設定済み"}).status_code == 303
    assert "が利用者に任せている統制1件に答える" in text(officer.get("/"))
    late = officer.post(page, {**version, "status": "not_done", "note": "私の入力"})
    assert late.status_code == 409 and "全員に設定済み" in text(late) and "私の入力" in text(late)


@ON_SQLITE
def test_what_does_not_belong_here_is_not_found_and_made_up_input_is_no_fault(desk: Desk) -> None:
    officer = desk.browser("officer")
    nobody = "00000000-0000-0000-0000-000000000001"
    for place in (
        f"{desk.here}/sources/new/rumour",
        f"{desk.here}/sources/{nobody}",
        f"{desk.here}/user-controls/{nobody}",
        f"{desk.here}/on-behalf/confirm",
    ):
        assert officer.get(place).status_code == 404, place
    forged = {"dated_on": DAY, **PERSON, "file_there": nobody}
    assert officer.post(f"{desk.here}/sources/new/paper", forged).status_code == 422
    wild = {"dated_on": ["x", "", "9" * 40], "soc2_type": "9", "period_to": ["1"], "controls": "\0"}
    assert officer.post(f"{desk.here}/sources/new/soc2", wild).status_code == 422
    behalf.add_source(desk.case.as_("officer"), desk.case.assessment_id)
    page = f"{desk.here}/items/{VENDOR_ITEM}"
    for source in ("", "x", nobody):
        data = {"version": "1", "source": source, "value": "yes"}
        assert officer.post(page, data).status_code in (404, 422)
        assert officer.post(f"{page}/draft", data, page=page).status_code in (404, 422)
    assert desk.browser("approver").get(f"{desk.here}/on-behalf").status_code == 200


@ON_SQLITE
def test_the_decisions_snapshot_says_how_the_answers_came_in(desk: Desk) -> None:
    case = desk.case
    officer = case.as_("officer")
    facts = SourceFacts(case.house.today(), url="https://cloud.example/security", captured_by="佐藤 葵")
    order = SourceOrder(SourceKind.CAPTURE, facts)
    behalf.transcribe_all(officer, case.assessment_id, behalf.add_source(officer, case.assessment_id, order))
    behalf.ask(officer, case.assessment_id)
    behalf.confirm(case.as_("owner"), case.assessment_id)
    answer_all(officer, case.assessment_id)
    review_all(case.as_("second"), case.assessment_id)
    decision_id = decisions.request(officer, case.engagement_id, "承認をお願いします。")
    shown = text(desk.browser("approver").get(f"/decisions/{decision_id}"))
    assert "原本 Webページを保存したもの 回答書.txt" in shown


@ON_SQLITE
def test_that_a_document_is_not_disclosed_is_recorded_on_behalf_and_seen_by_who_compares(desk: Desk) -> None:
    case = desk.case
    ctx, vendor_id = case.as_("officer"), case.view().head.vendor_id
    engagement_id = engagements.register(ctx, vendor_id, replace(work("保管"), persons=60_000))
    desk = replace(desk, case=replace(case, assessment_id=send(ctx, engagement_id)))
    source_id = behalf.add_source(ctx, desk.case.assessment_id)
    code = next(each.code for each in desk.case.view().behalf if each.evidence_needed)
    officer, page = desk.browser("officer"), f"{desk.here}/items/{code}"
    assert "回答を原本から転記したあとで" in text(officer.get(page))
    assert officer.get(f"{page}/refusal").status_code == 409  # first the answer, from its source
    words = Written(AnswerValue.YES, "しています。")
    transcribing.transcribe(ctx, desk.case.assessment_id, code, words, source_id, None)
    assert f'href="{page}/refusal"' in text(officer.get(page))
    assert "原本：#1 回答書.txt" in text(officer.get(f"{page}/refusal"))
    version = _hidden(officer, f"{page}/refusal")
    said = {**version, "reason": "社内の規則のためとのこと。", "offer": "inspection", "words": ""}
    lacking = officer.post(f"{page}/refusal", said)
    assert lacking.status_code == 422 and "社内の規則のためとのこと。" in text(lacking)
    assert officer.post(f"{page}/refusal", {**said, "words": "来社すれば見せる。"}).status_code == 303
    shown = text(officer.get(page))
    assert "社内の規則のためとのこと。" in shown and "この申告の出どころ" in shown and "未解決" in shown
    behalf.transcribe_all(ctx, desk.case.assessment_id, source_id)
    behalf.ask(ctx, desk.case.assessment_id)
    compared = text(desk.browser("second").get(f"{desk.here}/on-behalf/confirm"))
    assert "資料の開示拒否" in compared and "社内の規則のためとのこと。" in compared

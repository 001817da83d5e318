"""Pages of contracts and of the contract check: typed text stays, files stream in, the vendor sees its part."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from flask import Flask

from audit_portal.app import create_app
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.contracts import DocumentForm
from audit_portal.services.assessments import assessment_view
from audit_portal.services.assessments.answers import Written
from audit_portal.services.contracts import contract_views
from audit_portal.services.house import House
from tests.factories.contracts import answer_clauses, begin
from tests.services.steps import ON_SQLITE, Case, make_case
from tests.services.test_contract_thread import contracted, selected
from tests.web.client import Browser, errors, text
from tests.web.desk import form_parts, multipart, post_form, put, token

pytestmark = ON_SQLITE


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return selected(make_case(house, tmp_path))


@pytest.fixture
def app(case: Case) -> Flask:
    made = create_app(case.house, "only for tests")
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


def browser(app: Flask, case: Case, who: str = "officer") -> Browser:
    person = case.second if who == "second" else getattr(case.everyone, who)
    return Browser(app, case.house).sign_in(person)


def day(year: int, month: int, day: int) -> list[str]:
    return [str(year), str(month), str(day)]


FACTS = {
    "kind": "master",
    "title": "業務委託基本契約書",
    "starts_on": day(2026, 4, 1),
    "ends_on": day(2027, 3, 31),
    "concluded_on": day(2026, 3, 20),
    "renewal_months": "１２",
    "notice_months": "3",
    "reentrustment": "prior_consent",
}


def test_the_list_of_contracts_is_saved_as_a_file_and_tells_a_vendor_nothing_of_its_terms(
    app: Flask, case: Case
) -> None:
    contracted(case)
    number = contract_views.listed(case.as_("officer")).items[0].number
    for who, columns in (("officer", 13), ("vendor_lead", 12)):
        one = browser(app, case, who)
        page = text(one.get("/contracts"))
        lines = one.get("/contracts.csv").get_data().decode("utf-8-sig").splitlines()
        assert [line.split(",")[0] for line in lines[1:]] == [number], who
        assert number in page and len(lines[0].split(",")) == columns
        assert one.get("/contracts.xlsx").get_data().startswith(b"PK")
        assert one.get("/contracts.csv?q=ないもの").get_data().decode("utf-8-sig").splitlines()[1:] == []


def test_a_contract_that_ends_before_it_begins_comes_back_with_what_was_typed(app: Flask, case: Case) -> None:
    page = browser(app, case)
    url = f"/engagements/{case.engagement_id}/contracts/new"
    refused = page.post(url, {**FACTS, "ends_on": day(2026, 3, 1), "governing_note": "東京地方裁判所"})
    assert refused.status_code == 422
    assert errors(refused) == ["契約期間の末日は、初日以降の日付にしてください。"]
    assert "業務委託基本契約書" in text(refused) and "東京地方裁判所" in text(refused)
    shown = text(page.follow(page.post(url, FACTS)))
    assert "2026年12月31日" in shown and "期間満了の3か月前まで" in shown
    home = text(page.get("/"))
    assert "期限が近い契約" in home and "業務委託基本契約書" in home
    assert "業務委託基本契約書" in text(page.get("/contracts?soon=1"))
    assert "業務委託基本契約書" in text(page.get(f"/engagements/{case.engagement_id}"))
    assert "業務委託基本契約書" in text(page.get(f"/vendors/{case.everyone.vendor_id}"))


def test_a_document_comes_by_script_and_by_a_plain_form_and_a_wrong_one_is_told(
    app: Flask, case: Case
) -> None:
    contract_id, _ = contracted(case)
    page, url = browser(app, case), f"/contracts/{contract_id}/documents"
    fields = [("form", "electronic"), ("title", "署名済み"), ("shared", "y")]
    assert put(page, url, fields=fields).status_code == 201
    assert put(page, url, fields=[("form", "scan")]).status_code == 422  # where is the original?
    csrf = token(page)
    parts = form_parts(csrf)
    sent = [*parts[:2], ("form", None, b"scan"), ("original_place", None, "本社".encode()), *parts[2:]]
    assert post_form(page, url, multipart(sent)).status_code == 303
    without = post_form(page, url, multipart([*parts[:2], ("title", None, "名前".encode()), *parts[2:]]))
    assert without.status_code == 422 and "文書の種類を選んでください" in text(without)
    assert "名前" in text(without)
    documents = contract_views.get_contract(case.as_("officer"), contract_id).documents
    assert [each.form for each in documents[:2]] == [DocumentForm.SCAN, DocumentForm.ELECTRONIC]
    seen = text(browser(app, case, "vendor_lead").get(f"/contracts/{contract_id}"))
    assert "署名済み" in seen and "本社" not in seen
    assert put(browser(app, case, "owner"), url, fields=fields).status_code == 403


def test_the_check_from_its_beginning_to_the_draft_memorandum(app: Flask, case: Case) -> None:
    _, document_id = contracted(case)
    page = browser(app, case)
    here = f"/engagements/{case.engagement_id}"
    assert "契約チェックを始める" in text(page.get(here))
    begin_url = f"{here}/contract-check/new"
    form = page.get(begin_url)
    assert form.status_code == 200
    assessment_id = begin(case.as_("officer"), case.engagement_id)
    again = page.post(begin_url, {"checklist": _checklist(case), "due_on": day(2026, 12, 31)})
    assert again.status_code == 409
    item = f"/assessments/{assessment_id}/items/CON-006"
    view = assessment_view.get_assessment(case.as_("officer"), assessment_id)
    answer = {"value": "yes", "version": str(view.item("CON-006").version)}
    saved = page.post(item, answer)
    assert saved.status_code == 303 and saved.location.endswith("CON-006#clauses")
    wrong = page.post(f"{item}/clauses", {"document": str(document_id), "clause": ""}, page=item)
    assert wrong.status_code == 422 and "条項の番号や見出しを入力してください" in errors(wrong)
    tied = page.post(
        f"{item}/clauses", {"document": str(document_id), "clause": "第5条", "page": "2"}, page=item
    )
    assert tied.status_code == 303 and "第5条" in text(page.get(item))
    stuck = page.post(
        f"/assessments/{assessment_id}/hand-in", {"version": _version(case, assessment_id)}, "/account"
    )
    assert stuck.status_code == 409 or stuck.status_code == 422
    lacks = {"CON-030": Written(AnswerValue.NO, "期限がない。", "加える", case.house.today())}
    answer_clauses(case.as_("officer"), assessment_id, document_id, lacks)
    memo = page.get(f"/assessments/{assessment_id}/memorandum")
    assert memo.status_code == 200 and memo.headers["Content-Disposition"].startswith("attachment")
    assert "事故の通知" in memo.get_data().decode("utf-8-sig")
    notes = page.get(f"/assessments/{assessment_id}/memorandum/notes")
    assert notes.headers["Content-Disposition"].startswith("attachment")
    assert "期限がない。" in notes.get_data().decode("utf-8-sig")
    done = page.post(
        f"/assessments/{assessment_id}/hand-in", {"version": _version(case, assessment_id)}, "/account"
    )
    assert done.status_code == 303
    assert browser(app, case, "vendor_lead").get(f"/assessments/{assessment_id}").status_code == 404
    ask = page.get(f"{here}/decisions/new")
    assert "契約の決裁を申請する" in text(ask) and "契約チェックの審査が終わっていません" in text(ask)


def _version(case: Case, assessment_id: UUID) -> str:
    return str(assessment_view.get_assessment(case.as_("officer"), assessment_id).head.version)


def _checklist(case: Case) -> str:
    from audit_portal.domain.assessment import AssessmentKind
    from audit_portal.services.assessments import sending

    return str(sending.sendable(case.as_("officer"), AssessmentKind.CONTRACT)[0].id)

"""The contract's text beside the clauses on the item's page: shown, escaped, paged without a script."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from flask import Flask

from audit_portal.app import create_app
from audit_portal.domain.contracts import DocumentForm
from audit_portal.services.assessments import clauses
from audit_portal.services.assessments.clauses import Spot
from audit_portal.services.house import House
from audit_portal.services.sample import pdf
from tests.factories.contracts import add_document, add_paper, begin
from tests.services.steps import ON_SQLITE, Case, execute, make_case
from tests.services.test_contract_thread import contracted, selected
from tests.web.client import Browser, errors, text

pytestmark = ON_SQLITE
PAGES = [["第1条（目的）"], ["第2条（再委託の制限）"], ["第3条（事故の報告）"]]
SCRIPT = "第1条 <script>alert(1)</script>{{ 7 * 7 }} & 甲"


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return selected(make_case(house, tmp_path))


@pytest.fixture
def app(case: Case) -> Flask:
    return create_app(case.house, "only for tests")


def signed_in(app: Flask, case: Case, who: str = "officer") -> Browser:
    return Browser(app, case.house).sign_in(getattr(case.everyone, who))


def readings(case: Case) -> int:
    return execute(case.house, "SELECT count(*) FROM ledger_entry WHERE event = 'evidence.read'")[0][0]


def add_pdf(case: Case, contract_id: UUID, pages: list[list[str]]) -> UUID:
    facts = {"form": DocumentForm.SCAN, "original_place": "本社"}
    return add_document(case.as_("officer"), contract_id, pdf.document(pages), "契約書.pdf", **facts)


def test_a_document_is_read_page_by_page_beside_the_form(app: Flask, case: Case) -> None:
    contract_id, _ = contracted(case)
    document_id = add_pdf(case, contract_id, PAGES)
    item = f"/assessments/{begin(case.as_('officer'), case.engagement_id)}/items/CON-006"
    page = signed_in(app, case)
    before = text(page.get(item))
    assert "契約の文書を見る" in before and "第1条（目的）" not in before
    assert readings(case) == 0
    first = text(page.get(f"{item}?document={document_id}"))
    assert "第1条（目的）" in first and "全3ページの1ページ目" in first
    assert "次のページ" in first and "前のページ" not in first
    second = page.get(f"{item}?document={document_id}&page=２")
    assert "第2条（再委託の制限）" in text(second) and "前のページ" in text(second)
    assert f"{item}?document={document_id}&amp;page=3#preview" in second.get_data(as_text=True)
    assert "第3条（事故の報告）" in text(page.get(f"{item}?document={document_id}&page=99999999999"))
    assert "第1条（目的）" in text(page.get(f"{item}?document={document_id}&page=-3x"))
    assert readings(case) == 1
    assert "/inline" not in first and "<iframe" not in first and "<embed" not in first


def test_the_place_being_read_is_the_one_that_is_recorded_and_stays_open(app: Flask, case: Case) -> None:
    contract_id, _ = contracted(case)
    document_id = add_pdf(case, contract_id, PAGES)
    check = begin(case.as_("officer"), case.engagement_id)
    item = f"/assessments/{check}/items/CON-006"
    page = signed_in(app, case)
    opened = page.get(f"{item}?document={document_id}&page=2").get_data(as_text=True)
    assert f'<option value="{document_id}" selected' in opened.split("preview-document")[0]
    assert 'value="2"' in opened.split("preview-document")[0]
    url = f"{item}/clauses?document={document_id}&page=2"
    assert url.replace("&", "&amp;") in opened
    place = {"document": str(document_id), "page": "2"}
    wrong = page.post(url, {**place, "clause": ""}, page=item)
    assert wrong.status_code == 422 and "第2条（再委託の制限）" in text(wrong)
    assert "条項の番号や見出しを入力してください" in errors(wrong)
    tied = page.post(url, {**place, "clause": "第2条"}, page=item)
    assert tied.status_code == 303 and f"document={document_id}&page=2#clauses" in tied.location
    assert "「第2条」の文字を見る" in text(page.get(item))


def test_what_a_document_says_is_escaped_and_the_original_is_only_downloaded(app: Flask, case: Case) -> None:
    contract_id, _ = contracted(case)
    document_id = add_document(case.as_("officer"), contract_id, SCRIPT.encode(), "a.txt")
    item = f"/assessments/{begin(case.as_('officer'), case.engagement_id)}/items/CON-006"
    shown = signed_in(app, case).get(f"{item}?document={document_id}")
    html = shown.get_data(as_text=True)
    assert "<script>alert" not in html and "&lt;script&gt;alert(1)&lt;/script&gt;{{ 7 * 7 }} &amp; 甲" in html
    version = execute(case.house, "SELECT id FROM evidence_version ORDER BY uploaded_at DESC, id DESC")[0][0]
    original = signed_in(app, case).get(f"/evidence/{UUID(str(version))}")
    assert original.headers["Content-Disposition"].startswith("attachment")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (pdf.document([[]]), "読み取れる文字がありません"),
        (b"%PDF-1.7 broken", "文字を読み取れませんでした"),
    ],
)
def test_a_scan_and_a_broken_file_say_so_and_offer_the_download(
    content: bytes, said: str, app: Flask, case: Case
) -> None:
    contract_id, _ = contracted(case)
    document_id = add_document(case.as_("officer"), contract_id, content, "契約書.pdf")
    item = f"/assessments/{begin(case.as_('officer'), case.engagement_id)}/items/CON-006"
    seen = text(signed_in(app, case).get(f"{item}?document={document_id}"))
    assert said in seen and "元のファイルをダウンロードする" in seen


def test_who_reviews_and_who_decides_read_it_too_and_nobody_reads_what_is_not_there(
    app: Flask, case: Case
) -> None:
    contract_id, document_id = contracted(case)
    paper = add_paper(case.as_("officer"), contract_id)
    check = begin(case.as_("officer"), case.engagement_id)
    clauses.tie(case.as_("officer"), check, "CON-006", Spot(document_id, "第12条", 3))
    item = f"/assessments/{check}/items/CON-006"
    approver = signed_in(app, case, "approver")
    assert "「第12条」の文字を見る" in text(approver.get(item))
    assert "the contract, as it was concluded" in text(approver.get(f"{item}?document={document_id}&page=3"))
    assert "紙の原本だけ" in text(approver.get(f"{item}?document={paper}"))
    for wrong in (str(uuid4()), "x", str(case.assessment_id)):
        assert approver.get(f"{item}?document={wrong}").status_code == 404
    vendor = signed_in(app, case, "vendor_lead")
    assert vendor.get(f"{item}?document={document_id}").status_code == 404

"""A contract's text beside its clauses: who reads it, what the ledger holds of it, and that no byte stays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from audit_portal.domain import limits
from audit_portal.domain.contracts import DocumentForm
from audit_portal.domain.errors import Forbidden, NotFound
from audit_portal.domain.preview import PageText, Unshown
from audit_portal.services.contracts import contract_documents, contracts, document_preview
from audit_portal.services.contracts.document_preview import Preview
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.services.parties import parties
from audit_portal.services.parties.parties import PartyFacts
from audit_portal.services.sample import pdf
from tests.factories.contracts import add_document, add_paper, agreement, begin
from tests.factories.world import work
from tests.services.steps import ON_SQLITE, Case, execute, make_case
from tests.services.test_contract_thread import contracted, selected

PAGES = [["第1条（目的）"], ["第2条（再委託の制限）"]]


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return selected(make_case(house, tmp_path))


def check(case: Case) -> UUID:
    return begin(case.as_("officer"), case.engagement_id)


def entries(case: Case) -> list[tuple[str, str]]:
    """Readings in the ledger: (account, purpose)."""
    rows = execute(case.house, "SELECT account_id, purpose FROM evidence_reading ORDER BY read_at, id")
    told = execute(case.house, "SELECT count(*) FROM ledger_entry WHERE event = 'evidence.read'")
    assert told == [(len(rows),)]
    return [(str(UUID(str(row[0]))), row[1]) for row in rows]


def read(case: Case, check_id: UUID, document_id: UUID, page: int = 1, who: str = "officer") -> Preview:
    return document_preview.read_page(case.as_(who), check_id, document_id, page)


def test_a_page_is_shown_and_its_reading_is_one_entry_of_the_person(case: Case) -> None:
    contract_id, text_id = contracted(case)
    check_id = check(case)
    pdf_id = add_document(
        case.as_("officer"), contract_id, pdf.document(PAGES), "契約書.pdf", DocumentForm.SCAN,
        original_place="本社",
    )  # fmt: skip
    second = read(case, check_id, pdf_id, 2)
    assert second.shown == PageText(2, 2, "第2条（再委託の制限）", False) and second.paged
    assert read(case, check_id, pdf_id, 1).shown == PageText(1, 2, "第1条（目的）", False)
    officer, approver = str(case.everyone.officer), str(case.everyone.approver)
    assert entries(case) == [(officer, "preview")]
    read(case, check_id, pdf_id, who="approver")
    assert entries(case) == [(officer, "preview"), (approver, "preview")]
    plain = read(case, check_id, text_id)
    assert plain.shown == PageText(1, 1, "the contract, as it was concluded", False) and not plain.paged
    case.house.clock.move(seconds=limits.READ_ENTRY_WINDOW + 1)  # type: ignore[attr-defined]
    read(case, check_id, pdf_id)
    assert len(entries(case)) == 4


@ON_SQLITE
def test_the_entry_is_there_before_the_document_is_opened(case: Case) -> None:
    _, document_id = contracted(case)
    check_id = check(case)

    class Broken:
        def __getattr__(self, name: str) -> object:
            raise ConnectionError("the store is away")

    broken = replace(case, house=replace(case.house, store=Broken()))  # type: ignore[arg-type]
    with pytest.raises(ConnectionError):
        read(broken, check_id, document_id)
    assert len(entries(case)) == 1


@ON_SQLITE
def test_what_cannot_be_shown_says_why_and_is_not_read(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    contract_id, document_id = contracted(case)
    check_id = check(case)
    officer = case.as_("officer")
    picture = add_document(officer, contract_id, b"\x89PNG\r\n\x1a\n" + b"\0" * 64, "契約書.png")
    paper = add_paper(officer, contract_id)
    monkeypatch.setattr(limits, "PREVIEW_BYTES", 10)
    assert [read(case, check_id, each).why for each in (picture, paper, document_id)] == [
        Unshown.KIND,
        Unshown.PAPER,
        Unshown.LARGE,
    ]
    assert entries(case) == []


@ON_SQLITE
def test_a_broken_file_is_told_apart_from_a_scan_without_text(case: Case) -> None:
    contract_id, _ = contracted(case)
    check_id = check(case)
    broken = add_document(case.as_("officer"), contract_id, b"%PDF-1.7\nbroken", "a.pdf")
    scan = add_document(case.as_("officer"), contract_id, pdf.document([[]]), "b.pdf")
    assert read(case, check_id, broken).why is Unshown.UNREADABLE
    assert read(case, check_id, scan).shown == PageText(1, 1, "", False)


def test_documents_of_another_vendor_or_engagement_are_not_found(case: Case) -> None:
    officer = case.as_("officer")
    _, own = contracted(case)
    check_id = check(case)
    other = parties.register(officer, PartyFacts(name="別の委託先株式会社", kana="ベツノイタクサキ"))
    elsewhere = engagements.register(officer, other, work("別の業務"))
    foreign = add_document(officer, contracts.register(officer, elsewhere, agreement(case.house)))
    for document_id in (foreign, uuid4()):
        with pytest.raises(NotFound):
            read(case, check_id, document_id)
    with pytest.raises(NotFound):
        read(case, case.assessment_id, own)  # a selection check has no clauses
    assert entries(case) == []


def test_who_may_not_see_the_check_or_the_document_reads_nothing(case: Case) -> None:
    _, document_id = contracted(case)
    check_id = check(case)
    for who, refusal in (("vendor_lead", NotFound), ("vendor_contributor", NotFound), ("admin", Forbidden)):
        with pytest.raises(refusal):
            read(case, check_id, document_id, who=who)
    assert entries(case) == []


@ON_SQLITE
def test_a_withdrawn_document_is_still_read_where_a_clause_stood_on_it(case: Case) -> None:
    contract_id, document_id = contracted(case)
    check_id = check(case)
    contract_documents.withdraw(case.as_("officer"), contract_id, document_id, "別の契約書だった")
    assert read(case, check_id, document_id).shown is not None


@ON_SQLITE
def test_nothing_of_the_document_stays_in_the_clear(case: Case, tmp_path: Path) -> None:
    secret = "第99条（秘密のしるし）"
    contract_id, _ = contracted(case)
    check_id = check(case)
    made = add_document(case.as_("officer"), contract_id, secret.encode(), "契約書.txt")
    shown = read(case, check_id, made).shown
    assert shown is not None and shown.text == secret
    held = [path for path in tmp_path.rglob("*") if path.is_file() and secret.encode() in path.read_bytes()]
    assert held == []

"""Contracts are records of their own: who may write and see them, what is refused, what their documents keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import Role, system
from audit_portal.domain.contracts import ContractKind, DocumentForm, SignatureState, Standing
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.services import jobs
from audit_portal.services.contracts import contract_documents, contract_views, contracts
from audit_portal.services.contracts.contract_documents import DocumentFacts
from audit_portal.services.contracts.contract_views import ContractView
from audit_portal.services.engagements import engagements
from audit_portal.services.evidence import evidence_reading, vault_check
from audit_portal.services.house import Context, House
from tests.adapters.signing_house import House as SigningHouse
from tests.adapters.signing_house import stages
from tests.factories.contracts import CONTENT, add_document, add_paper, agreement
from tests.factories.house import People, account, context, people, vendor
from tests.factories.world import work
from tests.services.steps import ON_SQLITE


@dataclass(frozen=True)
class Desk:
    house: House
    everyone: People
    engagement_id: UUID
    contract_id: UUID

    def as_(self, who: str) -> Context:
        return context(self.house, getattr(self.everyone, who))

    def view(self, who: str = "officer") -> ContractView:
        return contract_views.get_contract(self.as_(who), self.contract_id)


@pytest.fixture
def desk(house: House) -> Desk:
    everyone = people(house)
    officer = context(house, everyone.officer)
    engagement_id = engagements.register(officer, everyone.vendor_id, work())
    contract_id = contracts.register(officer, engagement_id, agreement(house))
    return Desk(house, everyone, engagement_id, contract_id)


def test_a_contract_says_how_it_stands_and_until_when_to_act(desk: Desk) -> None:
    head = desk.view().head
    today = desk.house.today()
    assert (head.standing, head.number) == (Standing.RUNNING, "C-2026-0001")
    assert head.deadline is not None and head.deadline.notice
    assert today < head.deadline.on <= today + timedelta(days=90)
    soon = contract_views.due_soon(desk.as_("officer")).items
    assert [each.id for each in soon] == [desk.contract_id]
    events = {each.event for each in engagements.timeline(desk.as_("officer"), desk.engagement_id)}
    assert {"contract.registered", "contract.tied"} <= events


@ON_SQLITE
def test_a_passed_deadline_moves_on_by_the_worker_and_counts_right_before_it(desk: Desk) -> None:
    desk.house.clock.move(days=80)  # type: ignore[attr-defined]
    assert contract_views.due_soon(desk.as_("officer")).items == ()  # missed: it renews itself
    assert contracts.move_deadlines_on(desk.house) == 1
    assert contracts.move_deadlines_on(desk.house) == 0


@ON_SQLITE
@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ends_on": None, "renewal_months": 12, "notice_months": 0}, "renewal_needs_end"),
        ({"notice_months": 100}, "notice_longer_than_term"),
        ({"kind": ContractKind.AMENDMENT}, "amendment_needs_parent"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(
    desk: Desk, more: dict[str, object], code: str
) -> None:
    with pytest.raises(Invalid, match=code):
        contracts.register(desk.as_("officer"), desk.engagement_id, agreement(desk.house, **more))
    assert len(contract_views.listed(desk.as_("officer")).items) == 1


@ON_SQLITE
def test_an_amendment_hangs_on_its_contract_and_never_in_a_circle_or_on_others(desk: Desk) -> None:
    officer = desk.as_("officer")
    facts = agreement(desk.house, kind=ContractKind.AMENDMENT, parent_id=desk.contract_id)
    amendment = contracts.register(officer, desk.engagement_id, facts)
    assert [each.id for each in desk.view().children] == [amendment]
    back = agreement(desk.house, kind=ContractKind.MEMORANDUM, parent_id=amendment)
    with pytest.raises(Invalid, match="parent_in_circle"):
        contracts.change(officer, desk.contract_id, desk.view().version, back)
    other = vendor(desk.house, desk.everyone.officer, "別の会社", "ベツノカイシャ")
    theirs = engagements.register(officer, other, work("別の業務"))
    with pytest.raises(Invalid, match="parent_of_others"):
        contracts.register(officer, theirs, facts)
    with pytest.raises(Invalid, match="contract_of_others"):
        contracts.tie(officer, desk.contract_id, theirs, desk.house.today())


@ON_SQLITE
def test_one_contract_serves_several_engagements_and_each_from_when_to_when(desk: Desk) -> None:
    officer, today = desk.as_("officer"), desk.house.today()
    second = engagements.register(officer, desk.everyone.vendor_id, work("発送"))
    contracts.tie(officer, desk.contract_id, second, today)
    with pytest.raises(Conflict, match="contract_tied"):
        contracts.tie(officer, desk.contract_id, second, today)
    with pytest.raises(Invalid, match="tie_ends_before_start"):
        contracts.untie(officer, desk.contract_id, second, today - timedelta(days=1))
    contracts.untie(officer, desk.contract_id, second, today)
    assert [each.valid_to for each in desk.view().serves] == [None, today]


@ON_SQLITE
def test_an_end_needs_a_reason_and_can_be_taken_back(desk: Desk) -> None:
    officer, today = desk.as_("officer"), desk.house.today()
    with pytest.raises(Invalid, match="contract_end_needs_reason"):
        contracts.end(officer, desk.contract_id, desk.view().version, today, " ")
    with pytest.raises(Invalid, match="contract_ended_before_start"):
        contracts.end(officer, desk.contract_id, desk.view().version, today - timedelta(days=999), "x")
    contracts.end(officer, desk.contract_id, desk.view().version, today - timedelta(days=1), "解約した。")
    assert desk.view().head.standing is Standing.OVER
    with pytest.raises(Conflict, match="changed_meanwhile"):
        contracts.end(officer, desk.contract_id, 1, today, "古い画面")
    contracts.end(officer, desk.contract_id, desk.view().version, None, "間違いだった。")
    assert desk.view().head.standing is Standing.RUNNING


def test_only_people_of_its_engagements_see_a_contract_and_only_officers_write(desk: Desk) -> None:
    stranger = account(
        desk.house, vendor(desk.house, desk.everyone.officer, "他社", "タシャ"), Role.VENDOR_LEAD
    )
    with pytest.raises(NotFound):
        contract_views.get_contract(context(desk.house, stranger), desk.contract_id)
    with pytest.raises(NotFound):
        desk.view("owner")  # not assigned
    with pytest.raises(Forbidden):
        desk.view("admin")
    for who in ("approver", "owner", "auditor", "vendor_lead"):
        with pytest.raises(Forbidden):
            contracts.register(desk.as_(who), desk.engagement_id, agreement(desk.house))
    engagements.assign(desk.as_("officer"), desk.engagement_id, desk.everyone.owner)
    assert desk.view("owner").head.id == desk.contract_id


def test_the_vendor_sees_and_reads_only_what_is_shared(desk: Desk) -> None:
    officer, lead = desk.as_("officer"), desk.as_("vendor_lead")
    document_id = add_document(officer, desk.contract_id)
    add_paper(officer, desk.contract_id)
    version_id = next(each.version_id for each in desk.view().documents if each.id == document_id)
    assert version_id is not None
    assert desk.view("vendor_lead").documents == ()
    with pytest.raises(NotFound):
        evidence_reading.open_download(lead, version_id)
    contract_documents.share(officer, desk.contract_id, document_id, True)
    (shown,) = desk.view("vendor_lead").documents
    assert (shown.id, shown.added_by, desk.view("vendor_lead").governing_note) == (document_id, "", "")
    evidence_reading.open_download(lead, version_id)
    contributor = desk.as_("vendor_contributor")
    with pytest.raises(NotFound):
        evidence_reading.open_download(contributor, version_id)
    contract_documents.withdraw(officer, desk.contract_id, document_id, "違う契約だった。")
    with pytest.raises(NotFound):
        evidence_reading.open_download(lead, version_id)


def test_a_document_stays_byte_for_byte_and_the_vault_knows_it(desk: Desk) -> None:
    officer = desk.as_("officer")
    add_document(officer, desk.contract_id)
    (found,) = desk.view().documents
    assert found.version_id is not None
    download = evidence_reading.open_download(officer, found.version_id)
    assert b"".join(evidence_reading.pieces(desk.house, download)) == CONTENT
    assert vault_check.verify(desk.house).ok


@ON_SQLITE
def test_the_signatures_of_an_electronic_contract_are_read_by_the_worker(desk: Desk, tmp_path: Path) -> None:
    signed = stages(SigningHouse(tmp_path / "signing")).final
    add_document(desk.as_("officer"), desk.contract_id, signed, "契約.pdf", DocumentForm.ELECTRONIC)
    assert desk.view().documents[0].signature_state is SignatureState.PENDING
    jobs.run_due(desk.house)
    (found,) = desk.view().documents
    assert (found.signature_state, found.sound, len(found.signatures)) == (SignatureState.CHECKED, True, 3)
    contract_documents.check_signatures(desk.house, {"document_id": str(found.id)})  # run twice: nothing new
    broken = b"%PDF-1.7\n" + b"no pdf\n" * 50
    add_document(desk.as_("officer"), desk.contract_id, broken, "壊れた.pdf", DocumentForm.ELECTRONIC)
    jobs.run_due(desk.house)
    assert desk.view().documents[0].signature_state is SignatureState.UNREADABLE


@ON_SQLITE
def test_a_copy_of_paper_says_where_the_original_is(desk: Desk) -> None:
    officer = desk.as_("officer")
    with pytest.raises(Invalid, match="original_place_needed"):
        contract_documents.record_paper(officer, desk.contract_id, DocumentFacts("原本", DocumentForm.PAPER))
    with pytest.raises(Invalid, match="original_place_needed"):
        add_document(officer, desk.contract_id, form=DocumentForm.SCAN)
    add_paper(officer, desk.contract_id)
    (found,) = desk.view().documents
    assert (found.version_id, found.original_keeper) == (None, "管理 花子")
    with desk.house.db.read(system("tests")) as tx:
        assert contracts.contracts.documents(tx, (desk.contract_id,))[desk.contract_id][0].evidence_id is None

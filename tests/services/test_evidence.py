"""Evidence as a service: whose it is, what is refused, what a failing transaction leaves behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from audit_portal.domain.access import Level, Role, system
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.domain.events.engagements import PersonAssigned
from audit_portal.services.assessments import answers, assessment_view, reviews
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.evidence import evidence, evidence_reading, vault_check
from audit_portal.services.evidence.evidence import Place, Upload
from audit_portal.services.house import Context, House
from audit_portal.storage import assessments as stored
from audit_portal.storage import get
from audit_portal.storage.tables.assessments import Answer, Evidence, EvidenceVersion
from audit_portal.storage.tables.supervision import Engagement, Reach
from audit_portal.storage.transaction import Database
from tests.factories.house import account, context, vendor
from tests.factories.world import CONTENT, attach, submit
from tests.web.desk import Desk, make_desk

GOOD = Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT, "記録を見ました。")


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    return make_desk(house, tmp_path)


def lead(desk: Desk) -> Context:
    return context(desk.house, desk.everyone.vendor_lead)


def test_what_was_uploaded_is_read_again_and_sealed_at_rest(desk: Desk) -> None:
    version_id = attach(lead(desk), desk.assessment_id, desk.vendor_item)
    found = evidence_reading.open_download(lead(desk), version_id)
    assert b"".join(evidence_reading.pieces(desk.house, found)) == CONTENT
    with desk.house.store.open(found.at.store_key) as stream:
        assert CONTENT.strip() not in stream.read()


def test_an_upload_left_alone_leaves_nothing(desk: Desk) -> None:
    with Upload(lead(desk), Place(desk.assessment_id, desk.vendor_item), "a.txt", None) as upload:
        upload.write(b"half of it")
    assert desk.nothing_stored()


@pytest.mark.parametrize("content", [b"short", b"longer than promised"])
def test_another_length_than_promised_is_refused(desk: Desk, content: bytes) -> None:
    upload = Upload(lead(desk), Place(desk.assessment_id, desk.vendor_item), "a.txt", 10)
    with upload, pytest.raises(Invalid, match="upload_incomplete"):
        upload.write(content)
        upload.finish()
    assert desk.nothing_stored()


def test_an_answer_handed_in_meanwhile_takes_no_file_and_no_object_stays(desk: Desk) -> None:
    vendor_ctx = lead(desk)
    upload = Upload(vendor_ctx, Place(desk.assessment_id, desk.vendor_item), "a.txt", None)
    upload.write(CONTENT)
    _answer_everything(vendor_ctx, desk)
    before = len(desk.objects())
    submit(vendor_ctx, desk.assessment_id)
    with pytest.raises(Conflict):
        upload.finish()
    assert len(desk.objects()) == before
    with pytest.raises(Conflict):
        Upload(vendor_ctx, Place(desk.assessment_id, desk.vendor_item), "a.txt", None)


def _answer_everything(ctx: Context, desk: Desk) -> None:
    for item in assessment_view.get_assessment(ctx, desk.assessment_id).mine:
        answers.save(ctx, desk.assessment_id, item.code, Written(AnswerValue.YES, "はい。"), item.version)
        if item.evidence_needed:
            attach(ctx, desk.assessment_id, item.code)
    for item in assessment_view.get_assessment(ctx, desk.assessment_id).todo:
        answers.save(ctx, desk.assessment_id, item.code, Written(AnswerValue.YES, "はい。"), item.version)


def test_a_commit_of_unknown_outcome_keeps_its_object(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """The row may be there: an orphan is named by the check, a row without its object would be a loss."""
    upload = Upload(lead(desk), Place(desk.assessment_id, desk.vendor_item), "a.txt", None)
    upload.write(CONTENT)
    real = Database.begin

    @contextmanager
    def lost(self: Database, *args: object) -> Iterator[object]:
        with real(self, *args) as tx:  # type: ignore[arg-type]
            yield tx
        raise ConnectionError("gone after the commit")

    monkeypatch.setattr(Database, "begin", lost)
    with pytest.raises(ConnectionError):
        upload.finish()
    monkeypatch.undo()
    (version,) = desk.versions()
    found = evidence_reading.open_download(lead(desk), version.id)
    assert b"".join(evidence_reading.pieces(desk.house, found)) == CONTENT


def test_evidence_belongs_to_the_side_that_answers_the_item(desk: Desk) -> None:
    officer = context(desk.house, desk.everyone.officer)
    by_client = attach(officer, desk.assessment_id, desk.client_item)
    by_vendor = attach(lead(desk), desk.assessment_id, desk.vendor_item)
    with desk.house.db.read(system("tests")) as tx:
        owners = {version.id: row.party_id for version, row in (_found(tx, by_client), _found(tx, by_vendor))}
    assert owners == {by_client: desk.everyone.client_id, by_vendor: desk.everyone.vendor_id}


def _found(tx: Any, version_id: UUID) -> tuple[EvidenceVersion, Evidence]:
    found = stored.version(tx, version_id)
    assert found is not None
    return found


def test_a_contributor_reads_what_stands_on_items_delegated_to_them(desk: Desk) -> None:
    version_id = attach(lead(desk), desk.assessment_id, desk.vendor_item)
    contributor = context(desk.house, desk.everyone.vendor_contributor)
    with pytest.raises(NotFound):
        evidence_reading.open_download(contributor, version_id)
    _delegate(desk)
    assert evidence_reading.open_download(contributor, version_id).name == "確認資料.txt"


def _delegate(desk: Desk) -> None:
    with desk.house.db.begin(system("tests")) as tx:
        answer, _ = stored.answer_of(tx, desk.assessment_id, desk.vendor_item) or (None, None)
        assert isinstance(answer, Answer)
        answer.delegate_id = desk.everyone.vendor_contributor


def test_a_granted_vendor_above_reads_its_subcontractors_evidence(desk: Desk) -> None:
    version_id = attach(lead(desk), desk.assessment_id, desk.vendor_item)
    above = vendor(desk.house, desk.everyone.officer, "上位株式会社", "ジョウイ")
    reader = context(desk.house, account(desk.house, above, Role.VENDOR_LEAD))
    with pytest.raises(NotFound):
        evidence_reading.open_download(reader, version_id)
    with desk.house.db.begin(system("tests")) as tx:
        work = get.one(tx, Engagement, desk.engagement_id)
        tx.add(Reach(engagement_id=work.id, subject_id=above, level=Level.GRANTED))
        tx.record(PersonAssigned(engagement_id=work.id, account_id=reader.actor.person, role="owner"))
    assert evidence_reading.open_download(reader, version_id).size == len(CONTENT)


def test_the_approver_and_the_system_do_not_upload(desk: Desk) -> None:
    place = Place(desk.assessment_id, desk.client_item)
    with pytest.raises(Forbidden):
        Upload(context(desk.house, desk.everyone.approver), place, "a.txt", None)


def test_detaching_needs_the_file_to_be_on_that_answer(desk: Desk) -> None:
    officer = context(desk.house, desk.everyone.officer)
    of_client = attach(officer, desk.assessment_id, desk.client_item)
    with pytest.raises(NotFound):
        evidence.detach(lead(desk), desk.assessment_id, desk.vendor_item, of_client)
    evidence.detach(officer, desk.assessment_id, desk.client_item, of_client)
    with pytest.raises(NotFound):
        evidence.detach(officer, desk.assessment_id, desk.client_item, of_client)


@pytest.mark.parametrize("taken_off", [False, True])
def test_who_brought_or_took_off_a_file_does_not_review_the_answer(desk: Desk, taken_off: bool) -> None:
    officer = context(desk.house, desk.everyone.officer)
    one, two = (
        context(desk.house, account(desk.house, desk.everyone.client_id, Role.OFFICER)) for _ in range(2)
    )
    _answer_everything(lead(desk), desk)
    submit(lead(desk), desk.assessment_id)
    brought = attach(one, desk.assessment_id, desk.client_item)
    if taken_off:
        evidence.detach(two, desk.assessment_id, desk.client_item, brought)
    item = assessment_view.get_assessment(officer, desk.assessment_id).item(desk.client_item)
    attach(officer, desk.assessment_id, desk.client_item)
    answers.save(officer, desk.assessment_id, item.code, Written(AnswerValue.YES, "はい。"), None)
    for each in (one, two) if taken_off else (one,):
        seen = assessment_view.get_assessment(each, desk.assessment_id).item(item.code)
        assert seen.own_answer and not seen.reviewable
        with pytest.raises(Forbidden, match="own_answer"):
            reviews.review_item(each, desk.assessment_id, item.code, GOOD, None)
    if not taken_off:
        reviews.review_item(two, desk.assessment_id, item.code, GOOD, None)


def test_the_check_of_all_objects_finds_a_damaged_one(desk: Desk) -> None:
    attach(lead(desk), desk.assessment_id, desk.vendor_item)
    assert vault_check.verify(desk.house).ok
    folder = Path(desk.house.settings.evidence_url.removeprefix("file:"))
    (path,) = (each for each in folder.rglob("*") if each.is_file())
    sealed = bytearray(path.read_bytes())
    sealed[70] ^= 1
    path.write_bytes(sealed)
    assert not vault_check.verify(desk.house).ok

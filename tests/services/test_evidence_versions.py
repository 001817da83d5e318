"""Evidence in versions: replaced by who may write the answer, the older one kept and readable."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import Role, system
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Conflict, Forbidden, NotFound
from audit_portal.services import backup, history_check
from audit_portal.services.assessments import answers, assessment_view
from audit_portal.services.assessments.answers import Written
from audit_portal.services.evidence import evidence, evidence_reading, vault_check
from audit_portal.services.evidence.evidence import Place, Upload
from audit_portal.services.house import Context, House
from audit_portal.services.reports import report_content, reports
from audit_portal.storage import assessments as stored
from audit_portal.storage import get
from audit_portal.storage.tables.assessments import Evidence, SignedReport
from tests.factories.house import account, context, vendor
from tests.factories.world import CONTENT, answer_all, attach, review_all, submit
from tests.services.steps import ON_SQLITE, VENDOR_ITEM, Case, at_once, execute, make_case

NEWER = b"the newer version\n"


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def replace(
    ctx: Context, case: Case, version_id: UUID, content: bytes = NEWER, item: str = VENDOR_ITEM
) -> UUID:
    with Upload(
        ctx, Place(case.assessment_id, item, replaces=version_id), "新しい版.txt", len(content)
    ) as upload:
        upload.write(content)
        return upload.finish()


def read(ctx: Context, version_id: UUID) -> bytes:
    return b"".join(evidence_reading.pieces(ctx.house, evidence_reading.open_download(ctx, version_id)))


def shown(case: Case, who: str = "vendor_lead") -> tuple[evidence_reading.Attached, ...]:
    return evidence_reading.attached(case.as_(who), case.assessment_id, VENDOR_ITEM)


def test_the_answer_stands_on_the_newer_version_and_the_older_stays_readable(case: Case) -> None:
    lead = case.as_("vendor_lead")
    first = attach(lead, case.assessment_id, VENDOR_ITEM)
    second = replace(lead, case, first)
    third = replace(lead, case, second, b"and once more\n")
    (found,) = shown(case)
    assert (found.now.id, found.now.version) == (third, 3)
    assert [(each.id, each.version) for each in found.others] == [(second, 2), (first, 1)]
    assert found.now.uploaded_by == lead.actor.name
    assert found.others[1].sha256 == hashlib.sha256(CONTENT).hexdigest()
    for reader in (lead, case.as_("officer")):
        assert [read(reader, each) for each in (first, second, third)] == [CONTENT, NEWER, b"and once more\n"]
    assert [each.version_id for each in case.item(VENDOR_ITEM).evidence] == [third]
    with case.house.db.read(system("tests")) as tx:
        version, row = stored.version(tx, third) or (None, None)
        assert row and version and (row.latest, row.number) == (3, found.number)


def test_the_ledger_says_each_version_and_what_took_whose_place(case: Case) -> None:
    lead = case.as_("vendor_lead")
    replace(lead, case, attach(lead, case.assessment_id, VENDOR_ITEM))
    rows = execute(case.house, "SELECT body FROM ledger_entry WHERE event LIKE 'evidence.%' ORDER BY seq")
    bodies = [json.loads(bytes(body)) for (body,) in rows]
    added = [each["facts"]["version"] for each in bodies if each["event"] == "evidence.added"]
    assert added == [1, 2]
    (replaced,) = [each["facts"] for each in bodies if each["event"] == "evidence.replaced"]
    assert (replaced["before"], replaced["after"], replaced["item"]) == (1, 2, VENDOR_ITEM)
    assert history_check.verify(case.house) == ()


def test_of_two_who_replace_at_once_one_wins(case: Case) -> None:
    lead = case.as_("vendor_lead")
    first = attach(lead, case.assessment_id, VENDOR_ITEM)
    other = context(case.house, account(case.house, case.everyone.vendor_id, Role.VENDOR_LEAD))
    results = at_once(*[lambda ctx=ctx: replace(ctx, case, first) for ctx in (lead, other)])
    lost = [each for each in results if isinstance(each, Conflict)]
    assert len(lost) == 1 and lost[0].code == "evidence_replaced_meanwhile", results
    (found,) = shown(case)
    assert (found.now.version, len(found.others)) == (2, 1)
    assert vault_check.verify(case.house).ok, "the loser's object is gone"


def test_an_upload_overtaken_while_it_streamed_is_refused_and_leaves_nothing(case: Case) -> None:
    lead = case.as_("vendor_lead")
    first = attach(lead, case.assessment_id, VENDOR_ITEM)
    slow = Upload(lead, Place(case.assessment_id, VENDOR_ITEM, replaces=first), "a.txt", None)
    slow.write(NEWER)
    replace(lead, case, first)
    with pytest.raises(Conflict, match="evidence_replaced_meanwhile"):
        slow.finish()
    assert len(list(case.house.store.keys())) == 2
    with pytest.raises(Conflict, match="evidence_replaced_meanwhile"):
        replace(lead, case, first)


def test_two_versions_of_one_number_cannot_be_stored(case: Case) -> None:
    lead = case.as_("vendor_lead")
    first = attach(lead, case.assessment_id, VENDOR_ITEM)
    upload = Upload(lead, Place(case.assessment_id, VENDOR_ITEM, replaces=first), "a.txt", None)
    upload.write(NEWER)
    second = replace(lead, case, first)
    # As if nothing but the constraint stood between the two: the row says the first still counts.
    execute(case.house, "UPDATE evidence SET latest = 1")
    execute(case.house, "UPDATE evidence_use SET evidence_version_id = "
            "(SELECT id FROM evidence_version WHERE number = 1)")  # fmt: skip
    with pytest.raises(Conflict):
        upload.finish()
    assert len(list(case.house.store.keys())) == 2
    assert read(lead, second) == NEWER


@ON_SQLITE
def test_a_file_of_another_answer_is_not_found(case: Case) -> None:
    lead, officer = case.as_("vendor_lead"), case.as_("officer")
    first = attach(lead, case.assessment_id, VENDOR_ITEM)
    items = [each.code for each in case.view("vendor_lead").mine if each.code != VENDOR_ITEM]
    with pytest.raises(NotFound):
        replace(lead, case, first, item=items[0])
    client_item = case.view("officer").mine[0].code
    with pytest.raises(NotFound):
        replace(officer, case, first, item=client_item)
    with pytest.raises(NotFound):
        replace(officer, case, first)  # the vendor's answer isn't the officer's to write
    with pytest.raises(NotFound):
        replace(lead, case, UUID(int=0))
    evidence.detach(lead, case.assessment_id, VENDOR_ITEM, first)
    with pytest.raises(NotFound):
        replace(lead, case, first)


@ON_SQLITE
def test_only_who_may_write_the_answer_replaces(case: Case) -> None:
    first = attach(case.as_("vendor_lead"), case.assessment_id, VENDOR_ITEM)
    for who in ("approver", "auditor", "admin"):
        with pytest.raises(Forbidden):
            replace(case.as_(who), case, first)
    with pytest.raises(NotFound):  # not delegated to them
        replace(case.as_("vendor_contributor"), case, first)
    other = vendor(case.house, case.everyone.officer, "別の会社", "ベツノカイシャ")
    stranger = context(case.house, account(case.house, other, Role.VENDOR_LEAD))
    for attempt in (lambda: replace(stranger, case, first), lambda: read(stranger, first)):
        with pytest.raises(NotFound):
            attempt()
    with pytest.raises(NotFound):
        evidence_reading.attached(stranger, case.assessment_id, VENDOR_ITEM)


@ON_SQLITE
def test_a_closed_answer_keeps_its_version_until_it_is_returned(case: Case) -> None:
    lead = case.as_("vendor_lead")
    first = attach(lead, case.assessment_id, VENDOR_ITEM)
    case.submitted()
    with pytest.raises(Conflict):
        replace(lead, case, first)
    with pytest.raises(Conflict):
        evidence.replaceable(lead, case.assessment_id, VENDOR_ITEM, first)
    case.give_back(VENDOR_ITEM)
    assert evidence.replaceable(lead, case.assessment_id, VENDOR_ITEM, first) == "確認資料.txt"
    replace(lead, case, first)


@ON_SQLITE
def test_a_replacement_needs_no_room_among_the_files(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    lead = case.as_("vendor_lead")
    monkeypatch.setattr("audit_portal.domain.limits.EVIDENCE_PER_ANSWER", 1)
    first = attach(lead, case.assessment_id, VENDOR_ITEM)
    replace(lead, case, first)
    with pytest.raises(Conflict, match="too_many_files"):
        attach(lead, case.assessment_id, VENDOR_ITEM)


@ON_SQLITE
def test_a_clients_file_replaced_under_review_makes_the_answer_new(case: Case) -> None:
    officer = case.as_("officer")
    case.submitted()
    item = case.view().mine[0].code
    first = attach(officer, case.assessment_id, item)
    answers.save(officer, case.assessment_id, item, Written(AnswerValue.YES, "はい。"), None)
    before = case.item(item).version
    third = context(case.house, account(case.house, case.everyone.client_id, Role.OFFICER))
    replace(third, case, first, item=item)
    seen = assessment_view.get_assessment(third, case.assessment_id).item(item)
    assert seen.version > before and seen.own_answer and not seen.reviewable


@ON_SQLITE
def test_a_contributor_reads_older_versions_of_what_is_delegated_to_them(case: Case) -> None:
    lead, contributor = case.as_("vendor_lead"), case.as_("vendor_contributor")
    first = attach(lead, case.assessment_id, VENDOR_ITEM)
    second = replace(lead, case, first)
    execute(
        case.house,
        "UPDATE answer SET delegate_id = :who WHERE item = :item",
        who=case.everyone.vendor_contributor.hex,
        item=VENDOR_ITEM,
    )
    assert (read(contributor, first), read(contributor, second)) == (CONTENT, NEWER)
    assert len(shown(case, "vendor_contributor")[0].others) == 1


def test_checks_backup_and_report_hold_with_two_versions(case: Case, tmp_path: Path) -> None:
    lead = case.as_("vendor_lead")
    first = attach(lead, case.assessment_id, VENDOR_ITEM)
    second = replace(lead, case, first)
    answer_all(lead, case.assessment_id)
    submit(lead, case.assessment_id)
    answer_all(case.as_("officer"), case.assessment_id)
    review_all(case.as_("second"), case.assessment_id)
    found = vault_check.verify(case.house)
    assert found.ok and found.objects == len(list(case.house.store.keys()))
    report_id = reports.create(case.as_("officer"), case.assessment_id, "ja")
    with case.house.db.read(system("tests")) as tx:
        row = get.one(tx, SignedReport, report_id)
    made = report_content.build(case.house, row)
    (item,) = [each for section in made.sections for each in section.items if each.code == VENDOR_ITEM]
    told = [(each.version, each.sha256) for each in item.evidence]
    assert (2, hashlib.sha256(NEWER).hexdigest()) in told
    assert (1, hashlib.sha256(CONTENT).hexdigest()) not in told[:1]
    assert backup.backup(case.house, tmp_path / "copy").objects >= found.objects
    with case.house.db.read(system("tests")) as tx:
        keys = {version.store_key for version in stored.all_versions(tx) if version.id in (first, second)}
    assert len(keys) == 2 and all((tmp_path / "copy" / "objects" / key).is_file() for key in keys)
    assert get_latest(case, first) == 2


def get_latest(case: Case, version_id: UUID) -> int:
    with case.house.db.read(system("tests")) as tx:
        found = stored.version(tx, version_id)
        assert found is not None
        evidence_row: Evidence = found[1]
        return evidence_row.latest

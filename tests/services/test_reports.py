"""Reports from the order to two signatures, and everything that must stop them."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest
import sqlalchemy as sa

from audit_portal.domain.access import Role, system
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, Refused
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER, Verdict
from audit_portal.domain.report.state import ReportState
from audit_portal.services import checkpoints, jobs
from audit_portal.services.accounts import signing_keys
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.services.reports import report_making, reports
from audit_portal.storage import assessments, ledger
from tests.factories.house import account, context
from tests.services.signing import PASSPHRASE, Bench, make_bench
from tests.services.steps import ON_SQLITE


@pytest.fixture
def bench(house: House, tmp_path: Path) -> Bench:
    return make_bench(house, tmp_path)


def test_two_signatures_make_a_valid_report(bench: Bench) -> None:
    assert bench.view().state is ReportState.AWAITING_AUDITOR
    bench.certified()
    assert bench.view().state is ReportState.AWAITING_OFFICER
    assert reports.verify(bench.house, bench.pdf()).verdict is Verdict.INCOMPLETE
    bench.countersigned()
    assert bench.view().state is ReportState.FINAL
    found = reports.verify(bench.house, bench.pdf())
    assert (found.verdict, found.problems) == (Verdict.VALID, ())
    assert [(each.field, each.account_id) for each in found.signatures] == [
        (FIELD_AUDITOR, str(bench.everyone.auditor)),
        (FIELD_OFFICER, str(bench.everyone.officer)),
    ]
    assert found.number == bench.view().number


@ON_SQLITE
def test_many_reports_of_an_engagement_are_read_in_no_more_transactions_than_one(bench: Bench) -> None:
    officer, view = context(bench.house, bench.everyone.officer), bench.view()
    other = replace(bench, report_id=reports.create(officer, view.assessment_id, "en"))
    jobs.run_due(bench.house)
    for each in (bench, other):
        each.certified()
    begun: list[int] = []
    sa.event.listen(bench.house.db.engine, "begin", lambda _: begun.append(1))
    found = reports.of_engagement(officer, view.engagement_id)
    assert [len(each.signatures) for each in found] == [1, 1]
    assert len(begun) == 2, "one for the reports, one for the names"


def test_a_changed_byte_of_a_finished_report_is_noticed(bench: Bench) -> None:
    bench.certified()
    bench.countersigned()
    pdf = bytearray(bench.pdf())
    pdf[len(pdf) // 3] ^= 1
    assert reports.verify(bench.house, bytes(pdf)).verdict is Verdict.CHANGED
    assert reports.verify(bench.house, bytes(pdf) + b"\n").verdict is not Verdict.VALID


def test_a_wrong_passphrase_changes_nothing(bench: Bench) -> None:
    before = bench.view()
    with pytest.raises(Invalid, match="passphrase_wrong"):
        bench.sign(bench.everyone.auditor, FIELD_AUDITOR, "another long passphrase")
    assert bench.view() == before
    bench.sign(bench.everyone.auditor, FIELD_AUDITOR)


def test_each_field_needs_its_role(bench: Bench) -> None:
    with pytest.raises(Forbidden):
        bench.sign(bench.everyone.officer, FIELD_AUDITOR)
    bench.certified()
    with pytest.raises(Forbidden):
        bench.sign(bench.everyone.auditor, FIELD_OFFICER)


def test_the_officer_cannot_sign_before_the_auditor(bench: Bench) -> None:
    with pytest.raises(Conflict, match="report_not_awaiting"):
        bench.sign(bench.everyone.officer, FIELD_OFFICER)


def test_an_auditor_who_is_officer_too_cannot_countersign(bench: Bench) -> None:
    both = account(bench.house, bench.everyone.client_id, Role.AUDITOR, Role.OFFICER)
    engagements.assign(context(bench.house, bench.everyone.officer), bench.view().engagement_id, both)
    bench.key(both)
    bench.sign(both, FIELD_AUDITOR)
    jobs.run_due(bench.house)
    before = bench.view()
    with pytest.raises(Forbidden, match="signed_already"):
        bench.sign(both, FIELD_OFFICER)
    assert bench.view() == before


def test_two_people_sign_at_once_and_one_wins(bench: Bench) -> None:
    bench.certified()
    bench.key(bench.second_officer)
    version, told = bench.view().version, []
    together = threading.Barrier(2)

    def sign(person: UUID) -> None:
        together.wait()
        try:
            bench.sign(person, FIELD_OFFICER, version=version)
            told.append("signed")
        except PortalError as error:
            told.append(type(error).__name__)

    people = [
        threading.Thread(target=sign, args=(each,)) for each in (bench.everyone.officer, bench.second_officer)
    ]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert sorted(told) == ["Conflict", "signed"]
    jobs.run_due(bench.house)
    assert len(bench.view().signatures) == 2
    assert reports.verify(bench.house, bench.pdf()).verdict is Verdict.VALID
    assert _sealed_objects(bench) == len(list(bench.house.store.keys())), "the loser's file is gone"


def _sealed_objects(bench: Bench) -> int:
    with bench.house.db.read(system("tests")) as tx:
        return len(assessments.all_report_files(tx)) + len(assessments.all_versions(tx))


def test_a_signature_on_an_old_view_is_refused(bench: Bench) -> None:
    with pytest.raises(Conflict):
        bench.sign(bench.everyone.auditor, FIELD_AUDITOR, version=bench.view().version - 1)


def test_a_revoked_certificate_signs_nothing(bench: Bench) -> None:
    auditor = context(bench.house, bench.everyone.auditor)
    signing_keys.revoke(auditor, signing_keys.mine(auditor)[0].id, "forgotten")
    with pytest.raises(Invalid, match="certificate_needed"):
        bench.sign(bench.everyone.auditor, FIELD_AUDITOR)


def test_a_certificate_revoked_between_look_and_signature_is_refused(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    auditor = context(bench.house, bench.everyone.auditor)
    seen = signing_keys.usable(auditor)
    signing_keys.revoke(auditor, seen[0], "compromised")
    monkeypatch.setattr(signing_keys, "usable", lambda _ctx: seen)
    with pytest.raises(Refused, match="certificate_revoked"):
        bench.sign(bench.everyone.auditor, FIELD_AUDITOR)
    assert bench.view().state is ReportState.AWAITING_AUDITOR


def test_a_signature_stays_valid_after_its_certificate_is_revoked(bench: Bench) -> None:
    bench.certified()
    bench.countersigned()
    auditor = context(bench.house, bench.everyone.auditor)
    signing_keys.revoke(auditor, signing_keys.mine(auditor)[0].id, "superseded")
    assert reports.verify(bench.house, bench.pdf()).verdict is Verdict.VALID


def test_jobs_run_twice_change_nothing_more(bench: Bench) -> None:
    report_making.render(bench.house, {"report_id": str(bench.report_id)})
    bench.certified()
    before = bench.view()
    report_making.seal(bench.house, {"report_id": str(bench.report_id), "field": FIELD_AUDITOR})
    assert bench.view() == before


def test_a_report_is_made_of_a_reviewed_check_in_a_known_language(bench: Bench) -> None:
    officer = context(bench.house, bench.everyone.officer)
    with pytest.raises(Invalid, match="report_language_wrong"):
        reports.create(officer, bench.assessment_id, "fr")
    english = reports.create(officer, bench.assessment_id, "en")
    with pytest.raises(Conflict, match="report_not_rendered"):
        reports.download(officer, english)
    jobs.run_due(bench.house)
    assert reports.download(officer, english)[1].startswith(b"%PDF-")


def test_who_is_not_assigned_does_not_find_the_report(bench: Bench) -> None:
    stranger = context(bench.house, account(bench.house, bench.everyone.client_id, Role.AUDITOR))
    for use in (reports.get_report, reports.download):
        with pytest.raises(NotFound):
            use(stranger, bench.report_id)
    with pytest.raises(NotFound):
        reports.sign(stranger, bench.report_id, FIELD_AUDITOR, PASSPHRASE, bench.view().version)
    with pytest.raises(Forbidden):
        reports.get_report(context(bench.house, bench.everyone.vendor_lead), bench.report_id)


def test_every_download_is_in_the_ledger(bench: Bench) -> None:
    before = _reads(bench)
    bench.pdf()
    assert _reads(bench) == before + 1


def _reads(bench: Bench) -> int:
    with bench.house.db.read(system("tests")) as tx:
        return sum(b'"report.read"' in body for _, body in ledger.positions(tx, bench.view().engagement_id))


def test_the_manifest_proves_its_entries_against_a_checkpoint_of_the_ledger(bench: Bench) -> None:
    bench.certified()
    bench.countersigned()
    found = reports.verify(bench.house, bench.pdf())
    assert found.manifest
    assert found.manifest["ledger"]["proofs"]
    assert checkpoints.verify(bench.house, (found.checkpoint,)).check.ok

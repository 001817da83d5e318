"""Reports that end unfinished: told, kept, and no job left among the dead letters."""

from __future__ import annotations

from pathlib import Path

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.errors import Conflict, Refused
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER
from audit_portal.domain.report.state import ReportState
from audit_portal.services import history_check, jobs
from audit_portal.services.accounts import signing_keys
from audit_portal.services.assessments import assessment_view, reviews, submission
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from audit_portal.services.reports import report_making, reports
from audit_portal.services.reports.reports import ReportView
from tests.factories.house import account, context
from tests.factories.world import submit
from tests.services.signing import Bench, make_bench
from tests.services.steps import ON_SQLITE, execute


@pytest.fixture
def bench(house: House, tmp_path: Path) -> Bench:
    return make_bench(house, tmp_path)


def give_back(bench: Bench) -> None:
    bench.house.clock.move(seconds=1)  # type: ignore[attr-defined]
    officer = context(bench.house, bench.everyone.officer)
    view = assessment_view.get_assessment(officer, bench.assessment_id)
    item = next(each.code for each in view.items if each.answered_by == "vendor")
    submission.give_back(officer, bench.assessment_id, [item], "直してください。", view.head.version)


def left_over(bench: Bench) -> list[str]:
    """Jobs that are neither done nor mail."""
    rows = execute(bench.house, "SELECT kind FROM outbox WHERE state != 'done' AND kind LIKE '%report'")
    return [kind for (kind,) in rows]


def ended(bench: Bench) -> list[tuple[str]]:
    return execute(bench.house, "SELECT event FROM ledger_entry WHERE event = 'report.ended'")


def ordered(bench: Bench, language: str = "en") -> ReportView:
    officer = context(bench.house, bench.everyone.officer)
    return reports.get_report(officer, reports.create(officer, bench.assessment_id, language))


def test_a_return_ends_every_unfinished_report_on_the_check(bench: Bench) -> None:
    officer = context(bench.house, bench.everyone.officer)
    order = ordered(bench)
    give_back(bench)
    jobs.run_due(bench.house)
    assert reports.get_report(officer, order.id).state is ReportState.OUTDATED
    assert bench.view().state is ReportState.OUTDATED
    assert left_over(bench) == [] and len(ended(bench)) == 2
    assert bench.pdf().startswith(b"%PDF-"), "what there was stays"
    assert reports.waiting(context(bench.house, bench.everyone.auditor)) == ()
    with pytest.raises(Conflict, match="report_not_awaiting"):
        bench.sign(bench.everyone.auditor, FIELD_AUDITOR)
    assert history_check.verify(bench.house) == ()


def test_an_order_that_a_return_overtook_ends_in_the_worker(bench: Bench) -> None:
    """As orders from before the upgrade stand: still waiting, though the check went back."""
    order = ordered(bench)
    give_back(bench)
    execute(bench.house, "UPDATE report SET state = 'rendering', version = version + 1 WHERE number = :n",
            n=order.number)  # fmt: skip
    report_making.render(bench.house, {"report_id": str(order.id)})
    officer = context(bench.house, bench.everyone.officer)
    assert reports.get_report(officer, order.id).state is ReportState.OUTDATED
    assert jobs.run_due(bench.house) >= 0 and left_over(bench) == []


@ON_SQLITE
def test_a_finished_report_is_not_touched_by_a_return(bench: Bench) -> None:
    bench.certified()
    bench.countersigned()
    give_back(bench)
    assert bench.view().state is ReportState.FINAL


@ON_SQLITE
def test_after_the_next_review_another_report_is_made(bench: Bench) -> None:
    give_back(bench)
    submit(context(bench.house, bench.everyone.vendor_lead), bench.assessment_id)
    second = context(bench.house, bench.second_officer)
    view = assessment_view.get_assessment(second, bench.assessment_id)
    assert view.unreviewed
    for item in view.unreviewed:
        version = item.review.version if item.review else None
        judgement = Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT, "記録を見ました。")
        reviews.review_item(second, bench.assessment_id, item.code, judgement, version)
    head = assessment_view.get_assessment(second, bench.assessment_id).head
    reviews.finish(second, bench.assessment_id, head.version)
    order = ordered(bench)
    jobs.run_due(bench.house)
    officer = context(bench.house, bench.everyone.officer)
    assert reports.get_report(officer, order.id).state is ReportState.AWAITING_AUDITOR


@pytest.mark.parametrize("field", [FIELD_AUDITOR, FIELD_OFFICER])
def test_a_certificate_revoked_before_the_seal_withdraws_the_report(bench: Bench, field: str) -> None:
    person = bench.everyone.auditor
    if field == FIELD_OFFICER:
        bench.certified()
        person = bench.everyone.officer
    bench.sign(person, field)
    signer = context(bench.house, person)
    signing_keys.revoke(signer, signing_keys.mine(signer)[0].id, "compromised")
    before = bench.pdf()
    jobs.run_due(bench.house)
    assert bench.view().state is ReportState.WITHDRAWN
    assert left_over(bench) == [] and len(ended(bench)) == 1
    assert bench.pdf() == before and bench.view().signatures, "nothing is lost"
    order = ordered(bench, "ja")
    jobs.run_due(bench.house)
    officer = context(bench.house, bench.everyone.officer)
    assert reports.get_report(officer, order.id).state is ReportState.AWAITING_AUDITOR
    jobs.run_due(bench.house)
    assert bench.view().state is ReportState.WITHDRAWN


@ON_SQLITE
@pytest.mark.parametrize("code", ["revocation_list_stale", "certificate_not_yet_valid"])
def test_what_a_later_try_can_mend_is_tried_again(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    bench.sign(bench.everyone.auditor, FIELD_AUDITOR)

    def refuse(*_args: object) -> bytes:
        raise Refused(code)

    monkeypatch.setattr(type(bench.house.signer), "seal", refuse)
    jobs.run_due(bench.house)
    assert bench.view().state is ReportState.SEALING_AUDITOR
    assert left_over(bench) == ["seal_report"]
    monkeypatch.undo()
    bench.house.clock.move(seconds=60)  # type: ignore[attr-defined]
    jobs.run_due(bench.house)
    assert bench.view().state is ReportState.AWAITING_OFFICER


@ON_SQLITE
def test_reports_signed_by_oneself_do_not_crowd_out_the_others(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An auditor who is officer too certified the first; the second is still among what waits for them."""
    monkeypatch.setattr("audit_portal.domain.limits.PAGE", 1)
    both = account(bench.house, bench.everyone.client_id, Role.AUDITOR, Role.OFFICER)
    engagements.assign(context(bench.house, bench.everyone.officer), bench.view().engagement_id, both)
    bench.key(both)
    bench.sign(both, FIELD_AUDITOR)
    order = ordered(bench)
    jobs.run_due(bench.house)
    assert bench.view().state is ReportState.AWAITING_OFFICER and bench.view().number < order.number
    assert [each.id for each in reports.waiting(context(bench.house, both))] == [order.id]

"""Answers entered on behalf of a vendor without an account: by one person, confirmed by another."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from uuid import UUID

import pytest
from jsonschema import Draft202012Validator
from sqlmodel import select

from audit_portal.domain.access import Role
from audit_portal.domain.assessment import AssessmentState, ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnsweredBy, AnswerValue
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, Refused
from audit_portal.domain.evidence_in_use import Refusal, RefusalOffer
from audit_portal.domain.on_behalf import ControlStatus, EntryState, SourceFacts, SourceKind
from audit_portal.domain.report import manifest
from audit_portal.domain.supervision import Gate
from audit_portal.services import jobs
from audit_portal.services.assessments import (
    answers,
    assessment_view,
    behalf_views,
    confirming,
    refusals,
    reviews,
    sources,
    submission,
    transcribing,
    user_controls,
)
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.assessments.sources import SourceOrder
from audit_portal.services.decisions import decision_views, decisions, gates
from audit_portal.services.engagements import engagements
from audit_portal.services.evidence import evidence_reading
from audit_portal.services.house import Context, House
from audit_portal.services.reports import report_content, reports
from audit_portal.storage import get
from audit_portal.storage.tables.assessments import SignedReport
from audit_portal.storage.tables.on_behalf import AnswerSource, BehalfEntry, Transcription, UserControl
from tests.factories import behalf
from tests.factories.house import account, context, mailer
from tests.factories.world import answer_all, attach, review_all, send, submit, work
from tests.services.steps import CLIENT_ITEM, VENDOR_ITEM, Case, at_once, make_case

SCHEMA = json.loads(files("audit_portal.domain.report").joinpath("manifest.schema.json").read_text("utf-8"))
CLOSED = Refusal(RefusalOffer.INSPECTION, "社内の規則で外に出せないとのこと。", "来社すれば見せるとのこと。")
FINE = Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT, "記録を見ました。")


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return behalf.silent_case(house, tmp_path)


@pytest.fixture
def asked_for_files(case: Case) -> Case:
    """Another piece of work of the same vendor, of so many people that files are asked for."""
    officer, vendor_id = case.as_("officer"), case.view().head.vendor_id
    facts = replace(work("申込書の保管"), persons=60_000)
    engagement_id = engagements.register(officer, vendor_id, facts)
    engagements.assign(officer, engagement_id, case.everyone.owner)
    return replace(case, engagement_id=engagement_id, assessment_id=send(officer, engagement_id))


def refused(code: str, kind: type[PortalError], work: object) -> None:
    with pytest.raises(kind) as found:
        work()  # type: ignore[operator]
    assert found.value.code == code


def lead(case: Case) -> UUID:
    """The vendor gets an account after all."""
    return account(case.house, case.view().head.vendor_id, Role.VENDOR_LEAD)


def test_a_check_goes_to_a_vendor_without_an_account_and_no_letter_leaves(case: Case) -> None:
    jobs.run_due(case.house)
    assert mailer(case.house).sent == []
    awaited = behalf_views.waiting(case.as_("officer"))
    assert [(each.assessment_id, each.confirm) for each in awaited] == [(case.assessment_id, False)]
    assert behalf_views.waiting(case.as_("owner")) == ()


def test_transcribed_confirmed_and_reviewed_by_those_who_may(case: Case) -> None:
    officer, second, owner = case.as_("officer"), case.as_("second"), case.as_("owner")
    source_id = behalf.to_confirm(case)
    assert case.state is AssessmentState.IN_PROGRESS
    refused("own_transcription", Forbidden, lambda: behalf.confirm(officer, case.assessment_id))
    assert behalf_views.waiting(officer) == ()
    assert [each.confirm for each in behalf_views.waiting(second)] == [True]
    assert [each.confirm for each in behalf_views.waiting(owner)] == [True]
    assert behalf.confirm(second, case.assessment_id)
    assert case.state is AssessmentState.SUBMITTED
    found = case.item(VENDOR_ITEM).transcribed
    assert found is not None
    assert (found.source_id, found.answerer) == (source_id, "山本 登 製造部 工場長")
    assert (found.document, found.transcriber) == ("回答書.txt", officer.actor.name)
    assert found.confirmer == second.actor.name
    refused(
        "own_answer",
        Forbidden,
        lambda: reviews.review_item(officer, case.assessment_id, VENDOR_ITEM, FINE, None),
    )
    shown = Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT)  # by the paper it was transcribed from
    reviews.review_item(second, case.assessment_id, VENDOR_ITEM, shown, None)  # who confirmed may review


def test_who_only_named_the_source_or_brought_a_file_is_no_second_person_either(case: Case) -> None:
    officer, second, owner = case.as_("officer"), case.as_("second"), case.as_("owner")
    source_id = behalf.add_source(second, case.assessment_id)
    behalf.transcribe_all(officer, case.assessment_id, source_id)
    behalf.ask(officer, case.assessment_id)
    refused("own_transcription", Forbidden, lambda: behalf.confirm(second, case.assessment_id))
    assert behalf.confirm(owner, case.assessment_id)


def test_without_confirmation_nothing_is_handed_in_and_nothing_reviewed(case: Case) -> None:
    officer, second = case.as_("officer"), case.as_("second")
    behalf.to_confirm(case)
    head = case.view().head
    refused(
        "permission_missing", Forbidden, lambda: submission.submit(officer, case.assessment_id, head.version)
    )
    refused(
        "vendor_hands_in", Conflict, lambda: submission.hand_in(officer, case.assessment_id, head.version)
    )
    refused(
        "assessment_moved_on",
        Conflict,
        lambda: reviews.review_item(second, case.assessment_id, VENDOR_ITEM, FINE, None),
    )


def test_an_incomplete_transcription_is_not_put_before_the_second_person(case: Case) -> None:
    officer = case.as_("officer")
    source_id = behalf.add_source(officer, case.assessment_id)
    refused("nothing_transcribed", Invalid, lambda: behalf.ask(officer, case.assessment_id))
    behalf.transcribe_all(officer, case.assessment_id, source_id, leave=[VENDOR_ITEM])
    with pytest.raises(Refused) as found:
        behalf.ask(officer, case.assessment_id)
    assert [each.item_id for each in found.value.blockers] == [VENDOR_ITEM]
    assert behalf_views.get_entry(officer, case.assessment_id).state is EntryState.TRANSCRIBING


def test_who_confirms_must_have_opened_the_document(case: Case) -> None:
    behalf.to_confirm(case)
    second = case.as_("second")
    entry = behalf_views.get_entry(second, case.assessment_id)
    assert [each.opened for each in entry.sources] == [False]
    refused(
        "source_not_opened",
        Refused,
        lambda: confirming.confirm(second, case.assessment_id, entry.version, entry.seen),
    )
    evidence_reading.open_download(second, entry.sources[0].version_id)  # type: ignore[arg-type]
    assert confirming.confirm(second, case.assessment_id, entry.version, entry.seen)


def test_what_is_given_back_is_mended_and_put_before_the_second_person_again(case: Case) -> None:
    officer, second = case.as_("officer"), case.as_("second")
    source_id = behalf.to_confirm(case)
    words = Written(AnswerValue.PARTIAL, "一部だけです。")
    refused(
        "entry_moved_on",
        Conflict,
        lambda: transcribing.transcribe(
            officer, case.assessment_id, VENDOR_ITEM, words, source_id, case.item(VENDOR_ITEM).version
        ),
    )
    version = behalf_views.get_entry(second, case.assessment_id).version
    confirming.give_back(second, case.assessment_id, [VENDOR_ITEM], "原本は「一部」です。", version)
    assert case.item(VENDOR_ITEM).returned_note == "原本は「一部」です。"
    case.house.clock.move(seconds=60)  # type: ignore[attr-defined]
    transcribing.transcribe(
        officer, case.assessment_id, VENDOR_ITEM, words, source_id, case.item(VENDOR_ITEM).version
    )
    behalf.ask(officer, case.assessment_id)
    assert behalf.confirm(second, case.assessment_id)
    assert case.item(VENDOR_ITEM).value is AnswerValue.PARTIAL
    assert case.item(VENDOR_ITEM).returned_note == ""


def test_what_the_reviewer_returns_is_transcribed_and_confirmed_anew(case: Case) -> None:
    officer, second = case.as_("officer"), case.as_("second")
    source_id = behalf.to_confirm(case)
    behalf.confirm(second, case.assessment_id)
    case.give_back(VENDOR_ITEM)
    assert [item.code for item in assessment_view.get_assessment(officer, case.assessment_id).behalf] == [
        VENDOR_ITEM
    ]
    behalf.transcribe_all(officer, case.assessment_id, source_id)
    behalf.ask(officer, case.assessment_id)
    assert case.state is AssessmentState.RETURNED
    assert behalf.confirm(second, case.assessment_id)
    assert case.state is AssessmentState.SUBMITTED


def test_of_two_who_confirm_at_once_one_does(case: Case) -> None:
    behalf.to_confirm(case)
    people = [case.as_("second"), case.as_("owner")]
    for each in people:
        behalf.read_sources(each, case.assessment_id)
    entry = behalf_views.get_entry(people[0], case.assessment_id)
    found = at_once(
        *(
            lambda ctx=each: confirming.confirm(ctx, case.assessment_id, entry.version, entry.seen)
            for each in people
        )
    )
    assert [each for each in found if each is True] == [True]
    (lost,) = [each for each in found if each is not True]
    assert isinstance(lost, Conflict)
    assert lost.code in ("entry_moved_on", "changed_meanwhile")


def test_a_page_of_before_a_change_confirms_nothing(case: Case) -> None:
    behalf.to_confirm(case)
    second = case.as_("second")
    behalf.read_sources(second, case.assessment_id)
    before = behalf_views.get_entry(second, case.assessment_id)
    own = context(case.house, lead(case))
    answers.save(own, case.assessment_id, VENDOR_ITEM, Written(AnswerValue.NO, "していません。"), None)
    refused(
        "changed_meanwhile",
        Conflict,
        lambda: confirming.confirm(second, case.assessment_id, before.version, before.seen),
    )


def test_what_the_vendor_answered_itself_is_never_written_over(case: Case) -> None:
    officer = case.as_("officer")
    source_id = behalf.add_source(officer, case.assessment_id)
    own = context(case.house, lead(case))
    answers.save(own, case.assessment_id, VENDOR_ITEM, Written(AnswerValue.NO, "していません。"), None)
    words = Written(AnswerValue.YES, "しています。")
    refused(
        "vendor_answered_itself",
        Conflict,
        lambda: transcribing.transcribe(
            officer, case.assessment_id, VENDOR_ITEM, words, source_id, case.item(VENDOR_ITEM).version
        ),
    )
    refused("vendor_answered_itself", Conflict, lambda: attach(officer, case.assessment_id, VENDOR_ITEM))
    behalf.transcribe_all(officer, case.assessment_id, source_id)
    behalf.ask(officer, case.assessment_id)
    assert not behalf.confirm(case.as_("second"), case.assessment_id)  # its own answers it hands in itself
    assert case.state is AssessmentState.IN_PROGRESS
    answer_all(own, case.assessment_id)
    submit(own, case.assessment_id)
    assert case.item(VENDOR_ITEM).transcribed is None
    assert case.item(VENDOR_ITEM).answered_name == own.actor.name


def test_a_vendor_that_hands_in_stands_for_what_was_entered_for_it(case: Case) -> None:
    officer = case.as_("officer")
    behalf.transcribe_all(officer, case.assessment_id, behalf.add_source(officer, case.assessment_id))
    own = context(case.house, lead(case))
    submit(own, case.assessment_id)
    found = case.item(VENDOR_ITEM).transcribed
    assert found is not None
    assert found.confirmer == own.actor.name
    theirs = assessment_view.get_assessment(own, case.assessment_id).item(VENDOR_ITEM).transcribed
    assert theirs is not None
    assert (theirs.source_id, theirs.document, theirs.facts) == (None, "", None)  # the client's own notes


def closed(case: Case) -> str:
    """Everything transcribed by the officer; of one item the vendor says that it doesn't show its document."""
    officer = case.as_("officer")
    source_id = behalf.add_source(officer, case.assessment_id)
    code = theirs(case)
    refused("transcribe_first", Conflict, lambda: refuse(officer, case, code))
    behalf.transcribe_all(officer, case.assessment_id, source_id, leave=[code])
    words = Written(AnswerValue.YES, "しています。")
    transcribing.transcribe(officer, case.assessment_id, code, words, source_id, None)
    assert case.item(code).missing == "evidence_required"
    refuse(officer, case, code)
    return code


def theirs(case: Case) -> str:
    """A blocking item of the vendor's that asks for a document."""
    asked = (each for each in case.view().items if each.answered_by is AnsweredBy.VENDOR)
    return next(each.code for each in asked if each.evidence_needed and each.blocking)


def refuse(ctx: Context, case: Case, code: str, what: Refusal | None = CLOSED) -> None:
    refusals.refuse(ctx, case.assessment_id, code, what, None)


def test_that_the_vendor_discloses_no_document_is_transcribed_confirmed_and_counts_as_unknown(
    asked_for_files: Case,
) -> None:
    case = asked_for_files
    officer, second = case.as_("officer"), case.as_("second")
    code = closed(case)
    behalf.ask(officer, case.assessment_id)
    refused("entry_moved_on", Conflict, lambda: refuse(officer, case, code, None))  # it is being compared
    assert behalf.confirm(second, case.assessment_id)
    found = case.item(code)
    assert found.beside.refusal == CLOSED and found.beside.refusal_open
    assert found.transcribed is not None and found.transcribed.confirmer == second.actor.name
    answer_all(case.as_("owner"), case.assessment_id)
    refused(
        "refusal_unresolved",
        Invalid,
        lambda: reviews.review_item(second, case.assessment_id, code, FINE, None),
    )
    for item in case.view("second").items:
        judged = (
            FINE if item.code != code else Judgement(ReviewResult.NOT, ReviewBasis.STATEMENT, "示されない")
        )
        reviews.review_item(second, case.assessment_id, item.code, judged, None)
    reviews.finish(second, case.assessment_id, case.view().head.version)
    gate = gates.gate(officer, case.engagement_id, Gate.SELECTION)
    assert ("item_disclosure_refused", code) in {(each.code, each.item) for each in gate.blockers}
    report_id = reports.create(officer, case.assessment_id, "ja")
    with officer.read() as tx:
        told = report_content.build(case.house, get.one(tx, SignedReport, report_id))
    item = next(each for each in told.items() if each.code == code)
    assert item.refusal is not None and item.refusal.reason == CLOSED.reason and not item.refusal.resolved
    assert item.answer is not None and item.answer.on_behalf is not None


def test_who_recorded_the_refusal_is_no_second_person_and_a_changed_one_needs_another_look(
    asked_for_files: Case,
) -> None:
    case = asked_for_files
    officer, second, owner = case.as_("officer"), case.as_("second"), case.as_("owner")
    code = closed(case)
    refuse(second, case, code, replace(CLOSED, reason="取引先との約束のためとのこと。"))
    assert case.item(code).transcribed.transcriber == second.actor.name  # type: ignore[union-attr]
    before = behalf_views.get_entry(officer, case.assessment_id).seen
    refuse(second, case, code)
    assert behalf_views.get_entry(officer, case.assessment_id).seen != before
    behalf.ask(officer, case.assessment_id)
    refused("own_transcription", Forbidden, lambda: behalf.confirm(second, case.assessment_id))
    assert behalf.confirm(owner, case.assessment_id)
    case.give_back(code)
    refuse(officer, case, code, None)
    assert case.item(code).beside.refusal is None and case.item(code).missing == "evidence_required"


def test_what_the_vendor_itself_refuses_is_never_written_over(asked_for_files: Case) -> None:
    case = asked_for_files
    officer = case.as_("officer")
    source_id = behalf.add_source(officer, case.assessment_id)
    code = theirs(case)
    own = context(case.house, lead(case))
    refuse(own, case, code)
    words = Written(AnswerValue.YES, "しています。")
    transcribing.transcribe(officer, case.assessment_id, code, words, source_id, None)
    refused("vendor_refused_itself", Conflict, lambda: refuse(officer, case, code, None))
    refuse(own, case, code, None)
    refused("not_found", NotFound, lambda: refuse(case.as_("owner"), case, code))


def test_entry_is_opened_for_a_vendor_without_an_account_only(house: House, tmp_path: Path) -> None:
    case = make_case(house, tmp_path)
    officer = case.as_("officer")
    refused(
        "vendor_has_account",
        Conflict,
        lambda: sources.register(officer, case.assessment_id, behalf.paper(officer)),
    )


def test_people_without_the_right_enter_nothing(case: Case) -> None:
    officer = case.as_("officer")
    source_id = behalf.add_source(officer, case.assessment_id)
    owner, auditor = case.as_("owner"), case.as_("auditor")
    words = Written(AnswerValue.YES, "しています。")
    for who in (owner, auditor):
        refused(
            "permission_missing",
            Forbidden,
            lambda who=who: transcribing.transcribe(
                who, case.assessment_id, VENDOR_ITEM, words, source_id, None
            ),
        )
    refused("not_found", NotFound, lambda: attach(owner, case.assessment_id, VENDOR_ITEM))
    refused(
        "not_found",
        NotFound,
        lambda: answers.save(officer, case.assessment_id, VENDOR_ITEM, words, None),
    )  # only with a source


def test_a_source_lacks_nothing_and_lies_not_in_the_future(case: Case) -> None:
    officer = case.as_("officer")
    for field in ("answerer", "answerer_title"):
        with pytest.raises(Invalid) as found:
            sources.register(officer, case.assessment_id, behalf.paper(officer, **{field: " "}))
        assert (found.value.code, found.value.field) == ("source_fact_needed", field)
    tomorrow = case.house.today() + timedelta(days=1)
    refused(
        "source_in_future",
        Invalid,
        lambda: sources.register(officer, case.assessment_id, behalf.paper(officer, dated_on=tomorrow)),
    )
    source_id = sources.register(officer, case.assessment_id, behalf.paper(officer))
    words = Written(AnswerValue.YES, "しています。")
    refused(
        "source_without_document",
        Invalid,
        lambda: transcribing.transcribe(officer, case.assessment_id, VENDOR_ITEM, words, source_id, None),
    )


def test_another_vendors_file_and_another_checks_source_are_no_source(case: Case) -> None:
    officer = case.as_("officer")
    other = send(officer, _engagement_of(case, case.everyone.vendor_id))
    foreign = attach(context(case.house, case.everyone.vendor_lead), other, VENDOR_ITEM)
    order = behalf.paper(officer)
    refused(
        "source_file_unknown",
        NotFound,
        lambda: sources.register(
            officer, case.assessment_id, SourceOrder(order.kind, order.facts, version_id=foreign)
        ),
    )
    mine = behalf.add_source(officer, case.assessment_id)
    same = case.view().head.vendor_id
    twin = send(officer, _engagement_of(case, same))
    behalf.add_source(officer, twin)
    words = Written(AnswerValue.YES, "しています。")
    refused(
        "not_found",
        NotFound,
        lambda: transcribing.transcribe(officer, twin, VENDOR_ITEM, words, mine, None),
    )
    version_id = behalf_views.get_entry(officer, case.assessment_id).sources[0].version_id
    again = sources.register(officer, twin, SourceOrder(order.kind, order.facts, version_id=version_id))
    transcribing.transcribe(officer, twin, VENDOR_ITEM, words, again, None)  # its own file serves once more


def _engagement_of(case: Case, vendor_id: UUID) -> UUID:
    return engagements.register(case.as_("officer"), vendor_id, work("もう一つの業務"))


def test_controls_left_to_the_user_are_answered_before_the_review_ends(case: Case) -> None:
    officer, second, owner = case.as_("officer"), case.as_("second"), case.as_("owner")
    day = case.house.today() - timedelta(days=400)
    facts = SourceFacts(
        day,
        url="https://cloud.example/security",
        captured_by="佐藤",
        registration="C21-0001-2",
        service="Example Storage",
    )
    order = SourceOrder(
        SourceKind.ISMAP, facts, controls="多要素認証を有効にする\n\n退職者の利用者IDを止める"
    )
    source_id = behalf.add_source(officer, case.assessment_id, order)
    behalf.transcribe_all(officer, case.assessment_id, source_id)
    behalf.ask(officer, case.assessment_id)
    behalf.confirm(second, case.assessment_id)
    entry = behalf_views.get_entry(officer, case.assessment_id)
    assert [each.stale for each in entry.sources] == [True]
    first, other = entry.controls
    answer_all(owner, case.assessment_id)
    for item in case.view("second").items:
        reviews.review_item(second, case.assessment_id, item.code, FINE, None)
    refused(
        "user_controls_open",
        Refused,
        lambda: reviews.finish(second, case.assessment_id, case.view().head.version),
    )
    due = case.house.today() + timedelta(days=30)
    assert [(each.assessment_id, each.left) for each in user_controls.waiting(officer)] == [
        (case.assessment_id, 2)
    ]
    user_controls.answer(owner, case.assessment_id, first.id, ControlStatus.DONE, "", None, first.version)
    assert [each.left for each in user_controls.waiting(officer)] == [1]
    refused(
        "changed_meanwhile",
        Conflict,
        lambda: user_controls.answer(
            officer, case.assessment_id, first.id, ControlStatus.PLANNED, "", due, first.version
        ),
    )
    user_controls.answer(officer, case.assessment_id, other.id, ControlStatus.PLANNED, "", due, other.version)
    assert user_controls.waiting(officer) == ()
    reviews.finish(second, case.assessment_id, case.view().head.version)
    assert case.state is AssessmentState.REVIEWED
    assert held(case) == set()  # planned for a day to come, and looked up within the policy's time
    version = other.version + 1
    user_controls.answer(
        owner, case.assessment_id, other.id, ControlStatus.NOT_DONE, "人手がない", None, version
    )
    assert held(case) == {"user_control_open:CUEC-2"}
    move(case, 60)  # the page that was looked up is too old now
    assert held(case) == {"user_control_open:CUEC-2", "source_stale:#1"}
    user_controls.answer(owner, case.assessment_id, other.id, ControlStatus.DONE, "", None, version + 1)
    assert held(case) == {"source_stale:#1"}
    decisions.request(officer, case.engagement_id, "承認をお願いします。")  # the approver may accept it


def test_a_control_is_not_answered_anew_once_the_check_is_decided(case: Case) -> None:
    officer, second = case.as_("officer"), case.as_("second")
    facts = SourceFacts(case.house.today(), url="https://cloud.example/", captured_by="佐藤")
    order = SourceOrder(SourceKind.CAPTURE, facts, controls="多要素認証を有効にする")
    behalf.transcribe_all(officer, case.assessment_id, behalf.add_source(officer, case.assessment_id, order))
    behalf.ask(officer, case.assessment_id)
    behalf.confirm(second, case.assessment_id)
    (one,) = behalf_views.get_entry(officer, case.assessment_id).controls
    user_controls.answer(officer, case.assessment_id, one.id, ControlStatus.DONE, "", None, one.version)
    answer_all(officer, case.assessment_id)
    review_all(second, case.assessment_id)
    decision_id = decisions.request(officer, case.engagement_id, "承認をお願いします。")
    approver = case.as_("approver")
    asked = decision_views.get_decision(approver, decision_id).version
    decisions.decide(approver, decision_id, asked, True, "確認しました。")
    refused(
        "assessment_moved_on",
        Conflict,
        lambda: user_controls.answer(
            officer, case.assessment_id, one.id, ControlStatus.NOT_DONE, "やめた", None, one.version + 1
        ),
    )


def held(case: Case) -> set[str]:
    return {each.key for each in gates.gate(case.as_("officer"), case.engagement_id).blockers}


def move(case: Case, days: int) -> None:
    case.house.clock.move(days=days)  # type: ignore[attr-defined]


def test_the_vendor_reads_what_it_wrote_and_not_what_the_client_noted(case: Case) -> None:
    officer = case.as_("officer")
    note = SourceOrder(SourceKind.PHONE, behalf.paper(officer).facts)
    behalf.add_source(officer, case.assessment_id)
    behalf.add_source(officer, case.assessment_id, note)
    paper, memo = (each.version_id for each in behalf_views.get_entry(officer, case.assessment_id).sources)
    own = context(case.house, lead(case))
    assert evidence_reading.open_download(own, paper).name == "回答書.txt"  # type: ignore[arg-type]
    refused("not_found", NotFound, lambda: evidence_reading.open_download(own, memo))  # type: ignore[arg-type]
    refused("permission_missing", Forbidden, lambda: behalf_views.get_entry(own, case.assessment_id))


def test_the_report_says_who_answered_who_transcribed_and_who_confirmed(case: Case) -> None:
    officer, owner = case.as_("officer"), case.as_("owner")
    behalf.to_confirm(case)
    behalf.confirm(owner, case.assessment_id)
    answer_all(officer, case.assessment_id)
    review_all(case.as_("second"), case.assessment_id)
    assert case.state is AssessmentState.REVIEWED
    report_id = reports.create(officer, case.assessment_id, "ja")
    with officer.read() as tx:
        row = get.one(tx, SignedReport, report_id)
    found = report_content.build(case.house, row)
    Draft202012Validator(SCHEMA).validate(manifest(found))
    item = next(each for each in found.items() if each.code == VENDOR_ITEM)
    assert item.answer is not None
    entered = item.answer.on_behalf
    assert entered is not None
    assert (item.answer.by, item.answer.party) == (officer.actor.name, "株式会社サンプル商事")
    assert (entered.answerer, entered.answerer_title) == ("山本 登", "製造部 工場長")
    assert (entered.document, entered.confirmed_by) == ("回答書.txt", owner.actor.name)
    assert [(each.number, each.document, each.stale) for each in found.sources] == [(1, "回答書.txt", False)]
    own = next(each for each in found.items() if each.code == CLIENT_ITEM)
    assert own.answer is not None and own.answer.on_behalf is None


def test_the_client_keeps_its_sources_and_controls_to_itself(case: Case) -> None:
    officer = case.as_("officer")
    facts = SourceFacts(case.house.today(), url="https://cloud.example", captured_by="佐藤 葵")
    order = SourceOrder(SourceKind.CAPTURE, facts, controls="多要素認証を有効にする")
    behalf.transcribe_all(officer, case.assessment_id, behalf.add_source(officer, case.assessment_id, order))
    own = context(case.house, lead(case))
    tables = (AnswerSource, UserControl, Transcription)
    with officer.read() as tx:
        assert all(tx.session.exec(select(cls)).all() for cls in tables)
    with own.read() as tx:
        assert [len(tx.session.exec(select(cls)).all()) > 0 for cls in tables] == [False, False, True]
    with case.as_("vendor_lead").read() as tx:  # of another vendor
        assert not any(tx.session.exec(select(cls)).all() for cls in (*tables, BehalfEntry))

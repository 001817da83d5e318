"""An assessment: its questions frozen, handed in whole, returned in parts, and closed to everybody else."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from audit_portal.domain.ledger import canonical, leaf_hash, tree_root
from audit_portal.domain.supervision import State
from audit_portal.services import checklists
from audit_portal.services.assessments import answers, assessment_list, assessment_view, sending, submission
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.sending import SendOrder
from audit_portal.services.decisions import decision_views, decisions, gates
from audit_portal.services.evidence import evidence
from audit_portal.services.house import House
from tests.factories.house import account, context, vendor
from tests.factories.world import Unlinted, answer_all, attach, review_all, send, submit
from tests.services.steps import (
    CLIENT_ITEM,
    FACT,
    ON_SQLITE,
    VENDOR_ITEM,
    Case,
    at_once,
    execute,
    make_case,
    send_full,
)

S = AssessmentState


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


# Sending


@ON_SQLITE
def test_a_second_check_of_the_kind_is_refused_while_one_runs(case: Case) -> None:
    with pytest.raises(Conflict) as refused:
        send(case.as_("officer"), case.engagement_id)
    assert refused.value.code == "assessment_running"
    assert refused.value.facts["number"] == case.view().head.number


def test_of_two_officers_who_send_at_once_one_is_refused(case: Case) -> None:
    other = send_full(case)  # an engagement that has none yet would do as well: this one's is reviewed below
    execute(case.house, "UPDATE assessment SET state = 'decided'")
    found = at_once(
        *[lambda who=who: send(case.as_(who), other.engagement_id) for who in ("officer", "second")]
    )
    refused = [each for each in found if isinstance(each, Conflict)]
    assert len(refused) == 1, found
    assert refused[0].code == "assessment_running"


@ON_SQLITE
def test_no_new_check_is_sent_while_a_decision_waits(case: Case) -> None:
    case.requested()
    with pytest.raises(Conflict) as refused:
        send(case.as_("officer"), case.engagement_id)
    assert refused.value.code == "decision_open"


@ON_SQLITE
@pytest.mark.parametrize("state", [State.REFUSED, State.CLOSING, State.CLOSED])
@pytest.mark.parametrize("kind", [AssessmentKind.SELECTION, AssessmentKind.CONTRACT])
def test_nothing_is_asked_of_work_that_was_refused_or_is_over(
    case: Case, state: State, kind: AssessmentKind
) -> None:
    officer = case.as_("officer")
    case.reviewed()
    execute(case.house, f"UPDATE engagement_link SET state = '{state.value}'")
    sent = SendOrder(sending.sendable(officer, kind)[0].id, case.house.today())
    with pytest.raises(Conflict, match="work_over"):
        sending.send(officer, case.engagement_id, sent, kind=kind)


def test_a_submission_that_races_a_return_is_kept_whole_whoever_comes_first(case: Case) -> None:
    """The reviewer's page can only be of what was handed in: the return comes second, or is told of it."""
    lead, second = case.as_("vendor_lead"), case.as_("second")
    answer_all(lead, case.assessment_id)
    version = case.view().head.version
    handed_in, returned = at_once(
        lambda: submission.submit(lead, case.assessment_id, version),
        lambda: submission.give_back(second, case.assessment_id, [VENDOR_ITEM], "根拠を。", version),
    )
    assert handed_in is None and isinstance(returned, Conflict)
    assert case.state is S.SUBMITTED
    again, once_more = at_once(
        lambda: submission.submit(lead, case.assessment_id, case.view().head.version),
        lambda: submission.give_back(second, case.assessment_id, [VENDOR_ITEM], "根拠を。", version + 1),
    )
    assert isinstance(again, Conflict | Refused) or again is None
    assert once_more is None
    open_items = {item.code for item in case.view("vendor_lead").mine if item.editable}
    if again is None:  # handed in once more right after the return
        assert (case.state, open_items) == (S.SUBMITTED, set())
    else:
        assert (case.state, open_items) == (S.RETURNED, {VENDOR_ITEM})
    rows = execute(case.house, "SELECT count(*) FROM answer WHERE value IS NULL AND answered_by = 'vendor'")
    assert rows == [(0,)], "no answer is lost"


@ON_SQLITE
def test_a_date_past_is_refused_and_today_is_not(case: Case) -> None:
    execute(case.house, "UPDATE assessment SET state = 'decided'")
    with pytest.raises(Invalid) as refused:
        send(case.as_("officer"), case.engagement_id, days=-1)
    assert (refused.value.code, refused.value.field) == ("due_in_past", "due_on")
    send(case.as_("officer"), case.engagement_id, days=0)


@ON_SQLITE
def test_only_a_selection_checklist_in_force_can_be_sent(case: Case) -> None:
    officer = case.as_("officer")
    execute(case.house, "UPDATE assessment SET state = 'decided'")
    offered = {each.id for each in sending.sendable(officer)}
    assert offered
    for each in checklists.published(case.house):
        if each.id not in offered:
            with pytest.raises(NotFound):
                sending.send(officer, case.engagement_id, SendOrder(each.id, case.house.today()))
    with pytest.raises(NotFound):
        sending.send(officer, case.engagement_id, SendOrder(uuid4(), case.house.today()))


@pytest.mark.parametrize(
    "who", ["approver", "owner", "auditor", "admin", "vendor_lead", "vendor_contributor"]
)
@ON_SQLITE
def test_only_an_officer_sends(case: Case, who: str) -> None:
    with pytest.raises(Forbidden):
        sending.send(case.as_(who), case.engagement_id, SendOrder(uuid4(), case.house.today()))


@ON_SQLITE
def test_a_version_published_later_changes_nothing_of_what_was_sent(case: Case, tmp_path: Path) -> None:
    before = case.view()
    folder = tmp_path / "checklists" / "quick_selection"
    text = next(folder.glob("*.yaml")).read_text(encoding="utf-8")
    text = text.replace("version: 2026.11.1", "version: 2026.12.1").replace("緊", "急")
    text = text.replace("個人データの取得・利用・保存", "改められた質問：取得・利用・保存")
    (folder / "2026.12.1.yaml").write_text(text, encoding="utf-8")
    newer = replace(case.house, checklists=Unlinted(tmp_path / "checklists"))
    assert checklists.publish_all(newer) == ("quick_selection 2026.12.1",)
    later = replace(case, house=newer)
    assert later.view() == before
    other = send_full(later)
    assert "改められた" not in str(other.view().items)


@ON_SQLITE
def test_a_published_version_with_other_content_is_refused(case: Case, tmp_path: Path) -> None:
    file = next((tmp_path / "checklists" / "quick_selection").glob("*.yaml"))
    file.write_text(file.read_text(encoding="utf-8") + "# 一行の追加\n", encoding="utf-8")
    with pytest.raises(Conflict) as refused:
        checklists.publish_all(replace(case.house, checklists=Unlinted(tmp_path / "checklists")))
    assert refused.value.code == "checklist_changed"


def test_a_checklist_altered_in_the_database_is_not_used(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checklists, "_parsed", {})  # as in a process that starts
    monkeypatch.setattr(checklists, "_versions", {})
    [(body,)] = execute(case.house, "SELECT body FROM checklist_version WHERE checklist = 'quick_selection'")
    altered = bytes(body).replace(b"gate_blocking: true", b"gate_blocking: false")
    execute(
        case.house,
        "UPDATE checklist_version SET body = :body WHERE checklist = 'quick_selection'",
        body=altered,
    )
    with pytest.raises(Conflict) as refused:
        case.view()
    assert refused.value.code == "checklist_changed"


# Items that a fact brings up


def test_items_that_a_fact_fires_appear_and_go_again(case: Case) -> None:
    full = send_full(case)
    assert "SEL-030" not in {each.code for each in full.view("vendor_lead").items}
    full.write("vendor_lead", "SEL-029", AnswerValue.YES)
    assert "SEL-030" in {each.code for each in full.view("vendor_lead").items}
    full.write("vendor_lead", "SEL-029", AnswerValue.NO)
    assert "SEL-030" not in {each.code for each in full.view("vendor_lead").items}


@ON_SQLITE
def test_an_item_that_was_brought_up_has_to_be_answered_too(case: Case) -> None:
    full = send_full(case)
    answer_all(full.as_("vendor_lead"), full.assessment_id)
    full.write("vendor_lead", "SEL-030", None)
    with pytest.raises(Refused) as refused:
        submit(full.as_("vendor_lead"), full.assessment_id)
    assert [(each.item_id, each.reason) for each in refused.value.blockers] == [("SEL-030", "unanswered")]
    full.write("vendor_lead", "SEL-029", AnswerValue.NO)
    submit(full.as_("vendor_lead"), full.assessment_id)
    assert full.state is S.SUBMITTED


# Handing in


def test_an_incomplete_submission_is_refused_with_what_is_missing(case: Case) -> None:
    with pytest.raises(Refused) as refused:
        submit(case.as_("vendor_lead"), case.assessment_id)
    mine = {item.code for item in case.view("vendor_lead").mine if item.mandatory}
    assert refused.value.code == "assessment_incomplete"
    assert {each.item_id for each in refused.value.blockers} == mine
    assert refused.value.facts["count"] == len(mine)
    assert case.state is S.SENT


@ON_SQLITE
def test_not_applicable_needs_a_reason(case: Case) -> None:
    answer_all(case.as_("vendor_lead"), case.assessment_id)
    case.write("vendor_lead", VENDOR_ITEM, AnswerValue.NOT_APPLICABLE, " \n　")
    with pytest.raises(Refused) as refused:
        submit(case.as_("vendor_lead"), case.assessment_id)
    assert [(each.item_id, each.reason) for each in refused.value.blockers] == [
        (VENDOR_ITEM, "reason_required")
    ]


@ON_SQLITE
def test_nobody_but_the_vendor_lead_hands_in(case: Case) -> None:
    answer_all(case.as_("vendor_lead"), case.assessment_id)
    for who in ("vendor_contributor", "officer", "approver", "owner", "auditor", "admin"):
        with pytest.raises(Forbidden):
            submission.submit(case.as_(who), case.assessment_id, case.view().head.version)


@ON_SQLITE
def test_a_submission_from_an_old_page_is_refused(case: Case) -> None:
    old = case.view().head.version
    answer_all(case.as_("vendor_lead"), case.assessment_id)
    with pytest.raises(Conflict) as refused:
        submission.submit(case.as_("vendor_lead"), case.assessment_id, old)
    assert refused.value.code == "changed_meanwhile"


@ON_SQLITE
def test_after_submission_the_vendor_writes_nothing(case: Case) -> None:
    case.submitted()
    lead = case.as_("vendor_lead")
    refusals: list[Callable[[], object]] = [
        lambda: case.write("vendor_lead", VENDOR_ITEM),
        lambda: attach(lead, case.assessment_id, VENDOR_ITEM),
        lambda: evidence.detach(lead, case.assessment_id, VENDOR_ITEM, uuid4()),
        lambda: submit(lead, case.assessment_id),
    ]
    before = case.view("vendor_lead")
    for refused in refusals:
        with pytest.raises(Conflict):
            refused()
    assert case.view("vendor_lead") == before
    assert not [item for item in before.items if item.editable]
    assert not before.can_submit


def root_of(case: Case) -> tuple[str, str]:
    """The root of the answers as they stand in the database now, worked out apart from the portal, and the
    one that was committed to."""
    rows = execute(
        case.house,
        "SELECT id, item, value, comment, action, action_due, salt FROM answer "
        "WHERE assessment_id = :id AND answered_by = 'vendor' ORDER BY position",
        id=case.assessment_id.hex,
    )
    uses = execute(
        case.house,
        "SELECT u.answer_id, v.sha256 FROM evidence_use u JOIN evidence_version v ON v.id = u.evidence_version_id",
    )
    digests = []
    for answer_id, item, value, comment, action, due, salt in rows:
        body = {
            "item": item,
            "value": value,
            "comment": comment,
            "action": action,
            "action_due": str(due) if due else None,
            "evidence": sorted(sha256 for used_by, sha256 in uses if used_by == answer_id),
        }
        digests.append(leaf_hash(hashlib.sha256(bytes(salt) + canonical(body)).digest()))
    [(committed,)] = execute(
        case.house, "SELECT answers_root FROM assessment WHERE id = :id", id=case.assessment_id.hex
    )
    return tree_root(digests).hex(), committed


def test_a_submission_commits_to_every_answer_and_file(case: Case) -> None:
    lead = case.as_("vendor_lead")
    answer_all(lead, case.assessment_id)
    case.write(
        "vendor_lead",
        VENDOR_ITEM,
        AnswerValue.PARTIAL,
        "𠮷野髙﨑 🗂️",
        action="改訂",
        action_due=case.house.today(),
    )
    attach(lead, case.assessment_id, VENDOR_ITEM)
    submit(lead, case.assessment_id)
    now, committed = root_of(case)
    assert now == committed
    tampered = [
        "UPDATE answer SET comment = 'x' WHERE item = 'QSL-003'",
        "UPDATE answer SET value = 'no' WHERE item = 'QSL-004'",
        "UPDATE answer SET action = '別の予定' WHERE item = 'QSL-002'",
        "UPDATE answer SET action_due = NULL WHERE item = 'QSL-002'",
        "DELETE FROM evidence_use",
    ]
    roots = {committed}
    for statement in tampered:
        assert execute(case.house, statement) == 1
        roots.add(root_of(case)[0])
    assert len(roots) == len(tampered) + 1


@ON_SQLITE
def test_the_root_is_in_the_ledger(case: Case) -> None:
    case.submitted()
    [(body,)] = execute(case.house, "SELECT body FROM ledger_entry WHERE event = 'assessment.submitted'")
    assert root_of(case)[1].encode() in bytes(body)


def test_a_file_and_a_submission_at_once_leave_a_root_that_holds(case: Case) -> None:
    """Either the file was in time and is in the root, or it was refused."""
    lead = case.as_("vendor_lead")
    answer_all(lead, case.assessment_id)
    found = at_once(
        *[lambda: attach(lead, case.assessment_id, VENDOR_ITEM) for _ in range(3)],
        lambda: submit(lead, case.assessment_id),
    )
    assert all(not isinstance(each, Exception) or isinstance(each, Conflict) for each in found), found
    assert case.state is S.SUBMITTED
    now, committed = root_of(case)
    assert now == committed


# Returning


def test_only_what_was_returned_is_open_again(case: Case) -> None:
    case.submitted()
    case.give_back(VENDOR_ITEM)
    seen = case.view("vendor_lead")
    assert seen.head.state is S.RETURNED
    assert [item.code for item in seen.items if item.editable] == [VENDOR_ITEM]
    assert seen.item(VENDOR_ITEM).returned_note == "根拠を書いてください。"
    with pytest.raises(Conflict) as refused:
        case.write("vendor_lead", "QSL-003")
    assert refused.value.code == "answer_closed"
    with pytest.raises(Conflict):
        attach(case.as_("vendor_lead"), case.assessment_id, "QSL-003")
    first = root_of(case)[1]
    case.write("vendor_lead", VENDOR_ITEM, text="規程集の第3章です。")
    submit(case.as_("vendor_lead"), case.assessment_id)
    now, committed = root_of(case)
    assert now == committed != first
    assert case.item(VENDOR_ITEM).returned_note == ""


@ON_SQLITE
def test_returning_needs_items_and_a_note(case: Case) -> None:
    case.submitted()
    for items, note, field in (((VENDOR_ITEM,), " ", "note"), ((), "理由", "items")):
        with pytest.raises(Invalid) as refused:
            case.give_back(*items, note=note)
        assert refused.value.field == field
    for code in (CLIENT_ITEM, "QSL-999"):
        with pytest.raises(NotFound):
            case.give_back(code)
    assert case.state is S.SUBMITTED


@ON_SQLITE
def test_nothing_is_returned_before_it_is_handed_in_or_while_a_decision_waits(case: Case) -> None:
    with pytest.raises(Conflict):
        case.give_back(VENDOR_ITEM)
    decision_id = case.requested()
    with pytest.raises(Conflict) as refused:
        case.give_back(VENDOR_ITEM)
    assert refused.value.code == "decision_open"
    assert decision_views.get_decision(case.as_("officer"), decision_id)


@ON_SQLITE
def test_what_was_reviewed_can_be_returned_until_a_decision_is_asked(case: Case) -> None:
    case.reviewed()
    case.give_back(VENDOR_ITEM)
    assert case.state is S.RETURNED
    with pytest.raises(Refused):
        decisions.request(case.as_("officer"), case.engagement_id, "承認をお願いします。")


# Others


def test_others_do_not_find_it(case: Case) -> None:
    stranger = account(
        case.house, vendor(case.house, case.everyone.officer, "他社", "タシャ"), Role.VENDOR_LEAD
    )
    for ctx in (context(case.house, stranger), case.as_("owner")):
        for refused in (
            lambda ctx=ctx: assessment_view.get_assessment(ctx, case.assessment_id),
            lambda ctx=ctx: answers.save(
                ctx, case.assessment_id, VENDOR_ITEM, Written(AnswerValue.YES), None
            ),
            lambda ctx=ctx: attach(ctx, case.assessment_id, VENDOR_ITEM),
        ):
            with pytest.raises(NotFound):
                refused()
    with pytest.raises(NotFound):
        submission.submit(context(case.house, stranger), case.assessment_id, 1)
    assert assessment_list.listed(context(case.house, stranger)).items == ()
    assert [each.id for each in assessment_list.listed(case.as_("vendor_lead")).items] == [case.assessment_id]


@ON_SQLITE
def test_a_vendor_is_not_shown_what_the_client_answers_or_reviews(case: Case) -> None:
    case.submitted()
    case.write("officer", CLIENT_ITEM, text="社内の判断")
    seen = case.view("vendor_lead")
    assert CLIENT_ITEM not in {item.code for item in seen.items}
    assert "社内の判断" not in str(seen)
    with pytest.raises(NotFound):
        seen.item(CLIENT_ITEM)


def test_the_newest_check_counts_even_past_9999_in_a_year(case: Case) -> None:
    """ "A-2026-10000" sorts before "A-2026-9999" as text."""
    execute(case.house, "UPDATE number_sequence SET last = 9998 WHERE kind = 'A'")
    execute(case.house, "UPDATE assessment SET state = 'decided'")
    sent = []
    for _turn in range(2):
        sent.append(send(case.as_("officer"), case.engagement_id))
        execute(case.house, "UPDATE assessment SET state = 'decided'")
    newest = replace(case, assessment_id=sent[1])
    assert newest.view().head.number == "A-2026-10000"
    assert gates.gate(case.as_("officer"), case.engagement_id).assessment_id == sent[1]


@ON_SQLITE
def test_a_due_date_lies_in_the_zone_of_the_installation(case: Case) -> None:
    assert case.view().head.due_on == case.house.today() + timedelta(days=14)


@ON_SQLITE
def test_review_all_is_possible_after_a_return_and_a_second_submission(case: Case) -> None:
    case.reviewed()
    case.give_back(VENDOR_ITEM, FACT)
    case.write("vendor_lead", FACT, AnswerValue.NO)
    submit(case.as_("vendor_lead"), case.assessment_id)
    assert {item.code for item in case.view().unreviewed} == {VENDOR_ITEM, FACT}
    with pytest.raises(Conflict):
        review_all(case.as_("second"), case.assessment_id)  # with no version of the review it saw

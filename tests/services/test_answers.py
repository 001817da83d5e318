"""Answers: written by the side that is asked, kept as typed, never over somebody else's change."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

from audit_portal.domain import limits
from audit_portal.domain.assessment import AssessmentState, ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.services.assessments import answers, reviews
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.decisions import gates
from audit_portal.services.house import House
from tests.factories.world import answer_all, attach, submit
from tests.services.steps import CLIENT_ITEM, ON_SQLITE, VENDOR_ITEM, Case, at_once, execute, make_case


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


TEXTS = {
    "letters beyond the basic plane": "𠮷野家と髙﨑商店、🗂️👩‍💻を確認しました。",
    "as long as it may be": "漢" * limits.TEXT,
    "four-byte letters as long as it may be": "𠮷" * limits.TEXT,
    "what looks like SQL or a page": "'; DROP TABLE answer; -- <script>alert(1)</script> %s {{ 7*7 }} \\",
    "lines and directions": "一行目\n二行目\n\tمرحبا \u200f",
}


def test_a_text_comes_back_as_it_was_typed(case: Case) -> None:
    for text in TEXTS.values():
        case.write(
            "vendor_lead", VENDOR_ITEM, AnswerValue.PARTIAL, text, action=text, action_due=date(2027, 1, 1)
        )
        item = case.item(VENDOR_ITEM)
        assert (item.comment, item.action, item.action_due) == (text, text, date(2027, 1, 1))


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
def test_what_postgresql_can_not_hold_is_refused_and_not_a_fault(case: Case) -> None:
    for text in ("漢" * 100_000, "a\0b"):
        with pytest.raises(Invalid) as refused:
            case.write("vendor_lead", VENDOR_ITEM, text=text)
        assert refused.value.code == "value_not_storable"
    assert case.item(VENDOR_ITEM).comment == ""


def test_a_made_up_item_is_not_found_whatever_it_holds(case: Case) -> None:
    for code in ("QSL-999", "", "𠮷", "x" * 5_000):
        with pytest.raises(NotFound):
            case.write("vendor_lead", code)
    with pytest.raises((NotFound, Invalid)):
        case.write("vendor_lead", "\0")


@ON_SQLITE
def test_the_first_answer_of_the_vendor_begins_the_assessment(case: Case) -> None:
    case.write("officer", CLIENT_ITEM)
    assert case.state is AssessmentState.SENT
    case.write("vendor_lead", VENDOR_ITEM)
    case.write("vendor_lead", "QSL-003")
    assert case.state is AssessmentState.IN_PROGRESS
    assert execute(case.house, "SELECT count(*) FROM ledger_entry WHERE event = 'assessment.begun'") == [(1,)]


def test_neither_side_answers_for_the_other(case: Case) -> None:
    with pytest.raises(NotFound):
        case.write("vendor_lead", CLIENT_ITEM)
    with pytest.raises(NotFound):
        case.write("officer", VENDOR_ITEM)
    with pytest.raises(NotFound):
        attach(case.as_("officer"), case.assessment_id, VENDOR_ITEM)
    with pytest.raises(NotFound):
        attach(case.as_("vendor_lead"), case.assessment_id, CLIENT_ITEM)
    for who in ("approver", "auditor", "admin"):
        with pytest.raises(Forbidden):
            case.write(who, CLIENT_ITEM)


def test_a_contributor_writes_only_what_was_delegated_to_them(case: Case) -> None:
    with pytest.raises(NotFound):
        case.write("vendor_contributor", VENDOR_ITEM)
    assert case.view("vendor_contributor").items == ()
    execute(
        case.house,
        "UPDATE answer SET delegate_id = (SELECT account_id FROM identity i JOIN account a ON a.id = i.account_id "
        "WHERE a.name = :name) WHERE item = :item",
        name=case.as_("vendor_contributor").actor.name,
        item=VENDOR_ITEM,
    )
    case.write("vendor_contributor", VENDOR_ITEM, text="担当より")
    assert [item.code for item in case.view("vendor_contributor").items] == [VENDOR_ITEM]
    with pytest.raises(NotFound):
        case.write("vendor_contributor", "QSL-003")
    assert case.item(VENDOR_ITEM).comment == "担当より"


@ON_SQLITE
def test_an_answer_from_an_old_page_is_refused(case: Case) -> None:
    lead, version = case.as_("vendor_lead"), case.item(VENDOR_ITEM).version
    new = answers.save(lead, case.assessment_id, VENDOR_ITEM, Written(AnswerValue.NO, "先"), version)
    with pytest.raises(Conflict) as refused:
        answers.save(lead, case.assessment_id, VENDOR_ITEM, Written(AnswerValue.YES, "後"), version)
    assert refused.value.code == "changed_meanwhile"
    assert (case.item(VENDOR_ITEM).comment, case.item(VENDOR_ITEM).version) == ("先", new)


def test_of_several_who_save_the_same_answer_at_once_one_wins(case: Case) -> None:
    lead, version = case.as_("vendor_lead"), case.item(VENDOR_ITEM).version
    found = at_once(
        *[
            lambda n=n: answers.save(
                lead, case.assessment_id, VENDOR_ITEM, Written(AnswerValue.YES, f"{n}"), version
            )
            for n in range(4)
        ]
    )
    assert len([each for each in found if not isinstance(each, Exception)]) == 1, found
    assert all(each.code == "changed_meanwhile" for each in found if isinstance(each, Conflict))
    assert len([each for each in found if isinstance(each, Conflict)]) == 3


@ON_SQLITE
def test_the_client_may_answer_until_it_was_reviewed(case: Case) -> None:
    case.write("officer", CLIENT_ITEM, text="前")
    case.submitted()
    case.write("officer", CLIENT_ITEM, text="後")
    answer_all(case.as_("officer"), case.assessment_id)
    case.reviewed_only()
    with pytest.raises(Conflict):
        case.write("officer", CLIENT_ITEM, text="審査の後")


@ON_SQLITE
def test_drafts_stay_out_of_history_and_ledger(case: Case) -> None:
    case.write("vendor_lead", VENDOR_ITEM, text="秘密の下書き")
    before = execute(case.house, "SELECT count(*) FROM ledger_entry")
    case.write("vendor_lead", VENDOR_ITEM, text="秘密の下書き、その2")
    assert execute(case.house, "SELECT count(*) FROM ledger_entry") == before
    kept = execute(case.house, "SELECT body FROM history UNION ALL SELECT body FROM ledger_entry")
    assert not [body for (body,) in kept if "秘密".encode() in bytes(body)]


@ON_SQLITE
def test_a_plan_counts_at_the_gate_until_its_day_has_passed(case: Case) -> None:
    answer_all(case.as_("vendor_lead"), case.assessment_id)
    day = case.house.today() + timedelta(days=3)
    case.write("vendor_lead", VENDOR_ITEM, AnswerValue.PARTIAL, action="規程を作ります。", action_due=day)
    submit(case.as_("vendor_lead"), case.assessment_id)
    answer_all(case.as_("officer"), case.assessment_id)
    short = Judgement(ReviewResult.PARTLY, ReviewBasis.DOCUMENT, "一部だけです。")
    good = Judgement(ReviewResult.CONFORMS, ReviewBasis.DOCUMENT, "記録を見ました。")
    for item in case.view().items:
        judgement = short if item.code == VENDOR_ITEM else good
        reviews.review_item(case.as_("second"), case.assessment_id, item.code, judgement, None)
    reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)

    def blocked() -> set[tuple[str, str | None]]:
        found = gates.gate(case.as_("officer"), case.engagement_id)
        return {(each.code, each.item) for each in found.blockers}

    case.house.clock.move(days=3)  # type: ignore[attr-defined]
    assert blocked() == set()
    case.house.clock.move(days=1)  # type: ignore[attr-defined]
    assert blocked() == {("item_no_action", VENDOR_ITEM)}

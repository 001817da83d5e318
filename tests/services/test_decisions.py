"""Decisions: asked on frozen facts, made once, by another person, within what may be accepted."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from audit_portal.domain import limits
from audit_portal.domain.access import Role
from audit_portal.domain.assessment import AssessmentState, ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.decision import Acceptance, DecisionState
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from audit_portal.domain.supervision import Gate, State
from audit_portal.services import checklists
from audit_portal.services.assessments import assessment_view, reviews
from audit_portal.services.assessments.reviews import Judgement
from audit_portal.services.decisions import decision_views, decisions, gates
from audit_portal.services.decisions.decisions import Terms
from audit_portal.services.engagements import engagements
from audit_portal.services.house import House
from tests.factories.house import account, context
from tests.factories.world import answer_all, attach, review_all, send, submit, work
from tests.services.steps import FACT, ON_SQLITE, VENDOR_ITEM, Case, at_once, execute, make_case

FAR = date(2027, 3, 31)


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def decide(
    case: Case,
    decision_id: UUID,
    approve: bool = True,
    who: str = "approver",
    comment: str = "確認しました。",
    accepted: tuple[Acceptance, ...] = (),
    terms: Terms | None = None,
) -> None:
    version = decision_views.get_decision(case.as_("officer"), decision_id).version
    decisions.decide(case.as_(who), decision_id, version, approve, comment, terms or Terms(accepted))


def link_state(case: Case) -> State:
    return engagements.get_engagement(case.as_("officer"), case.engagement_id).state


def reviewed_with(case: Case, code: str, result: ReviewResult) -> Case:
    """Everything conforms but one item."""
    case.submitted()
    answer_all(case.as_("officer"), case.assessment_id)
    for item in case.view().items:
        judgement = Judgement(
            result if item.code == code else ReviewResult.CONFORMS, ReviewBasis.DOCUMENT, "記録"
        )
        reviews.review_item(case.as_("second"), case.assessment_id, item.code, judgement, None)
    reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)
    return case


def test_an_approval_moves_the_engagement_and_closes_the_check(case: Case) -> None:
    decision_id = case.requested()
    assert link_state(case) is State.DRAFT
    decide(case, decision_id)
    found = decision_views.get_decision(case.as_("officer"), decision_id)
    assert (found.state, found.comment) == (DecisionState.APPROVED, "確認しました。")
    assert (link_state(case), case.state) == (State.SELECTED, AssessmentState.DECIDED)
    events = [each.event for each in engagements.timeline(case.as_("officer"), case.engagement_id)]
    assert {"decision.made", "engagement.moved"} <= set(events[:2])
    with pytest.raises(Conflict):
        decide(case, decision_id, approve=False)
    with pytest.raises(Refused) as refused:  # now it is the contract that would be decided on
        decisions.request(case.as_("officer"), case.engagement_id, "もう一度")
    assert refused.value.facts["gate"] == "G2"
    with pytest.raises(Conflict, match="gate_moved_on"):
        decisions.request(case.as_("officer"), case.engagement_id, "もう一度", Gate.SELECTION)


@ON_SQLITE
def test_a_refusal_needs_a_reason_and_moves_it_too(case: Case) -> None:
    decision_id = case.requested()
    with pytest.raises(Invalid) as refused:
        decide(case, decision_id, approve=False, comment=" ")
    assert refused.value.code == "refusal_needs_reason"
    decide(case, decision_id, approve=False, comment="体制が足りません。")
    assert link_state(case) is State.REFUSED


def test_who_asks_does_not_decide(case: Case) -> None:
    case.reviewed()
    both = account(case.house, case.everyone.client_id, Role.OFFICER, Role.APPROVER)
    ctx = context(case.house, both)
    decision_id = decisions.request(ctx, case.engagement_id, "お願いします。")
    assert decision_views.waiting(ctx) == ()
    assert [each.id for each in decision_views.waiting(case.as_("approver"))] == [decision_id]
    with pytest.raises(Forbidden) as refused:
        decisions.decide(ctx, decision_id, 1, True, "")
    assert refused.value.code == "own_request"
    decide(case, decision_id)


@ON_SQLITE
def test_only_officers_ask_and_only_approvers_decide(case: Case) -> None:
    decision_id = case.requested()
    for who in ("officer", "owner", "auditor", "admin", "vendor_lead", "vendor_contributor"):
        with pytest.raises(Forbidden):
            decide(case, decision_id, who=who)
    for who in ("approver", "owner", "auditor", "admin", "vendor_lead", "vendor_contributor"):
        with pytest.raises(Forbidden):
            decisions.request(case.as_(who), case.engagement_id, "お願いします。")
    for who in ("owner", "auditor"):
        with pytest.raises(NotFound):
            decision_views.get_decision(case.as_(who), decision_id)
    for who in ("vendor_lead", "vendor_contributor", "admin"):
        with pytest.raises(Forbidden):
            decision_views.get_decision(case.as_(who), decision_id)


def test_of_several_who_decide_at_once_exactly_one_wins(case: Case) -> None:
    decision_id = case.requested()
    others = [account(case.house, case.everyone.client_id, Role.APPROVER) for _ in range(3)]
    works = [
        lambda who=who, yes=yes: decisions.decide(context(case.house, who), decision_id, 1, yes, f"{yes}")
        for who, yes in zip((case.everyone.approver, *others), (True, False, True, False), strict=True)
    ]
    found = at_once(*works)
    assert len([each for each in found if each is None]) == 1, found
    assert len([each for each in found if isinstance(each, Conflict)]) == 3, found
    assert execute(case.house, "SELECT count(*) FROM ledger_entry WHERE event = 'decision.made'") == [(1,)]
    assert execute(case.house, "SELECT count(*) FROM ledger_entry WHERE event = 'engagement.moved'") == [(1,)]


def test_of_two_who_ask_at_once_one_is_refused(case: Case) -> None:
    case.reviewed()
    found = at_once(
        *[
            lambda who=who: decisions.request(case.as_(who), case.engagement_id, "お願いします。")
            for who in ("officer", "second")
        ]
    )
    assert len([each for each in found if isinstance(each, Conflict)]) == 1, found


def test_what_was_known_is_frozen_and_its_digest_is_in_the_ledger(case: Case) -> None:
    decision_id = case.requested()
    [(before, digest)] = execute(case.house, "SELECT snapshot, snapshot_sha256 FROM decision")
    assert hashlib.sha256(bytes(before)).hexdigest() == digest
    known = json.loads(bytes(before))
    assert {item["code"]: item["review"]["result"] for item in known["items"]} == dict.fromkeys(
        (item.code for item in case.view().items), "conforms"
    )
    execute(case.house, "UPDATE party SET name = '改名'")
    execute(case.house, "UPDATE answer SET comment = 'x', value = 'no'")
    decide(case, decision_id, approve=False)
    [(after, same)] = execute(case.house, "SELECT snapshot, snapshot_sha256 FROM decision")
    assert (bytes(after), same) == (bytes(before), digest)
    bodies = [
        json.loads(bytes(body))
        for (body,) in execute(
            case.house, "SELECT body FROM ledger_entry WHERE event IN ('decision.requested', 'decision.made')"
        )
    ]
    assert [body["facts"]["snapshot_sha256"] for body in bodies] == [digest, digest]


def test_nothing_that_changes_later_changes_what_a_decision_shows(case: Case) -> None:
    attach(case.as_("vendor_lead"), case.assessment_id, VENDOR_ITEM)
    decision_id = case.requested()
    officer = case.as_("officer")
    before = decision_views.frozen(officer, decision_id)
    item = next(each for each in before.items if each.code == VENDOR_ITEM)
    assert item.review and (item.question["ja"], item.answerer, item.review.reviewer) == (
        case.item(VENDOR_ITEM).question["ja"],
        case.as_("vendor_lead").actor.name,
        case.as_("second").actor.name,
    )
    assert {(each.name, each.version) for each in item.files} == {("確認資料.txt", 1)}
    assert (before.vendor, before.asked_by) == ("北海印刷株式会社", officer.actor.name)
    shown = decision_views.get_decision(officer, decision_id)
    for change in (
        "UPDATE party SET name = '改名'",
        "UPDATE account SET name = '別の名'",
        "UPDATE engagement SET title = '別の業務'",
        "UPDATE answer SET comment = 'x', value = 'no'",
        "UPDATE review SET comment = 'x', result = 'not'",
        "UPDATE evidence_version SET file_name = 'x'",
    ):
        execute(case.house, change)
    assert decision_views.frozen(officer, decision_id) == before
    assert decision_views.get_decision(officer, decision_id) == shown


def test_who_decided_keeps_the_name_they_had_then(case: Case) -> None:
    decision_id = case.requested()
    decide(case, decision_id)
    name = case.as_("approver").actor.name
    execute(case.house, "UPDATE account SET name = '別の名'")
    assert decision_views.get_decision(case.as_("officer"), decision_id).decided_by == name


@ON_SQLITE
def test_a_snapshot_that_was_tampered_with_is_not_shown(case: Case) -> None:
    decision_id = case.requested()
    changed = "replace(CAST(snapshot AS TEXT), 'conforms', 'partly')"
    execute(case.house, f"UPDATE decision SET snapshot = CAST({changed} AS BLOB)")
    with pytest.raises(Invalid, match="snapshot_damaged"):
        decision_views.frozen(case.as_("officer"), decision_id)


def test_what_moved_since_the_request_is_named(case: Case) -> None:
    reviewed_with(case, FACT, ReviewResult.UNCONFIRMED)
    officer = case.as_("officer")
    decision_id = decisions.request(officer, case.engagement_id, "お願いします。")
    known = decision_views.frozen(officer, decision_id)
    assert [each.key for each in known.blockers] == [f"item_unknown:{FACT}"]
    assert known.blockers[0].basis and known.question(FACT)

    def drift() -> gates.Drift:
        return gates.drift(gates.gate(officer, case.engagement_id), known, case.assessment_id)

    assert drift() == gates.Drift()
    execute(case.house, "UPDATE review SET result = 'conforms'")
    assert ([each.key for each in drift().gone], drift().appeared) == ([f"item_unknown:{FACT}"], ())
    execute(case.house, "UPDATE review SET result = 'unconfirmed' WHERE answer_id IN "
            f"(SELECT id FROM answer WHERE item IN ('{VENDOR_ITEM}', '{FACT}'))")  # fmt: skip
    assert [each.key for each in drift().appeared] == [f"item_unknown:{VENDOR_ITEM}"]
    assert gates.drift(gates.gate(officer, case.engagement_id), known, decision_id).other_check


@ON_SQLITE
def test_requests_of_ones_own_do_not_crowd_out_the_others(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audit_portal.domain.limits.PAGE", 1)
    both = account(case.house, case.everyone.client_id, Role.OFFICER, Role.APPROVER)
    case.reviewed()
    decisions.request(context(case.house, both), case.engagement_id, "自分の申請")
    case.house.clock.move(seconds=1)  # type: ignore[attr-defined]
    other = make_another(case)
    theirs = decisions.request(case.as_("officer"), other.engagement_id, "ほかの人の申請")
    assert [each.id for each in decision_views.waiting(context(case.house, both))] == [theirs]


def make_another(case: Case) -> Case:
    """One more engagement of the same vendor with a reviewed check."""
    officer = case.as_("officer")
    engagement_id = engagements.register(officer, case.everyone.vendor_id, work("別の業務"))
    other = replace(case, engagement_id=engagement_id, assessment_id=send(officer, engagement_id))
    return other.reviewed()


@ON_SQLITE
def test_the_gate_names_what_is_missing_from_the_first_day(case: Case) -> None:
    gate = gates.gate(case.as_("officer"), case.engagement_id)
    assert [each.code for each in gate.blockers] == ["selection_not_reviewed"]
    assert not gate.can_be_asked
    with pytest.raises(Refused) as refused:
        decisions.request(case.as_("officer"), case.engagement_id, "お願いします。")
    assert refused.value.blockers == gate.blockers
    case.submitted()
    assert not gates.gate(case.as_("officer"), case.engagement_id).can_be_asked


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        (ReviewResult.NOT, "no_action"),
        (ReviewResult.PARTLY, "no_action"),
        (ReviewResult.UNCONFIRMED, "unknown"),
    ],
)
@ON_SQLITE
def test_a_duty_that_is_not_met_keeps_the_gate_shut_whatever_is_accepted(
    case: Case, result: ReviewResult, reason: str
) -> None:
    reviewed_with(case, VENDOR_ITEM, result)
    gate = gates.gate(case.as_("officer"), case.engagement_id)
    assert [each.key for each in gate.blockers] == [f"item_{reason}:{VENDOR_ITEM}"]
    assert gate.questions[VENDOR_ITEM]["ja"]
    with pytest.raises(Refused):
        decisions.request(case.as_("officer"), case.engagement_id, "お願いします。")


def acceptance(key: str, **other: Any) -> Acceptance:
    return Acceptance(**{"key": key, "reason": "理由", "measure": "代わりの措置", "expires_on": FAR, **other})


def test_what_is_only_desirable_can_be_accepted_with_reason_measure_and_end(case: Case) -> None:
    reviewed_with(case, FACT, ReviewResult.UNCONFIRMED)
    key = f"item_unknown:{FACT}"
    decision_id = decisions.request(case.as_("officer"), case.engagement_id, "お願いします。")
    with pytest.raises(Refused):
        decide(case, decision_id)
    today = case.house.today()
    for wrong in (
        {"reason": " "},
        {"measure": ""},
        {"expires_on": today},
        {"expires_on": today - timedelta(1)},
        {"expires_on": date(9999, 12, 31)},
        {"expires_on": today + timedelta(days=limits.ACCEPTANCE_DAYS + 1)},
    ):
        with pytest.raises(Invalid):
            decide(case, decision_id, accepted=(acceptance(key, **wrong),))
    with pytest.raises(Conflict) as refused:
        decide(case, decision_id, accepted=(acceptance(key), acceptance("item_no_action:QSL-002")))
    assert refused.value.code == "blockers_changed"
    assert link_state(case) is State.DRAFT
    decide(case, decision_id, accepted=(acceptance(key),))
    assert link_state(case) is State.SELECTED
    assert decision_views.get_decision(case.as_("officer"), decision_id).accepted == (acceptance(key),)
    [(body,)] = execute(case.house, "SELECT body FROM ledger_entry WHERE event = 'decision.made'")
    assert key.encode() in bytes(body) and "代わり".encode() not in bytes(body)


@ON_SQLITE
def test_a_duty_that_turns_up_after_the_request_is_not_accepted(case: Case) -> None:
    decision_id = case.requested()
    execute(case.house, "UPDATE review SET result = 'unconfirmed' WHERE answer_id IN "
            f"(SELECT id FROM answer WHERE item = '{VENDOR_ITEM}')")  # fmt: skip
    with pytest.raises(Refused):
        decide(case, decision_id)
    with pytest.raises(Invalid) as refused:
        decide(case, decision_id, accepted=(acceptance(f"item_unknown:{VENDOR_ITEM}"),))
    assert refused.value.code == "blocker_not_acceptable"


@ON_SQLITE
def test_a_check_that_does_not_cover_annex_10_opens_nothing(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    case.reviewed()
    execute(case.house, "UPDATE assessment SET state = 'reviewed'")
    parsed = checklists.parsed

    def short(house: House, row: Any) -> Any:
        return replace(parsed(house, row), covers_annex10=False)

    monkeypatch.setattr(checklists, "parsed", short)
    gate = gates.gate(case.as_("officer"), case.engagement_id)
    assert [each.code for each in gate.blockers] == ["annex10_not_covered"]
    assert not gate.can_be_asked


@ON_SQLITE
def test_an_action_with_a_date_mends_a_partial(case: Case) -> None:
    answer_all(case.as_("vendor_lead"), case.assessment_id)
    case.write("vendor_lead", VENDOR_ITEM, AnswerValue.PARTIAL, "一部", action="改訂する", action_due=FAR)
    submit(case.as_("vendor_lead"), case.assessment_id)
    answer_all(case.as_("officer"), case.assessment_id)
    for item in case.view().items:
        judged = ReviewResult.PARTLY if item.code == VENDOR_ITEM else ReviewResult.CONFORMS
        judgement = Judgement(judged, ReviewBasis.DOCUMENT, "確認")
        reviews.review_item(case.as_("second"), case.assessment_id, item.code, judgement, None)
    reviews.finish(case.as_("second"), case.assessment_id, case.view().head.version)
    assert gates.gate(case.as_("officer"), case.engagement_id).blockers == ()


@ON_SQLITE
def test_a_second_check_after_the_decision_starts_anew(case: Case) -> None:
    decide(case, case.requested())
    second = send(case.as_("officer"), case.engagement_id)
    lead = case.as_("vendor_lead")
    answer_all(lead, second)
    submit(lead, second)
    answer_all(case.as_("officer"), second)
    review_all(case.as_("second"), second)
    assert assessment_view.get_assessment(lead, second).head.state is AssessmentState.REVIEWED
    with pytest.raises(Conflict, match="gate_moved_on"):
        decisions.request(case.as_("officer"), case.engagement_id, "もう一度", Gate.SELECTION)

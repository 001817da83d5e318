"""A refused engagement is taken up again by an officer, with a reason, and decided on anew."""

from __future__ import annotations

import json
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import Forbidden, Invalid, NotFound
from audit_portal.domain.supervision import State
from audit_portal.services import history_check
from audit_portal.services.decisions import decision_views, decisions, gates
from audit_portal.services.engagements import engagements, reopening
from audit_portal.services.house import House
from tests.factories.house import account, context
from tests.factories.world import answer_all, review_all, send, submit
from tests.services.steps import ON_SQLITE, Case, execute, make_case


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def decide(case: Case, decision_id: UUID, approve: bool) -> None:
    decisions.decide(case.as_("approver"), decision_id, 1, approve, "意見")


def refused(case: Case) -> UUID:
    decision_id = case.requested()
    decide(case, decision_id, approve=False)
    return decision_id


def state(case: Case) -> State:
    return engagements.get_engagement(case.as_("officer"), case.engagement_id).state


def test_it_goes_back_to_draft_with_its_reason_on_record(case: Case) -> None:
    refusal = refused(case)
    reopening.reopen(case.as_("officer"), case.engagement_id, "体制が整ったため。")
    assert state(case) is State.DRAFT
    (found,) = reopening.of_engagement(case.as_("officer"), case.engagement_id)
    assert (found.reason, found.reopened_by) == ("体制が整ったため。", case.as_("officer").actor.name)
    rows = execute(case.house, "SELECT event, body FROM ledger_entry ORDER BY seq DESC LIMIT 2")
    facts = {event: json.loads(bytes(body))["facts"] for event, body in rows}
    assert facts["engagement.reopened"]["decision_id"] == str(refusal)
    assert (facts["engagement.moved"]["before"], facts["engagement.moved"]["after"]) == ("refused", "draft")
    assert not any("体制".encode() in bytes(body) for _, body in rows), "no free text in the ledger"
    assert history_check.verify(case.house) == ()
    assert decision_views.get_decision(case.as_("officer"), refusal).state is DecisionState.REFUSED


def test_it_can_be_decided_on_the_same_check(case: Case) -> None:
    refused(case)
    reopening.reopen(case.as_("officer"), case.engagement_id, "説明を足したため。")
    again = decisions.request(case.as_("officer"), case.engagement_id, "もう一度お願いします。")
    decide(case, again, approve=True)
    assert state(case) is State.SELECTED


@ON_SQLITE
def test_it_can_be_decided_on_a_new_check(case: Case) -> None:
    refused(case)
    officer, lead = case.as_("officer"), case.as_("vendor_lead")
    reopening.reopen(officer, case.engagement_id, "回答を直してもらうため。")
    second = send(officer, case.engagement_id)
    answer_all(lead, second)
    submit(lead, second)
    answer_all(officer, second)
    review_all(case.as_("second"), second)
    assert gates.gate(officer, case.engagement_id).assessment_id == second
    decide(case, decisions.request(officer, case.engagement_id, "お願いします。"), approve=True)
    assert state(case) is State.SELECTED


@ON_SQLITE
def test_only_an_officer_and_only_what_was_refused(case: Case) -> None:
    officer = case.as_("officer")
    with pytest.raises(Invalid, match="action_not_possible"):
        reopening.reopen(officer, case.engagement_id, "理由")
    refused(case)
    with pytest.raises(Invalid, match="reopen_needs_reason"):
        reopening.reopen(officer, case.engagement_id, " ")
    for who in ("approver", "owner", "auditor", "admin", "vendor_lead", "vendor_contributor"):
        with pytest.raises(Forbidden):
            reopening.reopen(case.as_(who), case.engagement_id, "理由")
    stranger = context(case.house, account(case.house, case.everyone.client_id, Role.AUDITOR))
    assert reopening.of_engagement(stranger, case.engagement_id) == ()
    with pytest.raises(NotFound):
        reopening.reopen(officer, UUID(int=0), "理由")
    assert state(case) is State.REFUSED
    reopening.reopen(officer, case.engagement_id, "理由")
    with pytest.raises(Invalid, match="action_not_possible"):
        reopening.reopen(officer, case.engagement_id, "もう一度")

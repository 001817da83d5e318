"""Whatever people do in whatever order, an engagement goes live only through all three gates, one after another."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_portal.domain.decision import DecisionState
from audit_portal.domain.errors import PortalError
from audit_portal.domain.supervision import NEXT, Gate, State
from audit_portal.services.contracts import contract_views, contracts
from audit_portal.services.decisions import decision_views, decisions, gates
from audit_portal.services.engagements import engagements, reopening
from tests import databases
from tests.clock import SetClock
from tests.factories.contracts import add_document, agreement, answer_clauses, begin, hand_in
from tests.factories.house import make_house
from tests.factories.world import answer_all, review_all, submit
from tests.services.steps import Case, make_case

_MOVES = set(NEXT.items())


class Walk:
    """One engagement, and what its people try; refusals are part of the walk."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.officer = case.as_("officer")

    @property
    def state(self) -> State:
        return engagements.get_engagement(self.officer, self.case.engagement_id).state

    def select(self) -> None:
        answer_all(self.case.as_("vendor_lead"), self.case.assessment_id)
        submit(self.case.as_("vendor_lead"), self.case.assessment_id)
        answer_all(self.officer, self.case.assessment_id)
        review_all(self.case.as_("second"), self.case.assessment_id)

    def agree(self) -> None:
        contract_id = contracts.register(self.officer, self.case.engagement_id, agreement(self.case.house))
        add_document(self.officer, contract_id)

    def end(self) -> None:
        found = contract_views.of_engagement(self.officer, self.case.engagement_id)
        for head in found[:1]:
            version = contract_views.get_contract(self.officer, head.id).version
            yesterday = self.case.house.today() - timedelta(days=1)
            contracts.end(self.officer, head.id, version, yesterday, "解約した。")

    def check(self) -> None:
        documents = contract_views.documents_of_engagement(self.officer, self.case.engagement_id)
        assessment_id = begin(self.officer, self.case.engagement_id)
        document_id = documents[-1][1].id if documents else UUID(int=0)
        answer_clauses(self.officer, assessment_id, document_id)
        hand_in(self.officer, assessment_id)
        review_all(self.case.as_("second"), assessment_id)

    def ask(self) -> None:
        decisions.request(self.officer, self.case.engagement_id, "お願いします。")

    def approve(self) -> None:
        self._decide(True)

    def refuse(self) -> None:
        self._decide(False)

    def _decide(self, approve: bool) -> None:
        for each in decision_views.of_engagement(self.officer, self.case.engagement_id):
            if each.state is DecisionState.REQUESTED:
                open_before = gates.gate(self.officer, self.case.engagement_id, each.gate).blockers
                decisions.decide(self.case.as_("approver"), each.id, each.version, approve, "判断した。")
                assert not (approve and open_before), "a gate opened although something stood in its way"

    def reopen(self) -> None:
        reopening.reopen(self.officer, self.case.engagement_id, "もう一度。")


STEPS: tuple[Callable[[Walk], None], ...] = (
    Walk.select, Walk.agree, Walk.check, Walk.end, Walk.ask, Walk.approve, Walk.refuse, Walk.reopen,
)  # fmt: skip
ALL_THE_WAY = [Walk.select, Walk.ask, Walk.approve, Walk.agree, Walk.check, Walk.ask, Walk.approve, Walk.ask]


@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(
    st.integers(0, len(ALL_THE_WAY)),
    st.lists(st.sampled_from(STEPS), max_size=8),
)
def test_no_order_of_steps_leads_past_a_gate(begun: int, more: list[Callable[[Walk], None]]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="portal-walk-"))
    house = make_house(databases.sqlite_url(folder), folder / "instance", SetClock())
    try:
        walk = Walk(make_case(house, folder))
        for step in [*ALL_THE_WAY[:begun], *more]:
            before = walk.state
            try:
                step(walk)
            except PortalError:
                assert walk.state is before, "a refused step moved the engagement"
            _sound(walk, before)
    finally:
        house.db.dispose()


def _sound(walk: Walk, before: State) -> None:
    after = walk.state
    assert after is before or any(pair[0] is before and to is after for pair, to in _MOVES)
    made = [
        each
        for each in decision_views.of_engagement(walk.officer, walk.case.engagement_id)
        if each.decided_by
    ]
    approved = {each.gate for each in made if each.state is DecisionState.APPROVED}
    needed = {State.SELECTED: 1, State.CONTRACTED: 2, State.LIVE: 3}.get(after, 0)
    assert approved >= set([Gate.SELECTION, Gate.CONTRACT, Gate.RELEASE][:needed])
    for each in made:
        assert each.decided_by != each.requested_by or each.requested_by_id != walk.case.everyone.approver
        decision_views.frozen(walk.officer, each.id)  # reads back, and is what was frozen

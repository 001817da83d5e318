"""What a decision rests on changes while it waits: the request ends, who asked is told, and it is asked anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from audit_portal.domain.contracts import ContractKind, Reentrustment
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.engagement import Part, ScopeItem, Transfer
from audit_portal.domain.supervision import Gate, State
from audit_portal.services import jobs
from audit_portal.services.contracts import contract_documents, contract_views, contracts
from audit_portal.services.decisions import decision_views, gates
from audit_portal.services.engagements import cloud
from audit_portal.services.house import House
from tests.factories.contracts import add_document, agreement
from tests.factories.house import mailer
from tests.services.steps import ON_SQLITE, Case, make_case
from tests.services.test_contract_thread import approve, ask, checked, codes, contracted, selected, state
from tests.services.test_engagement_changes import FINDING, change


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def ended(case: Case, decision_id: UUID) -> str:
    """Why, once who asked was told of it; "" while it waits."""
    found = decision_views.get_decision(case.as_("officer"), decision_id)
    if found.state is DecisionState.REQUESTED:
        return ""
    mailer(case.house).sent.clear()
    jobs.run_due(case.house)
    assert found.state is DecisionState.STALE
    assert any(f"/decisions/{decision_id}" in mail.body for mail in mailer(case.house).sent)
    return found.ended_because


def version(case: Case, contract_id: UUID) -> int:
    return contract_views.get_contract(case.as_("officer"), contract_id).version


_Act = Callable[[Case, UUID, UUID], Any]
_ACTS: dict[str, _Act] = {
    "terms": lambda case, contract, document: contracts.change(
        case.as_("officer"),
        contract,
        version(case, contract),
        agreement(case.house, title="覚書", reentrustment=Reentrustment.FREE, audit_right=False),
    ),
    "end": lambda case, contract, document: contracts.end(
        case.as_("officer"), contract, version(case, contract), case.house.today(), "解約した。"
    ),
    "untied": lambda case, contract, document: contracts.untie(
        case.as_("officer"), contract, case.engagement_id, case.house.today()
    ),
    "another": lambda case, contract, document: contracts.register(
        case.as_("officer"), case.engagement_id, agreement(case.house, title="秘密保持契約書")
    ),
    "document": lambda case, contract, document: contract_documents.withdraw(
        case.as_("officer"), contract, document, "別の契約の文書だった。"
    ),
}


@ON_SQLITE
@pytest.mark.parametrize("act", _ACTS.values(), ids=_ACTS.keys())
def test_a_contract_that_changes_ends_what_was_asked_on_it(case: Case, act: _Act) -> None:
    selected(case)
    contract_id, document_id = contracted(case)
    checked(case, document_id)
    decision_id = ask(case)
    act(case, contract_id, document_id)
    assert ended(case, decision_id) == "contract_changed"
    assert ended(case, ask(case)) == ""


@ON_SQLITE
def test_a_contract_written_as_it_was_ends_nothing_and_a_selection_waits_on(case: Case) -> None:
    decision_id = case.requested()
    contract_id, document_id = contracted(case)
    assert ended(case, decision_id) == "", "the selection rests on no contract"
    approve(case, decision_id)
    checked(case, document_id)
    decision_id = ask(case)
    contracts.change(case.as_("officer"), contract_id, version(case, contract_id), agreement(case.house))
    assert ended(case, decision_id) == ""


@ON_SQLITE
@pytest.mark.parametrize(
    "facts",
    [
        {"scope": (ScopeItem(Part.IN, "苦情の受付"),)},
        {"purpose": "広告の配信"},
        {"data_categories": "診療の記録"},
        {"transfer": (Transfer.FILE_SERVICE,)},
        {"transfer_note": "毎日"},
    ],
)
def test_other_work_ends_what_was_asked_on_the_work_before(case: Case, facts: dict[str, Any]) -> None:
    decision_id = case.requested()
    change(case, **facts)
    assert ended(case, decision_id) == "facts_changed"


@ON_SQLITE
def test_a_cloud_finding_ends_what_was_asked_before_it(case: Case) -> None:
    decision_id = case.requested()
    cloud.determine(
        case.as_("officer"), case.engagement_id, replace(FINDING, determined_on=case.house.today())
    )
    assert ended(case, decision_id) == "cloud_determined"


@ON_SQLITE
def test_the_release_looks_whether_the_clauses_still_stand_in_a_running_contract(case: Case) -> None:
    selected(case)
    contract_id, document_id = contracted(case)
    checked(case, document_id)
    approve(case, ask(case))
    officer = case.as_("officer")
    another = contracts.register(
        officer, case.engagement_id, agreement(case.house, kind=ContractKind.INDIVIDUAL, title="個別契約書")
    )
    add_document(officer, another)
    assert codes(case, Gate.RELEASE) == set()
    contracts.end(
        officer, contract_id, version(case, contract_id), case.house.today() - timedelta(days=1), "解約した。"
    )
    found = gates.gate(officer, case.engagement_id, Gate.RELEASE).blockers
    assert found and {each.code for each in found} == {"clause_untied"}
    assert all(each.duty.value == "prac" and each.acceptable for each in found), "the portal's own policy"
    contracts.end(officer, contract_id, version(case, contract_id), None, "解約の取消し。")
    assert codes(case, Gate.RELEASE) == set()
    contract_documents.withdraw(officer, contract_id, document_id, "別の契約の文書だった。")
    keys = tuple(sorted(codes(case, Gate.RELEASE)))
    assert keys and all(key.startswith("clause_untied:CON-") for key in keys)
    approve(case, ask(case), keys)
    assert state(case) is State.LIVE


@ON_SQLITE
def test_a_clause_accepted_with_the_contract_is_not_asked_for_again_at_the_release(case: Case) -> None:
    selected(case)
    contract_id, document_id = contracted(case)
    checked(case, document_id)
    contract_documents.withdraw(case.as_("officer"), contract_id, document_id, "別の契約の文書だった。")
    keys = tuple(sorted(codes(case)))
    approve(case, ask(case), keys)
    assert keys and codes(case, Gate.RELEASE) == set()
    case.house.clock.move(days=120)  # type: ignore[attr-defined]
    assert codes(case, Gate.RELEASE) >= set(keys)

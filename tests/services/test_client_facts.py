"""What the client is: set by officer or administrator, worked into what runs, asked where it became new."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from audit_portal.domain.decision import DecisionState
from audit_portal.domain.engagement import OF_THE_CLIENT
from audit_portal.domain.errors import Conflict, Forbidden
from audit_portal.services import checklists, jobs
from audit_portal.services.decisions import decision_views, decisions
from audit_portal.services.engagements import client_facts, engagement_changes, engagements, rechecks
from audit_portal.services.engagements.client_facts import ClientFacts
from audit_portal.services.house import House
from audit_portal.storage import get
from audit_portal.storage.tables.supervision import Engagement
from tests.factories.world import ROOT, short_checklists, work
from tests.services.steps import ON_SQLITE, Case, execute, make_case

MARK = ClientFacts(p_mark=True, public_sector=False)
NEITHER = ClientFacts(p_mark=False, public_sector=False)


def for_the_mark(house: House, folder: Path) -> House:
    """The short check asks QSL-004 only of a client that runs PrivacyMark."""
    target = folder / "checklists"
    shutil.copytree(ROOT / "checklists", target)
    file = next((target / "quick_selection").glob("*.yaml"))
    head, *items = file.read_text(encoding="utf-8").split("  - id: ")
    items = [
        item.replace("applies_when: always", "applies_when: p_mark") if item.startswith("QSL-004") else item
        for item in items
    ]
    whole = head.replace("covers_annex10: false", "covers_annex10: true")
    file.write_text("  - id: ".join((whole, *items)), encoding="utf-8")
    return short_checklists(house, folder)


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path, prepare=for_the_mark)


def save(case: Case, facts: ClientFacts, who: str = "officer") -> bool:
    found = client_facts.get_settings(case.as_("officer"))
    return client_facts.save(case.as_(who), found.version, facts)


def conditions(case: Case, engagement_id: UUID) -> list[str]:
    with case.as_("officer").read() as tx:
        return get.one(tx, Engagement, engagement_id).conditions


def asked_anew(case: Case) -> list[str]:
    return [i.code for each in rechecks.open_of(case.as_("officer"), case.engagement_id) for i in each.items]


def work_off(case: Case) -> None:
    while jobs.run_due(case.house):
        pass


def left(case: Case) -> int:
    return client_facts.get_settings(case.as_("officer")).left


def approved(case: Case) -> None:
    decisions.decide(case.as_("approver"), case.requested(), 1, True, "確認しました。")


def test_new_engagements_follow_at_once_and_running_ones_by_the_worker(case: Case) -> None:
    assert save(case, MARK)
    new = engagements.register(case.as_("officer"), case.everyone.vendor_id, work("新しい業務"))
    assert (conditions(case, new), conditions(case, case.engagement_id)) == (["p_mark"], [])
    assert client_facts.get_settings(case.as_("officer")).left == 1
    work_off(case)
    assert conditions(case, case.engagement_id) == ["p_mark"]
    found = client_facts.get_settings(case.as_("admin"))
    assert (found.facts, found.left) == (MARK, 0)


def test_what_became_new_is_asked_of_a_decided_check_and_settled_when_it_no_longer_holds(case: Case) -> None:
    approved(case)
    save(case, MARK)
    work_off(case)
    assert asked_anew(case) == ["QSL-004"]
    save(case, NEITHER)
    work_off(case)
    assert (asked_anew(case), conditions(case, case.engagement_id)) == ([], [])


@ON_SQLITE
def test_a_request_that_waits_is_overtaken(case: Case) -> None:
    decision_id = case.requested()
    save(case, MARK)
    work_off(case)
    found = decision_views.get_decision(case.as_("officer"), decision_id)
    assert (found.state, found.ended_because) == (DecisionState.STALE, "client_facts")


def test_what_was_asked_after_it_was_worked_in_is_left_alone(case: Case) -> None:
    """A job that comes twice, or that listed the engagement before another worker did it."""
    payload = {"by": "", "ids": [str(case.engagement_id)]}
    save(case, ClientFacts(p_mark=False, public_sector=True))
    work_off(case)
    decision_id = case.requested()
    client_facts.apply_to(case.house, payload)
    assert decision_views.get_decision(case.as_("officer"), decision_id).state is DecisionState.REQUESTED


@ON_SQLITE
def test_an_engagement_that_was_over_meanwhile_is_left_alone(case: Case) -> None:
    save(case, MARK)
    execute(case.house, "UPDATE engagement_link SET state = 'closed'")
    client_facts.apply_to(case.house, {"by": "", "ids": [str(case.engagement_id)]})
    assert conditions(case, case.engagement_id) == []


@ON_SQLITE
def test_one_that_fails_stops_no_other_and_the_same_saved_again_works_it_in(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    vendor_id = case.everyone.vendor_id
    more = [engagements.register(case.as_("officer"), vendor_id, work(f"業務{n}")) for n in range(3)]
    real, broken = engagement_changes.work_out_anew, {more[0]}

    def sometimes(ctx: Any, tx: Any, engagement_id: UUID, because: str) -> None:
        if engagement_id in broken:
            raise ValueError("broken")
        real(ctx, tx, engagement_id, because)

    monkeypatch.setattr(engagement_changes, "work_out_anew", sometimes)
    monkeypatch.setattr(client_facts, "_SHARE", 2)
    save(case, MARK)
    work_off(case)
    assert [conditions(case, each) for each in (case.engagement_id, *more)] == [
        ["p_mark"],
        [],
        *[["p_mark"]] * 2,
    ]
    assert left(case) == 1
    execute(case.house, "UPDATE outbox SET state = 'dead' WHERE state = 'waiting'")
    broken.clear()
    assert save(case, MARK)
    work_off(case)
    assert left(case) == 0 and not save(case, MARK)


@ON_SQLITE
def test_the_same_again_changes_nothing_and_an_old_screen_is_refused(case: Case) -> None:
    old = client_facts.get_settings(case.as_("officer")).version
    assert save(case, MARK, "admin")
    work_off(case)
    assert not client_facts.save(case.as_("officer"), old, MARK)
    with pytest.raises(Conflict, match="changed_meanwhile"):
        client_facts.save(case.as_("officer"), old, NEITHER)
    entries: Any = execute(
        case.house, "SELECT body FROM ledger_entry WHERE event = 'installation.client_facts_changed'"
    )
    assert len(entries) == 1


@ON_SQLITE
@pytest.mark.parametrize("who", ["approver", "owner", "auditor", "vendor_lead"])
def test_others_neither_see_nor_change_it(case: Case, who: str) -> None:
    with pytest.raises(Forbidden):
        client_facts.get_settings(case.as_(who))
    with pytest.raises(Forbidden):
        client_facts.save(case.as_(who), 1, MARK)


@ON_SQLITE
def test_what_the_client_is_has_no_floor_for_the_tier(case: Case) -> None:
    """Tiers are proposed without it; a floor would have to be worked in."""
    references = checklists.references(case.house)
    assert set(OF_THE_CLIENT) <= set(references.conditions)
    assert not set(OF_THE_CLIENT) & set(references.floors)

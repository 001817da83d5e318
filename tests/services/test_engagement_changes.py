"""Facts of an engagement: kept whole, changed with what that touches, flagged where nobody asked yet."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from audit_portal.domain.checklist import Tier
from audit_portal.domain.cloud import Determination
from audit_portal.domain.engagement import (
    Aim,
    Category,
    DataKind,
    EngagementFacts,
    Part,
    Place,
    Recipient,
    Route,
    ScopeItem,
    Transfer,
    Upstream,
)
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from audit_portal.domain.supervision import Classification, State, WorkKind
from audit_portal.services.assessments import sending
from audit_portal.services.decisions import decisions, gates
from audit_portal.services.engagements import (
    cloud,
    engagement_changes,
    engagement_profile,
    engagements,
    rechecks,
)
from audit_portal.services.engagements.cloud import CloudFacts
from audit_portal.services.engagements.engagement_changes import Changed
from audit_portal.services.house import House
from audit_portal.services.parties import parties, party_sites
from audit_portal.services.parties.parties import PartyFacts
from audit_portal.services.parties.party_sites import SiteFacts
from audit_portal.storage import register as stored
from tests.factories import clouds
from tests.factories.house import People, context
from tests.factories.world import deeper_checklists, work
from tests.services.steps import Case, at_once, make_case

RECIPIENT = Recipient("Acme Inc.", "US", Route.CONFORMING, "覚書 2026-10")


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path, prepare=deeper_checklists)


def facts_of(case: Case) -> EngagementFacts:
    return engagement_profile.get_profile(case.as_("officer"), case.engagement_id).facts


def change(case: Case, who: str = "officer", **facts: Any) -> Changed:
    found = engagement_profile.get_profile(case.as_("officer"), case.engagement_id)
    return engagement_changes.change(
        case.as_(who), case.engagement_id, found.version, replace(found.facts, **facts)
    )


def selected(case: Case) -> Case:
    """With the selection approved."""
    decision_id = case.requested()
    decisions.decide(case.as_("approver"), decision_id, 1, True, "承認します。")
    return case


def whole(case_people: People, site_id: Any) -> dict[str, Any]:
    return {
        "work_kind": WorkKind.ITO,
        "category": Category.IT,
        "aims": (Aim.COST, Aim.STAFFING),
        "scope": (
            ScopeItem(Part.IN, "入力"),
            ScopeItem(Part.OUT, "最終の確認"),
            ScopeItem(Part.BOUNDARY, "税理士への連絡", "経理課 大野"),
        ),
        "data_kinds": (DataKind.IDENTITY, DataKind.FINANCE),
        "places": (Place("JP", site_id), Place("US", None, "ネバダ")),
        "handled_abroad": True,
        "abroad_where": "アメリカ",
        "recipients": (RECIPIENT,),
        "transfer": (Transfer.FILE_SERVICE,),
        "transfer_note": "月1回",
        "profile": ("cloud", "gdpr"),
        "owner_id": case_people.owner,
        "upstream": Upstream("元の会社", "", "基本契約 2025", True, date(2026, 1, 5)),
        "risk_tier": Tier.HIGH,
        "tier_reason": "取引先の求めによる",
        "recheck_on": date(2027, 4, 1),
        "starts_on": date(2027, 1, 1),
    }


def test_every_fact_is_read_back_as_it_was_written(house: House, everyone: People) -> None:
    officer = context(house, everyone.officer)
    site_id = party_sites.add(officer, everyone.vendor_id, SiteFacts("本社"))
    facts = replace(work(), **whole(everyone, site_id))
    engagement_id = engagements.register(officer, everyone.vendor_id, facts)
    found = engagement_profile.get_profile(officer, engagement_id)
    assert found.facts == facts
    assert (found.overruled, found.proposal.tier, found.owner) == (True, Tier.MEDIUM, "試験 owner")
    assert [each.name for each in found.places] == ["本社", "ネバダ"]
    assert {each["ja"] for each in found.conditions} >= {"GDPRが適用される", "IT業務の委託"}
    owner = context(house, everyone.owner)
    assert engagements.get_engagement(owner, engagement_id).title == facts.title, "the owner reaches it"


@pytest.mark.parametrize(
    ("facts", "code", "field"),
    [
        ({"risk_tier": Tier.HIGH}, "tier_reason_needed", "tier_reason"),
        (
            {"profile": ("gdpr",), "risk_tier": Tier.LOW, "tier_reason": "軽い"},
            "risk_tier_too_low",
            "risk_tier",
        ),
        ({"scope": (ScopeItem(Part.BOUNDARY, "連絡"),)}, "boundary_needs_liaison", "scope"),
        ({"recipients": (replace(RECIPIENT, rests_on=" "),)}, "route_needs_basis", "recipients"),
        ({"upstream": Upstream(contract="契約")}, "upstream_needs_name", "upstream_who"),
        ({"upstream": Upstream("元の会社", "123")}, "corporate_number_wrong", "upstream_number"),
        ({"places": (Place("JP", uuid4()),)}, "site_unknown", "sites"),
        ({"owner_id": uuid4()}, "owner_unfit", "owner"),
        ({"deputy_id": uuid4()}, "owner_unfit", "deputy"),
        ({"scope": tuple(ScopeItem(Part.IN, str(n)) for n in range(151))}, "too_many_rows", "scope"),
    ],
)
def test_facts_that_do_not_fit_are_refused_at_their_field(
    house: House, everyone: People, facts: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        engagements.register(context(house, everyone.officer), everyone.vendor_id, replace(work(), **facts))
    assert (refused.value.code, refused.value.field) == (code, field)


def test_an_approver_is_no_owner_and_a_deputy_is_another_person(house: House, everyone: People) -> None:
    officer = context(house, everyone.officer)
    for facts, code in (
        ({"owner_id": everyone.approver}, "owner_unfit"),
        ({"owner_id": everyone.owner, "deputy_id": everyone.owner}, "deputy_is_owner"),
    ):
        with pytest.raises(Invalid) as refused:
            engagements.register(officer, everyone.vendor_id, replace(work(), **facts))
        assert refused.value.code == code


@pytest.mark.parametrize("kind", Classification)
def test_every_class_can_be_reached(case: Case, kind: Classification) -> None:
    clouds.not_handled(case.as_("officer"), case.engagement_id)  # one of them needs it first
    change(case, classification=kind, classification_reason="確かめた", recheck_on=date(2027, 4, 1))
    assert facts_of(case).classification is kind


def test_rows_that_stay_keep_their_history_and_rows_that_go_end(case: Case) -> None:
    first = (ScopeItem(Part.IN, "入力"), ScopeItem(Part.IN, "発送"))
    change(case, scope=first)
    officer = case.as_("officer")
    with officer.read() as tx:
        before = {
            row.task: row.id for row in stored.standing(tx, stored.EngagementScopeItem, case.engagement_id)
        }
    change(case, scope=(ScopeItem(Part.IN, "発送"), ScopeItem(Part.OUT, "入力")))
    with officer.read() as tx:
        after = {
            row.task: row.id for row in stored.standing(tx, stored.EngagementScopeItem, case.engagement_id)
        }
    assert after["発送"] == before["発送"] and after["入力"] != before["入力"]


def test_a_change_of_rows_alone_is_not_overwritten_by_an_older_page(case: Case) -> None:
    found = engagement_profile.get_profile(case.as_("officer"), case.engagement_id)
    change(case, scope=(ScopeItem(Part.IN, "入力"),))
    with pytest.raises(Conflict) as refused:
        engagement_changes.change(
            case.as_("officer"), case.engagement_id, found.version, replace(found.facts, title="別")
        )
    assert refused.value.code == "changed_meanwhile"


def test_two_who_change_at_once_are_not_both_heard(case: Case) -> None:
    found = engagement_profile.get_profile(case.as_("officer"), case.engagement_id)

    def attempt(task: str) -> Any:
        facts = replace(found.facts, scope=(ScopeItem(Part.IN, task),))
        return lambda: engagement_changes.change(
            case.as_("officer"), case.engagement_id, found.version, facts
        )

    results = at_once(attempt("入力"), attempt("発送"))
    assert sorted(type(each).__name__ for each in results) == ["Changed", "Conflict"]
    assert len(facts_of(case).scope) == 1


def test_nothing_changed_is_nothing_recorded(case: Case) -> None:
    before = len(engagements.timeline(case.as_("officer"), case.engagement_id))
    assert change(case).what == frozenset()
    assert len(engagements.timeline(case.as_("officer"), case.engagement_id)) == before


def test_the_ledger_tells_which_facts_changed_and_how_the_tier_moved(case: Case) -> None:
    came_of = change(case, persons=2_000, my_number=True)
    assert (came_of.before, came_of.after) == (Tier.LOW, Tier.HIGH)
    told = engagements.timeline(case.as_("officer"), case.engagement_id)[0]
    assert told.event == "engagement.changed"
    assert told.facts["what"] == ["my_number", "persons"]
    assert (told.facts["before"], told.facts["after"]) == ("low", "high")
    assert told.facts["conditions_added"] == ["my_number"]
    assert told.facts["asked_anew"] == [], "a draft has no decided check: gate G1 itself looks"


def test_an_owner_describes_the_work_and_an_officer_decides_how_it_is_supervised(case: Case) -> None:
    engagements.assign(case.as_("officer"), case.engagement_id, case.everyone.owner)
    assert change(case, "owner", persons=5_000).after is Tier.MEDIUM
    for facts in (
        {"classification": Classification.NONE},
        {"risk_tier": Tier.LOW, "tier_reason": "軽い"},
        {"deputy_id": case.everyone.owner},
    ):
        with pytest.raises(Forbidden) as refused:
            change(case, "owner", **facts)
        assert refused.value.code == "officer_decides_this"


@pytest.mark.parametrize("who", ["approver", "auditor", "admin", "vendor_lead", "vendor_contributor"])
def test_others_change_nothing(case: Case, who: str) -> None:
    with pytest.raises(Forbidden):
        change(case, who, persons=1)


def test_an_owner_who_is_not_assigned_finds_nothing_to_change(case: Case) -> None:
    with pytest.raises(NotFound):
        change(case, "owner", persons=1)


def test_a_check_that_was_reviewed_before_the_change_does_not_open_the_gate(case: Case) -> None:
    case.reviewed()
    officer = case.as_("officer")
    assert gates.gate(officer, case.engagement_id).can_be_asked
    change(case, persons=60_000)
    found = gates.gate(officer, case.engagement_id)
    new = [each for each in found.blockers if each.code == "never_asked"]
    assert new and not found.can_be_asked and all(each.item in found.questions for each in new)
    with pytest.raises(Refused):
        decisions.request(officer, case.engagement_id, "お願いします。")


def test_a_change_after_the_decision_flags_what_nobody_asked(case: Case) -> None:
    selected(case)
    officer = case.as_("officer")
    came_of = change(case, persons=60_000)
    assert came_of.asked_anew == ("QSL-003", "QSL-004")
    (found,) = rechecks.open_of(officer, case.engagement_id)
    assert found.assessment_id == case.assessment_id
    assert tuple(each.code for each in found.items) == came_of.asked_anew
    assert all(each.question["ja"] for each in found.items)
    with officer.read() as tx:
        held = rechecks.blockers(tx, case.engagement_id)
    assert [each.item for each in held] == list(came_of.asked_anew) and not any(e.acceptable for e in held)
    work_now = engagements.get_engagement(officer, case.engagement_id)
    assert (work_now.state, work_now.risk_tier) == (State.SELECTED, Tier.HIGH)


def test_the_flag_goes_when_the_facts_go_back(case: Case) -> None:
    selected(case)
    change(case, persons=60_000)
    assert change(case, persons=900).asked_anew == ()
    assert rechecks.open_of(case.as_("officer"), case.engagement_id) == ()
    events = [each.event for each in engagements.timeline(case.as_("officer"), case.engagement_id)]
    assert "engagement.recheck_settled" in events


def test_a_second_change_adds_to_the_same_flag(case: Case) -> None:
    selected(case)
    first = change(case, persons=2_000)
    second = change(case, persons=60_000)
    (found,) = rechecks.open_of(case.as_("officer"), case.engagement_id)
    assert (first.asked_anew, second.asked_anew) == (("QSL-003",), ("QSL-003", "QSL-004"))
    assert [each.code for each in found.items] == ["QSL-003", "QSL-004"]


def test_words_alone_ask_nothing_anew(case: Case) -> None:
    selected(case)
    came_of = change(case, title="新しい名称", description="説明", purpose="別の目的")
    assert came_of.asked_anew == () and rechecks.open_of(case.as_("officer"), case.engagement_id) == ()


def test_another_country_of_the_vendor_is_a_change_of_its_engagements(case: Case) -> None:
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    view = parties.get_vendor(officer, vendor_id)
    parties.change(officer, vendor_id, view.version, PartyFacts(view.name, view.kana, country="US"))
    found = engagement_profile.get_profile(officer, case.engagement_id)
    assert any("28" in each["ja"] for each in found.conditions)
    told = engagements.timeline(officer, case.engagement_id)[0]
    assert (told.facts["what"], told.facts["conditions_added"]) == (["vendor_country"], ["foreign_vendor"])


def test_refused_work_does_not_change(case: Case) -> None:
    decision_id = case.requested()
    decisions.decide(case.as_("approver"), decision_id, 1, False, "体制が足りません。")
    with pytest.raises(Conflict) as refused:
        change(case, persons=1)
    assert refused.value.code == "engagement_over"


def test_a_check_sent_after_the_change_asks_by_the_new_facts(case: Case) -> None:
    officer = case.as_("officer")
    engagement_id = engagements.register(officer, case.everyone.vendor_id, work("別の業務"))
    fresh = replace(case, engagement_id=engagement_id)
    change(fresh, recipients=(RECIPIENT,), handled_abroad=True)
    full = sending.sendable(officer)[0]
    order = sending.SendOrder(full.id, case.house.today() + timedelta(days=7))
    sent = replace(fresh, assessment_id=sending.send(officer, engagement_id, order))
    assert sent.view().head.engagement_id == engagement_id


FINDING = CloudFacts(
    Determination.NOT_HANDLED, "保管くん（例示社）", "第12条", "鍵は当社が持つ", "規約 2026年4月版",
    date(2026, 11, 1), "情報システム部 課長 大野",
)  # fmt: skip


def test_a_cloud_finding_is_kept_and_the_newest_counts(case: Case) -> None:
    officer = case.as_("officer")
    cloud.determine(officer, case.engagement_id, FINDING)
    later = replace(FINDING, outcome=Determination.HANDLED, determined_on=date(2026, 11, 2))
    cloud.determine(officer, case.engagement_id, later)
    found = cloud.listed(officer, case.engagement_id)
    assert [each.outcome for each in found] == [Determination.HANDLED, Determination.NOT_HANDLED]
    with pytest.raises(Invalid):
        cloud.determine(
            officer,
            case.engagement_id,
            replace(FINDING, determined_on=case.house.today() + timedelta(days=1)),
        )
    with pytest.raises(Forbidden):
        cloud.determine(case.as_("auditor"), case.engagement_id, FINDING)
    with pytest.raises(NotFound):
        cloud.determine(case.as_("owner"), case.engagement_id, FINDING)

"""Work is classed as not handled by its cloud provider by a finding with its document, never by a tick."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from audit_portal.domain.access import system
from audit_portal.domain.cloud import Determination
from audit_portal.domain.errors import Conflict, Invalid, NotFound
from audit_portal.domain.rounds import Obstacle
from audit_portal.domain.supervision import Classification
from audit_portal.services.decisions import gates
from audit_portal.services.engagements import cloud, engagement_changes, engagement_profile, engagements
from audit_portal.services.evidence import evidence_reading
from audit_portal.services.house import House
from audit_portal.services.rounds import rounds
from audit_portal.services.rounds.rounds import Pick
from audit_portal.storage import assessments
from tests.factories import clouds
from tests.factories.clouds import FINDING
from tests.factories.world import work
from tests.services.steps import Case, make_case


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path)


def classed(case: Case) -> None:
    officer = case.as_("officer")
    found = engagement_profile.get_profile(officer, case.engagement_id)
    as_cloud = replace(found.facts, classification=Classification.CLOUD_NOT_HANDLING)
    engagement_changes.change(officer, case.engagement_id, found.version, as_cloud)


def undetermined(case: Case) -> bool:
    return any(
        each.code == "cloud_undetermined"
        for each in gates.gate(case.as_("officer"), case.engagement_id).blockers
    )


def test_work_is_classed_as_not_handled_only_by_a_finding_with_its_document(case: Case) -> None:
    officer = case.as_("officer")
    as_cloud = replace(work("保管"), classification=Classification.CLOUD_NOT_HANDLING)
    for attempt in (
        lambda: classed(case),
        lambda: engagements.register(officer, case.everyone.vendor_id, as_cloud),
    ):
        with pytest.raises(Invalid, match="cloud_needs_determination") as refused:
            attempt()
        assert refused.value.field == "classification"
    found = cloud.determine(officer, case.engagement_id, FINDING)
    with pytest.raises(Invalid, match="cloud_needs_determination"):
        classed(case)
    version_id = clouds.document(officer, case.engagement_id, found)
    with pytest.raises(Conflict, match="cloud_document_there"):
        clouds.document(officer, case.engagement_id, found)
    assert evidence_reading.open_download(officer, version_id).name == "利用規約.txt"
    with pytest.raises(NotFound):
        evidence_reading.open_download(case.as_("vendor_lead"), version_id)
    classed(case)
    assert not undetermined(case)


def test_a_newer_finding_or_a_day_of_rechecking_that_passed_opens_the_class_again(case: Case) -> None:
    officer = case.as_("officer")
    clouds.not_handled(officer, case.engagement_id)
    classed(case)
    handled = replace(FINDING, outcome=Determination.HANDLED, determined_on=case.house.today())
    cloud.determine(officer, case.engagement_id, handled)
    assert undetermined(case)
    (pick,) = _picks(case)
    assert Obstacle.NOT_ENTRUSTMENT not in pick.problems, "it is supervised until a finding says otherwise"
    clouds.not_handled(officer, case.engagement_id, replace(FINDING, determined_on=case.house.today()))
    assert not undetermined(case)
    (pick,) = _picks(case)
    assert Obstacle.NOT_ENTRUSTMENT in pick.problems


def _picks(case: Case) -> tuple[Pick, ...]:
    with case.house.db.read(system("tests")) as tx:
        version_id = assessments.all_published(tx)[0].id
        return rounds.checked(tx, [case.engagement_id], 2026, version_id)

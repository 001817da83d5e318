"""A decision freezes what is entrusted, too: nothing that changes later changes what it shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from audit_portal.domain.cloud import Determination
from audit_portal.domain.engagement import DataKind, Part, Place, Recipient, Route, ScopeItem, Transfer
from audit_portal.domain.frozen_facts import FrozenPlace
from audit_portal.services.decisions import decision_views
from audit_portal.services.engagements import cloud
from audit_portal.services.engagements.cloud import CloudFacts
from audit_portal.services.house import House
from tests.factories.world import work
from tests.services.steps import Case, make_case
from tests.services.test_contract_thread import approve, ask, checked, contracted
from tests.services.test_terms_of_approvals import change

FACTS = replace(
    work(),
    special_care=True,
    data_kinds=(DataKind.IDENTITY, DataKind.FAMILY),
    scope=(ScopeItem(Part.BOUNDARY, "宛先の確認", "総務部 大野"),),
    places=(Place("JP", None, "川崎の倉庫"), Place("US", None, "ネバダ")),
    handled_abroad=True,
    abroad_where="ネバダ",
    recipients=(Recipient("Example Inc.", "US", Route.CONFORMING, "基本契約 第9条"),),
    transfer=(Transfer.MEDIA,),
    recheck_on=date(2027, 4, 1),
)


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path, FACTS)


def test_the_facts_of_the_work_are_frozen_and_stay(case: Case) -> None:
    officer = case.as_("officer")
    found = CloudFacts(
        Determination.HANDLED, "保管庫", "取り扱う", "鍵は先方", "規約 第3版", date(2026, 1, 5), "情シス"
    )
    cloud.determine(officer, case.engagement_id, found)
    decision_id = case.requested()
    before = decision_views.frozen(officer, decision_id)
    facts = before.facts
    assert facts and facts.brought_in is None
    for name in ("purpose", "data_categories", "persons", "special_care", "my_number", "data_kinds", "scope"):
        assert getattr(facts, name) == getattr(FACTS, name), name
    for name in ("recipients", "transfer", "classification", "classification_reason", "recheck_on"):
        assert getattr(facts, name) == getattr(FACTS, name), name
    assert facts.places == (FrozenPlace("川崎の倉庫", "JP"), FrozenPlace("ネバダ", "US"))
    assert facts.countries == ("JP", "US") and "cross_border" in facts.conditions
    assert facts.cloud and (facts.cloud.service, facts.cloud.outcome) == ("保管庫", Determination.HANDLED)
    approve(case, decision_id)
    change(case, persons=950, purpose="別の目的", places=())
    assert decision_views.frozen(officer, decision_id) == before


def test_dates_of_files_and_the_last_day_for_notice_are_frozen(case: Case) -> None:
    approve(case, case.requested())
    _, document_id = contracted(case)
    checked(case, document_id)
    known = decision_views.frozen(case.as_("officer"), ask(case))
    assert known.contracts[0].notice_by is not None
    assert known.contracts[0].notice_by < (known.contracts[0].end or date.min)

"""The long lists: walked by key in every order, filtered, searched however it is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_portal.domain.assessment import AssessmentKind, AssessmentState
from audit_portal.domain.checklist import Tier
from audit_portal.domain.errors import Invalid
from audit_portal.domain.lists import CheckFilter, CheckSort, VendorFilter, VendorSort, WorkFilter
from audit_portal.domain.register import CertificationKind, Validity
from audit_portal.domain.supervision import State
from audit_portal.services.assessments import assessment_list
from audit_portal.services.contracts import contract_views, contracts
from audit_portal.services.engagements import engagements
from audit_portal.services.house import Context, House
from audit_portal.services.parties import parties, party_certifications
from audit_portal.services.parties.parties import PartyFacts
from audit_portal.services.parties.party_certifications import CertificationFacts
from audit_portal.services.readings import spellings
from audit_portal.storage import search
from audit_portal.storage.page import Page
from audit_portal.storage.tables.supervision import EngagementLink
from tests.factories.contracts import agreement
from tests.factories.house import vendor
from tests.factories.world import send, work
from tests.services.steps import Case, make_case

Walk = Callable[[str | None, int], Page[Any]]


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    """Eight vendors, some of one reading; nine engagements, eight of them with a check, some of one day."""
    made = make_case(house, tmp_path)
    officer = made.as_("officer")
    for count in range(7):
        party = vendor(made.house, made.everyone.officer, f"試験商店{count}", f"シケン{count % 3}")
        engagement_id = engagements.register(officer, party, work(f"業務{count}"))
        send(officer, engagement_id, days=3 + count % 3)
    engagements.register(officer, made.everyone.vendor_id, work("送っていない業務"))
    return made


def walk(found: Walk, limit: int) -> list[Any]:
    rows: list[Any] = []
    key: str | None = None
    while True:
        page = found(key, limit)
        assert len(page.items) <= limit
        rows += page.items
        key = page.next_key
        if key is None:
            return rows


def walks(ctx: Context) -> dict[str, tuple[Walk, Callable[[Any], Any], bool]]:
    """By name: how to get a page, what the rows are sorted by, and whether the newest comes first."""

    def due(row: Any) -> Any:
        return row.due_on, row.id.hex

    def kana(row: Any) -> Any:
        return row.kana, row.id.hex

    def age(row: Any) -> Any:
        return row.id.hex

    newest = VendorFilter(sort=VendorSort.NEWEST)
    checks = CheckFilter(sort=CheckSort.NEWEST)
    return {
        "vendors by kana": (lambda key, limit: parties.listed(ctx, key, limit=limit), kana, False),
        "vendors by age": (lambda key, limit: parties.listed(ctx, key, "", limit, newest), age, True),
        "engagements": (lambda key, limit: engagements.listed(ctx, key, limit=limit), age, True),
        "checks by day": (lambda key, limit: assessment_list.listed(ctx, key, limit=limit), due, False),
        "checks by age": (lambda key, limit: assessment_list.listed(ctx, key, checks, limit), age, True),
    }


def test_following_the_keys_gives_each_row_once_in_every_order(case: Case) -> None:
    everyone = {name: walk(found, 100) for name, (found, _by, _newest) in walks(case.as_("officer")).items()}
    assert {name: len(rows) for name, rows in everyone.items()} == {
        "vendors by kana": 8,
        "vendors by age": 8,
        "engagements": 9,
        "checks by day": 8,
        "checks by age": 8,
    }

    @settings(max_examples=25, deadline=None)
    @given(st.sampled_from(sorted(everyone)), st.integers(1, 9))
    def follow(name: str, limit: int) -> None:
        found, by, newest = walks(case.as_("officer"))[name]
        rows = walk(found, limit)
        assert [row.id for row in rows] == [row.id for row in everyone[name]]
        assert rows == sorted(rows, key=by, reverse=newest)

    follow()


def test_contracts_are_walked_by_key_and_found_by_words(case: Case) -> None:
    officer = case.as_("officer")
    made = [contracts.register(officer, case.engagement_id, agreement(case.house)) for _ in range(22)]
    rows = walk(lambda key, _limit: contract_views.listed(officer, key), 20)
    assert [row.id for row in rows] == sorted(made, key=lambda each: each.hex, reverse=True)
    soon = walk(lambda key, _limit: contract_views.due_soon(officer, key, days=40_000), 20)
    assert sorted(row.id.hex for row in soon) == sorted(each.hex for each in made)
    for words in ("ほっかい", "ﾎｯｶｲ", "北海", rows[0].number):
        assert rows[0].id in {row.id for row in contract_views.listed(officer, search=words).items}
        assert contract_views.due_soon(officer, search=words, days=40_000).items
    assert contract_views.listed(officer, search="無い言葉").items == ()
    assert contract_views.due_soon(officer, search="無い言葉", days=40_000).items == ()


def test_a_key_of_another_order_is_refused(case: Case) -> None:
    every = walks(case.as_("officer"))
    keys = {name: found(None, 1).next_key for name, (found, _by, _newest) in every.items()}
    for wrong, right in (("vendors by kana", "vendors by age"), ("checks by day", "checks by age")):
        for mine, other in ((wrong, right), (right, wrong)):
            with pytest.raises(Invalid) as refused:
                every[mine][0](keys[other], 5)
            assert refused.value.code == "page_key_wrong"
    head = keys["checks by day"] or ""
    for key in (f"{head[:-10]}2026-13-99", "due.", "due.x.2026-01-01", f"{head}\0", "due", "newest.1"):
        with pytest.raises(Invalid):
            every["checks by day"][0](key, 5)


def test_the_newest_stands_first_whatever_its_number_looks_like(case: Case) -> None:
    officer = case.as_("officer")
    newest = engagements.register(officer, case.everyone.vendor_id, work("一万件目"))
    with case.house.db.engine.begin() as connection:  # as text, E-2026-10000 comes before E-2026-9999
        table = EngagementLink.__table__  # type: ignore[attr-defined]
        connection.execute(sa.update(table).where(table.c.id == newest).values(number="E-2026-10000"))
    assert engagements.listed(officer).items[0].id == newest


@pytest.fixture(params=["few", "many"])
def hits(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether what a word finds is few enough to be looked up by id, or asked row by row."""
    monkeypatch.setattr(search, "_RARE", 200 if request.param == "few" else -1)


def titles(ctx: Context, **wanted: Any) -> set[str]:
    return {row.title for row in engagements.listed(ctx, wanted=WorkFilter(**wanted)).items}


@pytest.mark.usefixtures("hits")
def test_engagements_are_found_by_words_state_tier_and_person(case: Case) -> None:
    officer = case.as_("officer")
    assert titles(officer, search="業務3") == titles(officer, search="業務３") == {"業務3"}
    own = {"会員データの入力", "送っていない業務"}
    for words in ("北海", "ほっかいいんさつ", "ﾎｯｶｲ", "ホッカイ"):
        assert titles(officer, search=words) == own
    assert titles(officer, search="%") == titles(officer, search="_") == set()
    assert len(titles(officer, state=State.DRAFT)) == 9 and titles(officer, state=State.LIVE) == set()
    by_tier = [titles(officer, tier=tier) for tier in Tier]
    assert sorted(map(len, by_tier)) == [0, 0, 9]
    facts = replace(work("自分の業務"), owner_id=case.everyone.owner)
    mine = engagements.register(officer, case.everyone.vendor_id, facts)
    engagements.assign(officer, case.engagement_id, case.everyone.owner)
    owner = case.as_("owner")
    assert titles(owner) == {"自分の業務", "会員データの入力"}
    assert [row.id for row in engagements.listed(owner, wanted=WorkFilter(mine=True)).items] == [mine]
    assert titles(officer, mine=True) == set()


@pytest.mark.usefixtures("hits")
def test_a_vendor_can_not_learn_its_risk_tier_by_filtering(case: Case) -> None:
    lead = case.as_("vendor_lead")
    assert {len(titles(lead, tier=tier)) for tier in Tier} == {2}
    assert titles(lead, search="試験商店") == set(), "other vendors stay out of reach"


def checks(ctx: Context, **wanted: Any) -> set[UUID]:
    return {row.id for row in assessment_list.listed(ctx, None, CheckFilter(**wanted)).items}


@pytest.mark.usefixtures("hits")
def test_checks_are_found_by_words_state_kind_and_lateness(case: Case) -> None:
    officer = case.as_("officer")
    assert checks(officer, search="ﾎｯｶｲ") == checks(officer, search="会員データ") == {case.assessment_id}
    number = case.view().head.number
    assert checks(officer, search=number) == {case.assessment_id}
    assert checks(officer, state=AssessmentState.SUBMITTED) == set()
    case.submitted()
    assert checks(officer, state=AssessmentState.SUBMITTED) == {case.assessment_id}
    assert checks(officer, kind=AssessmentKind.CONTRACT) == set()
    assert len(checks(officer, kind=AssessmentKind.SELECTION)) == 8
    assert checks(officer, late=True) == set()
    case.house.clock.at += timedelta(days=4)  # type: ignore[attr-defined]
    assert len(checks(officer, late=True)) == 3
    case.house.clock.at += timedelta(days=40)  # type: ignore[attr-defined]
    assert len(checks(officer, late=True)) == 7, "what was handed in isn't late"


@pytest.mark.usefixtures("hits")
def test_a_vendor_is_found_by_its_name_of_today_however_it_is_written(case: Case) -> None:
    officer = case.as_("officer")
    row = parties.listed(officer, None, "試験商店0").items[0]
    version = parties.get_vendor(officer, row.id).version
    parties.change(officer, row.id, version, PartyFacts(name="（株）髙島－Ａ", kana="タカシマ"))

    def found(words: str) -> list[UUID]:
        return [each.id for each in parties.listed(officer, None, words).items]

    for words in ("髙島", "高島a", "株式会社高島", "たかしま", "ﾀｶｼﾏ", row.number, row.number.lower()):
        assert found(words) == [row.id], words
    assert found("試験商店0") == found("・") == found("%") == []
    assert len(found("試験商店")) == 6


def vendors(ctx: Context, which: Validity) -> list[UUID]:
    return [row.id for row in parties.listed(ctx, None, wanted=VendorFilter(certification=which)).items]


def test_vendors_are_found_by_certifications_that_need_a_look(case: Case) -> None:
    officer, today = case.as_("officer"), case.house.today()
    old, soon, renewed, other, withdrawn, _rest, _last = [
        row.id for row in parties.listed(officer, None, "試験商店").items
    ]

    def add(party: UUID, kind: CertificationKind, days: int) -> UUID:
        facts = CertificationFacts(kind, title="独自", expires_on=today + timedelta(days=days))
        return party_certifications.add(officer, party, facts)

    add(old, CertificationKind.P_MARK, -1)
    add(old, CertificationKind.ISO_27001, 400)
    add(soon, CertificationKind.P_MARK, 90)
    add(renewed, CertificationKind.P_MARK, -1)
    add(renewed, CertificationKind.P_MARK, 91)
    add(other, CertificationKind.OTHER, -1)
    add(other, CertificationKind.OTHER, 400)
    gone = add(withdrawn, CertificationKind.P_MARK, -1)
    version = party_certifications.get_certification(officer, withdrawn, gone).version
    party_certifications.withdraw(officer, withdrawn, gone, version, today, "返上")
    assert set(vendors(officer, Validity.EXPIRED)) == {old, other}
    assert vendors(officer, Validity.EXPIRING) == [soon]
    assert vendors(case.as_("owner"), Validity.EXPIRED) == []


@pytest.mark.parametrize(
    ("stored", "typed"),
    [
        ("ＡＢＣ商事", "abc"),
        ("ABC商事", "ＡＢＣ"),
        ("ﾃﾞｰﾀ入力", "データ"),
        ("データ入力", "ﾃﾞｰﾀ"),
        ("データ入力", "でーた"),
        ("でーた入力", "でーた"),
        ("１２３号", "123"),
        ("A 1", "Ａ　１"),
        ("パン・ビン", "ﾊﾟﾝ･ﾋﾞﾝ"),
    ],
)
def test_width_and_kana_make_no_difference(stored: str, typed: str) -> None:
    assert any(
        each.lower() in stored or each in stored or each.upper() in stored for each in spellings(typed)
    )


@given(st.text(max_size=300))
def test_whatever_is_typed_has_a_spelling_that_databases_take(typed: str) -> None:
    found = spellings(typed)
    assert all(each and "\0" not in each for each in found)
    assert found or not typed.replace("\0", "").strip()

"""Answers given once and reused: offered, counted only once confirmed, pinned, each seeing only what it may."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.assessment import ReviewResult
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.engagement import Place
from audit_portal.domain.errors import Conflict, Invalid, NotFound, PortalError, Refused
from audit_portal.services.assessments import (
    assessment_view,
    carrying,
    company_answers,
    delegation,
    former,
    submission,
)
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.engagements import engagements
from audit_portal.services.evidence import evidence_reading
from audit_portal.services.house import House
from audit_portal.services.parties import party_sites
from audit_portal.services.parties.party_sites import SiteFacts
from audit_portal.storage import given as storage
from tests.factories.house import account, context, vendor
from tests.factories.world import answer_all, review_all, send, work
from tests.services.carried_steps import (
    COMPANY,
    OF_WORK,
    OTHER,
    SAID,
    Two,
    again,
    another,
    attach,
    finish,
    sited_checklists,
    two,
)
from tests.services.steps import CLIENT_ITEM, ON_SQLITE, at_once


@pytest.fixture
def both(house: House, tmp_path: Path) -> Two:
    return two(house, tmp_path)


def missing(found: Two) -> set[str]:
    return {item.code for item in found.second.view("vendor_lead").todo}


def refused(code: str, kind: type[PortalError], found: Two, *codes: str, who: str = "vendor_lead") -> None:
    with pytest.raises(kind) as error:
        found.confirm(*codes, who=who)
    assert error.value.code == code


def test_a_company_answer_is_offered_to_another_engagement_and_counts_only_once_confirmed(both: Two) -> None:
    case = both.second
    offered = former.offered(case.as_("vendor_lead"), case.view("vendor_lead"))
    assert [each.code for each in offered] == [COMPANY, OTHER]
    shown = both.former()
    assert shown is not None and shown.confirmable and shown.value is AnswerValue.YES
    assert shown.number == both.first.view().head.number and shown.comment == SAID
    assert {COMPANY, OTHER, OF_WORK} <= missing(both)
    with pytest.raises(Refused) as short:
        submission.submit(case.as_("vendor_lead"), case.assessment_id, case.view().head.version)
    assert {COMPANY, OTHER} <= {each.item_id for each in short.value.blockers}
    assert both.confirm(COMPANY) == (COMPANY,)
    item = case.item(COMPANY, "vendor_lead")
    assert (item.value, item.comment, COMPANY in missing(both)) == (AnswerValue.YES, SAID, False)
    assert {OTHER, OF_WORK} <= missing(both)
    assert (
        former.beside(case.as_("vendor_lead"), case.view("vendor_lead"), COMPANY).former.confirmable is False
    )  # type: ignore[union-attr]


def pin(both: Two) -> tuple[int, str, bool]:
    with both.second.as_("officer").read() as tx:
        (found,) = storage.confirmations(tx, both.second.assessment_id).values()
        return found.given_version, found.given_sha256, found.holds


def test_what_was_confirmed_is_pinned_by_version_and_digest_and_nothing_later_changes_it(both: Two) -> None:
    case = both.second
    both.confirm(COMPANY)
    finish(case)
    with case.as_("officer").read() as tx:
        rows = storage.of_assessment(tx, both.first.assessment_id).values()
        source = next(row for row in rows if row.item == COMPANY)
    assert pin(both) == (source.answer_version, source.digest, True)
    both.first.give_back(COMPANY)
    finish(both.first, QSL_002="やめました。")
    item = case.item(COMPANY, "officer")
    assert (item.value, item.comment) == (AnswerValue.YES, SAID)
    assert [file.name for file in item.evidence] == ["規程.txt"]
    assert pin(both) == (source.answer_version, source.digest, True)


def test_words_changed_after_confirming_are_a_new_answer(both: Two) -> None:
    case = both.second
    both.confirm(COMPANY)
    assert former.beside(case.as_("vendor_lead"), case.view("vendor_lead"), COMPANY).pinned is not None
    finish(case, QSL_002="半分だけです。")
    pinned = former.beside(case.as_("officer"), case.view("officer"), COMPANY).pinned
    assert pinned is not None and not pinned.holds
    third = replace(both, second=another(both.first, "三つめの業務"))
    assert third.former().comment == "半分だけです。"  # type: ignore[union-attr]


def test_evidence_comes_along_in_the_same_version_and_what_has_expired_does_not(both: Two) -> None:
    case, files = both.second, both.first.item(COMPANY).evidence
    both.confirm(COMPANY)
    assert case.item(COMPANY, "vendor_lead").evidence == files
    both.first.house.clock.move(days=200)  # type: ignore[attr-defined]  # past 31 March
    later = replace(both, second=another(both.first, "あとの業務"))
    assert [file.expired for file in later.former().files] == [True]  # type: ignore[union-attr]
    later.confirm(COMPANY)
    assert later.second.item(COMPANY, "vendor_lead").evidence == ()


def test_confirming_twice_is_harmless_and_a_stale_screen_is_refused(both: Two) -> None:
    case, lead = both.second, both.second.as_("vendor_lead")
    seen = both.seen(COMPANY)
    for _ in range(2):
        assert carrying.confirm(lead, case.assessment_id, seen) == (COMPANY,)
    uses = case.item(COMPANY, "vendor_lead").evidence
    assert len(uses) == 1
    seen = both.seen(OTHER)
    case.write("vendor_lead", OTHER, AnswerValue.NO, "いいえです。")
    with pytest.raises(Conflict, match="already_answered"):
        carrying.confirm(lead, case.assessment_id, seen)
    assert case.item(OTHER, "vendor_lead").value is AnswerValue.NO
    with pytest.raises(Invalid, match="confirm_items_needed"):
        carrying.confirm(lead, case.assessment_id, [])


def test_an_answer_that_was_replaced_meanwhile_is_not_confirmed_and_nothing_else_either(both: Two) -> None:
    seen = both.seen(OTHER, COMPANY)
    both.first.give_back(COMPANY)
    finish(both.first, QSL_002="変わりました。")
    case = both.second
    with pytest.raises(Conflict, match="former_changed"):
        carrying.confirm(case.as_("vendor_lead"), case.assessment_id, seen)
    assert {case.item(code, "vendor_lead").value for code in (OTHER, COMPANY)} == {None}


def test_two_who_confirm_at_once_write_one_answer(both: Two) -> None:
    case, seen = both.second, both.seen(COMPANY)

    def press() -> tuple[str, ...]:
        return carrying.confirm(case.as_("vendor_lead"), case.assessment_id, seen)

    results = at_once(press, press)
    assert (COMPANY,) in results
    assert len(case.item(COMPANY, "vendor_lead").evidence) == 1


def test_what_belongs_to_one_engagement_is_offered_to_that_one_alone(both: Two) -> None:
    assert both.former(OF_WORK) is None


def test_a_reviewer_sees_last_years_answer_and_conclusion_and_a_vendor_its_answer_alone(both: Two) -> None:
    first = both.first
    answer_all(first.as_("officer"), first.assessment_id)
    review_all(first.as_("second"), first.assessment_id)
    year = replace(both, second=again(first))
    for code in (OF_WORK, COMPANY):
        theirs, ours = year.former(code, "second"), year.former(code)
        assert theirs is not None and ours is not None
        assert theirs.conclusion is not None and theirs.conclusion.result is ReviewResult.CONFORMS
        assert not theirs.confirmable
        assert ours.conclusion is None and ours.confirmable
    assert year.former(CLIENT_ITEM, "officer").confirmable  # type: ignore[union-attr]
    year.confirm(CLIENT_ITEM, who="officer")
    assert year.second.item(CLIENT_ITEM, "officer").value is AnswerValue.YES
    with pytest.raises(NotFound):
        year.former(CLIENT_ITEM)


def test_a_contributor_confirms_what_was_given_to_them_and_nothing_else(both: Two) -> None:
    case = both.second
    delegation.give(
        case.as_("vendor_lead"), case.assessment_id, Gift((COMPANY,), case.everyone.vendor_contributor)
    )
    with pytest.raises(NotFound):
        both.former(OTHER, "vendor_contributor")
    given = both.seen(OTHER)
    with pytest.raises(NotFound):
        carrying.confirm(case.as_("vendor_contributor"), case.assessment_id, given)
    both.confirm(COMPANY, who="vendor_contributor")
    item = case.item(COMPANY, "vendor_contributor")
    assert item.value is AnswerValue.YES and len(item.evidence) == 1
    file = evidence_reading.open_download(case.as_("vendor_contributor"), item.evidence[0].version_id)
    assert file.name == "規程.txt"


def test_an_auditor_of_the_second_engagement_reads_the_file_that_came_along_and_no_other(both: Two) -> None:
    case = both.second
    engagements.assign(case.as_("officer"), case.engagement_id, case.everyone.auditor)
    auditor = case.as_("auditor")
    there = both.first.item(COMPANY).evidence[0].version_id
    with pytest.raises(NotFound):
        evidence_reading.open_download(auditor, there)
    both.confirm(COMPANY)
    assert evidence_reading.open_download(auditor, there).name == "規程.txt"
    beside = former.beside(auditor, case.view("auditor"), COMPANY)
    assert beside.former is None and beside.pinned is not None and beside.pinned.number == ""
    hidden = attach(replace(both.first, assessment_id=another(both.first).assessment_id), OTHER, "別.txt")
    with pytest.raises(NotFound):
        evidence_reading.open_download(auditor, hidden)


def test_a_neighbour_is_offered_nothing_of_another_vendors(both: Two) -> None:
    case = both.second
    other = vendor(case.house, case.everyone.officer, "隣の会社株式会社", "トナリノカイシャ")
    lead = context(case.house, account(case.house, other, Role.VENDOR_LEAD))
    engagement_id = engagements.register(case.as_("officer"), other, work("隣の業務"))
    assessment_id = send(case.as_("officer"), engagement_id)
    view = assessment_view.get_assessment(lead, assessment_id)
    assert former.offered(lead, view) == ()
    helper = context(case.house, account(case.house, other, Role.VENDOR_CONTRIBUTOR))
    delegation.give(lead, assessment_id, Gift((COMPANY,), helper.actor.person))
    held = assessment_view.get_assessment(helper, assessment_id)
    assert former.offered(helper, held) == () and former.beside(helper, held, COMPANY).former is None
    view = assessment_view.get_assessment(lead, assessment_id)
    assert former.beside(lead, view, COMPANY).former is None
    assert company_answers.listed(lead).answers == ()
    with pytest.raises(NotFound):
        carrying.confirm(lead, case.assessment_id, both.seen(COMPANY))
    stolen = [replace(each, version=view.item(COMPANY).version) for each in both.seen(COMPANY)]
    with pytest.raises(Conflict, match="former_changed"):
        carrying.confirm(lead, assessment_id, stolen)


def test_the_list_of_company_answers_names_where_each_was_given(both: Two) -> None:
    both.confirm(COMPANY)
    finish(both.second, QSL_003="一部です。")
    found = {each.item: each for each in company_answers.listed(both.second.as_("vendor_lead")).answers}
    assert set(found) == {COMPANY, OTHER}
    assert found[OTHER].comment == "一部です。"
    assert found[OTHER].number == both.second.view().head.number
    assert [file.expires_on for file in found[COMPANY].files] == [date(2027, 3, 31)]
    for who in ("vendor_contributor", "officer"):
        with pytest.raises(PortalError):
            company_answers.listed(both.second.as_(who))


@ON_SQLITE
def test_site_answers_are_reused_where_the_sites_are_the_very_same(house: House, tmp_path: Path) -> None:
    found = two(house, tmp_path, sited_checklists)
    case = found.first
    officer, vendor_id = case.as_("officer"), case.everyone.vendor_id
    assert found.former(OTHER) is None  # no site is on record for either

    def at(*sites: str) -> Two:
        places = tuple(Place("JP", site_id, "") for site_id in (known[name] for name in sites))
        facts = replace(work("・".join(sites)), places=places)
        engagement_id = engagements.register(officer, vendor_id, facts)
        sent = replace(case, engagement_id=engagement_id, assessment_id=send(officer, engagement_id))
        return Two(case, sent)

    known = {name: party_sites.add(officer, vendor_id, SiteFacts(name)) for name in ("札幌", "名古屋")}
    one = at("札幌")
    finish(one.second, QSL_003="札幌では一部です。")
    assert at("札幌", "名古屋").former(OTHER) is None
    assert at("名古屋").former(OTHER) is None
    same = at("札幌").former(OTHER)
    assert same is not None and same.confirmable and same.sites == ("札幌",)

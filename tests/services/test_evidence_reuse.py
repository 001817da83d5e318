"""One file under many answers: picked from what the party handed in, never another's, never copied."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.errors import Conflict, NotFound, Refused
from audit_portal.services.assessments import delegation, submission
from audit_portal.services.assessments.delegation import Gift
from audit_portal.services.engagements import engagements
from audit_portal.services.evidence import evidence, evidence_reading, reuse
from audit_portal.services.evidence.evidence import Place, Upload
from audit_portal.services.house import Context, House
from tests.factories.house import account, context, vendor
from tests.factories.world import CONTENT, attach, send, work
from tests.services.steps import CLIENT_ITEM, VENDOR_ITEM, Case, make_case

OTHER_ITEM = "QSL-003"


@pytest.fixture
def case(house: House, tmp_path: Path) -> Case:
    return make_case(house, tmp_path, replace(work(), persons=60_000))


def second_check(case: Case, title: str = "別の業務") -> Case:
    """Another engagement of the same vendor, with a check of its own."""
    officer = case.as_("officer")
    engagement_id = engagements.register(officer, case.everyone.vendor_id, work(title))
    return replace(case, engagement_id=engagement_id, assessment_id=send(officer, engagement_id))


def upload(ctx: Context, place: Place, content: bytes = CONTENT) -> UUID:
    with Upload(ctx, place, "規程.txt", len(content)) as found:
        found.write(content)
        return found.finish()


def on(case: Case, item: str, who: str = "vendor_lead") -> list[tuple[UUID, int]]:
    files = evidence_reading.attached(case.as_(who), case.assessment_id, item)
    return [(each.now.id, each.now.version) for each in files]


def test_one_file_supports_items_of_several_engagements_and_nothing_is_copied(case: Case) -> None:
    lead, other = case.as_("vendor_lead"), second_check(case)
    file = attach(lead, case.assessment_id, VENDOR_ITEM)
    objects = list(case.house.store.keys())
    reuse.attach(lead, case.assessment_id, OTHER_ITEM, file)
    reuse.attach(lead, other.assessment_id, VENDOR_ITEM, file)
    assert on(case, OTHER_ITEM) == on(other, VENDOR_ITEM) == [(file, 1)]
    assert list(case.house.store.keys()) == objects
    (choice,) = reuse.choices(lead, other.assessment_id, OTHER_ITEM).items
    assert (choice.version_id, choice.here, len(choice.used)) == (file, False, 3)
    with pytest.raises(Conflict, match="file_already_here"):
        reuse.attach(lead, other.assessment_id, VENDOR_ITEM, file)


def test_it_is_taken_off_one_answer_and_stays_under_the_others(case: Case) -> None:
    lead = case.as_("vendor_lead")
    file = attach(lead, case.assessment_id, VENDOR_ITEM)
    reuse.attach(lead, case.assessment_id, OTHER_ITEM, file)
    evidence.detach(lead, case.assessment_id, VENDOR_ITEM, file)
    assert (on(case, VENDOR_ITEM), on(case, OTHER_ITEM)) == ([], [(file, 1)])


def test_a_newer_version_leaves_what_was_handed_in_on_the_one_it_used(case: Case) -> None:
    lead, other = case.as_("vendor_lead"), second_check(case)
    file = attach(lead, case.assessment_id, VENDOR_ITEM)
    reuse.attach(lead, other.assessment_id, VENDOR_ITEM, file)
    case.submitted()
    newer = upload(lead, Place(other.assessment_id, VENDOR_ITEM, replaces=file), b"newer\n")
    assert on(case, VENDOR_ITEM)[0] == (file, 1) and on(other, VENDOR_ITEM) == [(newer, 2)]
    with pytest.raises(Conflict, match="evidence_replaced_meanwhile"):
        reuse.attach(lead, other.assessment_id, OTHER_ITEM, file)


def test_nobody_elses_file_can_be_picked(case: Case) -> None:
    officer = case.as_("officer")
    stranger = vendor(case.house, case.everyone.officer, "隣の会社株式会社", "トナリノカイシャ")
    neighbour = context(case.house, account(case.house, stranger, Role.VENDOR_LEAD))
    theirs = engagements.register(officer, stranger, work("隣の業務"))
    foreign = attach(neighbour, send(officer, theirs), VENDOR_ITEM)
    clients = attach(officer, case.assessment_id, CLIENT_ITEM)
    mine = attach(case.as_("vendor_lead"), case.assessment_id, VENDOR_ITEM)
    for who, item, file in (
        (case.as_("vendor_lead"), VENDOR_ITEM, foreign),
        (case.as_("vendor_lead"), VENDOR_ITEM, clients),
        (officer, CLIENT_ITEM, mine),  # the officer reaches every file: still not the client's own
        (officer, CLIENT_ITEM, foreign),
        (neighbour, VENDOR_ITEM, mine),
    ):
        with pytest.raises(NotFound):
            reuse.attach(who, case.assessment_id, item, file)
    assert [each.version_id for each in reuse.choices(officer, case.assessment_id, CLIENT_ITEM).items] == [
        clients
    ]


def test_a_contributor_picks_from_what_they_brought_or_hold(case: Case) -> None:
    lead, helper = case.as_("vendor_lead"), case.as_("vendor_contributor")
    file = attach(lead, case.assessment_id, VENDOR_ITEM)
    due = case.house.today()
    delegation.give(lead, case.assessment_id, Gift((OTHER_ITEM,), case.everyone.vendor_contributor, due))
    assert reuse.choices(helper, case.assessment_id, OTHER_ITEM).items == ()
    with pytest.raises(NotFound):
        reuse.attach(helper, case.assessment_id, OTHER_ITEM, file)
    own = attach(helper, case.assessment_id, OTHER_ITEM)
    found = reuse.choices(helper, case.assessment_id, OTHER_ITEM).items
    assert [(each.version_id, each.here) for each in found] == [(own, True)]


def test_an_auditor_of_one_engagement_reads_the_version_that_is_used_there_and_no_other(case: Case) -> None:
    lead, other = case.as_("vendor_lead"), second_check(case)
    file = attach(lead, case.assessment_id, VENDOR_ITEM)
    reuse.attach(lead, other.assessment_id, VENDOR_ITEM, file)
    newer = upload(lead, Place(case.assessment_id, VENDOR_ITEM, replaces=file), b"newer\n")
    engagements.assign(case.as_("officer"), other.engagement_id, case.everyone.auditor)
    auditor = case.as_("auditor")
    assert evidence_reading.open_download(auditor, file).sha256
    with pytest.raises(NotFound):
        evidence_reading.open_download(auditor, newer)


def test_an_expired_file_is_marked_and_counts_for_nothing(case: Case) -> None:
    lead = case.as_("vendor_lead")
    today = case.house.today()
    file = upload(
        lead, Place(case.assessment_id, OTHER_ITEM, today - timedelta(days=90), today + timedelta(days=1))
    )
    case.write("vendor_lead", OTHER_ITEM)
    assert case.item(OTHER_ITEM).missing is None
    case.house.clock.move(days=2)  # type: ignore[attr-defined]
    found = case.item(OTHER_ITEM, "vendor_lead")
    assert (found.missing, found.evidence[0].expired) == ("evidence_required", True)
    (choice,) = reuse.choices(lead, case.assessment_id, VENDOR_ITEM).items
    assert (choice.version_id, choice.expired) == (file, True)
    case.write("vendor_lead", VENDOR_ITEM, AnswerValue.YES)
    with pytest.raises(Refused) as refused:
        submission.submit(lead, case.assessment_id, case.view().head.version)
    assert OTHER_ITEM in {each.item_id for each in refused.value.blockers}


def test_a_file_that_expires_after_it_was_handed_in_leaves_the_answer_complete(case: Case) -> None:
    today = case.house.today()
    upload(case.as_("vendor_lead"), Place(case.assessment_id, OTHER_ITEM, today, today + timedelta(days=1)))
    for code in (VENDOR_ITEM, OTHER_ITEM, "QSL-004", "QSL-005"):
        case.write("vendor_lead", code, AnswerValue.YES)
    for code in (VENDOR_ITEM, "QSL-004"):
        attach(case.as_("vendor_lead"), case.assessment_id, code)
    submission.submit(case.as_("vendor_lead"), case.assessment_id, case.view().head.version)
    case.house.clock.move(days=30)  # type: ignore[attr-defined]
    found = case.item(OTHER_ITEM)
    assert (found.missing, found.evidence[0].expired) == (None, True)

"""Sites, certifications and contacts of a vendor: added, changed, ended; never gone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from audit_portal.domain.access import Role
from audit_portal.domain.engagement import Place
from audit_portal.domain.errors import Conflict, Forbidden, Invalid, NotFound
from audit_portal.domain.register import CertificationKind, ContactPurpose, Validity
from audit_portal.services.engagements import engagements
from audit_portal.services.house import Context, House
from audit_portal.services.parties import party_certifications, party_contacts, party_sites
from audit_portal.services.parties.party_certifications import CertificationFacts
from audit_portal.services.parties.party_contacts import ContactFacts
from audit_portal.services.parties.party_sites import SiteFacts
from audit_portal.storage import register
from tests.clock import SetClock
from tests.factories.house import People, account, context, vendor
from tests.factories.world import work

SITE = SiteFacts("札幌センター", "北海道札幌市", handles="申込書の入力")
MARK = CertificationFacts(CertificationKind.P_MARK, number="10000001", expires_on=date(2027, 3, 31))
PERSON = ContactFacts("海野 渚", kana="うんの なぎさ", purposes=(ContactPurpose.INCIDENT,))


@pytest.fixture
def officer(house: House, everyone: People) -> Context:
    return context(house, everyone.officer)


def test_a_site_is_used_from_a_day_until_a_day(officer: Context, everyone: People, clock: SetClock) -> None:
    party_id, today = everyone.vendor_id, officer.house.today()
    site_id = party_sites.add(officer, party_id, SITE)
    site = party_sites.get_site(officer, party_id, site_id)
    assert (site.valid_from, site.valid_to, site.over) == (today, None, False)
    party_sites.change(officer, party_id, site_id, site.version, replace(SITE, name="札幌第1センター"))
    changed = party_sites.get_site(officer, party_id, site_id)
    with pytest.raises(Invalid) as refused:
        party_sites.end(officer, party_id, site_id, changed.version, today - timedelta(days=1))
    assert (refused.value.code, refused.value.field) == ("ends_before_start", "last_day")
    party_sites.end(officer, party_id, site_id, changed.version, today)
    clock.move(days=1)
    (ended,) = party_sites.listed(officer, party_id)
    assert (ended.name, ended.valid_to, ended.over) == ("札幌第1センター", today, True)


def test_where_a_site_is_stays_while_work_stands_on_it(officer: Context, everyone: People) -> None:
    party_id = everyone.vendor_id
    site_id = party_sites.add(officer, party_id, SITE)
    party_sites.change(officer, party_id, site_id, 1, replace(SITE, country="US"))
    engagements.register(officer, party_id, replace(work(), places=(Place("US", site_id),)))
    with pytest.raises(Invalid) as refused:
        party_sites.change(officer, party_id, site_id, 2, replace(SITE, country="JP"))
    assert (refused.value.code, refused.value.field) == ("site_country_fixed", "country")


def test_a_certification_lapses_and_is_withdrawn_with_a_reason(
    officer: Context, everyone: People, clock: SetClock
) -> None:
    party_id = everyone.vendor_id
    found_id = party_certifications.add(officer, party_id, MARK)

    def stands() -> Validity:
        return party_certifications.get_certification(officer, party_id, found_id).validity

    assert stands() is Validity.VALID
    clock.move(days=60)
    assert stands() is Validity.EXPIRING
    with pytest.raises(Invalid):
        party_certifications.withdraw(officer, party_id, found_id, 1, officer.house.today(), "  ")
    party_certifications.withdraw(officer, party_id, found_id, 1, officer.house.today(), "取消しの公表")
    assert stands() is Validity.WITHDRAWN
    with pytest.raises(Conflict) as refused:
        party_certifications.withdraw(officer, party_id, found_id, 2, officer.house.today(), "もう一度")
    assert refused.value.code == "already_withdrawn"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        ({"issued_on": date(2027, 4, 1)}, "expires_before_issue"),
        ({"kind": CertificationKind.OTHER}, "certification_name_needed"),
    ],
)
def test_a_certification_that_cannot_be_is_refused(
    officer: Context, everyone: People, facts: dict[str, Any], code: str
) -> None:
    with pytest.raises(Invalid) as refused:
        party_certifications.add(officer, everyone.vendor_id, replace(MARK, **facts))
    assert refused.value.code == code


def test_a_contact_is_known_by_reading_and_purpose_until_it_ends(officer: Context, everyone: People) -> None:
    party_id = everyone.vendor_id
    contact_id = party_contacts.add(officer, party_id, PERSON)
    found = party_contacts.get_contact(officer, party_id, contact_id)
    assert (found.kana, found.purposes, found.over) == ("ウンノ ナギサ", (ContactPurpose.INCIDENT,), False)
    with pytest.raises(Invalid):
        party_contacts.change(officer, party_id, contact_id, found.version, replace(PERSON, purposes=()))
    party_contacts.end(officer, party_id, contact_id, found.version)
    assert [each.over for each in party_contacts.listed(officer, party_id)] == [True]
    with pytest.raises(Conflict):
        party_contacts.end(officer, party_id, contact_id, found.version + 1)


def test_a_thing_of_another_vendor_is_not_found(house: House, officer: Context, everyone: People) -> None:
    other = vendor(house, everyone.officer, "南海運輸株式会社", "ナンカイウンユ")
    site_id = party_sites.add(officer, other, SITE)
    found_id = party_certifications.add(officer, other, MARK)
    contact_id = party_contacts.add(officer, other, PERSON)
    mine, today = everyone.vendor_id, house.today()
    for attempt in (
        lambda: party_sites.get_site(officer, mine, site_id),
        lambda: party_sites.change(officer, mine, site_id, 1, SITE),
        lambda: party_sites.end(officer, mine, site_id, 1, today),
        lambda: party_certifications.get_certification(officer, mine, found_id),
        lambda: party_certifications.change(officer, mine, found_id, 1, MARK),
        lambda: party_certifications.withdraw(officer, mine, found_id, 1, today, "理由"),
        lambda: party_contacts.get_contact(officer, mine, contact_id),
        lambda: party_contacts.change(officer, mine, contact_id, 1, PERSON),
        lambda: party_contacts.end(officer, mine, contact_id, 1),
    ):
        with pytest.raises(NotFound):
            attempt()


@pytest.mark.parametrize("who", ["approver", "owner", "auditor", "admin", "vendor_lead"])
def test_only_officers_write_them(house: House, everyone: People, who: str) -> None:
    ctx = context(house, getattr(everyone, who))
    with pytest.raises(Forbidden):
        party_sites.add(ctx, everyone.vendor_id, SITE)
    with pytest.raises(Forbidden):
        party_certifications.add(ctx, everyone.vendor_id, MARK)
    with pytest.raises(Forbidden):
        party_contacts.add(ctx, everyone.vendor_id, PERSON)


def test_details_are_seen_from_inside_an_engagement_alone(
    house: House, officer: Context, everyone: People
) -> None:
    """An auditor sees those of a vendor once assigned; another vendor never does."""
    party_contacts.add(officer, everyone.vendor_id, PERSON)
    engagement_id = engagements.register(officer, everyone.vendor_id, work())
    auditor = context(house, everyone.auditor)
    with pytest.raises(NotFound):
        party_contacts.listed(auditor, everyone.vendor_id)
    engagements.assign(officer, engagement_id, everyone.auditor)
    assert len(party_contacts.listed(auditor, everyone.vendor_id)) == 1
    other = vendor(house, everyone.officer, "南海運輸株式会社", "ナンカイウンユ")
    stranger = context(house, account(house, other, Role.VENDOR_LEAD))
    lead = context(house, everyone.vendor_lead)
    for ctx, count in ((lead, 1), (stranger, 0)):
        with ctx.read() as tx:
            assert len(register.contacts(tx, (everyone.vendor_id,))) == count


def test_a_change_from_an_older_version_is_refused(officer: Context, everyone: People) -> None:
    site_id = party_sites.add(officer, everyone.vendor_id, SITE)
    party_sites.change(officer, everyone.vendor_id, site_id, 1, replace(SITE, name="新しい名前"))
    with pytest.raises(Conflict) as refused:
        party_sites.change(officer, everyone.vendor_id, site_id, 1, SITE)
    assert refused.value.code == "changed_meanwhile"

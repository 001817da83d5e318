"""What hangs on the vendors of the sample: sites, certifications, a second contact; and facts of their work."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from audit_portal.domain.engagement import (
    Aim,
    Category,
    DataKind,
    EngagementFacts,
    Part,
    Place,
    ScopeItem,
    Transfer,
)
from audit_portal.domain.register import CertificationKind, ContactPurpose
from audit_portal.services.house import Context
from audit_portal.services.parties import party_certifications, party_contacts, party_sites
from audit_portal.services.parties.party_certifications import CertificationFacts
from audit_portal.services.parties.party_contacts import ContactFacts
from audit_portal.services.parties.party_sites import SiteFacts

_CATEGORIES = (Category.BACK_OFFICE, Category.BACK_OFFICE, Category.CALL_CENTRE, Category.SPECIALIST)


def furnish(officer: Context, party_id: UUID, number: int) -> UUID:
    """Gives the vendor what a register holds; `number` is its place in the sample. Returns its site."""
    today = officer.house.today()
    site_id = party_sites.add(officer, party_id, SiteFacts("本社", handles="入力、保管"))
    if number < 2:
        left = (40, 500)[number]  # the first one runs out soon
        mark = CertificationFacts(
            CertificationKind.P_MARK,
            number=f"1000000{number}(03)",
            covers="会社の全体",
            issued_on=today - timedelta(days=730 - left),
            expires_on=today + timedelta(days=left),
        )
        party_certifications.add(officer, party_id, mark)
    if number == 0:
        party_contacts.add(
            officer,
            party_id,
            ContactFacts(
                "森 健",
                "モリ ケン",
                department="情報セキュリティ室",
                phone="03-5555-0172",
                purposes=(ContactPurpose.SECURITY, ContactPurpose.INCIDENT),
            ),
        )
    return site_id


def described(facts: EngagementFacts, number: int, site_id: UUID, owner_id: UUID) -> EngagementFacts:
    """The facts of the work in full; the last one keeps its data with a cloud service."""
    return replace(
        facts,
        category=_CATEGORIES[number],
        aims=(Aim.EFFICIENCY, Aim.STAFFING),
        data_kinds=(DataKind.IDENTITY, DataKind.ADDRESS),
        scope=(
            ScopeItem(Part.IN, facts.title),
            ScopeItem(Part.OUT, "最終の確認と承認"),
            ScopeItem(Part.BOUNDARY, "判断に迷う申込みの扱い", "営業企画部 渡辺"),
        ),
        places=(Place("JP", site_id),),
        transfer=(Transfer.FILE_SERVICE,),
        profile=("cloud",) if number == 3 else (),
        owner_id=owner_id,
    )

"""The vendors of the sample, each with its lead, its entry in the register and one engagement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from audit_portal.domain.access import Role
from audit_portal.domain.checklist import Tier
from audit_portal.domain.supervision import Classification, WorkKind
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.engagements import engagements
from audit_portal.services.engagements.engagements import EngagementFacts
from audit_portal.services.parties import parties
from audit_portal.services.parties.parties import PartyFacts
from audit_portal.services.parties.party_contacts import ContactFacts
from audit_portal.services.sample import register
from audit_portal.services.sample.company import Company


@dataclass(frozen=True)
class Vendor:
    name: str
    kana: str
    person: str
    email: str
    department: str
    phone: str
    work: str
    purpose: str
    data: str
    persons: int
    kind: WorkKind
    tier: Tier = Tier.LOW


VENDORS = (
    Vendor(
        "東京データ処理株式会社",
        "トウキョウデータショリ",
        "鈴木 一郎",
        "suzuki@tokyo-data.example",
        "総務部",
        "03-5555-0171",
        "会員データの入力と発送名簿の作成",
        "会員への案内の発送",
        "氏名、住所、購入履歴",
        900,
        WorkKind.BPO,
    ),
    Vendor(
        "北海印刷株式会社",
        "ホッカイインサツ",
        "小林 美咲",
        "kobayashi@hokkai-print.example",
        "製造部",
        "0138-55-0110",
        "ダイレクトメールの印刷と封入",
        "会員への案内の発送",
        "氏名、住所",
        1_200,
        WorkKind.BPO,
        Tier.MEDIUM,  # so that evidence is required of it
    ),
    Vendor(
        "関西コールセンター株式会社",
        "カンサイコールセンター",
        "中村 大輔",
        "nakamura@kansai-call.example",
        "運用管理部",
        "06-5555-0138",
        "問い合わせ窓口の運営",
        "問い合わせへの対応",
        "氏名、電話番号、問い合わせの内容",
        1_100,
        WorkKind.BPO,
        Tier.MEDIUM,
    ),
    Vendor(
        "みなと福祉サービス合同会社",
        "ミナトフクシサービス",
        "加藤 さくら",
        "kato@minato-fukushi.example",
        "事務局",
        "045-555-0177",
        "従業員の健康相談の受付",
        "従業員の健康管理",
        "氏名、相談の内容",
        120,
        WorkKind.KPO,
    ),
)


@dataclass(frozen=True)
class Placed:
    """A vendor of the sample, and its work."""

    party_id: UUID
    engagement_id: UUID
    key: str  # of its lead


def place(company: Company, number: int, vendor: Vendor) -> Placed:
    officer = company.as_("hanako")
    contact = ContactFacts(
        vendor.person, department=vendor.department, email=vendor.email, phone=vendor.phone
    )
    party_id = parties.register(officer, PartyFacts(vendor.name, vendor.kana), contact)
    person = NewPerson(
        vendor.person, vendor.email, frozenset({Role.VENDOR_LEAD}), vendor.department, vendor.phone
    )
    key = f"v{number}"
    company.join(party_id, key, person, f"{vendor.name} 責任者 / vendor lead")
    work = EngagementFacts(
        title=vendor.work,
        work_kind=vendor.kind,
        purpose=vendor.purpose,
        data_categories=vendor.data,
        persons=vendor.persons,
        classification=Classification.ENTRUSTMENT,
        classification_reason="個人データを渡して、入力・編集・発送などの取扱いを任せるため。",
        risk_tier=vendor.tier,
        starts_on=company.house.today() + timedelta(days=30),
    )
    site_id = register.furnish(officer, party_id, number)
    owner_id = company.as_("ken").actor.person
    engagement_id = engagements.register(
        officer, party_id, register.described(work, number, site_id, owner_id)
    )
    engagements.assign(officer, engagement_id, company.as_("yumi").actor.person)
    return Placed(party_id, engagement_id, key)

"""The sample company: fictional people and vendors, with engagements in several states, made by the services."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from audit_portal.domain.access import Actor, Role, system
from audit_portal.domain.assessment import ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnswerValue, Tier
from audit_portal.domain.errors import Conflict
from audit_portal.domain.events import SampleLoaded
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER
from audit_portal.domain.supervision import Classification, WorkKind
from audit_portal.ports import Mail
from audit_portal.services import (
    accounts,
    answers,
    assessment_view,
    assessments,
    decision_views,
    decisions,
    engagements,
    jobs,
    parties,
    reports,
    reviews,
    sample_register,
    setup,
    signing_keys,
)
from audit_portal.services.accounts import NewPerson
from audit_portal.services.answers import Written
from audit_portal.services.assessments import SendOrder
from audit_portal.services.engagements import EngagementFacts
from audit_portal.services.evidence import Place, Upload
from audit_portal.services.house import Context, House
from audit_portal.services.parties import PartyFacts
from audit_portal.services.party_contacts import ContactFacts
from audit_portal.services.reviews import Judgement
from audit_portal.storage import parties as register

_SYSTEM = system("sample")
_DOMAIN = "sample-shoji.example"


@dataclass(frozen=True)
class SamplePerson:
    email: str
    password: str
    what: str
    passphrase: str = ""


@dataclass(frozen=True)
class _Staff:
    key: str
    name: str
    department: str
    roles: frozenset[Role]
    what: str
    signs: bool = False


_STAFF = (
    _Staff(
        "hanako",
        "佐藤 花子",
        "個人情報保護推進室",
        frozenset({Role.OFFICER}),
        "個人情報保護担当 / officer",
        True,
    ),
    _Staff(
        "makoto",
        "高橋 誠",
        "個人情報保護推進室",
        frozenset({Role.OFFICER}),
        "個人情報保護担当（2人目） / second officer",
    ),
    _Staff("kenji", "田中 健二", "管理本部", frozenset({Role.APPROVER}), "個人情報保護管理者 / approver"),
    _Staff("yumi", "山本 由美", "内部監査室", frozenset({Role.AUDITOR}), "監査人 / auditor", True),
    _Staff("ken", "渡辺 健", "営業企画部", frozenset({Role.OWNER}), "所管部門 / owner"),
    _Staff("admin", "伊藤 直樹", "情報システム部", frozenset({Role.ADMIN}), "管理者 / administrator"),
)


@dataclass(frozen=True)
class _Vendor:
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


_VENDORS = (
    _Vendor(
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
    _Vendor(
        "北海印刷株式会社",
        "ホッカイインサツ",
        "小林 美咲",
        "kobayashi@hokkai-print.example",
        "製造部",
        "0138-55-0110",
        "ダイレクトメールの印刷と封入",
        "会員への案内の発送",
        "氏名、住所",
        850,
        WorkKind.BPO,
    ),
    _Vendor(
        "関西コールセンター株式会社",
        "カンサイコールセンター",
        "中村 大輔",
        "nakamura@kansai-call.example",
        "運用管理部",
        "06-5555-0138",
        "問い合わせ窓口の運営",
        "問い合わせへの対応",
        "氏名、電話番号、問い合わせの内容",
        700,
        WorkKind.BPO,
    ),
    _Vendor(
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


class _NoMail:
    """The people of the sample don't exist: nothing is sent to them."""

    def send(self, mail: Mail) -> None:
        return


class _Company:
    """The people of the sample, and their contexts."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.people: list[SamplePerson] = []
        self._actors: dict[str, Actor] = {}
        self.passphrases: dict[str, str] = {}

    def as_(self, key: str) -> Context:
        return Context(self.house, self._actors[key])

    def join(self, party_id: UUID, key: str, person: NewPerson, what: str, signs: bool = False) -> None:
        password = f"{key}-{secrets.token_hex(6)}"
        account_id = accounts.joined_now(self.house, party_id, person, password)
        self._actors[key] = Actor(account_id, party_id, person.roles, person.name)
        if signs:
            self.passphrases[key] = f"{key}-sign-{secrets.token_hex(6)}"
            signing_keys.issue(self.as_(key), self.passphrases[key])
        self.people.append(SamplePerson(person.email, password, what, self.passphrases.get(key, "")))


def load(house: House) -> tuple[SamplePerson, ...]:
    """Fills an empty installation. Raises Conflict('instance_not_empty') when there is a client already."""
    if setup.client_id(house):
        raise Conflict("instance_not_empty", path=str(house.settings.instance))
    house = replace(house, mailer=_NoMail())
    company = _Company(house)
    client = setup.register_client(house, "株式会社サンプル商事", "サンプルショウジ", "")
    for each in _STAFF:
        person = NewPerson(each.name, f"{each.key}@{_DOMAIN}", each.roles, each.department, "03-5555-0134")
        company.join(client, each.key, person, each.what, each.signs)
    _mark(house)
    works = [_vendor(company, number, vendor) for number, vendor in enumerate(_VENDORS)]
    _approved_with_report(company, works[0], "v0")
    _submitted(company, works[1], "v1")
    _in_progress(company, works[2], "v2")
    _work_off(house)
    with house.db.begin(_SYSTEM) as tx:
        tx.record(SampleLoaded(parties=len(_VENDORS) + 1, accounts=len(company.people)))
    return tuple(company.people)


def _mark(house: House) -> None:
    """Pages of a sample say so, and its staff sign in without a second factor."""
    with house.db.begin(_SYSTEM) as tx:
        row = register.installation(tx)
        if row:
            row.sample, row.staff_need_second_factor = True, False
        tx.record(SampleLoaded(parties=0, accounts=0))


def _vendor(company: _Company, number: int, vendor: _Vendor) -> UUID:
    officer = company.as_("hanako")
    contact = ContactFacts(
        vendor.person, department=vendor.department, email=vendor.email, phone=vendor.phone
    )
    party_id = parties.register(officer, PartyFacts(vendor.name, vendor.kana), contact)
    person = NewPerson(
        vendor.person, vendor.email, frozenset({Role.VENDOR_LEAD}), vendor.department, vendor.phone
    )
    company.join(party_id, f"v{number}", person, f"{vendor.name} 責任者 / vendor lead")
    work = EngagementFacts(
        title=vendor.work,
        work_kind=vendor.kind,
        purpose=vendor.purpose,
        data_categories=vendor.data,
        persons=vendor.persons,
        classification=Classification.ENTRUSTMENT,
        classification_reason="個人データを渡して、入力・編集・発送などの取扱いを任せるため。",
        risk_tier=Tier.LOW,
        starts_on=company.house.today() + timedelta(days=30),
    )
    site_id = sample_register.furnish(officer, party_id, number)
    owner_id = company.as_("ken").actor.person
    engagement_id = engagements.register(
        officer, party_id, sample_register.described(work, number, site_id, owner_id)
    )
    engagements.assign(officer, engagement_id, company.as_("yumi").actor.person)
    return engagement_id


def _send(company: _Company, engagement_id: UUID, days: int) -> UUID:
    officer = company.as_("hanako")
    full = assessments.sendable(officer)[0]
    due = company.house.today() + timedelta(days=days)
    message = "新しい委託の前の確認です。ご不明な点は、画面の右の連絡先までお尋ねください。"
    return assessments.send(officer, engagement_id, SendOrder(full.id, due, message))


_DOCUMENTED = ("basic", "human", "chain")  # sections the sample's vendors bring papers for

_SAID = {
    "organizational": "責任者を総務部長とし、取扱規程に沿って運用しています。点検は年2回行っています。",
    "human": "入社時と年1回、全員が研修を受けています。誓約書は人事部で保管しています。",
    "physical": "取扱区域は入退室をICカードで管理し、記録を1年間保存しています。",
    "technical": "担当者ごとのIDでアクセスを制限し、操作の記録を月1回確認しています。",
}


def _answer_all(
    company: _Company,
    assessment_id: UUID,
    key: str,
    most: int | None = None,
    choose: Callable[[int], AnswerValue] = lambda _: AnswerValue.YES,
) -> None:
    """Answers the person's own items until none is left (an answer may bring further ones)."""
    ctx = company.as_(key)
    done: set[str] = set()
    while most is None or len(done) < most:
        todo = [
            item for item in assessment_view.get_assessment(ctx, assessment_id).mine if item.code not in done
        ]
        if not todo:
            return
        item = todo[0]
        done.add(item.code)
        value = AnswerValue.NO if item.fact else choose(len(done))
        comment = _SAID.get(item.section, "社内の規程に沿って実施しています。")
        plan = ("手順書を改訂し、全員に周知します。", company.house.today() + timedelta(days=60))
        action, due = plan if value is AnswerValue.PARTIAL else ("", None)
        answers.save(ctx, assessment_id, item.code, Written(value, comment, action, due), item.version)
        if item.evidence_needed or item.section in _DOCUMENTED:
            _attach(ctx, assessment_id, item.code)


def _attach(ctx: Context, assessment_id: UUID, item: str) -> None:
    content = f"{item} 確認資料（見本）\n作成：{ctx.house.today().isoformat()}\n".encode()
    place = Place(
        assessment_id, item, ctx.house.today() - timedelta(days=20), ctx.house.today() + timedelta(days=345)
    )
    with Upload(ctx, place, f"{item}_確認資料.txt", len(content)) as upload:
        upload.write(content)
        upload.finish()


def _hand_in(company: _Company, assessment_id: UUID, key: str) -> None:
    ctx = company.as_(key)
    assessments.submit(ctx, assessment_id, assessment_view.get_assessment(ctx, assessment_id).head.version)


def _in_progress(company: _Company, engagement_id: UUID, key: str) -> None:
    _answer_all(company, _send(company, engagement_id, 5), key, most=9)


def _submitted(company: _Company, engagement_id: UUID, key: str) -> None:
    assessment_id = _send(company, engagement_id, 10)
    _answer_all(company, assessment_id, key)
    _hand_in(company, assessment_id, key)
    _answer_all(company, assessment_id, "ken")


def _approved_with_report(company: _Company, engagement_id: UUID, key: str) -> None:
    assessment_id = _send(company, engagement_id, 14)
    _answer_all(
        company, assessment_id, key, choose=lambda n: AnswerValue.PARTIAL if n == 7 else AnswerValue.YES
    )
    _hand_in(company, assessment_id, key)
    _answer_all(company, assessment_id, "ken")
    auditor = company.as_("yumi")
    for item in assessment_view.get_assessment(auditor, assessment_id).items:
        partial = item.value is AnswerValue.PARTIAL
        if partial:
            judgement = Judgement(
                ReviewResult.PARTLY, ReviewBasis.DOCUMENT, "是正の予定と期日を確認しました。"
            )
        else:
            basis = ReviewBasis.DOCUMENT if item.evidence else ReviewBasis.INTERVIEW
            judgement = Judgement(ReviewResult.CONFORMS, basis)
        reviews.review_item(auditor, assessment_id, item.code, judgement, None)
    reviews.finish(
        auditor, assessment_id, assessment_view.get_assessment(auditor, assessment_id).head.version
    )
    decision_id = decisions.request(
        company.as_("hanako"), engagement_id, "選定の確認が終わりました。承認をお願いします。"
    )
    approver = company.as_("kenji")
    version = decision_views.get_decision(approver, decision_id).version
    decisions.decide(approver, decision_id, version, True, "確認しました。")
    report_id = reports.create(auditor, assessment_id, "ja")
    _work_off(company.house)
    for field, who in ((FIELD_AUDITOR, "yumi"), (FIELD_OFFICER, "hanako")):
        ctx = company.as_(who)
        version = reports.get_report(ctx, report_id).version
        reports.sign(ctx, report_id, field, company.passphrases[who], version)
        _work_off(company.house)


def _work_off(house: House) -> None:
    jobs.run_due(house)

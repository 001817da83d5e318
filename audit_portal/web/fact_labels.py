"""Words of an engagement's facts: kinds and fields of work, what a relation is, aims, data, places, routes, what a change touched."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from audit_portal.domain.cloud import Determination
from audit_portal.domain.engagement import Aim, Category, DataKind, Part, Route, Transfer
from audit_portal.domain.risk import Why
from audit_portal.domain.supervision import Classification, WorkKind

WORK_KINDS: Mapping[WorkKind, Any] = {
    WorkKind.BPO: _l("業務の委託（入力、発送、問い合わせ対応など）"),
    WorkKind.ITO: _l("情報システムの委託（開発、運用、保守など）"),
    WorkKind.KPO: _l("専門業務の委託（税務、調査、健康管理など）"),
    WorkKind.RPO: _l("採用業務の委託"),
}
CLASSES: Mapping[Classification, Any] = {
    Classification.ENTRUSTMENT: _l("委託（個人データの取扱いを任せる）"),
    Classification.CLOUD_NOT_HANDLING: _l("クラウド（事業者は個人データを取り扱わない）"),
    Classification.JOINT_USE: _l("共同利用"),
    Classification.PROVISION: _l("第三者提供"),
    Classification.TEMPORARY_STAFF: _l("派遣"),
    Classification.NONE: _l("個人データに触れない"),
}
CATEGORIES: Mapping[Category, Any] = {
    Category.BACK_OFFICE: _l("バックオフィス（経理、人事、総務、入力、発送など）"),
    Category.IT: _l("IT（開発、運用、監視、ヘルプデスクなど）"),
    Category.CALL_CENTRE: _l("コールセンター（受付、問い合わせ対応など）"),
    Category.SALES: _l("営業・マーケティング"),
    Category.SPECIALIST: _l("専門業務（法務、調査、健康管理など）"),
    Category.OTHER: _l("その他"),
}
AIMS: Mapping[Aim, Any] = {
    Aim.COST: _l("費用を抑える"),
    Aim.EFFICIENCY: _l("業務を効率化する"),
    Aim.QUALITY: _l("品質を上げる"),
    Aim.CORE_FOCUS: _l("本来の業務に集中する"),
    Aim.STAFFING: _l("人手を補う"),
}
DATA: Mapping[DataKind, Any] = {
    DataKind.IDENTITY: _l("氏名、生年月日、性別"),
    DataKind.ADDRESS: _l("住所"),
    DataKind.CONTACT: _l("電話番号、メールアドレス"),
    DataKind.EMPLOYMENT: _l("勤務先、職歴、人事・給与"),
    DataKind.FAMILY: _l("家族"),
    DataKind.TRANSACTIONS: _l("購入・利用・契約の履歴"),
    DataKind.INQUIRIES: _l("問い合わせ、通話の録音"),
    DataKind.FINANCE: _l("口座番号、クレジットカード番号"),
    DataKind.CREDENTIALS: _l("IDとパスワード"),
    DataKind.LOCATION: _l("位置情報"),
    DataKind.IMAGES: _l("顔写真、音声、指紋など"),
    DataKind.ONLINE: _l("閲覧履歴、端末の識別子"),
}
PARTS: Mapping[Part, Any] = {
    Part.IN: _l("任せる作業"),
    Part.OUT: _l("任せない作業（当社に残す）"),
    Part.BOUNDARY: _l("境目の作業"),
}
TRANSFERS: Mapping[Transfer, Any] = {
    Transfer.FILE_SERVICE: _l("ファイル授受サービス、暗号化した送信"),
    Transfer.DEDICATED_LINE: _l("専用線、VPN"),
    Transfer.OUR_SYSTEM: _l("委託先が当社のシステムに入って作業する"),
    Transfer.EMAIL: _l("メールに添付"),
    Transfer.MEDIA: _l("USBメモリなどの媒体"),
    Transfer.PAPER: _l("紙"),
    Transfer.COLLECTED: _l("委託先が本人から直接受け取る"),
}
ROUTES: Mapping[Route, Any] = {
    Route.DESIGNATED: _l("同等の水準と認められた国にある"),
    Route.CONFORMING: _l("基準に適合する体制を整えている"),
    Route.CONSENT: _l("本人の同意を得ている"),
    Route.NOT_APPLICABLE: _l("法28条に当たらない"),
}
DETERMINATIONS: Mapping[Determination, Any] = {
    Determination.NOT_HANDLED: _l("取り扱わない（規約で定められ、アクセスも制御されている）"),
    Determination.HANDLED: _l("取り扱う（委託に当たる）"),
}
# Why the proposal isn't a lower one.
WHY: Mapping[Why, Any] = {
    Why.MANY: _l("本人の数が5万人を超える"),
    Why.SPECIAL_CARE: _l("要配慮個人情報を含む"),
    Why.MY_NUMBER_OF_MANY: _l("1,000人を超えるマイナンバーを含む"),
    Why.MONEY_OF_MANY: _l("1,000人を超える口座・カード番号やパスワードを含む"),
    Why.REPORTABLE: _l("本人の数が1,000人を超える（漏えいは報告の対象）"),
    Why.MY_NUMBER: _l("マイナンバーを含む"),
    Why.MONEY: _l("口座・カード番号やパスワードを含む"),
    Why.ABROAD: _l("外国で取り扱う"),
    Why.CONDITION: _l("当てはまる条件に下限がある（GDPRなど）"),
}
# What the class means for what applies: (what applies, what to do).
MEANS: Mapping[Classification, tuple[Any, Any]] = {
    Classification.ENTRUSTMENT: (
        _l("法25条により、委託先を監督する義務があります。選定、契約、取扱状況の把握の3つの手順が必要です。"),
        _l("選定チェックから始めます。"),
    ),
    Classification.CLOUD_NOT_HANDLING: (
        _l(
            "第三者提供にも委託にも当たらず、法25条の監督は不要です。ただし、自社の安全管理措置（法23条）として、サービスの選び方と設定を確かめます。"
        ),
        _l(
            "事業者が取り扱わないことを、規約とアクセス制御の証拠とともに「クラウドの判定」に記録してください。"
        ),
    ),
    Classification.JOINT_USE: (
        _l(
            "委託ではなく共同利用（法27条5項3号）です。利用する項目、範囲、目的、責任者を、あらかじめ本人に知らせるか公表します。"
        ),
        _l("公表した内容と日付を、判定の理由に書いてください。"),
    ),
    Classification.PROVISION: (
        _l(
            "委託ではなく第三者提供です。原則として本人の同意（法27条）と、提供の記録（法29条、30条）が必要です。"
        ),
        _l("同意などの根拠を、判定の理由に書いてください。"),
    ),
    Classification.TEMPORARY_STAFF: (
        _l(
            "派遣された人は自社の従業者として監督します（法24条）。派遣会社そのものに個人データを渡さなければ、法25条の監督は不要です。"
        ),
        _l("自社の教育とアクセス権の対象に入れてください。"),
    ),
    Classification.NONE: (
        _l("個人データに触れないため、法25条の監督は不要です。"),
        _l("触れない仕組み（権限、区画、契約の定め）を、判定の理由に書いてください。"),
    ),
}
# Names of facts, as a change is told.
FACTS: Mapping[str, Any] = {
    "title": _l("名称"),
    "work_kind": _l("業務の種類"),
    "category": _l("業務の分野"),
    "purpose": _l("利用目的"),
    "aims": _l("任せるねらい"),
    "description": _l("業務の説明"),
    "scope": _l("任せる範囲"),
    "data_categories": _l("個人データの項目"),
    "data_kinds": _l("個人データの種類"),
    "persons": _l("本人の数"),
    "special_care": _l("要配慮個人情報"),
    "my_number": _l("マイナンバー"),
    "places": _l("取り扱う場所"),
    "handled_abroad": _l("外国での取扱い"),
    "abroad_where": _l("外国のどこか"),
    "recipients": _l("外国の提供先"),
    "no_recipient_why": _l("外国の提供先がない理由"),
    "transfer": _l("受渡しの方法"),
    "transfer_note": _l("受渡しの補足"),
    "subcontracting": _l("再委託"),
    "profile": _l("当てはまる条件"),
    "classification": _l("何に当たるか"),
    "classification_reason": _l("判定の理由"),
    "recheck_on": _l("判定を見直す日"),
    "starts_on": _l("開始日"),
    "ends_on": _l("終了日"),
    "risk_tier": _l("リスク区分"),
    "tier_reason": _l("区分を変えた理由"),
    "owner_id": _l("担当"),
    "deputy_id": _l("副担当"),
    "upstream": _l("当社に委託している会社"),
    "vendor_country": _l("委託先の国"),
    "client_facts": _l("会社の設定"),
}

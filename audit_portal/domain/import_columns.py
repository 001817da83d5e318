"""The columns of the tables people bring in, as they are called in Japanese ledgers, and their words."""

from __future__ import annotations

from collections.abc import Mapping

from audit_portal.domain import limits
from audit_portal.domain.import_columns_contracts import CONTRACTS
from audit_portal.domain.import_columns_engagements import ENGAGEMENTS
from audit_portal.domain.import_columns_evaluations import EVALUATIONS
from audit_portal.domain.imports import Column, ImportKind
from audit_portal.domain.imports import column as _c

VENDORS: tuple[Column, ...] = (
    _c(
        "external_key",
        "管理番号",
        "Reference number",
        "取引先コード",
        "委託先コード",
        "取引先番号",
        longest=limits.NUMBER,
        example="V-001",
    ),
    _c(
        "name",
        "会社名",
        "Company name",
        "委託先",
        "委託先名",
        "取引先名",
        "商号",
        "名称",
        "社名",
        needed=True,
        longest=limits.NAME,
        example="㈱サンプル印刷",
    ),
    _c(
        "kana",
        "会社名のカナ",
        "Reading",
        "カナ",
        "フリガナ",
        "ふりがな",
        "会社名カナ",
        "会社名（カナ）",
        "委託先名カナ",
        needed=True,
        longest=limits.KANA,
        example="サンプルインサツ",
    ),
    _c("corporate_number", "法人番号", "Corporate number", longest=limits.NUMBER, example="1234567890123"),
    _c("country", "国・地域", "Country", "国", "国名", "所在国", example="日本"),
    _c("address", "所在地", "Address", "住所", "本店所在地", example="東京都千代田区丸の内1-1"),
    _c(
        "contact_name",
        "窓口の氏名",
        "Contact",
        "担当者",
        "担当者名",
        "窓口",
        "窓口担当者",
        longest=limits.NAME,
        example="山田 太郎",
    ),
    _c(
        "contact_department",
        "窓口の部署",
        "Contact's department",
        "部署",
        "担当部署",
        longest=limits.NAME,
        example="総務部",
    ),
    _c(
        "contact_email",
        "窓口のメールアドレス",
        "Contact's e-mail",
        "メールアドレス",
        "メール",
        "e-mail",
        "email",
        longest=limits.EMAIL,
        example="taro@example.co.jp",
    ),
    _c(
        "contact_phone",
        "窓口の電話番号",
        "Contact's phone",
        "電話番号",
        "電話",
        "tel",
        longest=limits.PHONE,
        example="03-1234-5678",
    ),
)

COLUMNS: Mapping[ImportKind, tuple[Column, ...]] = {
    ImportKind.VENDORS: VENDORS,
    ImportKind.ENGAGEMENTS: ENGAGEMENTS,
    ImportKind.CONTRACTS: CONTRACTS,
    ImportKind.EVALUATIONS: EVALUATIONS,
}
SHEET_NAMES: Mapping[ImportKind, str] = {
    ImportKind.VENDORS: "委託先",
    ImportKind.ENGAGEMENTS: "委託業務",
    ImportKind.CONTRACTS: "契約",
    ImportKind.EVALUATIONS: "過去の評価",
}

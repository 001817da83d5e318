"""Words in the cells of what people bring in, and what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.contracts import ContractKind, DocumentForm, Reentrustment
from audit_portal.domain.errors import Invalid
from audit_portal.domain.sheets import plain_words
from audit_portal.domain.supervision import Classification, WorkKind

E = TypeVar("E", bound=Enum)

WORK_KINDS: Mapping[str, WorkKind] = {
    "BPO": WorkKind.BPO, "ITO": WorkKind.ITO, "KPO": WorkKind.KPO, "RPO": WorkKind.RPO,
    "業務": WorkKind.BPO, "業務委託": WorkKind.BPO, "情報システム": WorkKind.ITO, "システム": WorkKind.ITO,
    "専門業務": WorkKind.KPO, "採用": WorkKind.RPO, "採用業務": WorkKind.RPO,
}  # fmt: skip
CLASSES: Mapping[str, Classification] = {
    "委託": Classification.ENTRUSTMENT, "クラウド": Classification.CLOUD_NOT_HANDLING,
    "共同利用": Classification.JOINT_USE, "第三者提供": Classification.PROVISION,
    "派遣": Classification.TEMPORARY_STAFF, "触れない": Classification.NONE,
    "entrustment": Classification.ENTRUSTMENT, "cloud": Classification.CLOUD_NOT_HANDLING,
    "joint use": Classification.JOINT_USE, "provision": Classification.PROVISION,
    "temporary staff": Classification.TEMPORARY_STAFF, "none": Classification.NONE,
}  # fmt: skip
CONTRACT_KINDS: Mapping[str, ContractKind] = {
    "基本契約": ContractKind.MASTER, "個別契約": ContractKind.INDIVIDUAL, "覚書": ContractKind.MEMORANDUM,
    "利用規約": ContractKind.TERMS, "秘密保持契約": ContractKind.NDA, "変更契約": ContractKind.AMENDMENT,
    "業務委託契約": ContractKind.INDIVIDUAL, "約款": ContractKind.TERMS, "規約": ContractKind.TERMS,
    "利用規約（約款）": ContractKind.TERMS, "NDA": ContractKind.NDA, "機密保持契約": ContractKind.NDA,
    "master": ContractKind.MASTER, "individual": ContractKind.INDIVIDUAL, "memorandum": ContractKind.MEMORANDUM,
    "terms of service": ContractKind.TERMS, "amendment": ContractKind.AMENDMENT,
}  # fmt: skip
REENTRUSTMENTS: Mapping[str, Reentrustment] = {
    "禁止": Reentrustment.FORBIDDEN, "事前の承諾": Reentrustment.PRIOR_CONSENT,
    "一覧の会社だけ": Reentrustment.LISTED_ONLY, "事後の報告": Reentrustment.REPORT_AFTER,
    "自由": Reentrustment.FREE, "事前承諾": Reentrustment.PRIOR_CONSENT, "事後報告": Reentrustment.REPORT_AFTER,
    "forbidden": Reentrustment.FORBIDDEN, "prior consent": Reentrustment.PRIOR_CONSENT,
    "listed only": Reentrustment.LISTED_ONLY, "report after": Reentrustment.REPORT_AFTER,
    "free": Reentrustment.FREE,
}  # fmt: skip
# The form of an original whose file isn't brought in.
ORIGINALS: Mapping[str, DocumentForm] = {
    "電子契約": DocumentForm.ELECTRONIC, "紙": DocumentForm.PAPER, "電子": DocumentForm.ELECTRONIC,
    "電子署名": DocumentForm.ELECTRONIC, "紙の原本": DocumentForm.PAPER, "書面": DocumentForm.PAPER,
    "押印": DocumentForm.PAPER, "e-signed": DocumentForm.ELECTRONIC, "electronic": DocumentForm.ELECTRONIC,
    "paper": DocumentForm.PAPER, "sealed paper": DocumentForm.PAPER,
}  # fmt: skip
EVALUATION_KINDS: Mapping[str, AssessmentKind] = {
    "選定": AssessmentKind.SELECTION, "契約": AssessmentKind.CONTRACT, "定期評価": AssessmentKind.PERIODIC,
    "選定チェック": AssessmentKind.SELECTION, "契約チェック": AssessmentKind.CONTRACT,
    "定期": AssessmentKind.PERIODIC, "年次": AssessmentKind.PERIODIC, "selection": AssessmentKind.SELECTION,
    "contract": AssessmentKind.CONTRACT, "contract check": AssessmentKind.CONTRACT,
    "periodic": AssessmentKind.PERIODIC,
}  # fmt: skip


def first_words(words: Mapping[str, E]) -> tuple[str, ...]:
    """One word for each value: the first that stands for it."""
    found: dict[E, str] = {}
    for word, value in words.items():
        found.setdefault(value, word)
    return tuple(found.values())


def chosen(words: Mapping[str, E], text: str) -> E:
    """Raises Invalid('word_unknown', words=…)."""
    plain = plain_words(text)
    for word, value in words.items():
        if plain == plain_words(word):
            return value
    raise Invalid("word_unknown", words="、".join(first_words(words)))


# What ledgers write besides the names and codes of ISO 3166-1.
COUNTRIES: Mapping[str, str] = {
    "米国": "US", "アメリカ": "US", "USA": "US", "英国": "GB", "UK": "GB", "中国": "CN", "台湾": "TW", "韓国": "KR",
    "香港": "HK", "ドイツ連邦共和国": "DE", "ベトナム社会主義共和国": "VN", "シンガポール共和国": "SG",
}  # fmt: skip

"""Words in the cells of what people bring in, and what they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

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


def chosen(words: Mapping[str, E], text: str) -> E:
    """Raises Invalid('word_unknown', words=…)."""
    plain = plain_words(text)
    for word, value in words.items():
        if plain == plain_words(word):
            return value
    raise Invalid("word_unknown", words="、".join(list(words)[:6]))


# What ledgers write besides the names and codes of ISO 3166-1.
COUNTRIES: Mapping[str, str] = {
    "米国": "US", "アメリカ": "US", "USA": "US", "英国": "GB", "UK": "GB", "中国": "CN", "台湾": "TW", "韓国": "KR",
    "香港": "HK", "ドイツ連邦共和国": "DE", "ベトナム社会主義共和国": "VN", "シンガポール共和国": "SG",
}  # fmt: skip

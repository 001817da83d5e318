"""A draft memorandum (覚書案) of the clauses that a contract lacks, or that nobody could find in it.

Two plain texts: the draft, which goes to a lawyer and to the vendor, and notes on it, which stay in the house.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.supervision import Duty

LACKING = (AnswerValue.NO, AnswerValue.PARTIAL, AnswerValue.UNKNOWN)
_FOUND = {AnswerValue.NO: "いいえ", AnswerValue.PARTIAL: "一部", AnswerValue.UNKNOWN: "分からない・確認不能"}
_FIRST = 3  # article that comes after aim and relation to the contract
# In Japanese whatever the reader's language: it goes into a Japanese contract.
_DUTIES = {
    Duty.LAW: "法律・規則の義務",
    Duty.GUIDELINE_MUST: "ガイドラインの義務",
    Duty.GUIDELINE_SHOULD: "ガイドラインで望ましいとされること",
    Duty.STANDARD: "規格・基準の要求（採用している場合）",
    Duty.EU: "EU法の義務（適用される場合）",
    Duty.SEED: "実務上の助言",
    Duty.OWN: "自社の規程・実務上の工夫",
}


@dataclass(frozen=True)
class Lack:
    """One item of the contract check that was answered or found "no" or "partly", or couldn't be confirmed."""

    code: str
    question: str
    value: AnswerValue
    remark: str  # the reviewer's, else the answer's
    duty: Duty
    basis: tuple[str, ...]
    title: str | None  # of the proposed clause; None: there is no proposal
    text: str


@dataclass(frozen=True)
class Draft:
    client: str
    vendor: str
    engagement: str
    contracts: tuple[str, ...]  # titles with dates, of those that serve the engagement
    check: str  # number of the contract check
    made_on: date
    lacks: tuple[Lack, ...]


def write(draft: Draft) -> str:
    """The draft as text with LF line ends: its articles, and nothing of the check or of what was said in it."""
    parts = [
        f"第{place}条（{each.title}）\n{each.text}" for place, each in enumerate(_proposed(draft), _FIRST)
    ]
    if not parts:
        parts = [f"第{_FIRST}条（　　　　）\n（文案のある条項はありません。必要な定めを記入）"]
    return "\n\n".join((_head(draft), *parts, _foot(draft))) + "\n"


def notes(draft: Draft) -> str:
    """Where each article comes from, what was found, and what has no article: for the house alone."""
    rest = [each for each in draft.lacks if each.title is None]
    day = draft.made_on
    parts = [
        "【社内用】覚書案の検討資料です。審査の所見を含むため、委託先には送らないでください。\n"
        f"{draft.engagement}（{draft.vendor}）　契約チェック：{draft.check}　"
        f"作成日：{day.year}年{day.month}月{day.day}日",
        _sources(_proposed(draft)),
    ]
    if rest:
        parts.append(_rest(rest))
    return "\n\n".join(parts) + "\n"


def _proposed(draft: Draft) -> list[Lack]:
    return [each for each in draft.lacks if each.title is not None]


def _head(draft: Draft) -> str:
    contracts = "\n".join(f"　・{each}" for each in draft.contracts) or "　・（契約の名称と締結日を記入）"
    return (
        "【案】この文書は、契約書に足りないか、あると確かめられなかった条項の文案です。\n"
        "そのままでは使わず、必ず弁護士の確認を受け、業務の実情に合わせて直してください。法的助言ではありません。\n\n"
        "個人データの取扱いに関する覚書（案）\n\n"
        f"{draft.client}（以下「甲」という。）と{draft.vendor}（以下「乙」という。）は、甲が乙に委託する\n"
        f"「{draft.engagement}」（以下「本業務」という。）について、次の契約（以下「原契約」という。）に付随して、\n"
        "次のとおり合意する。\n"
        f"{contracts}\n\n"
        "第1条（目的）\n"
        "この覚書は、本業務において乙が取り扱う個人データ（以下「本個人データ」という。）の安全管理と、\n"
        "甲による取扱状況の把握に関し、原契約に定めのない事項を定める。\n\n"
        "第2条（原契約との関係）\n"
        "この覚書の定めが原契約の定めと異なるときは、この覚書の定めを優先する。"
    )


def _foot(draft: Draft) -> str:
    return (
        "　　　　年　　月　　日\n\n"
        f"甲　{draft.client}\n　　（住所・役職・氏名）\n\n"
        f"乙　{draft.vendor}\n　　（住所・役職・氏名）"
    )


def _sources(proposed: list[Lack]) -> str:
    lines = ["■ 条文ごとの根拠", *([] if proposed else ["（文案のある条項はありません）"])]
    for place, each in enumerate(proposed, _FIRST):
        lines.append(f"第{place}条　{_origin(each)}")
    return "\n".join(lines)


def _rest(rest: list[Lack]) -> str:
    lines = ["■ 文案がない項目（条項の追加では足りないもの。個別に対応してください）"]
    lines += [f"・{_origin(each)}" for each in rest]
    return "\n".join(lines)


def _origin(each: Lack) -> str:
    lines = [f"{each.code}　{each.question}（結果：{_FOUND[each.value]}）"]
    lines.append(f"　　位置づけ：{_DUTIES[each.duty]}　根拠：{'／'.join(each.basis) or '－'}")
    if each.remark.strip():
        lines.append("　　所見：" + " ".join(each.remark.split()))
    return "\n".join(lines)

"""A draft memorandum (覚書案) of the clauses that a contract lacks: plain text to send, and to have looked over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.supervision import Duty

LACKING = (AnswerValue.NO, AnswerValue.PARTIAL)
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
    """One item of the contract check that was answered or found "no" or "partly"."""

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
    """The draft as text with LF line ends: articles first, then where each comes from, then what isn't in it."""
    proposed = [each for each in draft.lacks if each.title is not None]
    rest = [each for each in draft.lacks if each.title is None]
    parts = [_head(draft)]
    parts += [f"第{place}条（{each.title}）\n{each.text}" for place, each in enumerate(proposed, 3)]
    parts.append(_foot(draft))
    parts.append(_sources(proposed, 3))
    if rest:
        parts.append(_rest(rest))
    return "\n\n".join(parts) + "\n"


def _head(draft: Draft) -> str:
    contracts = "\n".join(f"　・{each}" for each in draft.contracts) or "　・（契約の名称と締結日を記入）"
    return (
        "【案】この文書は、契約チェックで足りないとされた条項の文案です。\n"
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
        f"乙　{draft.vendor}\n　　（住所・役職・氏名）\n\n"
        "――――――――――――――――――――\n"
        "以下は検討のための資料です。覚書に含めず、送る前に削除してください。\n"
        f"契約チェック：{draft.check}　作成日：{draft.made_on.year}年{draft.made_on.month}月{draft.made_on.day}日"
    )


def _sources(proposed: list[Lack], first: int) -> str:
    lines = ["■ 条文ごとの根拠"]
    for place, each in enumerate(proposed, first):
        lines.append(f"第{place}条　{_origin(each)}")
    return "\n".join(lines)


def _rest(rest: list[Lack]) -> str:
    lines = ["■ 文案がない項目（条項の追加では足りないもの。個別に対応してください）"]
    lines += [f"・{_origin(each)}" for each in rest]
    return "\n".join(lines)


def _origin(each: Lack) -> str:
    found = "一部" if each.value is AnswerValue.PARTIAL else "いいえ"
    lines = [f"{each.code}　{each.question}（結果：{found}）"]
    lines.append(f"　　位置づけ：{_DUTIES[each.duty]}　根拠：{'／'.join(each.basis) or '－'}")
    if each.remark.strip():
        lines.append("　　所見：" + " ".join(each.remark.split()))
    return "\n".join(lines)

"""Sentences of what the services of keeping watch refuse with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "plan_month_past": _l("過ぎた月は選べません。今月か、これからの月を選んでください。"),
    "plan_month_outside": _l("%(year)s年度の月を選んでください。"),
    "plan_same_month": _l("いまと同じ月です。別の月を選んでください。"),
    "plan_empty": _l("計画に入れる委託業務を1つ以上選んでください。"),
    "plan_too_many": _l("一度に入れられるのは%(most)s件までです。分けて入れてください。"),
    "plan_there": _l(
        "選んだ委託業務のなかに、ほかの人がすでに計画に入れたものがあります。画面を開き直して確かめてください。"
    ),
    "plan_not_live": _l(
        "データを渡している委託業務ではありません。提供を始めたあと（停止中を含む）に、定期評価を計画し、始められます。"
    ),
    "plan_started": _l("この予定は、すでに評価を始めています。年間計画から開いてください。"),
    "plan_cancelled": _l("この予定は、すでに計画から外されています。年間計画を開き直してください。"),
    "plan_needs_reason": _l("理由を入力してください。"),
    "no_such_month": _l("1月から12月のどれかを選んでください。"),
}

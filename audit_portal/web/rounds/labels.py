"""Words of rounds: states, and what keeps an engagement from being sent a check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.rounds import LineState, Obstacle, RoundState

STATES: Mapping[RoundState, tuple[Any, str]] = {
    RoundState.RUNNING: (_l("送付中"), "blue"),
    RoundState.DONE: (_l("送付済み"), "green"),
}
LINES: Mapping[LineState, Any] = {
    LineState.LEFT_OUT: _l("送らなかったもの"),
    LineState.SENT: _l("送ったもの"),
    LineState.WAITING: _l("これから送るもの"),
}
# What is wrong, and what to do about it.
_PROBLEMS: Mapping[str, Any] = {
    Obstacle.RUNNING: _l("前の選定チェックがまだ終わっていません。それが終わってから送ってください。"),
    Obstacle.DECISION_OPEN: _l("選定の決裁を待っています。決裁が済んでから送ってください。"),
    Obstacle.NOT_CLASSIFIED: _l("委託に当たるかが判定されていません。先に判定してください。"),
    Obstacle.NOT_ENTRUSTMENT: _l("個人データの取扱いの委託に当たらないと判定されています。"),
    Obstacle.OVER: _l("取引が終わっているか、選定が見送られています。"),
    Obstacle.SENT_THIS_YEAR: _l("この年度の一斉送付で、同じチェックリストを送付済みです。"),
    "no_lead": _l(  # rounds of before left these out
        "委託先の責任者が招待されていなかったため、送りませんでした。いまは「もう一度確かめて、残りを送る」で送り、代行入力ができます。"
    ),
    "due_in_past": _l("送る前に回答期限が過ぎました。新しい期限で送り直してください。"),
    "sender_gone": _l("送付を始めた人の利用が終わっています。ほかの担当者が送り直してください。"),
    "permission_missing": _l("送付を始めた人の役割が変わっています。ほかの担当者が送り直してください。"),
    "not_found": _l("委託業務かチェックリストが、いまは使えません。委託業務の画面を確かめてください。"),
}


def problem(code: str) -> str:
    found = _PROBLEMS.get(code)
    return str(found) if found else _("送れませんでした（%(code)s）。", code=code)

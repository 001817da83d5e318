"""Sentences of what the service of decisions refuses with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "decision_on_another_check": _l(
        "申請のもとになった評価が、いまの最新のものと違うため、承認できません。申請した人に知らせてください。"
    ),
    "gate_moved_on": _l("委託業務の状態が変わりました。画面を開き直して、いまの承認条件を確かめてください。"),
    "gate_shut": _l("承認条件を満たしていません。不足事項を解消してから、もう一度進めてください。"),
    "decision_open": _l("決裁（%(number)s）を待っています。決裁が済むまで、この操作はできません。"),
    "decision_made": _l(
        "この決裁（%(number)s）は、すでに済んでいます。画面を開き直して結果を確かめてください。"
    ),
    "own_request": _l(
        "自分が申請した決裁は、自分では承認も不承認もできません。ほかの承認者に依頼してください。"
    ),
    "refusal_needs_reason": _l("不承認のときは、理由を書いてください。"),
    "acceptance_incomplete": _l(
        "不足事項を受け入れるには、理由・代わりの対策・期限のすべてを書いてください（%(blocker)s）。"
    ),
    "acceptance_over": _l("受け入れる期限は、あす以降の日付にしてください（%(blocker)s）。"),
    "snapshot_too_large": _l(
        "回答や所見の文章が長すぎるため、決裁の申請に固定できません。長い回答を差し戻し、短くしてもらってください。"
    ),
    "snapshot_damaged": _l(
        "この決裁（%(number)s）の固定された内容が、記録された照合値と一致しません。管理者に知らせてください。"
    ),
    "snapshot_unreadable": _l("この決裁の固定された内容を読み取れません。管理者に知らせてください。"),
    "reopen_needs_reason": _l("もう一度取り上げる理由を書いてください。"),
    "blockers_changed": _l("不足事項が変わりました。最新の内容を確かめてから、もう一度決裁してください。"),
}

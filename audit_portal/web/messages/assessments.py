"""Sentences of what the services of assessments, answers and reviews refuse with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "due_in_past": _l("回答期限は、きょう以降の日付にしてください。"),
    "assessment_running": _l(
        "同じ種類の評価（%(number)s）がまだ終わっていません。それが終わってから送ってください。"
    ),
    "assessment_incomplete": _l("まだ提出できません。残り%(count)s件の項目を確かめてください。"),
    "answer_closed": _l(
        "この項目の回答は締め切られています。直すには、審査する人に差戻しを依頼してください。"
    ),
    "answer_incomplete": _l(
        "この項目（%(item)s）の回答がまだ揃っていないため、審査できません。先に回答を完成させてください。"
    ),
    "own_answer": _l("自分が回答や資料を入れた項目は審査できません。ほかの人に審査を依頼してください。"),
    "review_incomplete": _l("まだ終えられません。審査していない項目が%(count)s件あります。"),
    "return_note_needed": _l("何を直してほしいかを書いてください。"),
    "share_items_needed": _l("割り振る項目を1つ以上選んでください。"),
    "share_person_unknown": _l("この人には割り振れません。ほかの人を選んでください。"),
    "share_due_in_past": _l("きょう以降の日付にしてください。"),
    "share_due_too_late": _l("回答期限（%(due)s）までの日付にしてください。"),
    "time_reason_needed": _l("延長が必要な理由を書いてください。"),
    "time_refusal_needs_reason": _l("認めないときは、理由を書いてください。"),
    "time_not_open": _l(
        "この申請にはすでに答えが出ているか、新しい申請に置き換わっています。内容を確かめてください。"
    ),
    "round_empty": _l("送る委託業務を1つ以上選んでください。"),
    "round_too_many": _l("一度に送れるのは%(most)s件までです。条件を絞ってください。"),
    "round_nothing_to_send": _l(
        "いま送れる委託業務がありません。足りないことを直してから、もう一度お試しください。"
    ),
    "sender_gone": _l("送付を始めた人の利用が終わっています。ほかの担当者が送り直してください。"),
    "comment_needed": _l("コメントを書いてください。"),
    "comment_stays_inside": _l(
        "委託元だけが答える項目のコメントは、委託先と共有できません。「社内だけ」を選んでください。"
    ),
    "too_many_comments": _l("この項目のコメントは上限（%(most)s件）に達しています。"),
    "time_not_later": _l("いまの回答期限（%(due)s）より後の日付にしてください。"),
    "time_in_past": _l("きょう以降の日付にしてください。"),
    "return_items_needed": _l("差し戻す項目を1つ以上選んでください。"),
}

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
    "return_items_needed": _l("差し戻す項目を1つ以上選んでください。"),
}

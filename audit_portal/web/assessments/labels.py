"""Words and colours of assessments, answers and reviews; status is always said in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from audit_portal.domain.assessment import AssessmentKind, AssessmentState, ReviewBasis, ReviewResult
from audit_portal.domain.checklist import AnsweredBy, AnswerValue, Duty
from audit_portal.domain.more_time import TimeState

Tagged = tuple[Any, str]  # text, colour of the tag

KINDS: Mapping[AssessmentKind, Any] = {
    AssessmentKind.SELECTION: _l("選定チェック"),
    AssessmentKind.CONTRACT: _l("契約チェック"),
    AssessmentKind.PERIODIC: _l("定期評価"),
    AssessmentKind.AUDIT: _l("監査"),
    AssessmentKind.EXIT: _l("終了時チェック"),
}
STATES: Mapping[AssessmentState, Tagged] = {
    AssessmentState.DRAFT: (_l("準備中"), "grey"),
    AssessmentState.SENT: (_l("回答待ち"), "blue"),
    AssessmentState.IN_PROGRESS: (_l("回答中"), "blue"),
    AssessmentState.SUBMITTED: (_l("提出済み"), "yellow"),
    AssessmentState.RETURNED: (_l("差戻し"), "red"),
    AssessmentState.REVIEWED: (_l("審査済み"), "light-blue"),
    AssessmentState.DECIDED: (_l("決裁済み"), "green"),
}
ANSWERS: Mapping[AnswerValue, Any] = {
    AnswerValue.YES: _l("はい"),
    AnswerValue.PARTIAL: _l("一部"),
    AnswerValue.NO: _l("いいえ"),
    AnswerValue.NOT_APPLICABLE: _l("該当しない"),
    AnswerValue.UNKNOWN: _l("分からない"),
}
ANSWERED_BY: Mapping[AnsweredBy, Any] = {
    AnsweredBy.CLIENT: _l("委託元"),
    AnsweredBy.VENDOR: _l("委託先"),
    AnsweredBy.AUDITOR: _l("監査人"),
    AnsweredBy.PORTAL: _l("ポータル"),
}
RESULTS: Mapping[ReviewResult, Tagged] = {
    ReviewResult.CONFORMS: (_l("適合"), "green"),
    ReviewResult.PARTLY: (_l("一部適合"), "yellow"),
    ReviewResult.NOT: (_l("不適合"), "red"),
    ReviewResult.UNCONFIRMED: (_l("確認不能"), "orange"),
    ReviewResult.NOT_APPLICABLE: (_l("対象外"), "grey"),
}
BASES: Mapping[ReviewBasis, Any] = {
    ReviewBasis.STATEMENT: _l("申告（回答だけで判断）"),
    ReviewBasis.DOCUMENT: _l("書面（確認資料を見た）"),
    ReviewBasis.INTERVIEW: _l("聞取り"),
    ReviewBasis.ON_SITE: _l("現地"),
    ReviewBasis.REMOTE: _l("遠隔（画面越しの確認）"),
    ReviewBasis.SAMPLED: _l("抜取り（一部を選んで確かめた）"),
    ReviewBasis.THIRD_PARTY: _l("第三者の報告書"),
}
TIMES: Mapping[TimeState, Tagged] = {
    TimeState.OPEN: (_l("答えを待っています"), "yellow"),
    TimeState.GRANTED: (_l("認められました"), "green"),
    TimeState.REFUSED: (_l("認められませんでした"), "red"),
    TimeState.REPLACED: (_l("出し直されました"), "grey"),
}
# Why an item keeps the answers from being handed in.
MISSING: Mapping[str, Any] = {
    "unanswered": _l("まだ回答していません。"),
    "reason_required": _l("「該当しない」の理由を、説明の欄に書いてください。"),
    "clause_required": _l("契約のどこに書かれているか、または代わりになる定めを記録してください。"),
    "evidence_required": _l("確認資料を1件以上付けてください。"),
}
# The names under which components/blockers.html knows the duties.
DUTIES: Mapping[Duty, str] = {
    Duty.LAW: "law",
    Duty.GUIDELINE_MUST: "guideline_must",
    Duty.GUIDELINE_SHOULD: "guideline_should",
    Duty.STANDARD: "standard",
    Duty.EU: "eu",
    Duty.SEED: "policy",
    Duty.OWN: "policy",
}

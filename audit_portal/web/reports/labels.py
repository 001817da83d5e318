"""The states of a report in words, and as steps on its page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER
from audit_portal.domain.report.state import ENDED, ReportState
from audit_portal.services.reports.reports import ReportView
from audit_portal.web import formats

_S = ReportState
STATES: Mapping[ReportState, tuple[Any, str]] = {
    _S.RENDERING: (_l("作成中"), "light-blue"),
    _S.AWAITING_AUDITOR: (_l("監査人の署名待ち"), "yellow"),
    _S.SEALING_AUDITOR: (_l("時刻を付けています"), "light-blue"),
    _S.AWAITING_OFFICER: (_l("担当者の署名待ち"), "yellow"),
    _S.SEALING_OFFICER: (_l("時刻を付けています"), "light-blue"),
    _S.FINAL: (_l("完成"), "green"),
    _S.OUTDATED: (_l("無効（評価の差戻し）"), "grey"),
    _S.WITHDRAWN: (_l("取下げ（証明書の失効）"), "grey"),
}
# What happens next, and by whom.
NEXT: Mapping[ReportState, Any] = {
    _S.RENDERING: _l("ポータルがPDFを作っています。ふつうは1分かかりません。"),
    _S.AWAITING_AUDITOR: _l("監査人が内容を読み、署名します。"),
    _S.SEALING_AUDITOR: _l("ポータルが監査人の署名に時刻の証明を付けています。ふつうは1分かかりません。"),
    _S.AWAITING_OFFICER: _l("監査人とは別の個人情報保護担当が、確認の署名をします。"),
    _S.SEALING_OFFICER: _l("ポータルが確認の署名に時刻の証明を付けています。ふつうは1分かかりません。"),
    _S.OUTDATED: _l(
        "もとになった評価が差し戻されたため、この報告書は完成しません。審査がもう一度終わったら、新しい報告書を作ってください。"
    ),
    _S.WITHDRAWN: _l(
        "時刻の証明を付ける前に、署名した人の証明書が失効したか期限を過ぎたため、この報告書は完成しません。新しい報告書を作ってください。"
    ),
    _S.FINAL: _l("2人の署名と時刻の証明がそろいました。このまま保存し、渡せます。"),
}
OVER = ENDED  # another one has to be ordered
WORKING = frozenset({_S.RENDERING, _S.SEALING_AUDITOR, _S.SEALING_OFFICER})
FIELDS: Mapping[str, Any] = {FIELD_AUDITOR: _l("監査人"), FIELD_OFFICER: _l("個人情報保護担当")}
_STEPS: tuple[tuple[Any, frozenset[ReportState]], ...] = (
    (_l("作成"), frozenset({_S.RENDERING})),
    (_l("監査人の署名"), frozenset({_S.AWAITING_AUDITOR, _S.SEALING_AUDITOR})),
    (_l("担当者の確認署名"), frozenset({_S.AWAITING_OFFICER, _S.SEALING_OFFICER})),
    (_l("完成"), frozenset()),
)


def steps(report: ReportView) -> list[tuple[str, str, str]]:
    """Title, note and state of each step, for the `steps` macro."""
    here = next((place for place, (_, states) in enumerate(_STEPS) if report.state in states), len(_STEPS))
    notes = {
        0: formats.moment(report.created_at) if here else "",
        **{
            1 + list(FIELDS).index(each.field): f"{each.name} {formats.moment(each.signed_at)}"
            for each in report.signatures
        },
    }
    return [
        (
            str(title),
            notes.get(place, "") or (str(STATES[report.state][0]) if place == here else ""),
            "done" if place < here else "now" if place == here else "todo",
        )
        for place, (title, _) in enumerate(_STEPS)
    ]

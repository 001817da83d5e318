"""Sentences of what the service of engagements refuses with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "ends_before_start": _l("終了日は、開始日以降の日付にしてください。"),
    "risk_tier_too_low": _l(
        "この委託業務では選べない区分です。マイナンバーを扱う業務は「中」以上にしてください。"
    ),
    "tier_reason_needed": _l("提案と違う区分にするときは、その理由を書いてください。"),
    "boundary_needs_liaison": _l("境目の作業には、話をつける窓口を1人ずつ書いてください。"),
    "route_needs_basis": _l("外国の提供先ごとに、根拠になるものを書いてください。"),
    "too_many_rows": _l("行が多すぎます。まとめて書いてください。"),
    "site_unknown": _l("この委託先の拠点から選んでください。"),
    "owner_unfit": _l("所管部門の担当の役割を持つ、利用中の人を選んでください。"),
    "deputy_is_owner": _l("副担当には、担当と別の人を選んでください。"),
    "upstream_needs_name": _l("当社に委託している会社の名称を入力してください。"),
    "engagement_over": _l("終了または不承認の委託業務は変更できません。"),
    "officer_decides_this": _l(
        "分類、リスク区分、担当の変更は、個人情報保護担当だけができます。個人情報保護担当に依頼してください。"
    ),
    "determined_in_future": _l("確かめた日は、きょうまでの日付にしてください。"),
    "cloud_needs_determination": _l(
        "この分類は、「取り扱わない」という判定とその資料が記録されているときだけ選べます。まず「委託」のまま保存し、委託業務の画面の「クラウドの判定を記録する」から判定と資料を記録したあとで、分類を変えてください。"
    ),
    "cloud_document_there": _l(
        "この判定の資料は、すでに送られています。別の資料があるときは、判定をもう一度記録してください。"
    ),
    "person_has_no_such_role": _l("監査人か所管部門の担当の役割を持つ人だけを割り当てられます。"),
    "already_assigned": _l("この人はすでに割り当てられています。"),
}

"""Sentences for what is refused about reports and their signatures."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "report_outdated": _l(
        "評価がその後に差し戻されたか、審査し直されています。新しい報告書を作成してください。"
    ),
    "decided_it": _l("この評価を決裁した人は、監査人として署名できません。別の監査人に依頼してください。"),
    "not_reviewed_yet": _l("審査が終わってから報告書を作れます。"),
    "report_language_wrong": _l("報告書の言語を選んでください。"),
    "report_not_rendered": _l("報告書はまだ作成中です。しばらくしてから開き直してください。"),
    "report_not_awaiting": _l(
        "この署名はいま待たれていません。ほかの人が先に署名したか、処理の途中です。画面を開き直してください。"
    ),
    "report_moved_on": _l("報告書の状態が変わりました。画面を開き直してください。"),
    "signed_already": _l("監査人として署名した人は、確認の署名をできません。別の担当者に依頼してください。"),
    "same_signer": _l("監査人と担当者は別の人でなければなりません。別の担当者に依頼してください。"),
    "already_signed": _l("この欄にはすでに署名があります。画面を開き直してください。"),
    "auditor_signs_first": _l("先に監査人が署名します。"),
    "auditor_not_sealed": _l("監査人の署名に時刻を付けています。しばらくしてから開き直してください。"),
    "field_missing": _l("この報告書には署名の欄がありません。管理者に知らせてください。"),
    "report_changed": _l(
        "保存されている報告書が、署名されたものと違います。署名せず、管理者に知らせてください。"
    ),
    "revocation_list_bad": _l("失効リストを確かめられないため、署名できません。管理者に知らせてください。"),
    "revocation_list_stale": _l("失効リストが古いため、署名できません。管理者に知らせてください。"),
    "not_signed_yet": _l("まだ署名されていません。"),
    "already_sealed": _l("すでに時刻が付いています。"),
    "report_unknown": _l("報告書 %(number)s は見つかりません。"),
}

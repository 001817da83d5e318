"""Sentences of what the services of the vendor register refuse with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "site_country_fixed": _l(
        "この拠点を使う委託業務があるため、国は変えられません。この拠点の利用を終え、新しい拠点を登録してください。"
    ),
    "expires_before_issue": _l("有効期限は、取得・更新した日以降の日付にしてください。"),
    "certification_name_needed": _l("「その他」のときは、認証の名称を入力してください。"),
    "withdrawal_needs_reason": _l("失効した理由を入力してください。"),
    "withdrawn_before_issue": _l("失効した日は、取得・更新した日以降の日付にしてください。"),
    "withdrawn_in_future": _l(
        "失効した日は、きょうまでの日付にしてください。これから失効する認証は、その日が来てから記録してください。"
    ),
    "already_withdrawn": _l("この認証の失効は、すでに記録されています。"),
    "contact_purpose_needed": _l("何の窓口かを1つ以上選んでください。"),
    "already_ended": _l("この窓口は、すでに外されています。"),
}

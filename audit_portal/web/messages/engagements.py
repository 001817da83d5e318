"""Sentences of what the service of engagements refuses with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "ends_before_start": _l("終了日は、開始日以降の日付にしてください。"),
    "risk_tier_too_low": _l(
        "この委託業務では選べない区分です。マイナンバーを扱う業務は「中」以上にしてください。"
    ),
    "person_has_no_such_role": _l("監査人か所管部門の担当の役割を持つ人だけを割り当てられます。"),
    "already_assigned": _l("この人はすでに割り当てられています。"),
}

"""Sentences of what the services of reused answers refuse with."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "confirm_items_needed": _l("確認する項目がありません。画面を開き直して、項目を確かめてください。"),
    "former_changed": _l(
        "画面を開いたあとに、%(item)s の前回の回答が変わりました。何も確認していません。下の最新の内容を確かめてから、もう一度押してください。"
    ),
    "already_answered": _l(
        "%(item)s には、すでに回答が入力されています。何も確認していません。項目の画面で回答を確かめてください。"
    ),
    "settle_reason_needed": _l("そのままでよい理由を書いてください。"),
    "nothing_stale": _l(
        "この回答は、いまは見直しの対象ではありません。ほかの人が先に見直したかもしれません。"
    ),
}

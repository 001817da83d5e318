"""Sentences for what is refused about signing keys."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l

SENTENCES: dict[str, Any] = {
    "certificate_there": _l("使える署名鍵がすでにあります。作り直すときは、先に失効させてください。"),
    "certificate_needed": _l("署名鍵がまだありません。先に署名鍵を作ってください。"),
    "certificate_revoked_before": _l("この署名鍵はすでに失効しています。"),
    "revocation_reason_wrong": _l("失効させる理由を選んでください。"),
    "passphrase_too_short": _l("署名用パスフレーズは%(minimum)s文字以上にしてください。"),
    "passphrase_too_long": _l("署名用パスフレーズは%(maximum)s文字以内にしてください。"),
    "passphrase_wrong": _l(
        "署名用パスフレーズが違います。サインインのパスワードではありません。忘れたときは、署名鍵を失効させて作り直してください。"
    ),
    "passphrases_differ": _l("2つの署名用パスフレーズが一致しません。もう一度入力してください。"),
    "certificate_revoked": _l("この署名鍵は失効しているため、署名できません。新しい署名鍵を作ってください。"),
    "certificate_expired": _l("署名鍵の有効期限が過ぎています。新しい署名鍵を作ってください。"),
    "certificate_not_yet_valid": _l("この署名鍵はまだ有効期間に入っていません。"),
    "certificate_foreign": _l("この署名鍵は、このポータルが発行したものではありません。"),
    "ca_incomplete": _l("認証局の鍵がそろっていません。管理者に知らせてください。"),
}

"""One sentence for every code a service can refuse with: what is wrong and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from audit_portal.domain.errors import PortalError
from audit_portal.web import formats
from audit_portal.web.messages import (
    assessments,
    carried,
    contracts,
    decisions,
    engagements,
    evidence,
    handovers,
    monitoring,
    on_behalf,
    register,
    reports,
    reviewing,
    sheets,
    signing_keys,
    verify,
)

_UNFORESEEN = _l("いま処理できません。しばらくしてからもう一度お試しください。")
_ANYTHING: dict[str, Any] = {
    # anything
    "not_found": _l("お探しのものは見つかりません。"),
    "permission_missing": _l("この操作をする権限がありません。担当者に依頼してください。"),
    "changed_meanwhile": _l(
        "ほかの人が先に変更しました。入力はこの画面に残っています。最新の内容を確かめてから、もう一度保存してください。"
    ),
    "taken": _l("同じものが同時に登録されました。画面を開き直して確かめてください。"),
    "already_done": _l("この操作はすでに済んでいます。"),
    "page_key_wrong": _l("ページの位置が正しくありません。一覧の先頭から開き直してください。"),
    # people
    "email_wrong": _l("メールアドレスは name@example.co.jp の形式で入力してください。"),
    "email_taken": _l("このメールアドレスはすでに使われています。別のアドレスを入力してください。"),
    "password_too_short": _l("パスワードは%(least)s文字以上にしてください。"),
    "password_too_long": _l("パスワードは%(most)s文字以内にしてください。"),
    "password_too_simple": _l("メールアドレスと同じものや、同じ文字の繰り返しは使えません。"),
    "password_wrong": _l("パスワードが違います。"),
    "sign_in_wrong": _l("メールアドレスかパスワードが違います。"),
    "sign_in_locked": _l("続けて間違えたため、しばらく受け付けません。15分後にもう一度お試しください。"),
    "resets_locked": _l(
        "同じネットワークからの再設定の依頼が続いたため、しばらく受け付けません。15分後にもう一度お試しください。"
    ),
    "code_wrong": _l("確認コードが違います。アプリに表示されている最新の6桁を入力してください。"),
    "second_factor_there": _l("2段階認証はすでに設定されています。"),
    "roles_do_not_fit": _l("この会社の人には選べない役割です。"),
    "auditor_is_not_approver": _l(
        "監査人と個人情報保護管理者は、別の人でなければなりません。どちらか一方を選んでください。"
    ),
    "not_on_yourself": _l("自分自身に対してはできません。ほかの管理者に依頼してください。"),
    "not_waiting_for_invitation": _l("この人は招待を待っている状態ではありません。"),
    "link_unknown": _l("このリンクは正しくありません。メールのリンクを最後まで写したか確かめてください。"),
    "link_used": _l("このリンクはすでに使われています。サインインするか、新しいリンクを依頼してください。"),
    "link_expired": _l("このリンクの期限は過ぎています。新しいリンクを依頼してください。"),
    "link_revoked": _l("このリンクは取り消されています。新しいリンクを依頼してください。"),
    "mail_not_set_up": _l("メールの設定がまだありません。設定してから、もう一度試してください。"),
    "mail_not_taken": _l("メールサーバーが受け取りませんでした。メールの設定と宛先を確かめてください。"),
    # supervision
    "action_not_possible": _l("いまの状態では、この操作はできません。"),
    "blocker_not_acceptable": _l(
        "法令やガイドラインの義務に当たる不足事項は、承認で受け入れることはできません。"
    ),
    "corporate_number_wrong": _l("法人番号は13桁の数字です。検査用の数字（先頭の1桁）も確かめてください。"),
    "corporate_number_taken": _l("この法人番号の会社はすでに登録されています。"),
    "assessment_moved_on": _l("評価の状態が変わったため、この操作はできません。画面を開き直してください。"),
    "review_comment_needed": _l("「適合」以外のときは、理由や直してほしい点を書いてください。"),
    "value_not_storable": _l(
        "使えない文字が含まれているため、保存できませんでした。別の文字に変えてください。"
    ),
    "person_needed": _l("この操作は、サインインした人だけができます。"),
    "evidence_damaged": _l(
        "保管中のファイルが、受け取ったときの内容と一致しません。管理者に知らせてください。"
    ),
    "object_exists": _l("同じものがすでに保管されています。画面を開き直して確かめてください。"),
}

SENTENCES: Mapping[str, Any] = {
    code: words
    for part in (
        _ANYTHING,
        engagements,
        assessments,
        carried,
        contracts,
        decisions,
        evidence,
        handovers,
        monitoring,
        on_behalf,
        register,
        reports,
        reviewing,
        sheets,
        signing_keys,
        verify,
    )
    for code, words in (part if isinstance(part, dict) else part.SENTENCES).items()
}


def sentence(error: PortalError) -> str:
    """The sentence of a refusal in the language of the page, its facts filled in."""
    found = SENTENCES.get(error.code, _UNFORESEEN)
    return (
        str(found) % {name: _shown(name, value) for name, value in error.facts.items()}
        if error.facts
        else str(found)
    )


def _shown(name: str, value: Any) -> Any:
    if name == "seat":
        return formats.seat(value)
    return formats.day(value) if isinstance(value, date) else value

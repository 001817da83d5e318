"""Enumerations in words, and lists to choose from; lazy texts in the language of the page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.access import STAFF, VENDOR, Role
from audit_portal.domain.accounts import AccountState
from audit_portal.domain.four_eyes import PairRule
from audit_portal.web.messages import SENTENCES

ROLES: Mapping[Role, Any] = {
    Role.OFFICER: _l("個人情報保護担当"),
    Role.APPROVER: _l("個人情報保護管理者"),
    Role.OWNER: _l("所管部門の担当"),
    Role.AUDITOR: _l("監査人"),
    Role.ADMIN: _l("システム管理者"),
    Role.VENDOR_LEAD: _l("委託先の責任者"),
    Role.VENDOR_CONTRIBUTOR: _l("委託先の担当者"),
}
# What a role is for, beside the box with which it is given.
ROLE_HINTS: Mapping[Role, Any] = {
    Role.OFFICER: _l("委託先の登録、チェックの依頼、審査、報告書の副署をします。"),
    Role.APPROVER: _l("選定・契約・評価を決裁します。"),
    Role.OWNER: _l("自部門の委託業務を説明し、委託元の項目に回答します。"),
    Role.AUDITOR: _l("割り当てられた委託業務を監査し、報告書に署名します。"),
    Role.ADMIN: _l("アカウントと設定を管理します。確認資料は見られません。"),
    Role.VENDOR_LEAD: _l("回答と資料の提出、担当者への割り振りをします。"),
    Role.VENDOR_CONTRIBUTOR: _l("割り振られた項目に回答します。"),
}
# What can't be done yet for want of a second person, and whom to invite.
UNMET: Mapping[PairRule, Any] = {
    PairRule.DECISION: _l(
        "決裁：申請した人は承認できません。個人情報保護担当と、別の人の個人情報保護管理者が要ります。"
    ),
    PairRule.REVIEW: _l(
        "審査：自分の回答は審査できません。委託元の項目に答える人と、別の人の個人情報保護担当か監査人が要ります。"
    ),
    PairRule.TRANSCRIPTION: _l(
        "代行入力：転記した人は照合できません。個人情報保護担当と、別の人の個人情報保護担当か所管部門の担当が要ります。"
    ),
    PairRule.SIGNATURE: _l("報告書：監査人が署名し、別の人の個人情報保護担当が副署します。"),
}
STATES: Mapping[AccountState, tuple[Any, str]] = {
    AccountState.INVITED: (_l("招待中"), "yellow"),
    AccountState.ACTIVE: (_l("利用中"), "green"),
    AccountState.ENDED: (_l("終了"), "grey"),
}
# How far the invitation by mail has come.
DELIVERIES: Mapping[str, Any] = {
    "": _l("メールでは送っていません"),
    "waiting": _l("送信を待っています"),
    "mailed": _l("メールを送りました"),
    "dead": _l("メールを送れませんでした"),
}
JOBS: Mapping[str, Any] = {
    "mail_invitation": _l("招待メール"),
    "mail_lead_raised": _l("責任者になったことのメール"),
    "mail_reset": _l("パスワード再設定のメール"),
    "mail_assessment_sent": _l("確認の依頼のメール"),
    "mail_assessment_submitted": _l("回答が提出されたことのメール"),
    "mail_assessment_returned": _l("差戻しのメール"),
    "mail_decision_requested": _l("決裁の依頼のメール"),
    "mail_decision_ended": _l("決裁の結果のメール"),
    "render_report": _l("報告書の作成"),
    "seal_report": _l("報告書の署名の仕上げ"),
    "check_contract_signatures": _l("契約の電子署名の確認"),
    "mail_refusal_told": _l("委託先への不承認のお知らせのメール"),
    "mail_items_delegated": _l("項目の割り振りのメール"),
    "mail_commented": _l("コメントのお知らせのメール"),
    "mail_time_asked": _l("期限の延長の申請のメール"),
    "mail_time_decided": _l("期限の延長への答えのメール"),
    "send_round_line": _l("一斉送付の1件"),
    "apply_client_facts": _l("会社の設定の反映"),
    "apply_client_facts_to": _l("会社の設定の反映"),
}
_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "XK", "ZZ"})


def roles(held: Iterable[Role]) -> str:
    """`個人情報保護担当、監査人`."""
    return _("、").join(str(ROLES[role]) for role in sorted(held, key=list(ROLES).index))


def role_choices(vendor: bool) -> list[tuple[str, Any]]:
    """What can be given to a vendor's or to the client's own people."""
    return [(role.value, label) for role, label in ROLES.items() if role in (VENDOR if vendor else STAFF)]


def role_hints(vendor: bool) -> list[tuple[Any, Any]]:
    return [(ROLES[role], hint) for role, hint in ROLE_HINTS.items() if role in (VENDOR if vendor else STAFF)]


def job(kind: str) -> str:
    return str(JOBS.get(kind, kind))


def job_error(code: str) -> str:
    """A code as its sentence; a fault that no service foresaw by its name."""
    if code in SENTENCES:
        return str(SENTENCES[code])
    return _("思わぬ問題が起きました（%(name)s）。サーバーの記録を確かめてください。", name=code)


def countries() -> list[tuple[str, str]]:
    """ISO 3166-1 codes with their names; Japan first, then by name."""
    locale = get_locale() or Locale("ja")
    names = {
        code: str(name)
        for code, name in locale.territories.items()
        if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
    }
    return sorted(names.items(), key=lambda pair: (pair[0] != "JP", pair[1]))


def country(code: str) -> str:
    return str((get_locale() or Locale("ja")).territories.get(code, code))

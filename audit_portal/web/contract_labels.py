"""Words and colours of contracts and their documents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.contracts import (
    ContractKind,
    DocumentForm,
    Reentrustment,
    SignatureState,
    StandIn,
    Standing,
    Terms,
)

KINDS: Mapping[ContractKind, Any] = {
    ContractKind.MASTER: _l("基本契約"),
    ContractKind.INDIVIDUAL: _l("個別契約"),
    ContractKind.MEMORANDUM: _l("覚書"),
    ContractKind.TERMS: _l("利用規約（約款）"),
    ContractKind.AMENDMENT: _l("変更契約"),
    ContractKind.NDA: _l("秘密保持契約"),
}
STANDINGS: Mapping[Standing, tuple[Any, str]] = {
    Standing.NOT_CONCLUDED: (_l("締結前"), "yellow"),
    Standing.NOT_BEGUN: (_l("開始前"), "blue"),
    Standing.RUNNING: (_l("有効"), "green"),
    Standing.OVER: (_l("終了"), "grey"),
}
REENTRUSTMENTS: Mapping[Reentrustment, Any] = {
    Reentrustment.FORBIDDEN: _l("禁止"),
    Reentrustment.PRIOR_CONSENT: _l("そのつど事前の承諾"),
    Reentrustment.LISTED_ONLY: _l("一覧にある会社だけ"),
    Reentrustment.REPORT_AFTER: _l("事後の報告（ガイドラインの水準を下回ります）"),
    Reentrustment.FREE: _l("自由（ガイドラインの水準を下回ります）"),
}
FORMS: Mapping[DocumentForm, Any] = {
    DocumentForm.ELECTRONIC: _l("電子契約の署名済みファイル"),
    DocumentForm.SCAN: _l("紙の原本の写し"),
    DocumentForm.PAPER: _l("紙の原本だけ"),
    DocumentForm.OTHER: _l("別紙・控えなど"),
}
SIGNATURE_STATES: Mapping[SignatureState, Any] = {
    SignatureState.NONE: _l("電子署名は調べていません。"),
    SignatureState.PENDING: _l("電子署名を調べています。しばらくしてから開き直してください。"),
    SignatureState.CHECKED: _l("このPDFに電子署名は見つかりませんでした。"),
    SignatureState.UNREADABLE: _l(
        "電子署名を調べられませんでした。PDFとして読めないか、大きすぎるファイルです。"
    ),
}
STAND_INS: Mapping[StandIn, Any] = {
    StandIn.TERMS: _l("約款の定めが条項の代わりになる"),
    StandIn.LAW: _l("法令の定めが条項の代わりになる"),
    StandIn.OTHER: _l("ほかの文書（認証・グループ規程など）が代わりになる"),
}


def period(months: int, days: int) -> str:
    """`3か月と15日`."""
    parts = [_("%(count)sか月", count=months)] if months else []
    parts += [_("%(count)s日", count=days)] if days else []
    return _("と").join(parts)


def renewal(terms: Terms) -> str:
    if terms.renewal_months is None:
        return _("しない")
    return _("%(period)sごとに自動更新", period=period(terms.renewal_months, 0))


def notice(terms: Terms) -> str:
    if not terms.has_notice:
        return ""
    return _("期間満了の%(period)s前まで", period=period(terms.notice_months, terms.notice_days))

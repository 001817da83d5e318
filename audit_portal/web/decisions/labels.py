"""Words of decisions and gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from audit_portal.domain.checklist import Tier
from audit_portal.domain.condition import ConditionState
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.route import SeatState
from audit_portal.domain.supervision import Gate

STATES: Mapping[DecisionState, tuple[Any, str]] = {
    DecisionState.REQUESTED: (_l("決裁待ち"), "yellow"),
    DecisionState.APPROVED: (_l("承認"), "green"),
    DecisionState.REFUSED: (_l("不承認"), "red"),
    DecisionState.RETURNED: (_l("差し戻し"), "orange"),
    DecisionState.STALE: (_l("内容が変わり終了"), "grey"),
}
# Why a request was overtaken.
ENDED: Mapping[str, Any] = {
    "facts_changed": _l(
        "申請のあとに委託業務の内容が変わったため、この申請は終わりました。もう一度申請してください。"
    ),
    "vendor_country": _l(
        "申請のあとに委託先の国が変わったため、この申請は終わりました。もう一度申請してください。"
    ),
    "certificate_withdrawn": _l(
        "申請のあとに委託先の認証が失効したため、この申請は終わりました。影響を確かめ、もう一度申請してください。"
    ),
    "client_facts": _l(
        "申請のあとに会社の設定が変わったため、この申請は終わりました。もう一度申請してください。"
    ),
    "contract_changed": _l(
        "申請のあとに契約の内容か文書が変わったため、この申請は終わりました。確かめて、もう一度申請してください。"
    ),
    "cloud_determined": _l(
        "申請のあとにクラウドの判定が記録されたため、この申請は終わりました。確かめて、もう一度申請してください。"
    ),
}
SEATS: Mapping[SeatState, tuple[Any, str]] = {
    SeatState.WAITING: (_l("これから"), "grey"),
    SeatState.APPROVED: (_l("承認"), "green"),
    SeatState.RETURNED: (_l("差し戻し"), "orange"),
    SeatState.REFUSED: (_l("不承認"), "red"),
}
CONDITION_STATES: Mapping[ConditionState, tuple[Any, str]] = {
    ConditionState.OPEN: (_l("未完了"), "yellow"),
    ConditionState.FULFILLED: (_l("確認待ち"), "light-blue"),
    ConditionState.CONFIRMED: (_l("完了"), "green"),
}
RISKS: Mapping[Tier, Any] = {Tier.LOW: _l("低"), Tier.MEDIUM: _l("中"), Tier.HIGH: _l("高")}
TIERS: Mapping[str, Any] = {"": _l("すべて"), **{tier.value: words for tier, words in RISKS.items()}}
# What is wrong with a route, for the list of routes.
FLAWS: Mapping[str, Any] = {
    "route_vacant": _l("席「%(seat)s」に、いま承認できる人がいません。"),
    "route_loop": _l("席「%(seat)s」に着けるのは、ほかの席の人だけです。"),
}
# Why somebody who approves can't do so on this seat.
NOT_NOW: Mapping[str, Any] = {
    "own_request": _l(
        "あなたが申請した決裁なので、あなたは承認も不承認もできません。ほかの承認者の決裁をお待ちください。"
    ),
    "second_seat": _l("あなたはこの申請をすでに承認しています。1人が着けるのは1つの席だけです。"),
    "not_your_seat": _l("いまは、ほかの人の席の承認を待っています。"),
}
ASK: Mapping[Gate, Any] = {
    Gate.SELECTION: _l("選定の決裁を申請する"),
    Gate.CONTRACT: _l("契約の決裁を申請する"),
    Gate.RELEASE: _l("データ提供の開始の決裁を申請する"),
}
CONDITIONS: Mapping[Gate, Any] = {
    Gate.SELECTION: _l("選定の承認条件"),
    Gate.CONTRACT: _l("契約の承認条件"),
    Gate.RELEASE: _l("データ提供を始める条件"),
}
GATES: Mapping[Gate, Any] = {
    Gate.SELECTION: _l("選定の承認"),
    Gate.CONTRACT: _l("契約の承認"),
    Gate.RELEASE: _l("データ提供の開始"),
    Gate.STANDING: _l("継続の確認"),
    Gate.CLOSED: _l("終了の承認"),
}

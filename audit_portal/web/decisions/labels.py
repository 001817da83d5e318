"""Words of decisions and gates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from audit_portal.domain.checklist import Tier
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.supervision import Gate

STATES: Mapping[DecisionState, tuple[Any, str]] = {
    DecisionState.REQUESTED: (_l("決裁待ち"), "yellow"),
    DecisionState.APPROVED: (_l("承認"), "green"),
    DecisionState.REFUSED: (_l("不承認"), "red"),
}
RISKS: Mapping[Tier, Any] = {Tier.LOW: _l("低"), Tier.MEDIUM: _l("中"), Tier.HIGH: _l("高")}
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

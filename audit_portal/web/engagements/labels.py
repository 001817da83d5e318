"""Words of engagements: states, tiers, kinds of work, what a relation with an outside party is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.checklist import Tier
from audit_portal.domain.supervision import Classification, State, WorkKind

STATES: Mapping[State, tuple[Any, str]] = {
    State.DRAFT: (_l("選定中"), "blue"),
    State.SELECTED: (_l("選定済み"), "light-blue"),
    State.CONTRACTED: (_l("契約済み"), "light-blue"),
    State.LIVE: (_l("委託中"), "green"),
    State.SUSPENDED: (_l("停止中"), "red"),
    State.CLOSING: (_l("終了手続中"), "yellow"),
    State.CLOSED: (_l("終了"), "grey"),
    State.REFUSED: (_l("不承認"), "red"),
}
RISKS: Mapping[Tier, tuple[Any, str]] = {
    Tier.LOW: (_l("低"), "grey"),
    Tier.MEDIUM: (_l("中"), "yellow"),
    Tier.HIGH: (_l("高"), "red"),
}
WORK_KINDS: Mapping[WorkKind, Any] = {
    WorkKind.BPO: _l("業務の委託（入力、発送、問い合わせ対応など）"),
    WorkKind.ITO: _l("情報システムの委託（開発、運用、保守など）"),
    WorkKind.KPO: _l("専門業務の委託（税務、調査、健康管理など）"),
    WorkKind.RPO: _l("採用業務の委託"),
}
CLASSES: Mapping[Classification, Any] = {
    Classification.ENTRUSTMENT: _l("委託（個人データの取扱いを任せる）"),
    Classification.CLOUD_NOT_HANDLING: _l("クラウド（事業者は個人データを取り扱わない）"),
    Classification.JOINT_USE: _l("共同利用"),
    Classification.PROVISION: _l("第三者提供"),
    Classification.TEMPORARY_STAFF: _l("派遣"),
    Classification.NONE: _l("個人データに触れない"),
}


def tier(number: int) -> str:
    """`一次委託先`, `二次委託先` …"""
    known = {1: _("一次委託先"), 2: _("二次委託先"), 3: _("三次委託先")}
    return known.get(number) or _("%(number)s次委託先", number=number)

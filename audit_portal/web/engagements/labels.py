"""Words of engagements: states and tiers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.checklist import Tier
from audit_portal.domain.supervision import State

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


def tier(number: int) -> str:
    """`一次委託先`, `二次委託先` …"""
    known = {1: _("一次委託先"), 2: _("二次委託先"), 3: _("三次委託先")}
    return known.get(number) or _("%(number)s次委託先", number=number)

"""Words of hand-overs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from audit_portal.domain.handover import HandoverState, Obstacle, Task
from audit_portal.domain.lead_change import LeadChangeState, Means
from audit_portal.domain.supervision import Gate
from audit_portal.services.handovers.lead_change_views import LeadChangeView
from audit_portal.web.decisions import labels

STATES: Mapping[HandoverState, tuple[Any, str]] = {
    HandoverState.PLANNED: (_l("予定"), "blue"),
    HandoverState.HELD: (_l("止まっています"), "red"),
    HandoverState.DONE: (_l("済み"), "green"),
    HandoverState.WITHDRAWN: (_l("取り消し"), "grey"),
}
TASKS: Mapping[Task, Any] = {
    Task.OWNER: _l("委託業務の担当"),
    Task.DEPUTY: _l("委託業務の副担当"),
    Task.ASSIGNED: _l("委託業務への割り当て"),
    Task.ITEMS: _l("割り振られた項目の回答"),
    Task.CONTACT: _l("委託先に示している連絡先"),
    Task.SEAT: _l("決裁を待つ申請の席"),
    Task.ROUTE: _l("決裁経路の席"),
    Task.STAND_IN: _l("決裁の代理"),
}
OBSTACLES: Mapping[Obstacle, Any] = {
    Obstacle.NOBODY: _l("この種類の後任の人が選ばれていません"),
    Obstacle.NOT_THERE: _l("後任の人が、その日には利用中ではありません"),
    Obstacle.ROLE: _l("後任の人に必要な役割がありません"),
    Obstacle.ASKED: _l("後任の人が、この決裁を申請した本人です"),
    Obstacle.ACTED: _l("後任の人は、この申請をすでに承認しています"),
    Obstacle.OTHER_SEAT: _l("後任の人は、ほかの席に着くことになっています"),
    Obstacle.ONESELF: _l("後任の人が、代理される本人です"),
    Obstacle.PLANNER: _l("引き継ぎを登録した本人は、回っている申請の席に着けません"),
    Obstacle.OWN_REQUEST: _l(
        "引き継ぎを登録した人が、この決裁を申請しています。ほかの担当者が引き継いでください"
    ),
}
MEANS: Mapping[Means, Any] = {
    Means.PHONE: _l("電話"),
    Means.EMAIL: _l("メール"),
    Means.LETTER: _l("書面"),
}
CHANGES: Mapping[LeadChangeState, tuple[Any, str]] = {
    LeadChangeState.WAITING: (_l("2人目の確認待ち"), "yellow"),
    LeadChangeState.DONE: (_l("招待しました"), "green"),
    LeadChangeState.REFUSED: (_l("認められませんでした"), "red"),
    LeadChangeState.WITHDRAWN: (_l("取り消し"), "grey"),
}
RAISED = (_l("責任者になりました"), "green")  # a colleague who uses the portal already is not invited


def change_state(row: LeadChangeView) -> tuple[Any, str]:
    """What became of the change of a lead."""
    return RAISED if row.joined and row.state is LeadChangeState.DONE else CHANGES[row.state]


def what(task: Task | str, number: str, title: str) -> str:
    """Which engagement, check, request or route it is."""
    if Task(task) is Task.ROUTE:
        return f"{labels.GATES[Gate(number)]} {title}"
    return f"{number} {title}".strip()

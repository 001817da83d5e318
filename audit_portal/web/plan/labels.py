"""Words for the yearly plan."""

from __future__ import annotations

from datetime import date

from flask_babel import gettext as _

from audit_portal.domain.monitoring import FiscalYear, Proposal
from audit_portal.services.monitoring.plan_views import EntryView
from audit_portal.web import formats
from audit_portal.web.assessments.labels import STATES


def year(span: FiscalYear) -> str:
    """2026年度（2026年4月–2027年3月）"""
    return _(
        "%(year)s年度（%(first)s–%(last)s）",
        year=span.year,
        first=formats.month(span.first),
        last=formats.month(span.last),
    )


def state(entry: EntryView, today: date) -> tuple[str, str]:
    """How far an entry is, and the colour of its tag; `late` in words."""
    if entry.assessment_state is not None:
        text, colour = STATES[entry.assessment_state]
        return str(text), colour
    if entry.month < today.replace(day=1):
        return _("予定の月を過ぎています"), "red"
    return _("予定"), "grey"


def due(proposal: Proposal, span: FiscalYear) -> str:
    """Why this month is proposed, or why none is."""
    if proposal.due_on is None:
        return _("まだ一度も評価していません")
    if proposal.month is None and proposal.due_on > span.last:
        return _("次の目安は%(month)s。この年度の後です", month=formats.month(proposal.due_on))
    if proposal.month is None:
        return _("次の目安（%(month)s）より前に終わる業務です", month=formats.month(proposal.due_on))
    return _("次の目安は%(month)s", month=formats.month(proposal.due_on))

"""What waits for a person: all of it on a page of its own, the most pressing on the home page."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain import limits
from audit_portal.domain.access import Permission, Role
from audit_portal.domain.assessment import CLIENT_ONLY, AssessmentState
from audit_portal.domain.condition import ConditionState
from audit_portal.domain.supervision import Gate
from audit_portal.services.assessments import (
    assessment_list,
    awaiting,
    behalf_views,
    delegation,
    more_time,
    user_controls,
)
from audit_portal.services.assessments.assessment_list import AssessmentHead
from audit_portal.services.assessments.behalf_views import Awaited
from audit_portal.services.decisions import conditions, decision_views
from audit_portal.services.handovers import lead_change_views
from audit_portal.services.house import Context
from audit_portal.services.reports import reports

TO_DECIDE: Mapping[Gate, Any] = {
    Gate.SELECTION: _l("%(vendor)s の選定を決裁する"),
    Gate.CONTRACT: _l("%(vendor)s との契約を決裁する"),
    Gate.RELEASE: _l("%(vendor)s へのデータ提供の開始を決裁する"),
}
_WITH_VENDOR = (AssessmentState.SENT, AssessmentState.IN_PROGRESS, AssessmentState.RETURNED)


@dataclass(frozen=True)
class Todo:
    """`due` is None for what has no date of its own; `late` when it has passed."""

    text: str
    note: str
    url: str
    due: date | None
    late: bool
    who: str = ""  # who asked for it
    message: str = ""
    chases: bool = False  # somebody else has to act: this is but a reminder

    @property
    def rank(self) -> tuple[int, date]:
        """What is late comes first, then what has no date and is wanted soon, then by date; reminders last."""
        if self.chases:
            return 3, self.due or date.max
        if self.due is None:
            return 1, date.max
        return 0 if self.late else 2, self.due


@dataclass(frozen=True)
class Tasks:
    """Everything that waits, the most pressing first. `cut`: of some kind there is more than stands here."""

    all: tuple[Todo, ...]
    cut: bool

    @property
    def first(self) -> tuple[Todo, ...]:
        """Those of the home page: what has no date keeps some places, however many dates press."""
        undated = [each for each in self.all if each.due is None][: limits.HOME_UNDATED]
        others = [each for each in self.all if each not in undated][: limits.HOME_TASKS - len(undated)]
        return tuple(sorted((*undated, *others), key=lambda each: each.rank))


def tasks_for(ctx: Context) -> Tasks:
    kinds = [list(kind(ctx)) for kind in _KINDS]
    found = sorted((each for kind in kinds for each in kind), key=lambda each: each.rank)
    return Tasks(tuple(found), any(len(kind) >= limits.AWAITING for kind in kinds))


def _given(ctx: Context) -> Iterator[Todo]:
    """What a colleague asked this person to answer."""
    if not ctx.actor.may(Permission.ANSWER_WRITE):
        return
    today = ctx.house.today()
    for each in delegation.mine(ctx):
        yield Todo(
            text=_("%(work)s の%(count)s件の項目に回答する", work=each.engagement_title, count=each.left),
            note=f"{each.number} {each.engagement_title}",
            url=url_for("assessments.view", assessment_id=each.assessment_id),
            due=each.due_on,
            late=each.due_on < today,
            who=each.given_by,
            message=each.message,
        )


def _to_answer(ctx: Context) -> Iterator[Todo]:
    """Checks that are with the vendor."""
    if not ctx.actor.is_vendor or ctx.actor.only_delegated:
        return
    for head in _heads(ctx, *_WITH_VENDOR):
        title = head.engagement_title
        back = head.state is AssessmentState.RETURNED
        text = (
            _("%(work)s の差し戻された項目を直す", work=title)
            if back
            else _("%(work)s の確認に回答する", work=title)
        )
        yield _todo(ctx, head, text)


def _to_review(ctx: Context) -> Iterator[Todo]:
    if not ctx.actor.may(Permission.REVIEW_WRITE):
        return
    for head in _heads(ctx, AssessmentState.SUBMITTED):
        text = (
            _("%(vendor)s との契約の契約チェックを審査する", vendor=head.vendor_name)
            if head.kind in CLIENT_ONLY
            else _("%(vendor)s の回答を審査する", vendor=head.vendor_name)
        )
        yield _todo(ctx, head, text, dated=False)


def _more_time(ctx: Context) -> Iterator[Todo]:
    if not ctx.actor.may(Permission.TIME_DECIDE):
        return
    for asked in more_time.waiting(ctx):
        yield Todo(
            _("%(vendor)s の期限の延長の申請に答える", vendor=asked.vendor_name),
            f"{asked.number} {asked.engagement_title}",
            url_for("assessments.more_time_page", assessment_id=asked.assessment_id),
            asked.due_on,
            asked.due_on < ctx.house.today(),
        )


def _with_vendors(ctx: Context) -> Iterator[Todo]:
    """Answers entered for vendors without an account; an officer reminds the others whose day has passed."""
    entries = behalf_views.waiting(ctx) if ctx.actor.may(Permission.BEHALF_CONFIRM) else ()
    for entry in entries:
        yield _entry(ctx, entry)
    if Role.OFFICER not in ctx.actor.roles:
        return
    entered = {each.assessment_id for each in entries}
    for head in _heads(ctx, *_WITH_VENDOR):
        if head.kind in CLIENT_ONLY:
            yield _todo(ctx, head, _("%(work)s の契約チェックに回答する", work=head.engagement_title))
        elif head.due_on < ctx.house.today() and head.id not in entered:
            reminder = _todo(ctx, head, _("%(vendor)s に回答を催促する", vendor=head.vendor_name))
            yield replace(reminder, chases=True)


def _entry(ctx: Context, entry: Awaited) -> Todo:
    """To be transcribed, or to be compared with the source by a second person."""
    what = (
        _("%(vendor)s の転記された回答を原本と照合する", vendor=entry.vendor_name)
        if entry.confirm
        else _("%(vendor)s の回答を原本から転記する（代行入力）", vendor=entry.vendor_name)
    )
    page = "assessments.confirm_behalf" if entry.confirm else "assessments.on_behalf"
    return Todo(
        what,
        f"{entry.number} {entry.engagement_title}",
        url_for(page, assessment_id=entry.assessment_id),
        entry.due_on,
        entry.due_on < ctx.house.today(),
    )


def _controls(ctx: Context) -> Iterator[Todo]:
    """What a provider leaves to its user to do."""
    if not ctx.actor.may(Permission.USER_CONTROL):
        return
    today = ctx.house.today()
    for each in user_controls.waiting(ctx):
        yield Todo(
            _(
                "%(vendor)s が利用者に任せている統制%(count)s件に答える",
                vendor=each.vendor_name,
                count=each.left,
            ),
            f"{each.number} {each.engagement_title}",
            url_for("assessments.view", assessment_id=each.assessment_id, _anchor="user-controls"),
            each.due_on,
            each.due_on < today,
        )


def _of_the_client(ctx: Context) -> Iterator[Todo]:
    if Role.OWNER not in ctx.actor.roles:
        return
    for head in awaiting.of_the_client(ctx):
        yield _todo(ctx, head, _("%(work)s の委託元の項目に回答する", work=head.engagement_title))


def _to_decide(ctx: Context) -> Iterator[Todo]:
    if not ctx.actor.may(Permission.DECISION_MAKE):
        return
    for each in decision_views.waiting(ctx):
        what = str(TO_DECIDE[each.gate]) % {"vendor": each.vendor_name}
        note = f"{each.number} {each.engagement_title}"
        yield Todo(what, note, url_for("decisions.view", decision_id=each.id), None, False)


def _conditions(ctx: Context) -> Iterator[Todo]:
    """Conditions of approvals: to be met by who works on them, to be confirmed by approvers."""
    if not (ctx.actor.may(Permission.CONDITION_FULFIL) or ctx.actor.may(Permission.DECISION_MAKE)):
        return
    for each in conditions.pending(ctx):
        to_do = each.state is ConditionState.OPEN
        text = (
            _("%(vendor)s の承認の条件を済ませる", vendor=each.vendor_name)
            if to_do
            else _("%(vendor)s の承認の条件が済んだかを確かめる", vendor=each.vendor_name)
        )
        yield Todo(
            text,
            f"{each.number} {each.what}",
            url_for("decisions.condition", condition_id=each.id),
            each.due_on if to_do else None,
            each.late,
        )


def _to_sign(ctx: Context) -> Iterator[Todo]:
    for each in reports.waiting(ctx):
        yield Todo(
            _("%(vendor)s の報告書に署名する", vendor=each.vendor_name),
            f"{each.number} {each.engagement_title}",
            url_for("reports.view", report_id=each.id),
            None,
            False,
        )


def _leads(ctx: Context) -> Iterator[Todo]:
    if not ctx.actor.may(Permission.LEAD_CHANGE):
        return
    for each in lead_change_views.waiting(ctx):
        yield Todo(
            _("%(vendor)s の責任者の交代を確かめる", vendor=each.party),
            each.name,
            url_for("handovers.lead", change_id=each.id),
            None,
            False,
            each.asked_by,
        )


def _heads(ctx: Context, *states: AssessmentState) -> tuple[AssessmentHead, ...]:
    return assessment_list.due(ctx, states, limits.AWAITING)


def _todo(ctx: Context, head: AssessmentHead, text: str, dated: bool = True) -> Todo:
    due = head.due_on if dated else None
    return Todo(
        text=text,
        note=f"{head.number} {head.engagement_title}",
        url=url_for("assessments.view", assessment_id=head.id),
        due=due,
        late=due is not None and due < ctx.house.today(),
    )


_KINDS: tuple[Callable[[Context], Iterator[Todo]], ...] = (
    _given,
    _to_answer,
    _to_review,
    _more_time,
    _controls,
    _with_vendors,
    _of_the_client,
    _to_decide,
    _conditions,
    _to_sign,
    _leads,
)

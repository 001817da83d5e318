"""What waits for a person, for the home page: a short list, the most pressing first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.access import Permission, Role
from audit_portal.domain.assessment import CLIENT_ONLY, AssessmentState
from audit_portal.domain.condition import ConditionState
from audit_portal.domain.supervision import Gate
from audit_portal.services.assessments import (
    assessment_list,
    assessment_view,
    behalf_views,
    delegation,
    more_time,
    user_controls,
)
from audit_portal.services.assessments.assessment_list import AssessmentHead
from audit_portal.services.assessments.behalf_views import Awaited
from audit_portal.services.decisions import conditions, decision_views
from audit_portal.services.house import Context

MOST = 10
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


def todo_for(ctx: Context) -> tuple[Todo, ...]:
    """At most ten things; what is late comes first, then by date, then what has none."""
    found = list(_all(ctx))
    return tuple(sorted(found, key=lambda each: (each.due is None, each.due or date.max))[:MOST])


def _all(ctx: Context) -> Iterator[Todo]:
    actor = ctx.actor
    if actor.may(Permission.ANSWER_WRITE):
        yield from _shares(ctx)
    if actor.is_vendor and not actor.only_delegated:
        yield from _to_answer(ctx)
    if actor.may(Permission.REVIEW_WRITE):
        for head in _heads(ctx, AssessmentState.SUBMITTED):
            text = (
                _("%(vendor)s との契約の契約チェックを審査する", vendor=head.vendor_name)
                if head.kind in CLIENT_ONLY
                else _("%(vendor)s の回答を審査する", vendor=head.vendor_name)
            )
            yield _todo(ctx, head, text, dated=False)
    if actor.may(Permission.TIME_DECIDE):
        for asked in more_time.waiting(ctx):
            yield Todo(
                _("%(vendor)s の期限の延長の申請に答える", vendor=asked.vendor_name),
                f"{asked.number} {asked.engagement_title}",
                url_for("assessments.more_time_page", assessment_id=asked.assessment_id),
                asked.due_on,
                asked.due_on < ctx.house.today(),
            )
    awaited = behalf_views.waiting(ctx) if actor.may(Permission.BEHALF_CONFIRM) else ()
    for entry in awaited:
        yield _behalf(ctx, entry)
    if actor.may(Permission.USER_CONTROL):
        yield from _controls(ctx)
    if Role.OFFICER in actor.roles:
        for head in _heads(ctx, *_WITH_VENDOR):
            if head.kind in CLIENT_ONLY:
                work = head.engagement_title
                yield _todo(ctx, head, _("%(work)s の契約チェックに回答する", work=work))
            elif head.due_on < ctx.house.today() and head.id not in {each.assessment_id for each in awaited}:
                yield _todo(ctx, head, _("%(vendor)s に回答を催促する", vendor=head.vendor_name))
    if Role.OWNER in actor.roles:
        for head in _heads(ctx, *_WITH_VENDOR, AssessmentState.SUBMITTED):
            if any(item.delegate_id is None for item in assessment_view.get_assessment(ctx, head.id).todo):
                yield _todo(ctx, head, _("%(work)s の委託元の項目に回答する", work=head.engagement_title))
    if actor.may(Permission.DECISION_MAKE):
        for each in decision_views.waiting(ctx):
            what = str(TO_DECIDE[each.gate]) % {"vendor": each.vendor_name}
            note = f"{each.number} {each.engagement_title}"
            yield Todo(what, note, url_for("decisions.view", decision_id=each.id), None, False)
    if actor.may(Permission.CONDITION_FULFIL) or actor.may(Permission.DECISION_MAKE):
        yield from _conditions(ctx)


def _conditions(ctx: Context) -> Iterator[Todo]:
    """Conditions of approvals: to be met by who works on them, to be confirmed by approvers."""
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


def _behalf(ctx: Context, entry: Awaited) -> Todo:
    """Answers to be entered for a vendor without an account, or compared with their source."""
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


def _shares(ctx: Context) -> Iterator[Todo]:
    """What a colleague asked this person to answer."""
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
    for head in _heads(ctx, *_WITH_VENDOR):
        title = head.engagement_title
        back = head.state is AssessmentState.RETURNED
        text = (
            _("%(work)s の差し戻された項目を直す", work=title)
            if back
            else _("%(work)s の確認に回答する", work=title)
        )
        yield _todo(ctx, head, text)


def _heads(ctx: Context, *states: AssessmentState) -> tuple[AssessmentHead, ...]:
    return assessment_list.due(ctx, states)


def _todo(ctx: Context, head: AssessmentHead, text: str, dated: bool = True) -> Todo:
    due = head.due_on if dated else None
    return Todo(
        text=text,
        note=f"{head.number} {head.engagement_title}",
        url=url_for("assessments.view", assessment_id=head.id),
        due=due,
        late=due is not None and due < ctx.house.today(),
    )

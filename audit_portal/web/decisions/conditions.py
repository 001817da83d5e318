"""One condition of an approval: what is to be done, said to be done, confirmed."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.condition import ConditionState
from audit_portal.services.decisions import conditions
from audit_portal.services.engagements import engagements
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done, house
from audit_portal.web.decisions import labels
from audit_portal.web.decisions.forms import AnswerForm, FulfilForm
from audit_portal.web.decisions.views import crumbs, pages


@pages.get("/conditions/<uuid:condition_id>", permission=Permission.ENGAGEMENT_TIMELINE)
def condition(condition_id: UUID) -> str:
    return _page(condition_id, None)


@pages.post("/conditions/<uuid:condition_id>/done", permission=Permission.CONDITION_FULFIL)
def fulfil_condition(condition_id: UUID) -> Response | tuple[str, int]:
    conditions.get_condition(context(), condition_id)  # what isn't there is no matter of the form
    form, status = FulfilForm(), 422
    if form.validate():
        with kept(form) as outcome:
            conditions.fulfil(context(form), condition_id, form.version.data, form.note.data)
        if outcome.ok:
            return done(_here(condition_id), _("報告しました。承認する人が確かめます。"))
        status = outcome.status
    return _page(condition_id, form), status


@pages.post("/conditions/<uuid:condition_id>/answer", permission=Permission.DECISION_MAKE)
def answer_condition(condition_id: UUID) -> Response | tuple[str, int]:
    conditions.get_condition(context(), condition_id)
    form, status = AnswerForm(), 422
    if form.validate():
        confirm = form.outcome.data == "confirm"
        with kept(form) as outcome:
            conditions.answer(context(form), condition_id, form.version.data, confirm, form.note.data or "")
        if outcome.ok:
            said = (
                _("条件が済んだことを確かめました。") if confirm else _("まだ済んでいないとして戻しました。")
            )
            return done(_here(condition_id), said)
        status = outcome.status
    return _page(condition_id, form), status


def _here(condition_id: UUID) -> str:
    return url_for("decisions.condition", condition_id=condition_id)


def _page(condition_id: UUID, sent: FulfilForm | AnswerForm | None) -> str:
    """With the form the person may use now; what was typed in one that no longer fits is shown as text."""
    found = conditions.get_condition(context(), condition_id)
    actor, own = current_user.actor, found.fulfilled_by_id == current_user.actor.account_id
    kind: type[FulfilForm | AnswerForm] | None = None
    if found.state is ConditionState.OPEN and actor.may(Permission.CONDITION_FULFIL):
        kind = FulfilForm
    if found.state is ConditionState.FULFILLED and actor.may(Permission.DECISION_MAKE) and not own:
        kind = AnswerForm
    form = sent if kind and isinstance(sent, kind) else kind(formdata=None) if kind else None
    if form is not None:
        form.version.data, form.version.raw_data = found.version, None
    return render_template(
        "decisions/condition.html",
        condition=found,
        form=form,
        sent=sent,
        typed=sent.note.data if sent is not None and sent is not form else "",
        answers=kind is AnswerForm,
        own=own,
        labels=labels,
        today=house().today(),
        breadcrumbs=crumbs(engagements.get_engagement(context(), found.engagement_id)),
    )

"""Answers an engagement relies on that went stale: what differs, and the word that it still holds."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_login import current_user
from werkzeug.wrappers import Response
from wtforms import HiddenField, SubmitField, TextAreaField
from wtforms.validators import Length

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.services.assessments import stale
from audit_portal.services.assessments.stale import Stale
from audit_portal.services.engagements import engagements
from audit_portal.web import widgets as ui
from audit_portal.web.assessments import labels
from audit_portal.web.assessments.earlier import SCOPES
from audit_portal.web.assessments.forms import VersionForm, language
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.rows import text
from audit_portal.web.assessments.views import pages
from audit_portal.web.context import context, done
from audit_portal.web.forms import Required

_PATH = "/engagements/<uuid:engagement_id>/stale-answers"


class SettleForm(VersionForm):
    newer = HiddenField(id="newer-digest")
    reason = TextAreaField(
        _l("そのままでよい理由"),
        [Required(_l("そのままでよい理由を書いてください。")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("だれが、いつ、なぜそう判断したかとして残ります。委託先には示されません。"),
        render_kw={"rows": 3},
    )
    submit = SubmitField(_l("見直した（このままでよい）"), widget=ui.Submit())


def _form(each: Stale) -> SettleForm:
    """One of several on a page: its fields are told apart by the item."""
    form = SettleForm(formdata=None, data={"version": each.version, "newer": each.newer_sha256})
    return _named(form, each)


def _named(form: SettleForm, each: Stale) -> SettleForm:
    form.reason.id, form.submit.id = f"reason-{each.item}", f"submit-{each.item}"
    return form


@pages.get(_PATH, permission=Permission.ENGAGEMENT_TIMELINE)
def stale_answers(engagement_id: UUID) -> str:
    return _page(engagement_id)


@pages.post(f"{_PATH}/<uuid:given_id>", permission=Permission.STALE_SETTLE)
def settle_answer(engagement_id: UUID, given_id: UUID) -> str | Response | tuple[str, int]:
    stale.known(context(), engagement_id, given_id)
    form, status = SettleForm(), 422
    if form.validate():
        with kept(form) as outcome:
            stale.settle(
                context(form),
                engagement_id,
                given_id,
                form.version.data,
                form.newer.data or "",
                form.reason.data,
            )
        if outcome.ok:
            here = url_for("assessments.stale_answers", engagement_id=engagement_id)
            return done(here, _("見直しを記録しました。"))
        status = outcome.status
    return _page(engagement_id, given_id, form), status


def _page(engagement_id: UUID, given_id: UUID | None = None, form: SettleForm | None = None) -> str:
    work = engagements.get_engagement(context(), engagement_id)
    found = stale.of_engagement(context(), engagement_id)
    may = current_user.actor.may(Permission.STALE_SETTLE)
    forms: dict[UUID, Any] = {each.given_id: _form(each) for each in found} if may else {}
    lost = ""
    if form is not None and given_id in forms:
        each = next(each for each in found if each.given_id == given_id)
        form.at(each.version)  # the newest is shown above it now
        form.newer.data, form.newer.raw_data = each.newer_sha256, None
        forms[given_id] = _named(form, each)
    elif form is not None:
        lost = form.reason.data or ""
    return render_template(
        "assessments/stale.html",
        work=work,
        found=[(each, text(each.question, language()), forms.get(each.given_id)) for each in found],
        settled=stale.settled(context(), engagement_id),
        form=form,
        lost=lost,
        labels=labels,
        scopes=SCOPES,
        breadcrumbs=[
            (_("委託業務"), url_for("engagements.listed")),
            (work.title, url_for("engagements.view", engagement_id=work.id)),
        ],
    )

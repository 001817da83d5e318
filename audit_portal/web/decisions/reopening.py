"""The page on which a refused engagement is taken up again."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.decision import DecisionState
from audit_portal.services.decisions import decision_views
from audit_portal.services.engagements import engagements, reopening
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done
from audit_portal.web.decisions.forms import ReopenForm
from audit_portal.web.decisions.views import crumbs, pages


@pages.route(
    "/engagements/<uuid:engagement_id>/reopen",
    methods=["GET", "POST"],
    permission=Permission.ENGAGEMENT_REOPEN,
)
def reopen(engagement_id: UUID) -> Response | tuple[str, int]:
    work = engagements.get_engagement(context(), engagement_id)
    form, status = ReopenForm(), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            reopening.reopen(context(form), engagement_id, form.reason.data)
        if outcome.ok:
            here = url_for("engagements.view", engagement_id=engagement_id)
            return done(here, _("もう一度取り上げました。委託業務は選定中に戻りました。"))
        status = outcome.status
        work = engagements.get_engagement(context(), engagement_id)
    shown = render_template(
        "decisions/reopen.html",
        form=form,
        work=work,
        refusal=next(
            (
                each
                for each in decision_views.of_engagement(context(), engagement_id)
                if each.state is DecisionState.REFUSED
            ),
            None,
        ),
        breadcrumbs=crumbs(work),
    )
    return shown, status if form.errors else 200

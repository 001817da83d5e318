"""The page on which a seat of an open request that fell vacant is given to somebody else."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services.decisions import seats
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done
from audit_portal.web.decisions import labels
from audit_portal.web.routes.forms import SeatForm
from audit_portal.web.routes.views import crumbs, pages


@pages.route(
    "/decisions/<uuid:decision_id>/seat", methods=["GET", "POST"], permission=Permission.ROUTE_MANAGE
)
def reseat(decision_id: UUID) -> str | Response | tuple[str, int]:
    vacancy, could = seats.candidates(context(), decision_id)
    form, status = SeatForm(could), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            seats.reseat(context(form), decision_id, tuple(map(UUID, form.people.data)))
        if outcome.ok:
            return done(url_for("routes.listed"), _("席を任せました。本人にメールで知らせます。"))
        status = outcome.status
    shown = render_template(
        "routes/seat.html", form=form, vacancy=vacancy, could=could, labels=labels, breadcrumbs=crumbs()
    )
    return shown, status if form.errors else 200

"""The page on which a seat of an open request that fell vacant is given to somebody else."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.errors import Conflict
from audit_portal.services import repeats
from audit_portal.services.decisions import reseating
from audit_portal.services.decisions.reseating import Standing
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done
from audit_portal.web.decisions import labels
from audit_portal.web.messages import sentence
from audit_portal.web.routes.forms import SeatForm
from audit_portal.web.routes.views import crumbs, pages


@pages.route(
    "/decisions/<uuid:decision_id>/seat", methods=["GET", "POST"], permission=Permission.ROUTE_MANAGE
)
def reseat(decision_id: UUID) -> str | Response | tuple[str, int]:
    try:
        return _reseat(decision_id)
    except Conflict as refusal:
        now = reseating.standing(context(), decision_id)
        form = SeatForm(now.approvers)
        ctx = context(form)
        if ctx.idempotency_key and repeats.first_location(ctx, ctx.idempotency_key):
            raise  # the very same form went through before: it leads where it led then
        return _moved_on(decision_id, now, form, refusal), 409


def _reseat(decision_id: UUID) -> str | Response | tuple[str, int]:
    vacancy, could = reseating.candidates(context(), decision_id)
    form, status = SeatForm(could), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            people = tuple(map(UUID, form.people.data))
            reseating.reseat(context(form), decision_id, people, form.seen())
        if outcome.ok:
            return done(url_for("routes.listed"), _("席を任せました。本人にメールで知らせます。"))
        if isinstance(outcome.refusal, Conflict):
            raise outcome.refusal
        status = outcome.status
    shown = render_template(
        "routes/seat.html",
        form=form.about(vacancy),
        vacancy=vacancy,
        could=could,
        labels=labels,
        breadcrumbs=crumbs(),
    )
    return shown, status if form.errors else 200


def _moved_on(decision_id: UUID, now: Standing, form: SeatForm, refusal: Conflict) -> str:
    """What stands now, with what the person had chosen beside it."""
    names = {str(each.id): each.name for each in now.approvers}
    chosen = form.people.data or [] if request.method == "POST" else []
    return render_template(
        "routes/seat_now.html",
        decision_id=decision_id,
        now=now,
        chosen=[names[each] for each in chosen if each in names],
        position=form.position.data,
        why=sentence(refusal),
        labels=labels,
        breadcrumbs=crumbs(),
    )

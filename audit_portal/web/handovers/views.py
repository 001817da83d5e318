"""Pages of hand-overs: the list, a new one with what would move, one that is planned, held or done."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services.handovers import handovers, looking
from audit_portal.services.handovers.looking import Preview
from audit_portal.web import handover_labels as labels
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done
from audit_portal.web.guard import Guarded
from audit_portal.web.handovers.forms import HandoverForm, SettleForm

pages = Guarded("handovers", __name__)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("引き継ぎ"), url_for("handovers.listed"))]


@pages.get("/handovers", permission=Permission.HANDOVER)
def listed() -> str:
    return render_template("handovers/listed.html", rows=looking.listed(context()), labels=labels)


@pages.route("/handovers/new", methods=["GET", "POST"], permission=Permission.HANDOVER)
def new() -> str | Response | tuple[str, int]:
    """First shows what would move; sent again with what was seen, it is agreed."""
    ctx = context()
    form = HandoverForm(looking.people(ctx), ctx.actor.may(Permission.ACCOUNTS))
    found: Preview | None = None
    status = 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            order, seen = form.order(), form.seen.data or ""
            found = looking.preview(ctx, order)
            if seen and "agree" in request.form:
                handover_id = handovers.plan(context(form), order, seen)
        if outcome.ok and seen and "agree" in request.form:
            today = order.from_on <= ctx.house.today()
            said = _("引き継ぎました。") if today else _("引き継ぎを登録しました。その日に移ります。")
            return done(url_for("handovers.view", handover_id=handover_id), said)
        status = outcome.status
        if found:
            form.seen.data, form.seen.raw_data = found.seen, None
    shown = render_template(
        "handovers/new.html", form=form, found=found, labels=labels, breadcrumbs=_crumbs()
    )
    return shown, status if form.errors else 200


@pages.get("/handovers/<uuid:handover_id>", permission=Permission.HANDOVER)
def view(handover_id: UUID) -> str:
    return _shown(handover_id, SettleForm())


def _shown(handover_id: UUID, form: SettleForm) -> str:
    row, found = looking.get_handover(context(), handover_id)
    form.version.data, form.version.raw_data = row.version, None
    form.seen.data, form.seen.raw_data = found.seen if found else "", None
    return render_template(
        "handovers/view.html", form=form, row=row, found=found, labels=labels, breadcrumbs=_crumbs()
    )


@pages.post("/handovers/<uuid:handover_id>/withdraw", permission=Permission.HANDOVER)
def withdraw(handover_id: UUID) -> Response | tuple[str, int]:
    form = SettleForm()
    looking.get_handover(context(), handover_id)
    with kept(form) as outcome:
        handovers.withdraw(context(form), handover_id, form.version.data or 0)
    if outcome.ok:
        return done(url_for("handovers.view", handover_id=handover_id), _("引き継ぎを取り消しました。"))
    return _shown(handover_id, form), outcome.status


@pages.post("/handovers/<uuid:handover_id>/carry-out", permission=Permission.HANDOVER)
def carry_out(handover_id: UUID) -> Response | tuple[str, int]:
    form = SettleForm()
    looking.get_handover(context(), handover_id)
    with kept(form) as outcome:
        handovers.carry_out(context(form), handover_id, form.version.data or 0, form.seen.data or "")
    if outcome.ok:
        return done(url_for("handovers.view", handover_id=handover_id), _("引き継ぎました。"))
    return _shown(handover_id, form), outcome.status

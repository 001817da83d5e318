"""Pages of routes: the list, one route with its steps, stand-ins."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.supervision import Gate
from audit_portal.services.decisions import reseating, route_settings
from audit_portal.services.decisions.route_settings import RouteView
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done
from audit_portal.web.decisions import labels
from audit_portal.web.guard import Guarded
from audit_portal.web.routes.forms import DeputyForm, RouteForm

pages = Guarded("routes", __name__)


def crumbs() -> list[tuple[str, str]]:
    return [(_("決裁経路"), url_for("routes.listed"))]


@pages.get("/routes", permission=Permission.ROUTE_MANAGE)
def listed() -> str:
    ctx = context()
    return render_template(
        "routes/listed.html",
        routes=route_settings.listed(ctx),
        deputies=route_settings.deputies(ctx),
        vacancies=reseating.vacancies(ctx),
        labels=labels,
    )


@pages.route("/routes/new", methods=["GET", "POST"], permission=Permission.ROUTE_MANAGE)
def new() -> str | Response | tuple[str, int]:
    return _edit(None)


@pages.route("/routes/<uuid:route_id>", methods=["GET", "POST"], permission=Permission.ROUTE_MANAGE)
def edit(route_id: UUID) -> str | Response | tuple[str, int]:
    return _edit(route_settings.get_route(context(), route_id))


def _edit(route: RouteView | None) -> str | Response | tuple[str, int]:
    form, status = RouteForm(route_settings.candidates(context())), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            route_settings.save(
                context(form),
                Gate(form.gate.data),
                form.tier.data,
                form.route(),
                route.id if route else None,
                form.version.data,
            )
        if outcome.ok:
            return done(url_for("routes.listed"), _("決裁経路を保存しました。次の申請から使われます。"))
        status = outcome.status
        if route and outcome.stale:  # sent again, it is meant
            form.version.data, form.version.raw_data = (
                route_settings.get_route(context(), route.id).version,
                None,
            )
    elif route and not form.is_submitted():
        form.show(route)
    shown = render_template("routes/form.html", form=form, route=route, labels=labels, breadcrumbs=crumbs())
    return shown, status if form.errors else 200


@pages.post("/routes/<uuid:route_id>/end", permission=Permission.ROUTE_MANAGE)
def end(route_id: UUID) -> Response:
    route_settings.end(context(), route_id)
    return done(url_for("routes.listed"), _("決裁経路をやめました。"))


@pages.route("/deputies/new", methods=["GET", "POST"], permission=Permission.ROUTE_MANAGE)
def name_deputy() -> str | Response | tuple[str, int]:
    form, status = DeputyForm(route_settings.candidates(context())), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            route_settings.name_deputy(
                context(form),
                UUID(form.person.data),
                UUID(form.deputy.data),
                *form.days(),
                form.reason.data or "",
            )
        if outcome.ok:
            return done(url_for("routes.listed"), _("代理を登録しました。"))
        status = outcome.status
    shown = render_template("routes/deputy.html", form=form, breadcrumbs=crumbs())
    return shown, status if form.errors else 200


@pages.post("/deputies/<uuid:deputy_id>/end", permission=Permission.ROUTE_MANAGE)
def end_deputy(deputy_id: UUID) -> Response:
    route_settings.end_deputy(context(), deputy_id)
    return done(url_for("routes.listed"), _("代理をやめました。"))

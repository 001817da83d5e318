"""The first page after signing in, and the language switch."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.services.accounts import accounts
from audit_portal.services.assessments import assessment_list, findings, stale
from audit_portal.services.contracts import contract_views
from audit_portal.services.decisions import acceptances, catching_up, seats
from audit_portal.services.engagements import lost_certifications
from audit_portal.services.engagements.lost_certifications import LostLine
from audit_portal.services.handovers import lead_change_views, looking
from audit_portal.services.house import Context
from audit_portal.services.reports import reports
from audit_portal.web import certification_labels, contract_labels, labels
from audit_portal.web.assessments.labels import STATES
from audit_portal.web.assessments.todo import Todo, todo_for
from audit_portal.web.context import context, house
from audit_portal.web.decisions import blockers
from audit_portal.web.decisions import labels as decision_labels
from audit_portal.web.guard import Guarded
from audit_portal.web.language import LANGUAGES

pages = Guarded("home", __name__)


@pages.get("/", permission=Permission.SIGNED_IN)
def home() -> str:
    ctx = context()
    tasks = (*todo_for(ctx), *_to_sign(ctx), *_leads(ctx))
    running = assessment_list.due(ctx) if ctx.actor.may(Permission.ASSESSMENT_VIEW) else ()
    template = "home/vendor.html" if ctx.actor.is_vendor else "home/staff.html"
    unmet = accounts.unmet_rules(ctx) if ctx.actor.may(Permission.ACCOUNTS) else ()
    return render_template(
        template,
        today=house().today(),
        tasks=tasks,
        running=running,
        states=STATES,
        contracts=contract_views.due_soon(ctx).items if ctx.actor.may(Permission.CONTRACT_REGISTER) else None,
        stale=stale.listed(ctx) if ctx.actor.may(Permission.ENGAGEMENT_TIMELINE) else (),
        lost=_lost(ctx) if ctx.actor.may(Permission.ENGAGEMENT_TIMELINE) else (),
        contract_labels=contract_labels,
        warning_days=limits.CONTRACT_WARNING_DAYS,
        unmet=unmet,
        vacancies=seats.vacancies(ctx) if ctx.actor.may(Permission.ROUTE_MANAGE) else (),
        handovers_held=looking.held(ctx) if ctx.actor.may(Permission.HANDOVER) else (),
        accepted=acceptances.ending(ctx) if ctx.actor.may(Permission.ENGAGEMENT_TIMELINE) else (),
        to_catch_up=catching_up.due_soon(ctx) if ctx.actor.may(Permission.REGISTER_IMPORT) else (),
        catch_up_days=limits.CATCH_UP_WARNING_DAYS,
        gate_names=decision_labels.GATES,
        acceptance_days=limits.ACCEPTANCE_WARNING_DAYS,
        words_of=blockers.words_of,
        labels=labels,
        findings=findings.count_open(ctx) if ctx.actor.may(Permission.REVIEW_WRITE) else None,
    )


def _lost(ctx: Context) -> list[tuple[LostLine, str]]:
    """Engagements whose vendor lost a certification since they were checked, with its names."""
    return [(each, certification_labels.lost(each.certificates)) for each in lost_certifications.listed(ctx)]


def _to_sign(ctx: Context) -> tuple[Todo, ...]:
    return tuple(
        Todo(
            _("%(vendor)s の報告書に署名する", vendor=each.vendor_name),
            f"{each.number} {each.engagement_title}",
            url_for("reports.view", report_id=each.id),
            None,
            False,
        )
        for each in reports.waiting(ctx)
    )


def _leads(ctx: Context) -> tuple[Todo, ...]:
    if not ctx.actor.may(Permission.LEAD_CHANGE):
        return ()
    return tuple(
        Todo(
            _("%(vendor)s の責任者の交代を確かめる", vendor=each.party),
            each.name,
            url_for("handovers.lead", change_id=each.id),
            None,
            False,
            each.asked_by,
        )
        for each in lead_change_views.waiting(ctx)
    )


@pages.post("/language", permission=Permission.ANYONE)
def language() -> Response:
    chosen = request.form.get("language")
    if chosen in LANGUAGES:
        if current_user.is_authenticated:
            accounts.set_language(context(), chosen)
        else:
            session["language"] = chosen
    return redirect(_own_page(request.form.get("page", "")), code=303)


def _own_page(path: str) -> str:
    """The page the switch was pressed on, if it is one of ours that can be opened; else the home page."""
    try:
        endpoint, values = current_app.create_url_adapter(request).match(path, method="GET")  # type: ignore[union-attr]
        return url_for(endpoint, **values)
    except (HTTPException, RequestRedirect):
        return url_for("home.home")

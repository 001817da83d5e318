"""The first page after signing in, and the language switch."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, session, url_for
from flask_login import current_user
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.services.accounts import accounts
from audit_portal.services.assessments import assessment_list, awaiting, findings, stale
from audit_portal.services.contracts import contract_views
from audit_portal.services.decisions import acceptances, catching_up, reseating
from audit_portal.services.engagements import lost_certifications
from audit_portal.services.engagements.lost_certifications import LostLine
from audit_portal.services.handovers import looking
from audit_portal.services.house import Context
from audit_portal.web import certification_labels, contract_labels, labels
from audit_portal.web.assessments.labels import STATES
from audit_portal.web.context import context, house
from audit_portal.web.decisions import blockers
from audit_portal.web.decisions import labels as decision_labels
from audit_portal.web.guard import Guarded
from audit_portal.web.home.tasks import tasks_for
from audit_portal.web.language import LANGUAGES

pages = Guarded("home", __name__)


@pages.get("/", permission=Permission.SIGNED_IN)
def home() -> str:
    ctx = context()
    sees_checks = ctx.actor.may(Permission.ASSESSMENT_VIEW)
    template = "home/vendor.html" if ctx.actor.is_vendor else "home/staff.html"
    unmet = accounts.unmet_rules(ctx) if ctx.actor.may(Permission.ACCOUNTS) else ()
    return render_template(
        template,
        today=house().today(),
        found=tasks_for(ctx),
        running=assessment_list.due(ctx) if sees_checks else (),
        counts=awaiting.running(ctx) if sees_checks else None,
        states=STATES,
        contracts=contract_views.due_soon(ctx) if ctx.actor.may(Permission.CONTRACT_REGISTER) else None,
        stale=stale.listed(ctx) if ctx.actor.may(Permission.ENGAGEMENT_TIMELINE) else (),
        lost=_lost(ctx) if ctx.actor.may(Permission.ENGAGEMENT_TIMELINE) else (),
        contract_labels=contract_labels,
        warning_days=limits.CONTRACT_WARNING_DAYS,
        unmet=unmet,
        vacancies=reseating.vacancies(ctx) if ctx.actor.may(Permission.ROUTE_MANAGE) else (),
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


@pages.get("/tasks", permission=Permission.SIGNED_IN)
def tasks() -> str:
    """Everything that waits for the reader, on one page."""
    return render_template("home/tasks.html", today=house().today(), found=tasks_for(context()))


def _lost(ctx: Context) -> list[tuple[LostLine, str]]:
    """Engagements whose vendor lost a certification since they were checked, with its names."""
    return [(each, certification_labels.lost(each.certificates)) for each in lost_certifications.listed(ctx)]


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

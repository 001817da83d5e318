"""Pages of the yearly plan: the year by month, what goes in, and what becomes of an entry."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from flask import abort, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.monitoring import FiscalYear
from audit_portal.domain.monitoring.fiscal_year import month_of
from audit_portal.services.assessments import behalf_views, sending
from audit_portal.services.engagements import engagements
from audit_portal.services.monitoring import fiscal, plan, plan_views
from audit_portal.services.monitoring.plan_views import EntryView
from audit_portal.web.assessments import labels as assessment_labels
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done, house
from audit_portal.web.engagements import labels as engagement_labels
from audit_portal.web.forms import PortalForm
from audit_portal.web.guard import Guarded
from audit_portal.web.lists import page_key, page_urls
from audit_portal.web.plan import labels
from audit_portal.web.plan.forms import CancelForm, MoveForm, StartForm, month, picked

pages = Guarded("plan", __name__)


def _wanted() -> int | None:
    """The year of the address; what is no year near ours is not found."""
    text = request.values.get("year", "")
    if not text:
        return None
    this = house().today().year
    if not (text.isascii() and text.isdigit() and len(text) == 4):
        abort(404)
    if abs(int(text) - this) > limits.PLAN_YEARS:
        abort(404)
    return int(text)


def _crumbs(span: FiscalYear) -> list[tuple[str, str]]:
    return [(_("年間計画"), url_for("plan.year", year=span.year))]


@pages.get("/plan", permission=Permission.PLAN_VIEW)
def year() -> str:
    found = plan_views.year(context(), _wanted())
    shown = found.shown(month(request.args.get("month")))
    page = plan_views.entries(context(), found.span.year, shown, page_key())
    here = {"year": found.span.year, "month": shown.strftime("%Y-%m")}
    urls: dict[str, Any] = page_urls("plan.year", page.next_key, **here)
    return render_template(
        "plan/year.html",
        found=found,
        shown=shown,
        page=page,
        labels=labels,
        risks=engagement_labels.RISKS,
        kinds=assessment_labels.KINDS,
        **urls,
    )


@pages.route("/plan/new", methods=["GET", "POST"], permission=Permission.PLAN_WRITE)
def new() -> str | Response | tuple[str, int]:
    """What the plan doesn't hold yet, with a month proposed: ticked where it is due."""
    span = fiscal.current(context(), _wanted())
    form, status, error = PortalForm(), 200, ""
    chosen = picked()
    if form.validate_on_submit():
        months = {each: first for each, first in chosen.items() if first}
        status, error = 422, _("月を選んでください")
        if len(months) == len(chosen):
            with kept(form) as outcome:
                count = plan.add(context(form), span.year, months)
            if outcome.ok:
                first = min(months.values()).strftime("%Y-%m")
                said = _("%(count)s件を計画に入れました。", count=count)
                return done(url_for("plan.year", year=span.year, month=first), said)
            status, error = outcome.status, str(next(iter(form.form_errors), ""))
    return _new_page(span, form, chosen, error), status


def _new_page(span: FiscalYear, form: PortalForm, chosen: Any, error: str) -> str:
    page = plan_views.candidates(context(), span.year, page_key())
    sent = form.is_submitted()
    lines = []
    for each in page.items:
        ticked = each.engagement_id in chosen if sent else each.proposal.month is not None
        lines.append((each, ticked, chosen.get(each.engagement_id) or each.proposal.month))
    urls: dict[str, Any] = page_urls("plan.new", page.next_key, year=span.year)
    return render_template(
        "plan/new.html",
        form=form,
        error=error,
        span=span,
        lines=lines,
        months=[each for each in span.months() if each >= month_of(house().today())],
        labels=labels,
        risks=engagement_labels.RISKS,
        breadcrumbs=_crumbs(span),
        **urls,
    )


@pages.route("/plan/<uuid:entry_id>/move", methods=["GET", "POST"], permission=Permission.PLAN_WRITE)
def move(entry_id: UUID) -> str | Response | tuple[str, int]:
    entry = plan_views.get_entry(context(), entry_id)
    span = fiscal.current(context(), entry.fiscal_year)
    today = month_of(house().today())
    form = MoveForm(tuple(each for each in span.months() if each >= today and each != entry.month))
    status = 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            plan.move(context(form), entry_id, form.version.data or 0, form.to(), form.reason.data or "")
        if outcome.ok:
            return done(_there(entry, form.to()), _("月を移しました。"))
        status = outcome.status
    form.at(entry.version)
    return _change_page(form, entry, span, _("予定の月を移す")), status if form.errors else 200


@pages.route("/plan/<uuid:entry_id>/cancel", methods=["GET", "POST"], permission=Permission.PLAN_WRITE)
def cancel(entry_id: UUID) -> str | Response | tuple[str, int]:
    entry = plan_views.get_entry(context(), entry_id)
    span = fiscal.current(context(), entry.fiscal_year)
    form, status = CancelForm(), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            plan.cancel(context(form), entry_id, form.version.data or 0, form.reason.data or "")
        if outcome.ok:
            return done(_there(entry, entry.month), _("計画から外しました。"))
        status = outcome.status
    form.at(entry.version)
    return _change_page(form, entry, span, _("計画から外す")), status if form.errors else 200


def _there(entry: EntryView, first: date) -> str:
    return url_for("plan.year", year=entry.fiscal_year, month=first.strftime("%Y-%m"))


def _change_page(form: PortalForm, entry: EntryView, span: FiscalYear, title: str) -> str:
    return render_template(
        "plan/change.html",
        form=form,
        entry=entry,
        title=title,
        kinds=assessment_labels.KINDS,
        back=_there(entry, entry.month),
        breadcrumbs=_crumbs(span),
    )


@pages.route("/plan/<uuid:entry_id>/start", methods=["GET", "POST"], permission=Permission.PLAN_WRITE)
def start(entry_id: UUID) -> str | Response | tuple[str, int]:
    """Sends the planned check; the plan then follows it."""
    entry = plan_views.get_entry(context(), entry_id)
    work = engagements.get_engagement(context(), entry.engagement_id)
    span = fiscal.current(context(), entry.fiscal_year)
    offered = sending.sendable(context(), AssessmentKind.PERIODIC)
    form, status = StartForm(offered), 422
    if request.method == "GET" and offered:
        form.checklist.data = str(offered[0].id)
    if form.validate_on_submit():
        with kept(form) as outcome:
            assessment_id = plan.start(context(form), entry_id, form.version.data or 0, form.order())
        if outcome.ok:
            sent = _("%(vendor)s に定期評価を送りました。", vendor=entry.vendor_name)
            return done(url_for("assessments.view", assessment_id=assessment_id), sent)
        status = outcome.status
    form.at(entry.version)
    shown = render_template(
        "plan/start.html",
        form=form,
        entry=entry,
        reachable=behalf_views.reachable(context(), work.vendor_id),
        back=_there(entry, entry.month),
        breadcrumbs=_crumbs(span),
    )
    return shown, status if form.errors else 200

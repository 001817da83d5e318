"""Pages of engagements: the list, the form, and one screen that says where an engagement stands."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.cloud import Determination
from audit_portal.domain.decision import DecisionState
from audit_portal.domain.supervision import Classification, Gate, State
from audit_portal.services.assessments import assessment_list, assessment_view, findings, stale
from audit_portal.services.contracts import contract_views
from audit_portal.services.decisions import acceptances, conditions, decision_views, gates, notices, standing
from audit_portal.services.engagements import (
    cloud,
    engagement_profile,
    engagements,
    lost_certifications,
    rechecks,
    reopening,
)
from audit_portal.services.engagements.engagements import EngagementView
from audit_portal.services.house import Context
from audit_portal.services.imports import evaluations
from audit_portal.services.monitoring import plan_views
from audit_portal.services.parties import parties
from audit_portal.services.reports import reports
from audit_portal.web import certification_labels, contract_labels, fact_labels
from audit_portal.web import labels as people_labels
from audit_portal.web.assessments import beside_labels
from audit_portal.web.assessments import labels as assessment_labels
from audit_portal.web.assessments.forms import language
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done, house, told
from audit_portal.web.decisions import blockers
from audit_portal.web.decisions import labels as decision_labels
from audit_portal.web.engagements import contract_steps, happened, labels, progress
from audit_portal.web.engagements.fact_form import EngagementForm
from audit_portal.web.engagements.filter import works
from audit_portal.web.engagements.forms import AssignForm
from audit_portal.web.engagements.progress import CloudStep
from audit_portal.web.guard import Guarded
from audit_portal.web.lists import page_key
from audit_portal.web.reports import labels as report_labels

pages = Guarded("engagements", __name__)
_CHECKABLE = (State.SELECTED, State.CONTRACTED, State.LIVE, State.SUSPENDED)


def _crumbs() -> list[tuple[str, str]]:
    return [(_("委託業務"), url_for("engagements.listed"))]


@pages.get("/engagements", permission=Permission.ENGAGEMENT_VIEW)
def listed() -> str:
    filter, wanted = works()
    page = engagements.listed(context(), page_key(), wanted=wanted)
    urls = filter.urls(page.next_key)
    return render_template("engagements/listed.html", page=page, filter=filter, labels=labels, **urls)


@pages.route(
    "/vendors/<uuid:vendor_id>/engagements/new",
    methods=["GET", "POST"],
    permission=Permission.ENGAGEMENT_REGISTER,
)
def new(vendor_id: UUID) -> str | Response | tuple[str, int]:
    vendor = parties.get_vendor(context(), vendor_id)
    form = EngagementForm(engagement_profile.choices(context(), vendor_id), language())
    if form.validate_on_submit():
        with told(form) as ok:
            engagement_id = engagements.register(context(form), vendor_id, form.facts())
        if ok:
            here = url_for("engagements.view", engagement_id=engagement_id)
            return done(here, _("委託業務を登録しました。次に、選定チェックを送ってください。"))
    crumbs = [
        (_("委託先"), url_for("parties.listed")),
        (vendor.name, url_for("parties.view", party_id=vendor.id)),
    ]
    shown = render_template(
        "engagements/form.html",
        form=form,
        title=_("委託業務の登録"),
        small=vendor.name,
        back=url_for("parties.view", party_id=vendor.id),
        sites_url=url_for("parties.view", party_id=vendor.id, _anchor="sites"),
        breadcrumbs=crumbs,
    )
    return shown, 422 if form.errors else 200


@pages.get("/engagements/<uuid:engagement_id>", permission=Permission.ENGAGEMENT_VIEW)
def view(engagement_id: UUID) -> str:
    work = engagements.get_engagement(context(), engagement_id)
    if current_user.actor.is_vendor:
        return _vendor_page(work)
    return _page(work, AssignForm(formdata=None))


def _vendor_page(work: EngagementView) -> str:
    """What the vendor may know: title, principal, state, its own assessments, whom to call."""
    ctx = context()
    checks = assessment_list.of_engagement(ctx, work.id)
    contact = assessment_view.get_assessment(ctx, checks[0].id).contact if checks else None
    return render_template(
        "engagements/vendor.html",
        work=work,
        checks=checks,
        contact=contact,
        contracts=contract_views.of_engagement(ctx, work.id)
        if current_user.actor.may(Permission.CONTRACT_VIEW)
        else (),
        contract_labels=contract_labels,
        labels=labels,
        notice=notices.standing(ctx, work.id),
        assessment_labels=assessment_labels,
        today=house().today(),
        breadcrumbs=_crumbs(),
    )


def _page(work: EngagementView, form: AssignForm) -> str:
    ctx = context()
    stands = standing.of_engagement(ctx, work.id)
    gate = gates.gate(ctx, work.id)
    open_items, clouds = rechecks.open_of(ctx, work.id), cloud.listed(ctx, work.id)
    lost = lost_certifications.of_engagement(ctx, work.id)
    undetermined = cloud.is_undetermined(ctx, work.id)  # supervised until a finding says otherwise
    supervised = undetermined or work.classification is Classification.ENTRUSTMENT
    at_gate = gate.ahead and supervised
    selecting = at_gate and gate.gate is Gate.SELECTION
    checks = assessment_list.of_engagement(ctx, work.id)
    decided = decision_views.of_engagement(ctx, work.id)
    return render_template(
        "engagements/view.html",
        stale_count=stale.count_of(ctx, work.id)
        if current_user.actor.may(Permission.ENGAGEMENT_TIMELINE)
        else 0,
        lost=lost,
        lost_names=certification_labels.lost(lost),
        work=work,
        standing=stands,
        gate_names=decision_labels.GATES,
        steps_=progress.steps(work.state, stands),
        next=progress.next_thing(
            work, gate, checks, decided, stands, bool(open_items), _cloud(clouds, undetermined)
        ),
        selecting=selecting,
        supervised=supervised,
        gate=gate if at_gate else None,
        blockers=blockers.shown(ctx, gate, work.id, language()) if at_gate else (),
        contracts=contract_views.of_engagement(ctx, work.id),
        contract_labels=contract_labels,
        may_check_contract=work.state in _CHECKABLE and contract_steps.running_check(checks) is None,
        rechecks=open_items,
        profile=engagement_profile.get_profile(ctx, work.id),
        clouds=clouds,
        fact_labels=fact_labels,
        may_change=work.state not in (State.CLOSED, State.REFUSED)
        and current_user.actor.may(Permission.ENGAGEMENT_CHANGE),
        may_ask=gate.can_be_asked and not any(each.state is DecisionState.REQUESTED for each in decided),
        may_send=progress.running_selection(checks) is None,
        checks=checks,
        evaluations=evaluations.of_engagement(ctx, work.id),
        planned=plan_views.of_engagement(ctx, work.id),
        decisions=decided,
        accepted=acceptances.of_engagement(ctx, work.id),
        conditions=conditions.of_engagement(ctx, work.id),
        words_of=blockers.words_of,
        reports=reports.of_engagement(ctx, work.id),
        report_labels=report_labels,
        labels=labels,
        assessment_labels=assessment_labels,
        decision_labels=decision_labels,
        reopenings=reopening.of_engagement(ctx, work.id),
        people_labels=people_labels,
        **_findings(ctx, work.id),
        entries=happened.told(engagements.timeline(ctx, work.id)),
        today=house().today(),
        breadcrumbs=_crumbs(),
        **_people(work, form),
    )


def _findings(ctx: Context, engagement_id: UUID) -> dict[str, Any]:
    """The open findings of the work, and where each stands."""
    lines = findings.listed(ctx, engagement_id=engagement_id).items
    urls = {
        each.finding.id: url_for(
            "assessments.item",
            assessment_id=each.assessment_id,
            code=each.finding.item,
            _anchor="findings",
        )
        for each in lines
    }
    return {"finding_lines": lines, "finding_urls": urls, "finding_words": beside_labels}


def _cloud(clouds: tuple[cloud.CloudView, ...], undetermined: bool) -> CloudStep:
    if not undetermined:
        return CloudStep.SETTLED
    if not clouds:
        return CloudStep.RECORD
    if clouds[0].outcome is Determination.HANDLED:
        return CloudStep.RECLASS
    return CloudStep.RECORD if clouds[0].document else CloudStep.PROVE


def _people(work: EngagementView, form: AssignForm) -> dict[str, Any]:
    """Who is on the engagement, and for officers the form that puts somebody else on it."""
    ctx = context()
    there = engagements.assigned(ctx, work.id)
    if not current_user.actor.may(Permission.AUDITOR_ASSIGN):
        return {"people": there, "form": None}
    known = {each.id for each in there}
    form.offer(tuple(each for each in engagements.assignable(ctx) if each.id not in known))
    return {"people": there, "form": form}


@pages.post("/engagements/<uuid:engagement_id>/people", permission=Permission.AUDITOR_ASSIGN)
def assign(engagement_id: UUID) -> Response | tuple[str, int]:
    work = engagements.get_engagement(context(), engagement_id)
    form, status = AssignForm(), 422
    form.offer(engagements.assignable(context()))
    if form.validate():
        with kept(form) as outcome:
            engagements.assign(context(form), engagement_id, form.account_id())
        if outcome.ok:
            here = url_for("engagements.view", engagement_id=engagement_id, _anchor="people")
            return done(here, _("担当する人を割り当てました。"))
        status = outcome.status
    return _page(work, form), status

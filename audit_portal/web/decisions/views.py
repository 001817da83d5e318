"""Pages of decisions: asked for on an engagement, and made on a page of its own."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.decision import DecisionState
from audit_portal.services import assessment_view, decisions, engagements
from audit_portal.services.decisions import DecisionView, GateView
from audit_portal.services.engagements import EngagementView
from audit_portal.web.assessments import labels as assessment_labels
from audit_portal.web.assessments import rows
from audit_portal.web.assessments.forms import language
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.context import context, done
from audit_portal.web.decisions import blockers, labels
from audit_portal.web.decisions.forms import AskForm, DecideForm
from audit_portal.web.guard import Guarded

pages = Guarded("decisions", __name__)


def _crumbs(work: EngagementView) -> list[tuple[str, str]]:
    return [
        (_("委託業務"), url_for("engagements.listed")),
        (work.title, url_for("engagements.view", engagement_id=work.id)),
    ]


@pages.route(
    "/engagements/<uuid:engagement_id>/decisions/new",
    methods=["GET", "POST"],
    permission=Permission.DECISION_REQUEST,
)
def ask(engagement_id: UUID) -> str | Response | tuple[str, int]:
    work = engagements.get_engagement(context(), engagement_id)
    form, status = AskForm(), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            decision_id = decisions.request(context(form), engagement_id, form.reason.data)
        if outcome.ok:
            return done(
                url_for("decisions.view", decision_id=decision_id),
                _("決裁を申請しました。承認する人にメールで知らせます。"),
            )
        status = outcome.status
    gate = decisions.gate(context(), engagement_id)
    shown = render_template(
        "decisions/ask.html",
        form=form,
        work=work,
        gate=gate,
        blockers=blockers.shown(context(), gate, engagement_id, language()),
        open=next((each for each in _of(engagement_id) if each.state is DecisionState.REQUESTED), None),
        breadcrumbs=_crumbs(work),
    )
    return shown, status if form.errors else 200


def _of(engagement_id: UUID) -> tuple[DecisionView, ...]:
    return decisions.of_engagement(context(), engagement_id)


@pages.get("/decisions/<uuid:decision_id>", permission=Permission.ENGAGEMENT_TIMELINE)
def view(decision_id: UUID) -> str:
    found = decisions.get_decision(context(), decision_id)
    return _page(found, None)


@pages.post("/decisions/<uuid:decision_id>", permission=Permission.DECISION_MAKE)
def decide(decision_id: UUID) -> Response | tuple[str, int]:
    found = decisions.get_decision(context(), decision_id)
    form, status = DecideForm(), 422
    if form.validate():
        approve = form.outcome.data == "approve"
        with kept(form) as outcome:
            decisions.decide(
                context(form),
                decision_id,
                form.version.data,
                approve,
                form.comment.data or "",
                form.acceptances() if approve else (),
            )
        if outcome.ok:
            here = url_for("decisions.view", decision_id=decision_id)
            return done(here, _("承認しました。") if approve else _("不承認にしました。"))
        status = outcome.status
        found = decisions.get_decision(context(), decision_id)
        form.version.data, form.version.raw_data = found.version, None
    return _page(found, form), status


def _page(found: DecisionView, form: DecideForm | None) -> str:
    ctx = context()
    work = engagements.get_engagement(ctx, found.engagement_id)
    waits = found.state is DecisionState.REQUESTED
    gate = decisions.gate(ctx, found.engagement_id) if waits else None
    listed = blockers.shown(ctx, gate, work.id, language()) if gate else ()
    own = found.requested_by_id == current_user.actor.account_id
    makes = waits and not own and current_user.actor.may(Permission.DECISION_MAKE)
    if form is None:
        form = DecideForm(formdata=None, data={"version": found.version})
    if makes and gate:
        form.offer([each.key for each in listed if each.acceptable])
    return render_template(
        "decisions/view.html",
        decision=found,
        work=work,
        form=form,
        makes=makes,
        own=own,
        waits=waits,
        blockers=listed,
        acceptable={each.key: each for each in listed if each.acceptable},
        shut=any(not each.acceptable for each in listed),
        assessment=_items(found, gate),
        labels=labels,
        item_labels=assessment_labels,
        text=rows.text,
        breadcrumbs=_crumbs(work),
    )


def _items(found: DecisionView, gate: GateView | None) -> assessment_view.AssessmentView | None:
    """The assessment the decision rests on."""
    key = found.assessment_id or (gate.assessment_id if gate else None)
    return assessment_view.get_assessment(context(), key) if key else None

"""The contract check (契約チェック): begun by the officer, its clauses tied to places, handed in; the draft of what lacks."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response as FlaskResponse
from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.evidence import content_disposition
from audit_portal.domain.supervision import State
from audit_portal.services.assessments import clauses, sending, submission
from audit_portal.services.contracts import contract_views, memoranda
from audit_portal.services.contracts.memoranda import TextFile
from audit_portal.services.engagements import engagements
from audit_portal.web.assessments import labels, preview
from audit_portal.web.assessments.contract_forms import BeginForm, TieForm, UntieForm
from audit_portal.web.assessments.forms import VersionForm
from audit_portal.web.assessments.items import PATH, found_item, item_page
from audit_portal.web.assessments.outcome import Outcome, kept
from audit_portal.web.assessments.views import pages, refused
from audit_portal.web.context import context, done


@pages.route(
    "/engagements/<uuid:engagement_id>/contract-check/new",
    methods=["GET", "POST"],
    permission=Permission.ASSESSMENT_SEND,
)
def begin_contract(engagement_id: UUID) -> str | Response | tuple[str, int]:
    work = engagements.get_engagement(context(), engagement_id)
    more = sending.more(context(), engagement_id, AssessmentKind.CONTRACT)
    offered = sending.offered(sending.sendable(context(), AssessmentKind.CONTRACT), more)
    form, status = BeginForm(offered), 422
    if request.method == "GET" and offered:
        form.checklist.data = str(offered[0].id)
    if form.validate_on_submit():
        with kept(form) as outcome:
            assessment_id = sending.send(
                context(form), engagement_id, form.order(), kind=AssessmentKind.CONTRACT
            )
        if outcome.ok:
            begun = _("契約チェックを始めました。契約書を見ながら回答してください。")
            return done(url_for("assessments.view", assessment_id=assessment_id), begun)
        status = outcome.status
    back = url_for("engagements.view", engagement_id=work.id)
    shown = render_template(
        "assessments/begin_contract.html",
        form=form,
        work=work,
        more=more,
        too_early=work.state in (State.DRAFT, State.REFUSED),
        contracts=contract_views.documents_of_engagement(context(), engagement_id),
        breadcrumbs=[(_("委託業務"), url_for("engagements.listed")), (work.title, back)],
    )
    return shown, status if form.errors else 200


@pages.post("/assessments/<uuid:assessment_id>/hand-in", permission=Permission.ASSESSMENT_HAND_IN)
def hand_in(assessment_id: UUID) -> Response | tuple[str, int]:
    form, outcome = VersionForm(), Outcome()
    if form.validate():
        with kept(form) as outcome:
            submission.hand_in(context(form), assessment_id, form.version.data)
        if outcome.ok:
            here = url_for("assessments.view", assessment_id=assessment_id)
            return done(here, _("回答を提出しました。回答した人とは別の人が審査します。"))
    why = {each.item_id: str(labels.MISSING[each.reason]) for each in outcome.blockers}
    return refused(assessment_id, form, outcome, why)


@pages.post(f"{PATH}/clauses", permission=Permission.CLAUSE_TIE)
def tie_clause(assessment_id: UUID, code: str) -> str | Response | tuple[str, int]:
    view, found = found_item(assessment_id, code)
    form, status = TieForm(), 422
    form.offer(contract_views.documents_of_engagement(context(), view.head.engagement_id))
    if form.validate():
        with kept(form) as outcome:
            clauses.tie(context(form), assessment_id, code, form.spot())
        if outcome.ok:
            return done(_item(assessment_id, code), _("条項の場所を記録しました。"))
        status = outcome.status
    return item_page(view, found, tie=form), status


@pages.post(f"{PATH}/clauses/remove", permission=Permission.CLAUSE_TIE)
def untie_clause(assessment_id: UUID, code: str) -> str | Response | tuple[str, int]:
    view, found = found_item(assessment_id, code)
    form, status = UntieForm(), 422
    if form.validate():
        with kept(form) as outcome:
            clauses.untie(context(form), assessment_id, code, UUID(form.tie.data))
        if outcome.ok:
            return done(_item(assessment_id, code), _("条項の場所を外しました。"))
        status = outcome.status
    return item_page(view, found, trouble=form), status


def _item(assessment_id: UUID, code: str) -> str:
    kept_open = preview.address()
    return url_for("assessments.item", assessment_id=assessment_id, code=code, _anchor="clauses", **kept_open)


@pages.get("/assessments/<uuid:assessment_id>/memorandum", permission=Permission.ENGAGEMENT_TIMELINE)
def memorandum(assessment_id: UUID) -> FlaskResponse:
    """The missing clauses as a text file to download."""
    return _text(memoranda.draft(context(), assessment_id))


@pages.get("/assessments/<uuid:assessment_id>/memorandum/notes", permission=Permission.ENGAGEMENT_TIMELINE)
def memorandum_notes(assessment_id: UUID) -> FlaskResponse:
    """What the draft rests on, for the house alone."""
    return _text(memoranda.internal_notes(context(), assessment_id))


def _text(found: TextFile) -> FlaskResponse:
    headers: dict[str, Any] = {"Content-Disposition": content_disposition(found.name)}
    return FlaskResponse(found.content, content_type="text/plain; charset=utf-8", headers=headers)

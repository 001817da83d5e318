"""Pages of inspections: a document that was looked at and stayed with its owner."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services.assessments import inspections
from audit_portal.web.assessments import rows
from audit_portal.web.assessments.forms import language
from audit_portal.web.assessments.items import PATH, found_item
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.review_forms import InspectionForm, WithdrawForm
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context, done


def evidence_url(assessment_id: UUID, code: str) -> str:
    """Back to the item, where its evidence stands."""
    return url_for("assessments.item", assessment_id=assessment_id, code=code, _anchor="evidence")


@pages.route(f"{PATH}/inspections/new", methods=["GET", "POST"], permission=Permission.REVIEW_WRITE)
def inspect(assessment_id: UUID, code: str) -> str | Response | tuple[str, int]:
    view, found = found_item(assessment_id, code)
    form, status = InspectionForm(), 422
    if request.method == "GET":
        inspections.recordable(context(), assessment_id, code)
        form.inspector.data = current_user.actor.name
    if form.validate_on_submit():
        with kept(form) as outcome:
            inspections.record(context(form), assessment_id, code, form.facts())
        if outcome.ok:
            return done(evidence_url(assessment_id, code), _("確認の記録を残しました。"))
        status = outcome.status
    shown = render_template(
        "assessments/inspect.html",
        form=form,
        view=view,
        code=code,
        question=rows.text(found.question, language()),
        back=evidence_url(assessment_id, code),
        breadcrumbs=crumbs(view),
    )
    return shown, status if form.errors else 200


@pages.route(
    "/inspections/<uuid:inspection_id>/withdraw", methods=["GET", "POST"], permission=Permission.REVIEW_WRITE
)
def withdraw_inspection(inspection_id: UUID) -> str | Response | tuple[str, int]:
    assessment_id, code = inspections.place_of(context(), inspection_id)
    view, item = found_item(assessment_id, code)
    found = next(each for each in item.beside.inspections if each.id == inspection_id)
    form, status = WithdrawForm(), 422
    if request.method == "GET":
        form.at(found.version)
    if form.validate_on_submit():
        with kept(form) as outcome:
            inspections.withdraw(context(form), inspection_id, form.reason.data, form.version.data)
        if outcome.ok:
            return done(evidence_url(assessment_id, code), _("確認の記録を取り消しました。"))
        status = outcome.status
        form.at(found.version)
    shown = render_template(
        "assessments/withdraw.html",
        form=form,
        title=_("確認の記録を取り消す"),
        what=f"{found.facts.document} {found.facts.edition}",
        back=evidence_url(assessment_id, code),
        breadcrumbs=crumbs(view),
    )
    return shown, status if form.errors else 200

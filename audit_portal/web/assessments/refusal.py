"""The page on which a vendor says that it doesn't disclose a document, or takes that back; also on its behalf."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services.assessments import refusals
from audit_portal.web.assessments import rows
from audit_portal.web.assessments.forms import VersionForm, language
from audit_portal.web.assessments.inspections import evidence_url
from audit_portal.web.assessments.items import PATH, found_item
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.refusal_forms import RefusalForm, refusal_form
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context, done


@pages.route(f"{PATH}/refusal", methods=["GET", "POST"], permission=Permission.ANSWER_WRITE)
def refuse(assessment_id: UUID, code: str) -> str | Response | tuple[str, int]:
    found = found_item(assessment_id, code)[1]
    if request.method == "GET":
        refusals.refusable(context(), assessment_id, code)
        return _page(refusal_form(found), assessment_id, code)
    taken_back = "take_back" in request.form
    form, status = VersionForm() if taken_back else RefusalForm(), 422
    if form.validate():
        with kept(form) as outcome:
            refusal = form.refusal() if isinstance(form, RefusalForm) else None
            refusals.refuse(context(form), assessment_id, code, refusal, form.version.data)
        if outcome.ok:
            said = _("資料を開示できないことを、回答とともに伝えます。")
            if found.on_behalf:
                said = _(
                    "委託先が資料を開示しないことを記録しました。回答とともに、別の担当者が原本と照合します。"
                )
            gone = _("開示できないという申告を取り下げました。")
            return done(evidence_url(assessment_id, code), gone if taken_back else said)
        status = outcome.status
    else:
        refusals.refusable(context(), assessment_id, code)  # where nothing can be written, that is said first
    shown = form if isinstance(form, RefusalForm) else refusal_form(found)
    shown.form_errors = form.form_errors
    shown.at(found_item(assessment_id, code)[1].version)
    return _page(shown, assessment_id, code), status


def _page(form: RefusalForm, assessment_id: UUID, code: str) -> str:
    view, found = found_item(assessment_id, code)
    if found.on_behalf:
        form.behalf()
    return render_template(
        "assessments/refuse.html",
        form=form,
        item=found,
        refused=found.beside.refusal is not None,
        view=view,
        code=code,
        question=rows.text(found.question, language()),
        back=evidence_url(assessment_id, code),
        breadcrumbs=crumbs(view),
    )

"""Findings (指摘事項): raised and changed by the reviewer, and the list of those that are open."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services.assessments import findings
from audit_portal.web.assessments import beside_labels, rows
from audit_portal.web.assessments.forms import language
from audit_portal.web.assessments.items import PATH, found_item
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.review_forms import FindingForm, WithdrawForm, finding_form
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context, done, house
from audit_portal.web.lists import page_key


def _item_url(assessment_id: UUID, code: str) -> str:
    return url_for("assessments.item", assessment_id=assessment_id, code=code, _anchor="findings")


@pages.get("/findings", permission=Permission.FINDING_VIEW)
def findings_listed() -> str:
    page = findings.listed(context(), page_key())
    here = url_for("assessments.findings_listed")
    return render_template(
        "assessments/findings.html",
        page=page,
        counts=findings.count_open(context()),
        severities=beside_labels.SEVERITIES,
        today=house().today(),
        next_url=url_for("assessments.findings_listed", after=page.next_key) if page.next_key else None,
        first_url=here if page_key() else None,
    )


@pages.route(f"{PATH}/findings/new", methods=["GET", "POST"], permission=Permission.REVIEW_WRITE)
def raise_finding(assessment_id: UUID, code: str) -> str | Response | tuple[str, int]:
    found_item(assessment_id, code)
    form, status = FindingForm(), 422
    if request.method == "GET":
        findings.raisable(context(), assessment_id, code)
    if form.validate_on_submit():
        with kept(form) as outcome:
            findings.raise_finding(context(form), assessment_id, code, form.facts())
        if outcome.ok:
            return done(_item_url(assessment_id, code), _("指摘事項を記録しました。"))
        status = outcome.status
    return _page(form, assessment_id, code, ""), status if form.errors else 200


@pages.route("/findings/<uuid:finding_id>", methods=["GET", "POST"], permission=Permission.REVIEW_WRITE)
def change_finding(finding_id: UUID) -> str | Response | tuple[str, int]:
    assessment_id, found = findings.get_finding(context(), finding_id)
    form, status = FindingForm(), 422
    if request.method == "GET":
        form = finding_form(found)
    if form.validate_on_submit():
        with kept(form) as outcome:
            findings.change(context(form), finding_id, form.facts(), form.version.data or 0)
        if outcome.ok:
            return done(_item_url(assessment_id, found.item), _("指摘事項を変更しました。"))
        status = outcome.status
        form.version.data, form.version.raw_data = found.version, None
    form.submit.label.text = _("変更を保存する")
    return _page(form, assessment_id, found.item, found.number), status if form.errors else 200


@pages.route(
    "/findings/<uuid:finding_id>/withdraw", methods=["GET", "POST"], permission=Permission.REVIEW_WRITE
)
def withdraw_finding(finding_id: UUID) -> str | Response | tuple[str, int]:
    assessment_id, found = findings.get_finding(context(), finding_id)
    view, _item = found_item(assessment_id, found.item)
    form, status = WithdrawForm(), 422
    if request.method == "GET":
        form.at(found.version)
    if form.validate_on_submit():
        with kept(form) as outcome:
            findings.withdraw(context(form), finding_id, form.reason.data, form.version.data)
        if outcome.ok:
            return done(_item_url(assessment_id, found.item), _("指摘事項を取り消しました。"))
        status = outcome.status
        form.at(found.version)
    shown = render_template(
        "assessments/withdraw.html",
        form=form,
        title=_("指摘事項を取り消す"),
        what=f"{found.number} {found.what}",
        back=_item_url(assessment_id, found.item),
        breadcrumbs=crumbs(view),
    )
    return shown, status if form.errors else 200


def _page(form: FindingForm, assessment_id: UUID, code: str, number: str) -> str:
    view, item = found_item(assessment_id, code)
    return render_template(
        "assessments/finding.html",
        form=form,
        view=view,
        code=code,
        number=number,
        question=rows.text(item.question, language()),
        back=_item_url(assessment_id, code),
        breadcrumbs=crumbs(view),
    )

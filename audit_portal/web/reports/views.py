"""Pages of reports: ordered, watched on their way, signed, downloaded."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.errors import Conflict, Invalid
from audit_portal.domain.evidence import content_disposition
from audit_portal.domain.report import FIELD_AUDITOR, FIELD_OFFICER
from audit_portal.services.accounts import signing_keys
from audit_portal.services.reports import reports
from audit_portal.services.reports.reports import ReportView
from audit_portal.web.context import context, done, told
from audit_portal.web.guard import Guarded
from audit_portal.web.reports import labels
from audit_portal.web.reports.forms import CreateForm, SignForm

pages = Guarded("reports", __name__)

_SIGNS = {FIELD_AUDITOR: Permission.REPORT_CERTIFY, FIELD_OFFICER: Permission.REPORT_COUNTERSIGN}


@pages.post("/assessments/<uuid:assessment_id>/reports", permission=Permission.REPORT_CREATE)
def create(assessment_id: UUID) -> Response:
    form = CreateForm()
    if not form.validate_on_submit():
        raise Invalid("report_language_wrong", field="language")
    report_id = reports.create(context(form), assessment_id, form.language.data)
    return done(url_for("reports.view", report_id=report_id), _("報告書の作成を始めました。"))


@pages.get("/reports/<uuid:report_id>", permission=Permission.REPORT_VIEW)
def view(report_id: UUID) -> tuple[str, int]:
    return _page(reports.get_report(context(), report_id), None)


@pages.post("/reports/<uuid:report_id>/sign/auditor", permission=Permission.REPORT_CERTIFY)
def certify(report_id: UUID) -> Response | tuple[str, int]:
    return _sign(report_id, FIELD_AUDITOR)


@pages.post("/reports/<uuid:report_id>/sign/officer", permission=Permission.REPORT_COUNTERSIGN)
def countersign(report_id: UUID) -> Response | tuple[str, int]:
    return _sign(report_id, FIELD_OFFICER)


def _sign(report_id: UUID, field: str) -> Response | tuple[str, int]:
    report = reports.get_report(context(), report_id)
    form, status = SignForm(), 422
    if form.validate_on_submit():
        with told(form) as ok:
            try:
                reports.sign(context(form), report_id, field, form.passphrase.data, form.version.data)
            except Conflict:  # somebody else was first
                status = 409
                raise
        if ok:
            return done(
                url_for("reports.view", report_id=report_id),
                _("署名しました。ポータルが時刻の証明を付けています。"),
            )
    if report.next_field != field:
        raise Conflict("report_not_awaiting", state=report.state.value)
    return _page(report, form, status)


def _may_sign(report: ReportView) -> bool:
    """The awaited signature is one this person may give."""
    field = report.next_field
    if field is None or not current_user.actor.may(_SIGNS[field]):
        return False
    return current_user.person.account_id not in {each.account_id for each in report.signatures}


def _page(report: ReportView, form: SignForm | None, status: int = 200) -> tuple[str, int]:
    signs = _may_sign(report)
    has_key = signs and any(each.usable for each in signing_keys.mine(context()))
    form = form or SignForm(formdata=None, version=report.version)
    form.version.data = form.version.data or report.version
    shown = render_template(
        "reports/view.html",
        report=report,
        form=form,
        signs=signs,
        has_key=has_key,
        steps_=labels.steps(report),
        labels=labels,
        sign_url=_sign_url(report),
        breadcrumbs=[
            (_("委託業務"), url_for("engagements.view", engagement_id=report.engagement_id)),
            (_("報告書"), None),
        ],
    )
    return shown, status


def _sign_url(report: ReportView) -> str:
    endpoint = "reports.certify" if report.next_field == FIELD_AUDITOR else "reports.countersign"
    return url_for(endpoint, report_id=report.id)


@pages.get("/reports/<uuid:report_id>/download", permission=Permission.REPORT_VIEW)
def download(report_id: UUID) -> Response:
    name, pdf = reports.download(context(), report_id)
    response = Response(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = content_disposition(name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response

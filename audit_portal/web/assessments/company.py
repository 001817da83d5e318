"""The vendor's answers for its whole company and its sites, over all its engagements."""

from __future__ import annotations

from flask import render_template
from flask_babel import gettext as _

from audit_portal.domain.access import Permission
from audit_portal.services.assessments import company_answers
from audit_portal.web.assessments import labels
from audit_portal.web.assessments.earlier import SCOPES
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context


@pages.get("/company-answers", permission=Permission.COMPANY_ANSWERS)
def company() -> str:
    return render_template(
        "assessments/company_answers.html",
        found=company_answers.listed(context()),
        labels=labels,
        scopes=SCOPES,
        title=_("会社共通の回答"),
        breadcrumbs=crumbs(),
    )

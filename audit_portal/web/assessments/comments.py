"""Comments on an item, under its answer."""

from __future__ import annotations

from uuid import UUID

from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services.assessments import comments
from audit_portal.web.assessments import rows
from audit_portal.web.assessments.items import PATH, comment_form, found_item, item_page
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.views import pages
from audit_portal.web.context import context, done


@pages.post(f"{PATH}/comments", permission=Permission.COMMENT_WRITE)
def comment(assessment_id: UUID, code: str) -> Response | tuple[str, int]:
    view, found = found_item(assessment_id, code)
    form, status = comment_form(view, found), 422
    if form.validate():
        with kept(form) as outcome:
            comments.write(
                context(form), assessment_id, code, form.text.data or "", form.shared.data == "shared"
            )
        if outcome.ok:
            return done(f"{rows.item_url(view, found)}#comments", _("コメントを書き込みました。"))
        status = outcome.status
    return item_page(view, found, comment=form), status

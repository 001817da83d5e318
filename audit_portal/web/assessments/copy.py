"""The dated copy of what was handed in, as a file that needs neither the portal nor a network."""

from __future__ import annotations

from uuid import UUID

from flask import Response, render_template, request
from flask_babel import format_datetime
from flask_babel import gettext as _

from audit_portal.domain.access import Permission
from audit_portal.domain.errors import NotFound
from audit_portal.domain.evidence import content_disposition
from audit_portal.services.assessments import copies
from audit_portal.web.assessments import labels, rows
from audit_portal.web.assessments.forms import language
from audit_portal.web.assessments.views import pages
from audit_portal.web.context import context


@pages.get("/assessments/<uuid:assessment_id>/copy", permission=Permission.COPY_READ)
def copy(assessment_id: UUID) -> Response:
    found = copies.get_copy(context(), assessment_id, _number())
    shown = render_template(
        "assessments/copy.html", copy=found, labels=labels, text=lambda both: rows.text(both, language())
    )
    response = Response(shown, mimetype="text/html")
    day = format_datetime(found.submitted_at, "yyyyMMdd")
    name = _("回答の控え_%(number)s_%(day)s.html", number=found.assessment_number, day=day)
    response.headers["Content-Disposition"] = content_disposition(name)
    response.headers["Cache-Control"] = "no-store"
    return response


def _number() -> int | None:
    """Which submission: `number` of the address; the newest without it."""
    typed = request.args.get("number", "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= 4):
        raise NotFound()
    return int(typed)

"""What the portal gave up on: mails and other work that an administrator can start again."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.services import jobs
from audit_portal.web import labels
from audit_portal.web.context import context, done
from audit_portal.web.guard import Guarded

pages = Guarded("jobs", __name__)


@pages.get("/jobs", permission=Permission.JOBS)
def listed() -> str:
    return render_template("jobs/listed.html", jobs=jobs.dead(context()), labels=labels)


@pages.post("/jobs/<uuid:job_id>/retry", permission=Permission.JOBS)
def retry(job_id: UUID) -> Response:
    jobs.retry(context(), job_id)
    return done(url_for("jobs.listed"), _("もう一度試します。"))

"""Evidence by itself: the way in, off an answer again, and out to who may read it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from flask import render_template
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.errors import Invalid
from audit_portal.domain.evidence import content_disposition
from audit_portal.services.evidence import evidence, evidence_reading, reuse
from audit_portal.web.context import context, done, house, told
from audit_portal.web.evidence.forms import ChooseForm, ReplaceForm
from audit_portal.web.evidence.places import item_url
from audit_portal.web.evidence.uploading import Target, abandon, replace, upload
from audit_portal.web.forms import PortalForm
from audit_portal.web.guard import Guarded
from audit_portal.web.lists import page_key, page_urls

pages = Guarded("evidence", __name__)
pages.teardown_request(abandon)

_ITEM = "/assessments/<uuid:assessment_id>/items/<code>/evidence"
pages.add_url_rule(_ITEM, "upload", upload, methods=["PUT", "POST"], permission=Permission.EVIDENCE_UPLOAD)

_REPLACE = f"{_ITEM}/<uuid:version_id>/replace"
pages.add_url_rule(
    _REPLACE, "replace", replace, methods=["PUT", "POST"], permission=Permission.EVIDENCE_UPLOAD
)


@pages.get(_REPLACE, permission=Permission.EVIDENCE_UPLOAD)
def replacement(assessment_id: UUID, code: str, version_id: UUID) -> str:
    name = evidence.replaceable(context(), assessment_id, code, version_id)
    target = Target(assessment_id, code, version_id)
    return render_template(
        "evidence/replace.html",
        name=name,
        upload_form=ReplaceForm(formdata=None),
        upload_url=target.url,
        evidence_max=house().settings.evidence_max,
        back=target.back,
    )


@pages.post(f"{_ITEM}/<uuid:version_id>/detach", permission=Permission.EVIDENCE_UPLOAD)
def detach(assessment_id: UUID, code: str, version_id: UUID) -> Response:
    form = PortalForm()
    evidence.detach(context(form), assessment_id, code, version_id)
    return done(item_url(assessment_id, code), _("この回答から資料を外しました。資料と記録は残っています。"))


@pages.route(f"{_ITEM}/choose", methods=["GET", "POST"], permission=Permission.EVIDENCE_UPLOAD)
def choose(assessment_id: UUID, code: str) -> str | Response | tuple[str, int]:
    """The files that the answering party handed in before; one of them is put under this answer."""
    form, status = ChooseForm(), 422
    page = reuse.choices(context(), assessment_id, code, page_key())
    if form.validate_on_submit():
        with told(form) as ok:
            name = reuse.attach(context(form), assessment_id, code, UUID(form.chosen.data))
        if ok:
            return done(item_url(assessment_id, code), _("「%(name)s」をこの項目にも使いました。", name=name))
        status = 409  # somebody was first, or there is no room
    shown = render_template(
        "evidence/choose.html",
        form=form,
        page=page,
        code=code,
        back=item_url(assessment_id, code),
        **page_urls("evidence.choose", page.next_key, assessment_id=assessment_id, code=code),
    )
    return shown, status if form.errors else 200


@pages.get("/evidence/<uuid:version_id>", permission=Permission.EVIDENCE_READ)
def download(version_id: UUID) -> Response:
    """The file as an attachment. A damaged one is a fault before the first byte, or a cut connection: never
    a whole answer with half the content."""
    found = evidence_reading.open_download(context(), version_id)
    pieces = evidence_reading.pieces(house(), found)
    try:
        first = next(pieces, b"")
    except Invalid as error:
        raise RuntimeError(f"evidence {version_id}: {error.code}") from error
    response = Response(_joined(first, pieces), mimetype=None, content_type=found.media_type)
    response.headers["Content-Length"] = str(found.size)
    response.headers["Content-Disposition"] = content_disposition(found.name)
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


def _joined(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest

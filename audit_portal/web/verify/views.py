"""The public page that checks a report. The file is read into memory, checked, and forgotten."""

from __future__ import annotations

import threading
from typing import Any, cast

from flask import jsonify, render_template, request
from flask_babel import gettext as _

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.domain.errors import Invalid
from audit_portal.domain.report import ReportCheck
from audit_portal.services.accounts import throttle
from audit_portal.services.reports import reports
from audit_portal.web import errors, formats, uploads
from audit_portal.web.context import client_address, house
from audit_portal.web.guard import Guarded
from audit_portal.web.messages import sentence
from audit_portal.web.uploads import Body, Fields, SealingRequest
from audit_portal.web.verify import words
from audit_portal.web.verify.forms import CheckForm

pages = Guarded("verify", __name__)

TRIES, WINDOW = 20, 600  # checks from one address in so many seconds
_at_once = threading.BoundedSemaphore(2)  # of a process: hostile files and slow lines take their time


@pages.route("/verify", methods=["GET", "POST"], permission=Permission.ANYONE)
def check() -> Any:
    form = CheckForm(formdata=None)
    if request.method != "POST":
        return _page(form, None)
    uploads.refuse_other_sites(request)
    if throttle.locked(house(), "verify", client_address(), most=TRIES):
        return errors.page(
            429,
            _("このページで続けて確かめられる回数を超えました。"),
            todo=_("10分ほど待ってから、もう一度お試しください。"),
        )
    throttle.count(house(), "verify", client_address(), seconds=WINDOW)
    if not _at_once.acquire(blocking=False):  # before the body: the other threads serve the portal's people
        return errors.page(
            503,
            _("ほかの報告書を確かめているところです。"),
            todo=_("1分ほど待ってから、もう一度お試しください。"),
        )
    try:
        found = _take(cast(SealingRequest, request).take_body())
    except Invalid as refusal:
        return _refused(form, refusal)
    finally:
        _at_once.release()
    return jsonify(words.as_json(found)) if errors.wants_json() else _page(form, found)


class _Memory:
    """Holds one file, up to the limit."""

    def __init__(self) -> None:
        self.content = bytearray()

    def write(self, data: bytes) -> None:
        if len(self.content) + len(data) > limits.REPORT_CHECK_BYTES:
            raise _too_large()
        self.content += data


def _too_large() -> Invalid:
    return Invalid("report_file_too_large", "file", limit=formats.size(limits.REPORT_CHECK_BYTES))


def _content(body: Body) -> bytes:
    """The PDF: a form's file, or for scripts the whole body as application/pdf."""
    if body.length > limits.REPORT_CHECK_BYTES + uploads.FORM_ROOM:
        raise _too_large()
    memory = _Memory()

    def open_file(_fields: Fields, _name: str) -> _Memory:
        return memory

    if request.mimetype == "application/pdf":
        for piece in body.pieces():
            memory.write(piece)
    else:
        uploads.read_form(request, body, open_file, "submit")
    if not memory.content:
        raise Invalid("file_needed", "file")
    return bytes(memory.content)


def _take(body: Body) -> ReportCheck:
    try:
        return reports.verify(house(), _content(body))
    except Invalid:
        body.drain()
        raise


def _refused(form: CheckForm, refusal: Invalid) -> Any:
    status = 413 if refusal.code == "report_file_too_large" else 422
    if errors.wants_json():
        return jsonify(error=sentence(refusal)), status
    form.add_error("file", sentence(refusal))
    return _page(form, None), status


def _page(form: CheckForm, found: ReportCheck | None) -> str:
    return render_template(
        "verify/check.html", form=form, found=found, words=words, most=limits.REPORT_CHECK_BYTES
    )

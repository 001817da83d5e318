"""Taking in one spreadsheet from a plain form: into memory, never to disk, two at a time in a process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import FileField, SubmitField

from audit_portal.domain import limits
from audit_portal.domain.errors import Invalid, PortalError, Unavailable
from audit_portal.web import formats, uploads
from audit_portal.web import widgets as ui
from audit_portal.web.forms import PortalForm
from audit_portal.web.language import choose
from audit_portal.web.messages import sentence
from audit_portal.web.uploads import Fields, SealingRequest

ACCEPT = ".xlsx,.csv,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet,text/csv"
_at_once = threading.BoundedSemaphore(2)  # hostile files take their time


class SheetForm(PortalForm):
    """The file comes last in the page: the token is read before its first byte."""

    file = FileField(
        _l("ファイル"),
        widget=ui.Files(False),
        description=_l("Excel（xlsx）かCSV。20 MB、1万行まで。パスワードとマクロは外してください。"),
        render_kw={"accept": ACCEPT},
    )
    upload = SubmitField(_l("内容を確認する"), widget=ui.Submit())


class AnswerFileForm(SheetForm):
    file = FileField(
        _l("回答を書き込んだファイル"),
        widget=ui.Files(False),
        description=_l("このページから保存したExcelファイル（xlsx）です。"),
        render_kw={"accept": ".xlsx"},
    )


@dataclass
class _Memory:
    name: str
    content: bytearray

    def write(self, data: bytes) -> None:
        if len(self.content) + len(data) > limits.SHEET_BYTES:
            raise Invalid("sheet_too_large", "file", limit=limits.SHEET_BYTES)
        self.content += data


def take(store: Callable[[str, bytes], None]) -> PortalError | None:
    """Reads the form's file and gives it to `store`; what is refused is returned, to be shown on the form.

    For a view exempt from the check of every form: the token is checked here.
    """
    uploads.refuse_other_sites(request)
    body = cast(SealingRequest, request).take_body()
    try:
        name, content = _read(body)
    except PortalError as refusal:
        body.drain()
        return refusal
    return _stored(store, name, content)


def _stored(store: Callable[[str, bytes], None], name: str, content: bytes) -> PortalError | None:
    if not _at_once.acquire(blocking=False):  # only now: a slow line holds up nobody
        return Unavailable("sheet_busy")
    try:
        store(name, content)
    except PortalError as refusal:
        return refusal
    finally:
        _at_once.release()
    return None


def _read(body: uploads.Body) -> tuple[str, bytes]:
    memory: list[_Memory] = []

    def open_file(fields: Fields, name: str) -> _Memory | None:
        uploads.require_token(fields.get("csrf_token"))
        if body.length > limits.SHEET_BYTES + uploads.FORM_ROOM:
            raise Invalid("sheet_too_large", "file", limit=limits.SHEET_BYTES)
        memory.append(_Memory(name, bytearray()))
        return memory[0] if name else None

    fields = uploads.read_form(request, body, open_file, "upload")
    if not memory:
        uploads.require_token(fields.get("csrf_token"))
    if not memory or not memory[0].content:
        raise Invalid("file_needed", "file")
    return memory[0].name, bytes(memory[0].content)


def said(refusal: PortalError) -> str:
    """The sentence, with a limit in bytes as people read it, and headings in the reader's language."""
    if refusal.code == "sheet_too_large":
        refusal.facts = {"limit": formats.size(limits.SHEET_BYTES)}
    elif refusal.code == "import_no_headings":
        headings = (each[choose()] for each in refusal.facts["headings"])
        refusal.facts = {"headings": _("、").join(headings)}
    return sentence(refusal)


def told(code: str, facts: Any) -> str:
    """The sentence of a flaw."""
    return sentence(PortalError(code, **facts))


def refused(form: SheetForm, refusal: PortalError) -> int:
    """Puts the refusal beside the file field; the status of the page."""
    form.add_error("file", said(refusal))
    if isinstance(refusal, Unavailable):
        return 503
    return 413 if refusal.code == "sheet_too_large" else 422

"""Taking in one file. Everything that can be refused is refused before its first byte is read.

PUT sends the file as the whole body, the other fields as a header, and is answered in JSON; POST is the plain
form of a browser without scripts. Either way the bytes go straight into the sealer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, cast
from uuid import UUID

from flask import flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException, LengthRequired
from werkzeug.wrappers import Response
from wtforms.widgets import HiddenInput

from audit_portal.domain.errors import Conflict, Invalid, Misconfigured, NotFound, PortalError, Unavailable
from audit_portal.domain.evidence import clean_file_name
from audit_portal.services import repeats
from audit_portal.services.evidence.evidence import Place, Upload
from audit_portal.services.house import Context
from audit_portal.web import formats, uploads
from audit_portal.web.context import context, done, house
from audit_portal.web.evidence.forms import ReplaceForm, UploadForm
from audit_portal.web.evidence.places import item_url
from audit_portal.web.evidence.targets import AnyTarget, Receiver
from audit_portal.web.forms import PortalForm
from audit_portal.web.messages import sentence
from audit_portal.web.uploads import Body, Fields, SealingRequest


class FormErrors(Exception):
    """Something beside the file is wrong; the form says what."""


def upload(assessment_id: UUID, code: str) -> Response | tuple[Any, int]:
    """One file for one item. A view: the permission was checked, the form's token was not yet."""
    return taken(Target(assessment_id, code))


def replace(assessment_id: UUID, code: str, version_id: UUID) -> Response | tuple[Any, int]:
    """A newer version in the place of one. A view like `upload`."""
    return taken(Target(assessment_id, code, version_id))


@dataclass(frozen=True)
class Target:
    """An item of an assessment; `replaces`: the version in whose place the file comes."""

    assessment_id: UUID
    code: str
    replaces: UUID | None = None
    template = "evidence/_upload.html"

    @property
    def once(self) -> bool:
        return self.replaces is not None

    @property
    def back_label(self) -> str:
        return _("送らずに項目へ戻る")

    @property
    def form_class(self) -> type[UploadForm]:
        return ReplaceForm if self.replaces else UploadForm

    @property
    def back(self) -> str:
        return item_url(self.assessment_id, self.code)

    @property
    def url(self) -> str:
        """Where the form is sent."""
        endpoint = "evidence.replace" if self.replaces else "evidence.upload"
        return url_for(endpoint, assessment_id=self.assessment_id, code=self.code, version_id=self.replaces)

    def known(self, ctx: Context) -> None:
        """The form has no field that must be filled: `Upload` says soon enough."""

    def open(self, ctx: Context, form: Any, name: str, expected: int | None) -> Upload:
        place = Place(self.assessment_id, self.code, form.observed.data, form.expires.data, self.replaces)
        return Upload(ctx, place, name, expected)

    def message(self, name: str) -> str:
        if self.replaces:
            return _("「%(name)s」を新しい版として差し替えました。前の版も残っています。", name=name)
        return _("「%(name)s」を添付しました。", name=name)


def taken(target: AnyTarget) -> Response | tuple[Any, int]:
    return _Put(target).answer() if request.method == "PUT" else _Post(target).answer()


def abandon(_error: BaseException | None = None) -> None:
    """At the end of the request: an upload that didn't finish leaves nothing behind."""
    unfinished: Receiver | None = g.pop("upload", None)
    if unfinished is not None:
        unfinished.abort()


class _Taking:
    """What both ways have in common."""

    def __init__(self, target: AnyTarget) -> None:
        self.target, self.back = target, target.back
        self.form: Any = target.form_class(formdata=None, meta={"csrf": False})
        self.name = ""

    def body(self) -> Body:
        return cast(SealingRequest, request).take_body()

    def read_fields(self, fields: Fields) -> None:
        """Raises FormErrors, and NotFound first."""
        self.target.known(context())
        self.form = self.target.form_class(formdata=fields, meta={"csrf": False})  # the token: by hand
        if not self.form.validate():
            raise FormErrors()

    def begin(self, name: str, expected: int | None) -> Receiver:
        self.name = clean_file_name(name)
        ctx = context(self.form)
        if self.target.once and ctx.idempotency_key and repeats.first_location(ctx, ctx.idempotency_key):
            # Else the version that this very form brought would be told as somebody else's.
            raise Conflict("already_done", key=ctx.idempotency_key)
        found = self.target.open(ctx, self.form, name, expected)
        g.upload = found
        return found

    @property
    def message(self) -> str:
        return self.target.message(self.name)


class _Put(_Taking):
    def answer(self) -> tuple[Any, int]:
        body: Body | None = None
        try:
            uploads.refuse_other_sites(request)
            uploads.require_token(request.headers.get("X-CSRFToken"))
            body = self.body()
            return self._take(body)
        except Exception as refusal:
            said = self._refused(refusal)
            if said is None:
                raise
            if body is not None:
                abandon()
                body.drain()
            return said

    def _take(self, body: Body) -> tuple[Any, int]:
        self.read_fields(uploads.header_fields(request))
        sink = self.begin(uploads.header_file_name(request), body.length)
        for piece in body.pieces():
            sink.write(piece)
        sink.finish()
        flash(self.message, "success")
        if key := g.get("idempotency_key"):
            repeats.remember_location(context(), key, self.back)
        return jsonify(location=self.back), 201

    def _refused(self, refusal: Exception) -> tuple[Any, int] | None:
        """None for what isn't a refusal but a fault."""
        if isinstance(refusal, PortalError):
            if refusal.code == "already_done":  # the answer to the first try was lost on its way
                return jsonify(location=self.back), 200
            return jsonify(error=said_of(refusal)), status_of(refusal)
        if isinstance(refusal, FormErrors):
            errors = [
                _("%(field)s：%(error)s", field=field.label.text, error=field.errors[0])
                for field in self.form
                if field.errors
            ]
            return jsonify(error=" ".join(errors)), 422
        if isinstance(refusal, LengthRequired):
            return jsonify(error=_("ファイルの大きさが分からない送り方は受け付けていません。")), 411
        if isinstance(refusal, CSRFError):
            return jsonify(
                error=_(
                    "ページを開いてから時間がたったため、受け付けられませんでした。ページを読み直してください。"
                )
            ), 400
        if isinstance(refusal, HTTPException):
            return jsonify(
                error=_("この送り方では受け取れません。ページを読み直してから、もう一度お試しください。")
            ), refusal.code or 400
        return None


class _Post(_Taking):
    def __init__(self, target: AnyTarget) -> None:
        super().__init__(target)
        self.length = 0
        self.token_checked = False

    def answer(self) -> Response | tuple[Any, int]:
        uploads.refuse_other_sites(request)
        body = self.body()
        self.length = body.length
        try:
            return self._take(body)
        except (FormErrors, NotFound, PortalError, HTTPException) as refusal:
            abandon()
            body.drain()
            if not isinstance(refusal, (FormErrors, PortalError)) or isinstance(refusal, NotFound):
                raise
            return self._refused(refusal)

    def _take(self, body: Body) -> Response:
        fields = uploads.read_form(request, body, self._open, self.form.attach.name)
        if not self.token_checked:  # no file part at all
            uploads.require_token(fields.get("csrf_token"))
            self.read_fields(fields)
        if g.get("upload") is None:
            raise Invalid("file_needed", field="file")
        g.upload.finish()
        return done(self.back, self.message)

    def _open(self, fields: Fields, name: str) -> Receiver | None:
        """Before the file's first byte: token, dates, size and the right to write this answer."""
        uploads.require_token(fields.get("csrf_token"))
        self.token_checked = True
        self.read_fields(fields)
        if not name:
            return None  # a file input left empty
        most = house().settings.evidence_max
        if self.length > most + uploads.FORM_ROOM:
            raise Invalid("file_too_large", field="file", name=clean_file_name(name), limit=most)
        return self.begin(name, None)

    def _refused(self, refusal: FormErrors | PortalError) -> Response | tuple[Any, int]:
        status = 422
        if isinstance(refusal, PortalError):
            if refusal.code == "already_done":
                return redirect(self.back, code=303)
            status = status_of(refusal)
            self.form.add_error(getattr(refusal, "field", None) or "file", said_of(refusal))
        return failed_page(self.form, self.target), status


def status_of(refusal: PortalError) -> int:
    if refusal.code == "file_too_large":
        return 413
    kinds = {NotFound: 404, Conflict: 409, Unavailable: 503, Misconfigured: 503, Invalid: 422}
    return next((status for kind, status in kinds.items() if isinstance(refusal, kind)), 403)


def said_of(refusal: PortalError) -> str:
    """The sentence, with a limit in bytes as people read it."""
    if "limit" in refusal.facts:
        refusal.facts = {**refusal.facts, "limit": formats.size(refusal.facts["limit"])}
    return sentence(refusal)


def failed_page(form: PortalForm, target: AnyTarget) -> str:
    """The form once more, with what was typed and what is wrong."""
    typed = {name: value for name, value in form.values().items() if name != "file"}
    again = target.form_class(formdata=None, data=typed)
    for field in form:
        if not isinstance(field.widget, HiddenInput):
            again[field.name].errors, again[field.name].raw_data = field.errors, field.raw_data
    again.form_errors = form.form_errors
    return render_template(
        "evidence/upload_failed.html",
        form=again,
        upload_form=again,
        upload_template=target.template,
        upload_url=target.url,
        evidence_max=house().settings.evidence_max,
        back=target.back,
        back_label=target.back_label,
    )

"""Sources of answers entered on behalf: registered, corrected, given their document."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.errors import NotFound
from audit_portal.domain.on_behalf import EntryState, SourceKind
from audit_portal.services.assessments import assessment_view, behalf_views, sources
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.assessments.behalf_views import EntryView, SourceView
from audit_portal.services.evidence.source_upload import SourceUpload
from audit_portal.services.house import Context
from audit_portal.web.assessments import behalf_labels
from audit_portal.web.assessments.behalf_forms import DocumentForm, SourceForm, source_data
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context, done, house
from audit_portal.web.evidence.uploading import abandon, taken

PATH = "/assessments/<uuid:assessment_id>/sources"
pages.teardown_request(abandon)


def _crumbs(view: AssessmentView) -> list[tuple[str, str]]:
    here = url_for("assessments.on_behalf", assessment_id=view.head.id)
    return [*crumbs(view), (_("代行入力"), here)]


@pages.route(f"{PATH}/new/<kind>", methods=["GET", "POST"], permission=Permission.BEHALF_ENTER)
def new_source(assessment_id: UUID, kind: str) -> Response | str | tuple[str, int]:
    if kind not in SourceKind.__members__.values():
        raise NotFound()
    sources.require_writable(context(), assessment_id)
    files = behalf_views.files(context(), assessment_id)
    form, status = SourceForm().of(SourceKind(kind), files), 422
    if form.validate_on_submit():
        with kept(form) as outcome:
            order = form.order()
            source_id = sources.register(context(form), assessment_id, order)
        if outcome.ok:
            return _registered(assessment_id, source_id, order.version_id is not None)
        status = outcome.status
    view = assessment_view.get_assessment(context(), assessment_id)
    shown = render_template(
        "assessments/source_new.html",
        form=form,
        kind=SourceKind(kind),
        head=view.head,
        behalf_labels=behalf_labels,
        breadcrumbs=_crumbs(view),
    )
    return shown, status if form.errors else 200


def _registered(assessment_id: UUID, source_id: UUID, complete: bool) -> Response:
    if complete:
        here = url_for("assessments.on_behalf", assessment_id=assessment_id)
        return done(here, _("原本を登録しました。項目ごとに転記してください。"))
    here = url_for("assessments.source", assessment_id=assessment_id, source_id=source_id, _anchor="document")
    return done(here, _("原本の内容を登録しました。次に、原本のファイルを送ってください。"))


@pages.route(f"{PATH}/<uuid:source_id>", methods=["GET", "POST"], permission=Permission.BEHALF_ENTER)
def source(assessment_id: UUID, source_id: UUID) -> Response | str | tuple[str, int]:
    entry = behalf_views.get_entry(context(), assessment_id)
    found = _source(entry, source_id)
    files = behalf_views.files(context(), assessment_id)
    stored = {} if request.method == "POST" else {"data": source_data(found)}
    form, status = SourceForm(**stored).of(found.kind, files), 422
    form.submit.label.text = _("内容を直す")
    form.file_there.choices = [("", _("いまのまま")), *list(form.file_there.choices)[1:]]
    if form.validate_on_submit():
        with kept(form) as outcome:
            sources.change(context(form), assessment_id, source_id, form.order(), form.version.data)
        if outcome.ok:
            here = url_for("assessments.on_behalf", assessment_id=assessment_id)
            return done(here, _("原本の内容を直しました。"))
        status = outcome.status
        form.version.data, form.version.raw_data = _again(assessment_id, source_id).version, None
    view = assessment_view.get_assessment(context(), assessment_id)
    shown = render_template(
        "assessments/source.html",
        form=form,
        source=found,
        head=view.head,
        open=entry.state is EntryState.TRANSCRIBING,
        behalf_labels=behalf_labels,
        upload_form=DocumentForm(formdata=None),
        upload_url=SourceTarget(assessment_id, source_id).url,
        evidence_max=house().settings.evidence_max,
        breadcrumbs=_crumbs(view),
    )
    return shown, status if form.errors else 200


def _source(entry: EntryView, source_id: UUID) -> SourceView:
    found = next((each for each in entry.sources if each.id == source_id), None)
    if found is None:
        raise NotFound()
    return found


def _again(assessment_id: UUID, source_id: UUID) -> SourceView:
    return _source(behalf_views.get_entry(context(), assessment_id), source_id)


@dataclass(frozen=True)
class SourceTarget:
    """A document on its way to a source; see web/evidence/uploading.py."""

    assessment_id: UUID
    source_id: UUID
    form_class = DocumentForm
    template = "assessments/_source_upload.html"
    once = False

    @property
    def back(self) -> str:
        return url_for("assessments.on_behalf", assessment_id=self.assessment_id)

    @property
    def back_label(self) -> str:
        return _("送らずに代行入力の画面へ戻る")

    @property
    def url(self) -> str:
        return url_for(
            "assessments.source_upload", assessment_id=self.assessment_id, source_id=self.source_id
        )

    def known(self, ctx: Context) -> None:
        """The form has no field that must be filled: `SourceUpload` says soon enough."""

    def open(self, ctx: Context, form: Any, name: str, expected: int | None) -> SourceUpload:
        return SourceUpload(ctx, self.assessment_id, self.source_id, name, expected)

    def message(self, name: str) -> str:
        return _("「%(name)s」を原本として登録しました。項目ごとに転記してください。", name=name)


def source_upload(assessment_id: UUID, source_id: UUID) -> Response | tuple[Any, int]:
    """A view: the permission was checked, the form's token was not yet."""
    return taken(SourceTarget(assessment_id, source_id))


pages.add_url_rule(
    f"{PATH}/<uuid:source_id>/document",
    "source_upload",
    source_upload,
    methods=["PUT", "POST"],
    permission=Permission.BEHALF_ENTER,
)

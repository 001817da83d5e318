"""The assessment as a file: saved, sent back, looked at, taken over."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.utils import redirect
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectMultipleField, SubmitField

from audit_portal.domain.access import Permission
from audit_portal.services.assessments import answer_sheets, assessment_view
from audit_portal.services.assessments.answer_sheets import Applied, Checked, Outcome
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.web import sheet_upload
from audit_portal.web import widgets as ui
from audit_portal.web.assessments import labels, rows
from audit_portal.web.assessments.forms import language
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.sheet_words import answer_words, file_words
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context, done
from audit_portal.web.downloads import attachment
from audit_portal.web.forms import PortalForm

PATH = "/assessments/<uuid:assessment_id>/file"


class TakeForm(PortalForm):
    sha256 = HiddenField()
    # What isn't known any more is passed over by the service, and shown again.
    overwrite = SelectMultipleField(choices=[], validate_choice=False)
    submit = SubmitField(widget=ui.Submit())


def _view(assessment_id: UUID) -> AssessmentView:
    return assessment_view.get_assessment(context(), assessment_id)


@pages.get(PATH, permission=Permission.ANSWER_WRITE)
def sheet(assessment_id: UUID) -> str:
    return _page(_view(assessment_id), sheet_upload.AnswerFileForm(formdata=None))


def _page(view: AssessmentView, form: sheet_upload.AnswerFileForm) -> str:
    return render_template(
        "assessments/file.html",
        view=view,
        head=view.head,
        form=form,
        open=[item for item in view.mine if item.editable],
        waits=answer_sheets.preview(context(), view.head.id, answer_words()) is not None,
        breadcrumbs=crumbs(view),
    )


@pages.get(f"{PATH}.xlsx", permission=Permission.ANSWER_WRITE)
def sheet_file(assessment_id: UUID) -> Response:
    view = _view(assessment_id)
    number, pieces = answer_sheets.export(context(), assessment_id, file_words(view))
    return attachment(pieces, f"{number}_{_('回答')}.xlsx")


@pages.post(PATH, permission=Permission.ANSWER_WRITE)
def sheet_send(assessment_id: UUID) -> Response | tuple[str, int]:
    """The token is checked inside: the body is read piece by piece."""
    view = _view(assessment_id)
    ctx = context()
    refusal = sheet_upload.take(lambda name, content: answer_sheets.upload(ctx, assessment_id, name, content))
    if refusal is None:
        return redirect(url_for("assessments.sheet_preview", assessment_id=assessment_id), 303)
    form = sheet_upload.AnswerFileForm(formdata=None)
    status = sheet_upload.refused(form, refusal)
    return _page(view, form), status


@pages.get(f"{PATH}/preview", permission=Permission.ANSWER_WRITE)
def sheet_preview(assessment_id: UUID) -> Response | str:
    view = _view(assessment_id)
    found = answer_sheets.preview(context(), assessment_id, answer_words())
    if found is None:
        return redirect(url_for("assessments.sheet", assessment_id=assessment_id), 303)
    return _preview(view, found, TakeForm(formdata=None, data={"sha256": found.sha256}))


def _preview(view: AssessmentView, found: Checked, form: TakeForm) -> str:
    return render_template(
        "assessments/file_preview.html",
        view=view,
        head=view.head,
        found=found,
        form=form,
        ticked=set(form.overwrite.data or ()),
        changed=found.of(Outcome.CHANGED),
        stale=found.of(Outcome.STALE),
        wrong=(*found.of(Outcome.WRONG), *found.of(Outcome.CLOSED)),
        same=found.of(Outcome.SAME),
        told=sheet_upload.told,
        text=lambda both: rows.text(both, language()),
        answers=labels.ANSWERS,
        breadcrumbs=crumbs(view),
    )


@pages.post(f"{PATH}/apply", permission=Permission.ANSWER_WRITE)
def sheet_apply(assessment_id: UUID) -> Response | tuple[str, int]:
    view = _view(assessment_id)
    form = TakeForm()
    here = url_for("assessments.sheet_preview", assessment_id=assessment_id)
    with kept(form) as outcome:
        ticked = frozenset(form.overwrite.data or ())
        sha256 = form.sha256.data or ""
        applied = answer_sheets.apply(context(form), assessment_id, sha256, answer_words(), ticked)
    if outcome.ok:
        return done(here if applied.left else _back(assessment_id), _result(applied), _mood(applied))
    found = answer_sheets.preview(context(), assessment_id, answer_words())
    if found is None:
        upload_form = sheet_upload.AnswerFileForm(formdata=None)
        for error in form.form_errors:
            upload_form.add_error("file", error)
        return _page(view, upload_form), outcome.status
    form.sha256.data = found.sha256
    return _preview(view, found, form), outcome.status


def _back(assessment_id: UUID) -> str:
    return url_for("assessments.view", assessment_id=assessment_id)


def _mood(applied: Applied) -> str:
    return "success" if applied.taken else "notice"


def _result(applied: Applied) -> str:
    said = ngettext(
        "%(num)d件の回答を取り込みました。", "%(num)d件の回答を取り込みました。", len(applied.taken)
    )
    if applied.left:
        said += _("次の項目は取り込んでいません：%(codes)s", codes=_("、").join(applied.left))
    return said


STREAMING: tuple[Any, ...] = (sheet_send,)

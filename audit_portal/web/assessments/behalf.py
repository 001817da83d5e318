"""Answers entered on behalf: the page of an entry, put before a second person, confirmed or given back."""

from __future__ import annotations

from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from audit_portal.domain.access import Permission
from audit_portal.domain.errors import Conflict, NotFound
from audit_portal.domain.on_behalf import EntryState, SourceKind
from audit_portal.services.assessments import assessment_view, behalf_views, confirming
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.assessments.behalf_views import EntryView
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.web.assessments import behalf_labels, beside_labels, labels, rows
from audit_portal.web.assessments.behalf_forms import ConfirmForm, GiveBackForm
from audit_portal.web.assessments.forms import VersionForm, language
from audit_portal.web.assessments.outcome import Outcome, kept
from audit_portal.web.assessments.rows import Line
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context, done

PATH = "/assessments/<uuid:assessment_id>/on-behalf"


@pages.get(PATH, permission=Permission.ENGAGEMENT_TIMELINE)
def on_behalf(assessment_id: UUID) -> str:
    view, entry = _found(assessment_id)
    return _page(view, entry)


def _found(assessment_id: UUID) -> tuple[AssessmentView, EntryView]:
    view = assessment_view.get_assessment(context(), assessment_id)
    return view, behalf_views.get_entry(context(), assessment_id)


def _page(view: AssessmentView, entry: EntryView, trouble: dict[str, object] | None = None) -> str:
    form = VersionForm(formdata=None)
    form.at(entry.version)
    left = [item for item in view.behalf if item.behalf_left]
    return render_template(
        "assessments/on_behalf.html",
        view=view,
        head=view.head,
        entry=entry,
        form=form,
        trouble=trouble,
        kinds=list(SourceKind),
        ready=any(each.version_id for each in entry.sources),
        lines=[_line(view, item) for item in view.behalf],
        left=left,
        first=rows.item_url(view, left[0]) if left else None,
        labels=labels,
        behalf_labels=behalf_labels,
        breadcrumbs=crumbs(view),
    )


def _line(view: AssessmentView, item: ItemView) -> Line:
    """As who transcribes sees it."""
    note = behalf_labels.transcribed(item.transcribed) if item.transcribed else ""
    status, colour = _("転記済み"), "green"
    if item.behalf_left and item.returned_note:
        status, colour, note = _("差戻し"), "red", _("差戻し：%(note)s", note=item.returned_note)
    elif item.behalf_left and item.value:
        status, colour, note = _("不足あり"), "yellow", str(labels.MISSING[item.missing or "unanswered"])
    elif item.behalf_left:
        status, colour = _("未転記"), "grey"
    elif item.value is None:
        status, colour = _("任意"), "grey"
    return Line(
        item.code, rows.text(item.question, language()), rows.item_url(view, item), note, status, colour
    )


@pages.post(f"{PATH}/ask", permission=Permission.BEHALF_ENTER)
def ask_confirmation(assessment_id: UUID) -> Response | tuple[str, int]:
    form, outcome = VersionForm(), Outcome()
    if form.validate():
        with kept(form) as outcome:
            confirming.ask(context(form), assessment_id, form.version.data)
        if outcome.ok:
            return done(
                url_for("assessments.on_behalf", assessment_id=assessment_id),
                _("照合を依頼しました。転記した人とは別の担当者が、原本と見比べます。"),
            )
    view, entry = _found(assessment_id)
    return _page(view, entry, _trouble(view, form, outcome)), outcome.status if outcome.refusal else 422


def _trouble(view: AssessmentView, form: VersionForm, outcome: Outcome) -> dict[str, object]:
    items = {item.code: item for item in view.items}
    lines = [
        (
            f"{each.item_id} {rows.text(items[each.item_id].question, language())}",
            rows.item_url(view, items[each.item_id]),
            str(labels.MISSING[each.reason]),
        )
        for each in outcome.blockers
        if each.item_id in items
    ]
    what = next(iter(form.form_errors), _("この画面を開き直してから、もう一度お試しください。"))
    return {"what": what, "lines": lines}


@pages.route(f"{PATH}/confirm", methods=["GET", "POST"], permission=Permission.BEHALF_CONFIRM)
def confirm_behalf(assessment_id: UUID) -> Response | str | tuple[str, int]:
    view, entry = _to_confirm(assessment_id)
    if request.method == "GET":
        return _confirm_page(view, entry)
    form, status = ConfirmForm(), 422
    if form.validate():
        with kept(form) as outcome:
            handed_in = confirming.confirm(
                context(form), assessment_id, form.version.data, form.seen.data or ""
            )
        if outcome.ok:
            said = (
                _("原本と一致していることを確認し、回答を提出しました。転記した人とは別の人が審査します。")
                if handed_in
                else _("原本と一致していることを確認しました。委託先が残りの項目に答えて、提出します。")
            )
            return done(url_for("assessments.view", assessment_id=assessment_id), said)
        status = outcome.status
    view, entry = _found(assessment_id)
    return _confirm_page(view, entry, confirm=form), status


def _to_confirm(assessment_id: UUID) -> tuple[AssessmentView, EntryView]:
    """Raises NotFound without an entry, Conflict when there is nothing to confirm now."""
    view, entry = _found(assessment_id)
    if entry.state is None:
        raise NotFound()
    if entry.state is not EntryState.TO_CONFIRM and request.method == "GET":
        raise Conflict("entry_moved_on", state=entry.state.value)
    return view, entry


@pages.post(f"{PATH}/give-back", permission=Permission.BEHALF_CONFIRM)
def return_transcribed(assessment_id: UUID) -> Response | tuple[str, int]:
    view, entry = _to_confirm(assessment_id)
    form, status = _give_back_form(view, entry, GiveBackForm()), 422
    if form.validate():
        with kept(form) as outcome:
            confirming.give_back(
                context(form), assessment_id, form.items.data or [], form.note.data or "", form.version.data
            )
        if outcome.ok:
            return done(
                url_for("assessments.on_behalf", assessment_id=assessment_id),
                _("転記した人に差し戻しました。"),
            )
        status = outcome.status
    return _confirm_page(view, entry, back=form), status


def _give_back_form(view: AssessmentView, entry: EntryView, form: GiveBackForm) -> GiveBackForm:
    form.items.choices = [
        (code, f"{code} {rows.text(view.item(code).question, language())}") for code in entry.items
    ]
    return form


def _confirm_page(
    view: AssessmentView,
    entry: EntryView,
    confirm: ConfirmForm | None = None,
    back: GiveBackForm | None = None,
) -> str:
    confirming_form = confirm or ConfirmForm(formdata=None)
    confirming_form.at(entry.version)
    confirming_form.seen.data = entry.seen
    giving_back = back or _give_back_form(view, entry, GiveBackForm(formdata=None))
    giving_back.at(entry.version)
    return render_template(
        "assessments/confirm_behalf.html",
        view=view,
        head=view.head,
        entry=entry,
        items=[view.item(code) for code in entry.items],
        text=lambda both: rows.text(both, language()),
        confirm_form=confirming_form,
        back_form=giving_back,
        form=back or confirming_form,
        labels=labels,
        behalf_labels=behalf_labels,
        words=beside_labels,
        breadcrumbs=[
            *crumbs(view),
            (_("代行入力"), url_for("assessments.on_behalf", assessment_id=view.head.id)),
        ],
    )

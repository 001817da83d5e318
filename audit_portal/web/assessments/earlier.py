"""Earlier answers, shown again to be confirmed: one by one, or all of the company's at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import Field, HiddenField

from audit_portal.domain.access import Permission
from audit_portal.domain.carried import SHARED
from audit_portal.domain.checklist import Scope
from audit_portal.services.assessments import assessment_view, carrying, former
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.assessments.carrying import Confirmed
from audit_portal.services.assessments.former import Former
from audit_portal.web.assessments import labels, rows
from audit_portal.web.assessments.forms import language
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context, done
from audit_portal.web.forms import PortalForm

SCOPES: Mapping[Scope, Any] = {
    Scope.COMPANY: _l("会社共通"),
    Scope.SITE: _l("拠点共通"),
    Scope.ENGAGEMENT: _l("この委託業務"),
}


class _Seen(Field):
    """Hidden values, drawn by the template; read below."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = list(valuelist)


class EarlierForm(PortalForm):
    """`seen`: each earlier answer as it stood on the page. `only`: the one item whose button was pressed."""

    seen = _Seen()
    only = HiddenField()
    next = HiddenField()  # "item": on to the next item, as after saving one

    def wanted(self) -> list[Confirmed] | None:
        """What was pressed; None when it can't be read."""
        try:
            found = [_read(each) for each in self.seen.data or ()]
        except ValueError:
            return None
        return [each for each in found if self.only.data in (None, "", each.item)]


def seen(view: AssessmentView, each: Former) -> str:
    """An earlier answer beside the item as the person sees both, for the form."""
    return f"{each.code}.{view.item(each.code).version}.{each.given_id.hex}.{each.answer_version}"


def _read(text: str) -> Confirmed:
    code, version, given_id, given_version = text.split(".")
    return Confirmed(code, int(version), UUID(hex=given_id), int(given_version))


@pages.route(
    "/assessments/<uuid:assessment_id>/earlier", methods=["GET", "POST"], permission=Permission.ANSWER_WRITE
)
def earlier(assessment_id: UUID) -> str | Response | tuple[str, int]:
    view = assessment_view.get_assessment(context(), assessment_id)
    form, status = EarlierForm(), 422
    if not form.is_submitted():
        return _page(view, form)
    wanted = form.wanted() if form.validate() else None
    if wanted is None:
        form.add_error(None, _("この画面を開き直してから、もう一度お試しください。"))
        return _page(view, form), 422
    with kept(form) as outcome:
        confirmed = carrying.confirm(context(form), assessment_id, wanted)
    if outcome.ok:
        return done(_behind(assessment_id, form), _told(confirmed))
    status = outcome.status
    return _page(assessment_view.get_assessment(context(), assessment_id), form), status


def _told(items: tuple[str, ...]) -> str:
    if len(items) == 1:
        return _("%(code)s は前回と同じであると確認しました。", code=items[0])
    return _("%(count)s件が前回と同じであると確認しました。", count=len(items))


def _behind(assessment_id: UUID, form: EarlierForm) -> str:
    """To the next open item from an item's page; else the list again while something is left on it."""
    ctx = context(form)  # the form's key leads here again, should it be sent twice
    view = assessment_view.get_assessment(ctx, assessment_id)
    if form.next.data == "item" and form.only.data:
        following = rows.after(rows.open_items(view), form.only.data, view.items)
        if following is not None:
            return rows.item_url(view, following)
    elif former.offered_count(ctx, view):
        return url_for("assessments.earlier", assessment_id=assessment_id)
    return url_for("assessments.view", assessment_id=assessment_id)


def _page(view: AssessmentView, form: EarlierForm) -> str:
    found = former.offered(context(), view)
    fresh = EarlierForm(formdata=None)
    return render_template(
        "assessments/earlier.html",
        view=view,
        head=view.head,
        form=form,
        fresh=fresh,
        shared=_lines(view, (each for each in found if each.scope in SHARED)),
        others=_lines(view, (each for each in found if each.scope not in SHARED)),
        labels=labels,
        scopes=SCOPES,
        breadcrumbs=crumbs(view),
    )


def _lines(view: AssessmentView, found: Iterable[Former]) -> list[tuple[Former, str, str, str, bool]]:
    """Each with its question, its address, what the form says of it, and whether a document has to be added."""
    made = []
    for each in found:
        item = view.item(each.code)
        lacks = item.evidence_needed and not any(not file.expired for file in each.files)
        title = rows.text(item.question, language())
        made.append((each, title, rows.item_url(view, item), seen(view, each), lacks))
    return made


def beside(view: AssessmentView, code: str) -> dict[str, Any]:
    """What the page of an item needs for assessments/_former.html."""
    found = former.beside(context(), view, code)
    may = found.former is not None and found.former.confirmable
    return {
        "earlier": found,
        "scopes": SCOPES,
        "confirm_form": EarlierForm(formdata=None) if may else None,
        "confirm_seen": seen(view, found.former) if found.former and may else "",
    }

"""More time: asked for by the vendor, granted or refused by the officer, on one page that both see."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, SubmitField, TextAreaField
from wtforms.validators import UUID as IsUuid
from wtforms.validators import InputRequired, Length, Optional

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.services.assessments import assessment_view, more_time
from audit_portal.services.assessments.more_time import TimeDesk, Verdict
from audit_portal.web import widgets as ui
from audit_portal.web.assessments import labels
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context, done, house
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required

PATH = "/assessments/<uuid:assessment_id>/more-time"


class AskForm(PortalForm):
    wanted_on = YmdField(_l("いつまで延ばしてほしいか"), [Required(_l("希望する期限を入力してください"))])
    reason = TextAreaField(
        _l("理由"),
        [Required(_l("理由を書いてください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("依頼元の担当者が読みます。"),
        render_kw={"rows": 4},
    )
    ask = SubmitField(_l("延長を申請する"), widget=ui.Submit())


class DecideForm(PortalForm):
    request_id = HiddenField(validators=[InputRequired(), IsUuid()])
    outcome = RadioField(
        _l("どうするか"),
        [Required(_l("認めるかどうかを選んでください"))],
        widget=ui.Radios(),
        choices=[("grant", _l("認める")), ("refuse", _l("認めない"))],
    )
    granted_on = YmdField(
        _l("新しい回答期限"),
        [Optional()],
        description=_l("認めるときに使われます。希望と別の日にもできます。"),
    )
    answer = TextAreaField(
        _l("委託先に伝えること"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("認めないときは、理由を必ず書いてください。"),
        render_kw={"rows": 3},
    )
    decide = SubmitField(_l("委託先に答える"), widget=ui.Submit())

    def verdict(self) -> Verdict:
        grants = self.outcome.data == "grant"
        return Verdict(self.granted_on.data if grants else None, self.answer.data or "")

    def date_is_missing(self) -> bool:
        return bool(self.outcome.data == "grant" and self.granted_on.data is None)


def _page(assessment_id: UUID, ask: AskForm | None = None, decide: DecideForm | None = None) -> str:
    ctx = context()
    view = assessment_view.get_assessment(ctx, assessment_id)
    desk = more_time.desk(ctx, assessment_id)
    return render_template(
        "assessments/more_time.html",
        view=view,
        head=view.head,
        desk=desk,
        form=ask or decide,
        ask_form=ask or (AskForm(formdata=None) if desk.can_ask else None),
        decide_form=decide or _fresh(desk),
        labels=labels,
        today=house().today(),
        breadcrumbs=crumbs(view),
    )


def _fresh(desk: TimeDesk) -> DecideForm | None:
    if not desk.can_decide or desk.open is None:
        return None
    data: dict[str, Any] = {"request_id": str(desk.open.id), "granted_on": desk.open.wanted_on}
    return DecideForm(formdata=None, data=data)


@pages.get(PATH, permission=Permission.ASSESSMENT_VIEW)
def more_time_page(assessment_id: UUID) -> str:
    return _page(assessment_id)


@pages.post(PATH, permission=Permission.TIME_ASK)
def ask_time(assessment_id: UUID) -> Response | tuple[str, int]:
    assessment_view.get_assessment(context(), assessment_id)
    form, status = AskForm(), 422
    if form.validate():
        wanted_on: Any = form.wanted_on.data
        with kept(form) as outcome:
            more_time.ask(context(form), assessment_id, wanted_on, form.reason.data or "")
        if outcome.ok:
            return _back(assessment_id, _("期限の延長を申請しました。答えはメールで届きます。"))
        status = outcome.status
    return _page(assessment_id, ask=form), status


@pages.post(f"{PATH}/decision", permission=Permission.TIME_DECIDE)
def decide_time(assessment_id: UUID) -> Response | tuple[str, int]:
    assessment_view.get_assessment(context(), assessment_id)
    form, status = DecideForm(), 422
    fits = form.validate()
    if form.date_is_missing() and not form.granted_on.errors:
        form.add_error("granted_on", _("新しい回答期限を入力してください"))
    elif fits:
        with kept(form) as outcome:
            more_time.decide(context(form), assessment_id, UUID(str(form.request_id.data)), form.verdict())
        if outcome.ok:
            return _back(assessment_id, _("委託先に答えました。メールで知らせます。"))
        status = outcome.status
    return _page(assessment_id, decide=form), status


def _back(assessment_id: UUID, message: str) -> Response:
    return done(url_for("assessments.more_time_page", assessment_id=assessment_id), message)

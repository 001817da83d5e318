"""The page on which a decision taken outside (稟議) is entered with its paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import FileField, StringField, SubmitField, TextAreaField
from wtforms.validators import Length

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.domain.outside import OutsideFacts
from audit_portal.services.decisions import gates
from audit_portal.services.decisions.outside import OutsideUpload
from audit_portal.services.engagements import engagements
from audit_portal.services.house import Context
from audit_portal.web import widgets as ui
from audit_portal.web.context import context, house
from audit_portal.web.decisions import labels
from audit_portal.web.decisions.views import crumbs, pages
from audit_portal.web.evidence.forms import ACCEPT
from audit_portal.web.evidence.uploading import abandon, taken
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required

pages.teardown_request(abandon)
_RULE = "/engagements/<uuid:engagement_id>/decisions/outside"


class OutsideForm(PortalForm):
    """The file comes last in the page: its view reads the other fields before the file's first byte."""

    number = StringField(
        _l("稟議の番号"),
        [Required(_l("稟議の番号を入力してください")), Length(max=limits.NUMBER)],
        widget=ui.Text(),
    )
    approver = StringField(
        _l("決裁した人"),
        [Required(_l("決裁した人を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
    )
    approver_title = StringField(
        _l("決裁した人の職名"),
        [Required(_l("決裁した人の職名を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
    )
    decided_on = YmdField(_l("決裁した日"), [Required(_l("決裁した日を入力してください"))])
    reason = TextAreaField(
        _l("申請の理由"),
        [Required(_l("申請の理由を入力してください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("確認する人が、書類と照らし合わせるために知っておくことを書いてください。"),
        render_kw={"rows": 4},
    )
    file = FileField(
        _l("稟議の書類"),
        widget=ui.Files(False),
        description=_l("決裁が済んだことが分かる書類です。委託先には見えません。"),
        render_kw={"accept": ACCEPT},
    )
    attach = SubmitField(_l("書類を送って確認を依頼する"), widget=ui.Submit())

    def facts(self) -> OutsideFacts:
        day: Any = self.decided_on.data
        return OutsideFacts(
            self.number.data or "",
            self.approver.data or "",
            self.approver_title.data or "",
            day,
            self.reason.data or "",
        )


@dataclass(frozen=True)
class OutsideTarget:
    """A paper on its way to a decision; see web/evidence/uploading.py."""

    engagement_id: UUID
    form_class = OutsideForm
    template = "decisions/_outside_form.html"
    once = True

    @property
    def back(self) -> str:
        return url_for("engagements.view", engagement_id=self.engagement_id, _anchor="decisions")

    @property
    def back_label(self) -> str:
        return _("送らずに委託業務の画面へ戻る")

    @property
    def url(self) -> str:
        return url_for("decisions.outside", engagement_id=self.engagement_id)

    def known(self, ctx: Context) -> None:
        engagements.get_engagement(ctx, self.engagement_id)

    def open(self, ctx: Context, form: Any, name: str, expected: int | None) -> OutsideUpload:
        return OutsideUpload(ctx, self.engagement_id, form.facts(), name, expected)

    def message(self, name: str) -> str:
        return _("稟議の書類「%(name)s」を保管し、確認を依頼しました。", name=name)


def outside(engagement_id: UUID) -> Response | tuple[Any, int]:
    """The paper with what it says. A view: the permission was checked, the form's token was not yet."""
    return taken(OutsideTarget(engagement_id))


pages.add_url_rule(_RULE, "outside", outside, methods=["PUT", "POST"], permission=Permission.DECISION_REQUEST)


@pages.get(_RULE, permission=Permission.DECISION_REQUEST)
def new_outside(engagement_id: UUID) -> str:
    work = engagements.get_engagement(context(), engagement_id)
    return render_template(
        "decisions/outside.html",
        work=work,
        gate=gates.gate(context(), engagement_id),
        labels=labels,
        upload_form=OutsideForm(formdata=None),
        upload_url=OutsideTarget(engagement_id).url,
        evidence_max=house().settings.evidence_max,
        breadcrumbs=crumbs(work),
    )

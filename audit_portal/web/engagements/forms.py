"""Small forms of engagements: who is on it, and a finding on a cloud service."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import FileField, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import Length

from audit_portal.domain import limits
from audit_portal.domain.cloud import Determination
from audit_portal.services.engagements.cloud import CloudFacts
from audit_portal.services.engagements.engagements import PersonView
from audit_portal.web import fact_labels
from audit_portal.web import labels as people_labels
from audit_portal.web import widgets as ui
from audit_portal.web.evidence.forms import ACCEPT
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required


class AssignForm(PortalForm):
    person = SelectField(
        _l("割り当てる人"), [Required(_l("割り当てる人を選んでください"))], widget=ui.Select()
    )
    submit = SubmitField(_l("割り当てる"), widget=ui.Submit())

    def offer(self, people: tuple[PersonView, ...]) -> None:
        self.person.choices = [
            ("", _l("選んでください")),
            *(
                (
                    str(each.id),
                    _l("%(name)s（%(roles)s）", name=each.name, roles=people_labels.roles(each.roles)),
                )
                for each in people
            ),
        ]

    def account_id(self) -> UUID:
        return UUID(self.person.data)


class CloudDocumentForm(PortalForm):
    """One file, last in the page."""

    file = FileField(
        _l("判定の資料"),
        widget=ui.Files(False),
        description=_l(
            "確かめた日の規約、契約書、設定画面の写しなどです。PDF、画像、Excel、Word、PowerPoint、CSV、テキスト。パスワードとマクロは外してください。"
        ),
        render_kw={"accept": ACCEPT},
    )
    attach = SubmitField(_l("資料を送る"), widget=ui.Submit())


class CloudForm(PortalForm):
    service = StringField(
        _l("クラウドサービスの名称と事業者"),
        [Required(_l("サービスの名称と事業者を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
    )
    outcome = RadioField(
        _l("事業者は、預けた個人データを取り扱うか"),
        [Required(_l("取り扱うかどうかを選んでください"))],
        widget=ui.Radios(),
        choices=[(each.value, label) for each, label in fact_labels.DETERMINATIONS.items()],
        description=_l(
            "保守で中を見られる、分析などに使える、と規約にあれば「取り扱う」です。迷うときも「取り扱う」にします。"
        ),
    )
    terms = TextAreaField(
        _l("規約・契約に何と書いてあるか"),
        [Required(_l("規約・契約の定めを入力してください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        render_kw={"rows": 4},
        description=_l("条番号と、個人データを取り扱わない旨（または取り扱う旨）の要点を書きます。"),
    )
    access_control = TextAreaField(
        _l("事業者が中身に触れないための制御"),
        [Required(_l("アクセス制御の内容を入力してください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        render_kw={"rows": 4},
        description=_l("例：当社が鍵を持つ暗号化、保守の際も閲覧できない権限設定、操作の記録。"),
    )
    source = StringField(
        _l("確かめた資料"),
        [Required(_l("確かめた資料を入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("資料の名称、版や日付、掲載されている場所です。"),
    )
    determined_on: Any = YmdField(_l("確かめた日"), [Required(_l("確かめた日を入力してください"))])
    determined_by = StringField(
        _l("確かめた人（氏名と役職）"),
        [Required(_l("確かめた人を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
    )
    submit = SubmitField(_l("判定を記録する"), widget=ui.Submit())
    shown = ("service", "outcome", "terms", "access_control", "source", "determined_on", "determined_by")

    def facts(self) -> CloudFacts:
        return CloudFacts(
            outcome=Determination(self.outcome.data),
            service=self.service.data,
            terms=self.terms.data,
            access_control=self.access_control.data,
            source=self.source.data,
            determined_on=self.determined_on.data,
            determined_by=self.determined_by.data,
        )

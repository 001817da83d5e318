"""Forms of a vendor's next lead: what a contact confirmed, and the second person's word."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from audit_portal.domain import limits
from audit_portal.domain.access import Role
from audit_portal.domain.lead_change import Means
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.services.handovers.lead_change_views import LeadChangeView
from audit_portal.services.handovers.lead_changes import Choices, Confirmation
from audit_portal.web import handover_labels as labels
from audit_portal.web import widgets as ui
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required
from audit_portal.web.language import LANGUAGES
from audit_portal.web.look import language_name

_NOBODY = "none"


class LeadForm(PortalForm):
    leaving = SelectField(
        _l("交代する責任者"), [Required(_l("交代する責任者を選んでください"))], widget=ui.Select()
    )
    contact = RadioField(
        _l("確かめた窓口"),
        [Required(_l("確かめた窓口を選んでください"))],
        widget=ui.Radios(),
        description=_l(
            "契約を担当する窓口として、前から登録されている人です。届いたメールなどに書かれた連絡先は使いません。"
        ),
    )
    means = RadioField(
        _l("確かめた方法"),
        [Required(_l("確かめた方法を選んでください"))],
        widget=ui.Radios(),
        choices=[(each.value, labels.MEANS[each]) for each in Means],
    )
    confirmed_on = YmdField(_l("確かめた日"), [Required(_l("確かめた日を入力してください"))])
    note = TextAreaField(
        _l("確かめた内容"),
        [Required(_l("確かめた内容を書いてください")), Length(max=limits.TEXT)],
        widget=ui.TextArea(),
        description=_l("例：前任の退職と、後任の氏名・メールアドレスを確認した"),
    )
    name = StringField(
        _l("新しい責任者の氏名"),
        [Required(_l("新しい責任者の氏名を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
    )
    email = EmailField(
        _l("新しい責任者のメールアドレス"),
        [Required(_l("新しい責任者のメールアドレスを入力してください")), Length(max=limits.EMAIL)],
        widget=ui.Email(),
        description=_l(
            "2人目の確認のあとで、ここに招待メールを送ります。すでに使っている担当者のアドレスなら、その人が責任者になります。"
        ),
        render_kw={"autocomplete": "off"},
    )
    department = StringField(_l("部署（任意）"), [Length(max=limits.NAME)], widget=ui.Text())
    language = SelectField(
        _l("メールと画面の言語"),
        widget=ui.Select(),
        choices=[(code, language_name(code)) for code in LANGUAGES],
        default="ja",
    )
    submit = SubmitField(_l("確認を記録して、2人目に回す"), widget=ui.Submit())

    def __init__(self, found: Choices) -> None:
        super().__init__()
        leads = [
            (
                str(each.id),
                _("%(name)s（利用は終了済み）", name=each.name)
                if each.over
                else f"{each.name} ({each.about})",
            )
            for each in found.leads
        ]
        self.leaving.choices = [
            ("", _l("選んでください")),
            *leads,
            (_NOBODY, _l("交代はなく、責任者を1人増やす")),
        ]
        self.contact.choices = [
            (str(each.id), f"{each.name} ({each.about})" if each.about else each.name)
            for each in found.contacts
        ]

    def leaving_id(self) -> UUID | None:
        return None if self.leaving.data == _NOBODY else UUID(self.leaving.data)

    def confirmation(self) -> Confirmation:
        """What was noted; the form has been validated."""
        confirmed_on: Any = self.confirmed_on.data
        note = self.note.data or ""
        return Confirmation(UUID(self.contact.data), Means(self.means.data), confirmed_on, note)

    def person(self) -> NewPerson:
        return NewPerson(
            name=self.name.data or "",
            email=self.email.data or "",
            roles=frozenset({Role.VENDOR_LEAD}),
            department=self.department.data or "",
            language=self.language.data,
        )


class SettleLeadForm(PortalForm):
    version = IntegerField(validators=[Optional()], widget=HiddenInput())
    outcome = RadioField(
        _l("確かめた結果"),
        [Required(_l("認めるかどうかを選んでください"))],
        widget=ui.Radios(),
        choices=[("agree", ""), ("refuse", "")],  # worded by `about`
    )
    answer = StringField(_l("理由（認めないとき）"), [Length(max=limits.LINE)], widget=ui.Text())
    submit = SubmitField(_l("決める"), widget=ui.Submit())

    def about(self, row: LeadChangeView) -> SettleLeadForm:
        """Says what agreeing does."""
        if row.joined and row.leaving:
            agree = _("認める。%(name)s さんを責任者にし、前の責任者の利用を終える", name=row.colleague)
        elif row.joined:
            agree = _("認める。%(name)s さんを責任者にする", name=row.colleague)
        elif row.leaving:
            agree = _("認める。新しい責任者を招待し、前の責任者の利用を終える")
        else:
            agree = _("認める。新しい責任者を招待する")
        self.outcome.choices = [("agree", agree), ("refuse", _("認めない"))]
        return self

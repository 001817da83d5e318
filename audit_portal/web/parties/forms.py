"""Forms of the vendor register."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, IntegerField, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import HiddenInput

from audit_portal.domain import limits
from audit_portal.services.parties import PartyFacts
from audit_portal.web import labels
from audit_portal.web import widgets as ui
from audit_portal.web.forms import PortalForm, Required


def _line(label: Any, limit: int, **more: Any) -> StringField:
    return StringField(label, [Length(max=limit)], widget=ui.Text(), **more)


class PartyForm(PortalForm):
    name = StringField(
        _l("会社名"), [Required(_l("会社名を入力してください")), Length(max=limits.NAME)], widget=ui.Text()
    )
    kana = StringField(
        _l("会社名のカナ"),
        [Required(_l("会社名のカナを入力してください")), Length(max=limits.KANA)],
        widget=ui.Text(),
        description=_l("「株式会社」などを除いた読みです。一覧はこの順に並びます。"),
    )
    corporate_number = _line(
        _l("法人番号（任意）"),
        limits.NUMBER,
        description=_l("13桁の数字です。"),
        render_kw={"inputmode": "numeric", "classes": "govuk-input--width-20"},
    )
    country = SelectField(_l("国・地域"), widget=ui.Select(), default="JP")
    address = _line(_l("所在地（任意）"), limits.LINE)
    contact_name = _line(_l("窓口の氏名（任意）"), limits.NAME)
    contact_department = _line(_l("窓口の部署（任意）"), limits.NAME)
    contact_email = EmailField(
        _l("窓口のメールアドレス（任意）"),
        [Length(max=limits.EMAIL)],
        widget=ui.Email(),
        render_kw={"autocomplete": "off"},
    )
    contact_phone = _line(
        _l("窓口の電話番号（任意）"), limits.PHONE, render_kw={"classes": "govuk-input--width-20"}
    )
    submit = SubmitField(_l("登録する"), widget=ui.Submit())

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        self.country.choices = labels.countries()

    def facts(self) -> PartyFacts:
        # A field left out of a made-up post is as good as an empty one.
        return PartyFacts(
            name=self.name.data,
            kana=self.kana.data,
            corporate_number=self.corporate_number.data or "",
            country=self.country.data,
            address=self.address.data or "",
            contact_name=self.contact_name.data or "",
            contact_department=self.contact_department.data or "",
            contact_email=self.contact_email.data or "",
            contact_phone=self.contact_phone.data or "",
        )


class EditPartyForm(PartyForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    submit = SubmitField(_l("保存する"), widget=ui.Submit())

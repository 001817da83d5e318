"""Forms of the vendor register."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, IntegerField, SelectField, StringField, SubmitField
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import HiddenInput

from audit_portal.domain import limits
from audit_portal.services.parties.parties import PartyFacts
from audit_portal.services.parties.party_contacts import ContactFacts
from audit_portal.web import labels
from audit_portal.web import widgets as ui
from audit_portal.web.forms import PortalForm, Required


def line(label: Any, limit: int, **more: Any) -> StringField:
    """A line that may stay empty."""
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
    corporate_number = line(
        _l("法人番号（任意）"),
        limits.NUMBER,
        description=_l("13桁の数字です。"),
        render_kw={"inputmode": "numeric", "classes": "govuk-input--width-20"},
    )
    country = SelectField(_l("国・地域"), widget=ui.Select(), default="JP")
    address = line(_l("所在地（任意）"), limits.LINE)
    entrusting_entity = line(
        _l("契約の主体となる当社側の法人（任意）"),
        limits.NAME,
        description=_l("グループ会社などの名義で契約する場合に入力します。空欄なら当社です。"),
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
            entrusting_entity=self.entrusting_entity.data or "",
        )


class NewPartyForm(PartyForm):
    """A vendor with its first contact; further ones are added on its page."""

    contact_name = line(_l("窓口の氏名（任意）"), limits.NAME)
    contact_department = line(_l("窓口の部署（任意）"), limits.NAME)
    contact_email = EmailField(
        _l("窓口のメールアドレス（任意）"),
        [Length(max=limits.EMAIL)],
        widget=ui.Email(),
        render_kw={"autocomplete": "off"},
    )
    contact_phone = line(
        _l("窓口の電話番号（任意）"), limits.PHONE, render_kw={"classes": "govuk-input--width-20"}
    )

    def validate_contact_name(self, field: StringField) -> None:
        if not field.data and (
            self.contact_department.data or self.contact_email.data or self.contact_phone.data
        ):
            raise ValidationError(_l("窓口の氏名も入力してください"))

    def contact(self) -> ContactFacts | None:
        if not self.contact_name.data:
            return None
        return ContactFacts(
            name=self.contact_name.data,
            department=self.contact_department.data or "",
            email=self.contact_email.data or "",
            phone=self.contact_phone.data or "",
        )


class EditPartyForm(PartyForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    submit = SubmitField(_l("保存する"), widget=ui.Submit())

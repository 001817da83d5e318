"""Forms of what hangs on a vendor: sites, certifications, contacts."""

from __future__ import annotations

from typing import Any, Self

from flask_babel import lazy_gettext as _l
from wtforms import (
    EmailField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
)
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from audit_portal.domain import limits
from audit_portal.domain.register import CertificationKind, ContactPurpose
from audit_portal.services.parties.party_certifications import CertificationFacts
from audit_portal.services.parties.party_contacts import ContactFacts
from audit_portal.services.parties.party_sites import SiteFacts
from audit_portal.web import labels
from audit_portal.web import widgets as ui
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required
from audit_portal.web.parties import labels as own
from audit_portal.web.parties.forms import line


class Versioned(PortalForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())

    def for_new(self) -> Self:
        """What is new has no version yet."""
        del self.version
        return self


class SiteForm(Versioned):
    name = StringField(
        _l("拠点の名称"),
        [Required(_l("拠点の名称を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
        description=_l("例：本社、札幌センター、第2データセンター"),
    )
    country = SelectField(_l("国・地域"), widget=ui.Select(), default="JP")
    address = line(_l("所在地（任意）"), limits.LINE)
    handles = line(
        _l("そこで取り扱うもの（任意）"),
        limits.LINE,
        description=_l("例：申込書の入力と保管"),
    )
    valid_from = YmdField(
        _l("使い始めた日（任意）"), [Optional()], description=_l("空欄なら、きょうからとして登録します。")
    )
    submit = SubmitField(_l("保存する"), widget=ui.Submit())
    shown = ("name", "country", "address", "handles", "valid_from")

    def __init__(self, **data: Any) -> None:
        super().__init__(**data)
        self.country.choices = labels.countries()

    def facts(self) -> SiteFacts:
        return SiteFacts(
            name=self.name.data,
            address=self.address.data or "",
            country=self.country.data,
            handles=self.handles.data or "",
            valid_from=self.valid_from.data,
        )


class CertificationForm(Versioned):
    kind = RadioField(
        _l("認証の種類"),
        [Required(_l("認証の種類を選んでください"))],
        widget=ui.Radios(),
        choices=[(kind.value, label) for kind, label in own.CERTIFICATIONS.items()],
    )
    title = line(_l("認証の名称（「その他」のとき）"), limits.NAME, description=_l("例：ISO 22301"))
    number = line(
        _l("登録番号・認証番号（任意）"), limits.NAME, render_kw={"classes": "govuk-input--width-20"}
    )
    covers = line(
        _l("対象の範囲（任意）"),
        limits.LINE,
        description=_l("会社の全体か、一部の拠点・業務・サービスか。今回の業務が範囲に入るかを見ます。"),
    )
    issued_on = YmdField(_l("取得・更新した日（任意）"), [Optional()])
    expires_on = YmdField(
        _l("有効期限（任意）"),
        [Optional()],
        description=_l("この日まで有効です。SOC 2 のような報告書は、対象期間の終わりを入れます。"),
    )
    remark = line(_l("備考（任意）"), limits.LINE, description=_l("例：除外事項、確認した写しの版"))
    submit = SubmitField(_l("保存する"), widget=ui.Submit())
    shown = ("kind", "title", "number", "covers", "issued_on", "expires_on", "remark")

    def facts(self) -> CertificationFacts:
        return CertificationFacts(
            kind=CertificationKind(self.kind.data),
            title=self.title.data or "",
            number=self.number.data or "",
            covers=self.covers.data or "",
            issued_on=self.issued_on.data,
            expires_on=self.expires_on.data,
            remark=self.remark.data or "",
        )


class ContactForm(Versioned):
    name = StringField(
        _l("氏名"), [Required(_l("氏名を入力してください")), Length(max=limits.NAME)], widget=ui.Text()
    )
    kana = line(_l("氏名のカナ（任意）"), limits.KANA)
    department = line(_l("部署（任意）"), limits.NAME)
    title = line(_l("役職（任意）"), limits.NAME)
    email = EmailField(
        _l("メールアドレス（任意）"),
        [Length(max=limits.EMAIL)],
        widget=ui.Email(),
        render_kw={"autocomplete": "off"},
    )
    phone = line(_l("電話番号（任意）"), limits.PHONE, render_kw={"classes": "govuk-input--width-20"})
    purposes = SelectMultipleField(
        _l("何の窓口か"),
        [Required(_l("何の窓口かを1つ以上選んでください"))],
        widget=ui.Checkboxes(),
        choices=[(each.value, label) for each, label in own.PURPOSES.items()],
    )
    submit = SubmitField(_l("保存する"), widget=ui.Submit())
    shown = ("name", "kana", "department", "title", "email", "phone", "purposes")

    def facts(self) -> ContactFacts:
        return ContactFacts(
            name=self.name.data,
            kana=self.kana.data or "",
            title=self.title.data or "",
            department=self.department.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            purposes=tuple(ContactPurpose(each) for each in self.purposes.data or ()),
        )


class _EndForm(PortalForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())


class EndSiteForm(_EndForm):
    last_day: Any = YmdField(_l("最後に使った日"), [Required(_l("最後に使った日を入力してください"))])
    submit = SubmitField(_l("この拠点の利用を終える"), widget=ui.Submit())
    shown = ("last_day",)


class WithdrawForm(_EndForm):
    day: Any = YmdField(_l("失効した日"), [Required(_l("失効した日を入力してください"))])
    reason = StringField(
        _l("失効した理由"),
        [Required(_l("失効した理由を入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("例：認証機関による取消し、更新の辞退"),
    )
    submit = SubmitField(_l("失効として記録する"), widget=ui.Submit())
    shown = ("day", "reason")


class EndContactForm(_EndForm):
    submit = SubmitField(_l("窓口から外す"), widget=ui.Submit())
    shown = ()

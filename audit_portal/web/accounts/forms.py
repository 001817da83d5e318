"""Forms of inviting people and of changing what they may do."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

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
from audit_portal.domain.access import Role
from audit_portal.services.accounts.accounts import NewPerson
from audit_portal.web import labels
from audit_portal.web import widgets as ui
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required
from audit_portal.web.language import LANGUAGES
from audit_portal.web.look import language_name

_LAST_DAY = _l("この日を過ぎるとサインインできなくなります。社外の監査人などに使います。")


class InviteForm(PortalForm):
    """What every invitation asks; the roles differ between staff and vendors."""

    name = StringField(
        _l("氏名"), [Required(_l("氏名を入力してください")), Length(max=limits.NAME)], widget=ui.Text()
    )
    email = EmailField(
        _l("メールアドレス"),
        [Required(_l("メールアドレスを入力してください")), Length(max=limits.EMAIL)],
        widget=ui.Email(),
        description=_l("招待メールの宛先です。サインインにも使います。"),
        render_kw={"autocomplete": "off"},
    )
    department = StringField(_l("部署（任意）"), [Length(max=limits.NAME)], widget=ui.Text())
    title = StringField(_l("役職（任意）"), [Length(max=limits.NAME)], widget=ui.Text())
    language = SelectField(
        _l("メールと画面の言語"),
        widget=ui.Select(),
        choices=[(code, language_name(code)) for code in LANGUAGES],
        default="ja",
    )
    submit = SubmitField(_l("招待する"), widget=ui.Submit())

    def person(self, roles: Collection[str], ends_on: Any = None) -> NewPerson:
        return NewPerson(
            name=self.name.data,
            email=self.email.data,
            department=self.department.data or "",
            title=self.title.data or "",
            roles=frozenset(Role(role) for role in roles),
            language=self.language.data,
            ends_on=ends_on,
        )


class InviteStaffForm(InviteForm):
    roles = SelectMultipleField(
        _l("役割"),
        [Required(_l("役割を1つ以上選んでください"))],
        widget=ui.Checkboxes(),
        choices=labels.role_choices(vendor=False),
    )
    ends_on = YmdField(_l("最終日（任意）"), [Optional()], description=_LAST_DAY)


class InviteVendorForm(InviteForm):
    role = RadioField(
        _l("役割"),
        [Required(_l("役割を選んでください"))],
        widget=ui.Radios(),
        choices=labels.role_choices(vendor=True),
        default=Role.VENDOR_LEAD.value,
    )


class ChangeForm(PortalForm):
    """Roles and last day of an account; `vendor` decides which roles there are to choose from."""

    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    roles = SelectMultipleField(
        _l("役割"), [Required(_l("役割を1つ以上選んでください"))], widget=ui.Checkboxes()
    )
    ends_on = YmdField(_l("最終日（任意）"), [Optional()], description=_LAST_DAY)
    submit = SubmitField(_l("保存する"), widget=ui.Submit())

    def __init__(self, vendor: bool, **data: Any) -> None:
        super().__init__(**data)
        self.roles.choices = labels.role_choices(vendor)


class CardForm(PortalForm):
    """How a person is called from now on."""

    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    name = StringField(
        _l("氏名"), [Required(_l("氏名を入力してください")), Length(max=limits.NAME)], widget=ui.Text()
    )
    department = StringField(_l("部署（任意）"), [Length(max=limits.NAME)], widget=ui.Text())
    title = StringField(_l("役職（任意）"), [Length(max=limits.NAME)], widget=ui.Text())
    submit = SubmitField(_l("保存する"), widget=ui.Submit())


class ActionForm(PortalForm):
    """A button and nothing else: carries the key against being pressed twice."""

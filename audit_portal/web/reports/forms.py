"""Forms of reports."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, PasswordField, RadioField, SubmitField
from wtforms.validators import InputRequired
from wtforms.widgets import HiddenInput

from audit_portal.web import widgets as ui
from audit_portal.web.forms import PortalForm, Required


class CreateForm(PortalForm):
    language = RadioField(
        _l("報告書の言語"),
        [Required(_l("報告書の言語を選んでください"))],
        choices=[("ja", "日本語"), ("en", "English")],
        default="ja",
        widget=ui.Radios(),
    )
    submit = SubmitField(_l("報告書を作る"), widget=ui.Submit())


class SignForm(PortalForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    passphrase = PasswordField(
        _l("署名用パスフレーズ"),
        [Required(_l("署名用パスフレーズを入力してください"))],
        widget=ui.Password(),
        description=_l("署名鍵を作ったときに決めたものです。サインインのパスワードではありません。"),
        render_kw={"autocomplete": "off"},
    )
    submit = SubmitField(_l("署名する"), widget=ui.Submit())

"""Forms of signing in."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import EmailField, PasswordField, StringField, SubmitField
from wtforms.validators import Length

from audit_portal.domain import limits
from audit_portal.web import widgets as ui
from audit_portal.web.forms import PortalForm, Required


class SignInForm(PortalForm):
    email = EmailField(
        _l("メールアドレス"),
        [Required(_l("メールアドレスを入力してください")), Length(max=limits.EMAIL)],
        widget=ui.Email(),
    )
    password = PasswordField(
        _l("パスワード"),
        [Required(_l("パスワードを入力してください")), Length(max=limits.PASSWORD_MAX)],
        widget=ui.Password(),
        render_kw={"autocomplete": "current-password"},
    )
    submit = SubmitField(_l("サインイン"), widget=ui.Submit())


class CodeForm(PortalForm):
    code = StringField(
        _l("確認コード"),
        [Required(_l("確認コードを入力してください")), Length(max=20)],
        widget=ui.Text(),
        description=_l("認証アプリに表示されている6桁の数字です。"),
        render_kw={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "classes": "govuk-input--width-10",
        },
    )
    submit = SubmitField(_l("確認する"), widget=ui.Submit())


class ForgottenForm(PortalForm):
    email = EmailField(
        _l("メールアドレス"),
        [Required(_l("メールアドレスを入力してください")), Length(max=limits.EMAIL)],
        widget=ui.Email(),
    )
    submit = SubmitField(_l("再設定のメールを送る"), widget=ui.Submit())


class NewPasswordForm(PortalForm):
    password = PasswordField(
        _l("新しいパスワード"),
        [Required(_l("パスワードを入力してください"))],
        widget=ui.Password(),
        description=_l("12文字以上。短い文をそのまま使うと、覚えやすく破られにくくなります。"),
        render_kw={"autocomplete": "new-password"},
    )
    submit = SubmitField(_l("設定する"), widget=ui.Submit())

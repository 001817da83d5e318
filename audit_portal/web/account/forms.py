"""Forms of one's own account."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, SubmitField
from wtforms.validators import Length

from audit_portal.domain import limits
from audit_portal.web import widgets as ui
from audit_portal.web.forms import PortalForm, Required
from audit_portal.web.sign_in.forms import CodeForm


def _present_password() -> PasswordField:
    return PasswordField(
        _l("いまのパスワード"),
        [Required(_l("いまのパスワードを入力してください")), Length(max=limits.PASSWORD_MAX)],
        widget=ui.Password(),
        render_kw={"autocomplete": "current-password"},
    )


class PasswordForm(PortalForm):
    old = _present_password()
    new = PasswordField(
        _l("新しいパスワード"),
        [Required(_l("新しいパスワードを入力してください"))],
        widget=ui.Password(),
        description=_l("12文字以上。短い文をそのまま使うと、覚えやすく破られにくくなります。"),
        render_kw={"autocomplete": "new-password"},
    )
    submit = SubmitField(_l("変更する"), widget=ui.Submit())


class EnrolForm(CodeForm):
    password = _present_password()


class RemoveFactorForm(PortalForm):
    password = _present_password()
    submit = SubmitField(_l("2段階認証を外す"), widget=ui.Submit())

"""Forms of one's own signing key."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, RadioField, SubmitField

from audit_portal.domain import limits
from audit_portal.web import widgets as ui
from audit_portal.web.forms import PortalForm, Required

REASONS = {
    "forgotten": _l("署名用パスフレーズを忘れた"),
    "compromised": _l("ほかの人に知られた、またはその疑いがある"),
    "superseded": _l("新しい署名鍵に替える"),
    "left": _l("この仕事を離れる"),
}


class IssueForm(PortalForm):
    passphrase = PasswordField(
        _l("署名用パスフレーズ"),
        [Required(_l("署名用パスフレーズを入力してください"))],
        widget=ui.Password(),
        description=_l(
            "%(least)s文字以上。サインインのパスワードとは別のものにしてください。",
            least=limits.SIGNING_PASSPHRASE_MIN,
        ),
        render_kw={"autocomplete": "off"},
    )
    again = PasswordField(
        _l("署名用パスフレーズ（もう一度）"),
        [Required(_l("署名用パスフレーズをもう一度入力してください"))],
        widget=ui.Password(),
        render_kw={"autocomplete": "off"},
    )
    submit = SubmitField(_l("署名鍵を作る"), widget=ui.Submit())


class RevokeForm(PortalForm):
    reason = RadioField(
        _l("理由"),
        [Required(_l("失効させる理由を選んでください"))],
        choices=list(REASONS.items()),
        widget=ui.Radios(),
    )
    submit = SubmitField(_l("失効させる"), widget=ui.Submit(), render_kw={"classes": "govuk-button--warning"})

"""The form of setting up."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, PasswordField, StringField, SubmitField
from wtforms.validators import Length

from audit_portal.domain import limits
from audit_portal.web import widgets as ui
from audit_portal.web.forms import PortalForm, Required


class SetupForm(PortalForm):
    client = StringField(
        _l("会社名"),
        [Required(_l("会社名を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
        render_kw={"autocomplete": "organization"},
    )
    kana = StringField(
        _l("会社名のカナ"),
        [Required(_l("会社名のカナを入力してください")), Length(max=limits.KANA)],
        widget=ui.Text(),
        description=_l("「株式会社」などを除いた読みです。"),
    )
    corporate_number = StringField(
        _l("法人番号（任意）"),
        [Length(max=limits.NUMBER)],
        widget=ui.Text(),
        description=_l("13桁の数字です。"),
        render_kw={"inputmode": "numeric", "classes": "govuk-input--width-20"},
    )
    name = StringField(
        _l("氏名"),
        [Required(_l("氏名を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
        render_kw={"autocomplete": "name"},
    )
    department = StringField(_l("部署（任意）"), [Length(max=limits.NAME)], widget=ui.Text())
    email = EmailField(
        _l("メールアドレス"),
        [Required(_l("メールアドレスを入力してください")), Length(max=limits.EMAIL)],
        widget=ui.Email(),
    )
    password = PasswordField(
        _l("パスワード"),
        [Required(_l("パスワードを入力してください"))],
        widget=ui.Password(),
        description=_l("12文字以上。短い文をそのまま使うと、覚えやすく破られにくくなります。"),
        render_kw={"autocomplete": "new-password"},
    )
    officer = BooleanField(
        _l("個人情報保護担当を兼ねる"),
        default=True,
        widget=ui.Checkbox(),
        description=_l(
            "委託先の登録や審査も自分で行うときに選びます。選ばないと、確認資料を見られないシステム管理者になります。"
        ),
    )
    submit = SubmitField(_l("使い始める"), widget=ui.Submit())

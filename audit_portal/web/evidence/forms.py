"""The forms with which a file is attached to an answer, or takes the place of an older version."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import FileField, HiddenField, MultipleFileField, SubmitField
from wtforms.validators import UUID as UuidShape
from wtforms.validators import Optional

from audit_portal.domain.evidence import EXTENSIONS
from audit_portal.web import widgets as ui
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required

ACCEPT = ",".join(f".{each}" for each in EXTENSIONS)


class UploadForm(PortalForm):
    """The file comes last in the page: its view reads the other fields before the file's first byte."""

    observed = YmdField(
        _l("資料の時点（任意）"),
        [Optional()],
        description=_l(
            "資料がいつの状態を示すか、または発行された日です。分からないときは空欄のままにします。"
        ),
    )
    expires = YmdField(
        _l("有効期限（任意）"),
        [Optional()],
        description=_l("認証や契約のように期限がある資料だけ入力します。"),
    )
    file = MultipleFileField(
        _l("ファイル"),
        widget=ui.Files(),
        description=_l(
            "PDF、画像、Excel、Word、PowerPoint、CSV、テキスト。パスワードとマクロは外してください。"
        ),
        render_kw={"accept": ACCEPT},
    )
    attach = SubmitField(_l("添付する"), widget=ui.Submit())


class ReplaceForm(UploadForm):
    """One file, the newer version; dates are its own."""

    file = FileField(
        _l("新しい版のファイル"),
        widget=ui.Files(False),
        description=_l(
            "PDF、画像、Excel、Word、PowerPoint、CSV、テキスト。パスワードとマクロは外してください。"
        ),
        render_kw={"accept": ACCEPT},
    )
    attach = SubmitField(_l("新しい版に差し替える"), widget=ui.Submit())


class ChooseForm(PortalForm):
    """One of the files that were handed in before; each has a button of its own."""

    chosen = HiddenField(validators=[Required(_l("資料を選んでください")), UuidShape()])

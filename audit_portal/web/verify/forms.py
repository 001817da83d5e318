"""The form of the checking page."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import FileField, SubmitField

from audit_portal.web import widgets as ui
from audit_portal.web.forms import PortalForm


class CheckForm(PortalForm):
    class Meta(PortalForm.Meta):
        csrf = False

    file = FileField(
        _l("報告書のPDF"),
        widget=ui.Files(False),
        description=_l(
            "受け取ったままのファイルを選んでください。保存し直したものや印刷したものは確かめられません。"
        ),
        render_kw={"accept": ".pdf,application/pdf"},
    )
    submit = SubmitField(_l("確かめる"), widget=ui.Submit())

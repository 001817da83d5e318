"""The form with which a vendor says that it doesn't disclose a document."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SubmitField, TextAreaField
from wtforms.validators import Length

from audit_portal.domain import limits
from audit_portal.domain.evidence_in_use import Refusal, RefusalOffer
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.web import widgets as ui
from audit_portal.web.assessments import beside_labels
from audit_portal.web.assessments.forms import VersionForm
from audit_portal.web.forms import Required


class RefusalForm(VersionForm):
    reason = TextAreaField(
        _l("開示できない理由"),
        [Required(_l("開示できない理由を書いてください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        render_kw={"rows": 3},
    )
    offer = RadioField(
        _l("代わりに示せるもの"),
        [Required(_l("代わりに示せるものを選んでください"))],
        widget=ui.Radios(),
        choices=[(value.value, label) for value, label in beside_labels.OFFERS.items()],
    )
    words = TextAreaField(
        _l("その内容と方法"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("例：本社の会議室で、規程の原本をご覧いただけます。"),
        render_kw={"rows": 3},
    )
    submit = SubmitField(_l("開示できないことを伝える"), widget=ui.Submit())

    def behalf(self) -> None:
        """For who transcribes what the vendor says."""
        self.reason.label.text = _l("委託先が述べている理由")
        self.offer.label.text = _l("委託先が代わりに示すもの")
        self.words.description = _l("例：面談のときに、規程の原本を画面で見せるとのこと。")
        self.submit.label.text = _l("開示しないことを記録する")

    def refusal(self) -> Refusal:
        return Refusal(RefusalOffer(self.offer.data), self.reason.data, self.words.data or "")


def refusal_form(item: ItemView) -> RefusalForm:
    """The form as the stored refusal fills it."""
    data: dict[str, object] = {"version": item.version}
    if found := item.beside.refusal:
        data |= {"reason": found.reason, "offer": found.offer.value, "words": found.words}
    return RefusalForm(formdata=None, data=data)

"""Forms of the contract check: begun, answered with a clause or what stands in for it, tied to places."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import UUID as UuidShape
from wtforms.validators import Length, NumberRange, Optional

from audit_portal.domain import limits
from audit_portal.domain.checklist import AnswerValue
from audit_portal.domain.contracts import StandIn
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.clauses import Spot
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.services.contracts.contract_views import ContractHead, DocumentView
from audit_portal.web import contract_labels
from audit_portal.web import widgets as ui
from audit_portal.web.assessments import labels
from audit_portal.web.assessments.forms import AnswerForm, SendForm, answer_data
from audit_portal.web.fields import NumberField, YmdField
from audit_portal.web.forms import PortalForm, Required

# The answers, with what stands in for a clause as answers of their own.
_ANSWERS: Mapping[str, Any] = {
    AnswerValue.YES.value: _l("はい（条項がある）"),
    **{f"stand_in_{kind.value}": label for kind, label in contract_labels.STAND_INS.items()},
    AnswerValue.PARTIAL.value: labels.ANSWERS[AnswerValue.PARTIAL],
    AnswerValue.NO.value: _l("いいえ（条項がない）"),
    AnswerValue.NOT_APPLICABLE.value: labels.ANSWERS[AnswerValue.NOT_APPLICABLE],
    AnswerValue.UNKNOWN.value: labels.ANSWERS[AnswerValue.UNKNOWN],
}


class BeginForm(SendForm):
    due_on = YmdField(
        _l("回答期限"),
        [Required(_l("回答期限を入力してください"))],
        description=_l("この日までに、個人情報保護担当か所管部門の担当が回答します。"),
    )
    message = TextAreaField(
        _l("回答する人への伝言（任意）"), [Length(max=limits.TEXT)], widget=ui.CountedText()
    )
    submit = SubmitField(_l("契約チェックを始める"), widget=ui.Submit())


class ContractAnswerForm(AnswerForm):
    value = RadioField(_l("回答"), [Optional()], widget=ui.Radios(), choices=list(_ANSWERS.items()))
    stand_in_words = TextAreaField(
        _l("代わりになる定め"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l(
            "約款・法令・文書が条項の代わりになるときに、名称と条、その内容で足りると考える理由を書いてください。"
        ),
        render_kw={"rows": 3},
    )

    def written(self) -> Written:
        chosen = self.value.data or ""
        kind = StandIn(chosen.removeprefix("stand_in_")) if chosen.startswith("stand_in_") else None
        value = AnswerValue.YES if kind else (AnswerValue(chosen) if chosen else None)
        return Written(
            value,
            self.comment.data or "",
            self.action.data or "",
            self.action_due.data,
            kind,
            (self.stand_in_words.data or "") if kind else "",
        )


def contract_answer_form(item: ItemView) -> ContractAnswerForm:
    """The form as the stored answer fills it."""
    data = {**answer_data(item), "stand_in_words": item.stand_in_words}
    if item.stand_in:
        data["value"] = f"stand_in_{item.stand_in.value}"
    return ContractAnswerForm(formdata=None, data=data)


class TieForm(PortalForm):
    document = SelectField(_l("契約の文書"), [Required(_l("契約の文書を選んでください"))], widget=ui.Select())
    page = NumberField(
        _l("ページ（任意）"),
        [Optional(), NumberRange(1, limits.PDF_PAGES, _l("1から%(max)sまでのページを入力してください"))],
    )
    clause = StringField(
        _l("条項"),
        [Required(_l("条項の番号や見出しを入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("例：第12条第2項、別紙3の4"),
    )
    add = SubmitField(_l("この場所を記録する"), widget=ui.Submit())

    def offer(self, documents: tuple[tuple[ContractHead, DocumentView], ...]) -> None:
        self.document.choices = [
            ("", _l("選んでください")),
            *(
                (
                    str(each.id),
                    _l(
                        "%(contract)s：%(document)s",
                        contract=f"{head.number} {head.title}",
                        document=each.title,
                    ),
                )
                for head, each in documents
            ),
        ]

    def spot(self) -> Spot:
        return Spot(UUID(self.document.data), self.clause.data, self.page.data)


class UntieForm(PortalForm):
    tie = HiddenField(validators=[Required(_l("外す場所を選び直してください")), UuidShape()])

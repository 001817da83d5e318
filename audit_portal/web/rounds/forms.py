"""Forms of rounds: which engagements, and what is sent to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField, StringField, SubmitField, TextAreaField
from wtforms.validators import Length

from audit_portal.domain import limits
from audit_portal.domain.monitoring import FiscalYear
from audit_portal.services.assessments.sending import SendableChecklist
from audit_portal.services.rounds.rounds import RoundOrder
from audit_portal.web import widgets as ui
from audit_portal.web.assessments.forms import language
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required


def chosen() -> tuple[UUID, ...]:
    """The engagements ticked, each once; what is no id at all is left out."""
    found: dict[UUID, None] = {}
    for value in request.form.getlist("engagements")[: limits.ROUND + 1]:
        try:
            found[UUID(value)] = None
        except ValueError:
            continue
    return tuple(found)


class OrderForm(PortalForm):
    title = StringField(
        _l("一斉送付の名前"),
        [Required(_l("一斉送付の名前を入力してください")), Length(max=limits.NAME)],
        widget=ui.Text(),
        description=_l("あとで探すときの名前です。委託先には見えません。"),
    )
    fiscal_year = SelectField(
        _l("会計年度"),
        widget=ui.Select(),
        coerce=int,
    )
    checklist = RadioField(
        _l("チェックリスト"), [Required(_l("チェックリストを選んでください"))], widget=ui.Radios()
    )
    due_on = YmdField(_l("回答期限"), [Required(_l("回答期限を入力してください"))])
    message = TextAreaField(
        _l("委託先への伝言（任意）"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("すべての委託先に、同じ文が示されます。"),
    )
    check = SubmitField(_l("もう一度確かめる"))
    send = SubmitField(_l("送る"))

    def __init__(self, offered: Iterable[SendableChecklist], span: FiscalYear, **data: Any) -> None:
        super().__init__(**data)
        self.fiscal_year.choices = [
            (each, _("%(year)s年度", year=each)) for each in (span.year, span.year + 1, span.year - 1)
        ]
        self.fiscal_year.description = _(
            "%(month)s月に始まる年度です。同じ年度に、同じチェックリストを二度は送りません。",
            month=span.first_month,
        )
        self.checklist.choices = [
            (
                str(each.id),
                _l(
                    "%(title)s（%(version)s版）",
                    title=each.title.get(language(), each.title["ja"]),
                    version=each.version,
                ),
            )
            for each in offered
        ]

    def version_id(self) -> UUID:
        """The checklist chosen, else the first one."""
        known = [value for value, _label in self.checklist.choices]
        return UUID(self.checklist.data if self.checklist.data in known else known[0])

    def year(self) -> int:
        """The fiscal year chosen, else the present one."""
        known = [value for value, _label in self.fiscal_year.choices]
        return int(self.fiscal_year.data if self.fiscal_year.data in known else known[0])

    def order(self) -> RoundOrder:
        due_on: Any = self.due_on.data
        return RoundOrder(
            self.title.data or "",
            self.year(),
            self.version_id(),
            due_on,
            self.message.data or "",
        )

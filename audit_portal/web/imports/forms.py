"""The form that brings a previewed file in, with one question for each company that may be there already."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, StringField, SubmitField
from wtforms.validators import Length

from audit_portal.domain import limits
from audit_portal.domain.imports import ImportKind
from audit_portal.services.imports import Order, Outcome, Preview
from audit_portal.web import widgets as ui
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required

_ROW = "row_"


class BringInForm(PortalForm):
    sha256 = HiddenField()
    submit = SubmitField(_l("取り込む"), widget=ui.Submit())

    def order(self) -> Order:
        answers = {
            int(name.removeprefix(_ROW)): str(field.data)
            for name, field in self._fields.items()
            if name.startswith(_ROW)
        }
        basis, until = self._fields.get("basis"), self._fields.get("catch_up_on")
        return Order(answers, (basis.data or "") if basis else "", until.data if until else None)

    @property
    def questions(self) -> list[Any]:
        return [field for name, field in self._fields.items() if name.startswith(_ROW)]


class BringInWorkForm(BringInForm):
    basis = StringField(
        _l("何に基づいて取り込むか"),
        [Required(_l("何に基づいて取り込むかを入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l(
            "例：2025年度委託先台帳（総務部）。だれが、いつ、何に基づいて取り込んだかが残ります。"
        ),
    )
    catch_up_on = YmdField(
        _l("承認条件を確かめ終える日"),
        [Required(_l("承認条件を確かめ終える日を入力してください"))],
        description=_l("選定・契約・提供開始の条件は「未確認」として入ります。この日までに確かめます。"),
    )


def bring_in_form(preview: Preview, **given: Any) -> BringInForm:
    """The form for this very preview."""
    base = BringInWorkForm if preview.kind is ImportKind.ENGAGEMENTS else BringInForm
    questions = {f"{_ROW}{row.number}": _question(row) for row in preview.of(Outcome.QUESTION)}
    kind = type("BringIn", (base,), questions)
    form: BringInForm = kind(data={"sha256": preview.sha256}, **given)
    return form


def _question(row: Any) -> RadioField:
    same = [
        (str(each.id), _("同じ会社：%(number)s %(name)s", number=each.number, name=each.name))
        for each in row.matches
    ]
    return RadioField(
        _("%(row)s行目：%(name)s", row=row.number, name=row.title),
        [Required(_l("登録済みの会社と同じかどうかを選んでください"))],
        widget=ui.Radios(),
        choices=[*same, ("new", _("別の会社として、新しく登録する"))],
    )

"""Rows and fields that the form of an engagement is made of."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from audit_portal.domain import limits
from audit_portal.domain.engagement import Place, Recipient, Route
from audit_portal.web import fact_labels
from audit_portal.web import labels as people_labels
from audit_portal.web import widgets as ui
from audit_portal.web.forms import RowForm

FIRST = 2  # empty rows of a list that holds nothing yet
SPARE = 1  # empty rows at the end of a list that holds something; saving brings more


class Lines:
    """A text with one thing a line: not too many, none too long."""

    def __init__(self, most: int, longest: int) -> None:
        self.most, self.longest = most, longest

    def __call__(self, form: Any, field: TextAreaField) -> None:
        found = lines(field.data)
        if len(found) > self.most:
            raise ValidationError(_("%(most)s行までにしてください", most=self.most))
        if any(len(each) > self.longest for each in found):
            raise ValidationError(_("1行は%(longest)s文字までにしてください", longest=self.longest))


def lines(text: str | None) -> list[str]:
    """What stands on each line, without empty ones and repeats."""
    return list(dict.fromkeys(each.strip() for each in (text or "").split("\n") if each.strip()))


def _cell(label: Any, limit: int) -> StringField:
    return StringField(label, [Length(max=limit)], widget=ui.Text())


class BoundaryRow(RowForm):
    task = _cell(_l("境目の作業"), limits.LINE)
    liaison = _cell(_l("話をつける窓口"), limits.NAME)

    def validate_liaison(self, field: StringField) -> None:
        if self.task.data and not field.data:
            raise ValidationError(_l("境目の作業の窓口を入力してください"))

    def validate_task(self, field: StringField) -> None:
        if self.liaison.data and not field.data:
            raise ValidationError(_l("境目の作業を入力してください"))


class PlaceRow(RowForm):
    place = _cell(_l("場所"), limits.LINE)
    country = SelectField(_l("国・地域"), widget=ui.Select(), default="JP")

    def __init__(self, *args: Any, **data: Any) -> None:
        super().__init__(*args, **data)
        self.country.choices = people_labels.countries()

    def value(self) -> Place:
        return Place(self.country.data, None, self.place.data)


class RecipientRow(RowForm):
    who = _cell(_l("提供先の名称"), limits.NAME)
    country = SelectField(_l("国・地域"), widget=ui.Select(), default="")
    route = SelectField(
        _l("法28条のどの方法によるか"),
        widget=ui.Select(),
        default="",
        choices=[
            ("", _l("選んでください")),
            *((each.value, label) for each, label in fact_labels.ROUTES.items()),
        ],
    )
    rests_on = _cell(_l("根拠になるもの（契約、規程、認証、同意の記録、当たらない理由）"), limits.LINE)

    def __init__(self, *args: Any, **data: Any) -> None:
        super().__init__(*args, **data)
        abroad = [pair for pair in people_labels.countries() if pair[0] != "JP"]
        self.country.choices = [("", _l("選んでください")), *abroad]

    @property
    def empty(self) -> bool:
        return not any(field.data for field in (self.who, self.country, self.route, self.rests_on))

    def validate_who(self, field: StringField) -> None:
        self._needed(field, _l("提供先の名称を入力してください"))

    def validate_country(self, field: SelectField) -> None:
        self._needed(field, _l("提供先の国を選んでください"))

    def validate_route(self, field: SelectField) -> None:
        self._needed(field, _l("法28条のどの方法によるかを選んでください"))

    def validate_rests_on(self, field: StringField) -> None:
        self._needed(field, _l("根拠になるものを入力してください"))

    def _needed(self, field: Any, message: Any) -> None:
        if not self.empty and not field.data:
            raise ValidationError(message)

    def value(self) -> Recipient:
        return Recipient(self.who.data, self.country.data, Route(self.route.data), self.rests_on.data)

"""Forms of routes: steps with their people, and stand-ins for a period."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    FormField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    SubmitField,
)
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from audit_portal.domain import limits
from audit_portal.domain.checklist import Tier
from audit_portal.domain.errors import Invalid
from audit_portal.domain.route import Step
from audit_portal.domain.supervision import Gate
from audit_portal.services.decisions.reseating import Candidate, Seen, Vacancy
from audit_portal.services.decisions.route_settings import RouteView
from audit_portal.web import widgets as ui
from audit_portal.web.decisions import labels
from audit_portal.web.decisions.forms import NumberedList
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required, RowForm
from audit_portal.web.messages import sentence

_GATES = (Gate.SELECTION, Gate.CONTRACT, Gate.RELEASE)


def _named(people: Iterable[Candidate]) -> list[tuple[str, str]]:
    return [
        (str(each.id), f"{each.name} ({each.department})" if each.department else each.name)
        for each in people
    ]


class StepForm(RowForm):
    title = StringField(_l("職名・役割"), [Length(max=limits.NAME)], widget=ui.Text())
    people = SelectMultipleField(
        _l("承認する人"),
        widget=ui.Checkboxes(),
        description=_l("選ばないときは、個人情報保護管理者の役割を持つ人のだれでも承認できます。"),
    )


class RouteForm(PortalForm):
    version = IntegerField(validators=[Optional()], widget=HiddenInput())
    gate = SelectField(_l("決裁の種類"), widget=ui.Select())
    tier = SelectField(_l("リスク区分"), widget=ui.Select())
    steps = NumberedList(FormField(StepForm), min_entries=limits.ROUTE_STEPS, max_entries=limits.ROUTE_STEPS)
    submit = SubmitField(_l("経路を保存する"), widget=ui.Submit())

    def validate(self, extra_validators: Any = None) -> bool:
        """Beside what each field asks: one seat at least."""
        sound = super().validate(extra_validators)
        seats = [entry.form for entry in self.steps]
        if not any(seat.title.data or seat.people.data for seat in seats):
            seats[0].title.errors = [*seats[0].title.errors, sentence(Invalid("route_empty"))]
            self.steps.errors = [entry.errors for entry in self.steps]
            return False
        return bool(sound)

    def __init__(self, people: tuple[Candidate, ...], **more: Any) -> None:
        super().__init__(**more)
        self.gate.choices = [(each.value, labels.GATES[each]) for each in _GATES]
        self.tier.choices = [
            ("", _l("すべて")),
            *((each.value, labels.RISKS[each]) for each in Tier),
        ]
        for entry in self.steps.entries:
            entry.form.people.choices = _named(people)

    def show(self, route: RouteView) -> None:
        """Fills the form with a route as it stands; people who can't be chosen any more are left out."""
        self.version.data = route.version
        self.gate.data, self.tier.data = route.gate.value, route.risk_tier
        for entry, step in zip(self.steps.entries, route.steps, strict=False):
            there = {value for value, _ in entry.form.people.choices}
            entry.form.title.data = step.title
            entry.form.people.data = [str(each) for each in step.ids if str(each) in there]

    def route(self) -> tuple[Step, ...]:
        """The steps that were begun, in their order."""
        return tuple(
            Step(entry.form.title.data or "", tuple(map(UUID, entry.form.people.data or ())))
            for entry in self.steps.entries
            if entry.form.title.data or entry.form.people.data
        )


class DeputyForm(PortalForm):
    person = SelectField(
        _l("本来の承認者"), [Required(_l("本来の承認者を選んでください"))], widget=ui.Select()
    )
    deputy = SelectField(_l("代理の人"), [Required(_l("代理の人を選んでください"))], widget=ui.Select())
    first_on = YmdField(_l("代理の初日"), [Required(_l("代理の初日を入力してください"))])
    last_on = YmdField(_l("代理の最終日"), [Required(_l("代理の最終日を入力してください"))])
    reason = StringField(
        _l("理由（任意）"),
        [Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("例：長期の出張のため"),
    )
    submit = SubmitField(_l("代理を登録する"), widget=ui.Submit())

    def __init__(self, people: tuple[Candidate, ...]) -> None:
        super().__init__()
        self.person.choices = self.deputy.choices = [("", _l("選んでください")), *_named(people)]

    def days(self) -> tuple[Any, Any]:
        return self.first_on.data, self.last_on.data


class SeatForm(PortalForm):
    position = IntegerField(validators=[Optional()], widget=HiddenInput())
    version = IntegerField(validators=[Optional()], widget=HiddenInput())
    people = SelectMultipleField(
        _l("この席に着く人"), [Required(_l("この席に着く人を選んでください"))], widget=ui.Checkboxes()
    )
    submit = SubmitField(_l("この人に任せる"), widget=ui.Submit())

    def __init__(self, people: tuple[Candidate, ...]) -> None:
        super().__init__()
        self.people.choices = _named(people)

    def about(self, vacancy: Vacancy) -> SeatForm:
        """Names the seat that the page shows."""
        for field, value in ((self.position, vacancy.position), (self.version, vacancy.version)):
            field.data, field.raw_data = value, None
        return self

    def seen(self) -> Seen | None:
        if self.position.data is None or self.version.data is None:
            return None
        return Seen(self.position.data, self.version.data)

"""Forms of the yearly plan: what goes in, another month, a cancellation, the start."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import lazy_gettext as _l
from wtforms import SelectField, StringField, SubmitField
from wtforms.validators import Length

from audit_portal.domain import limits
from audit_portal.services.assessments.sending import SendableChecklist
from audit_portal.web import formats
from audit_portal.web import widgets as ui
from audit_portal.web.assessments.forms import SendForm, VersionForm
from audit_portal.web.forms import Required


def month(text: str | None) -> date | None:
    """A first day of a month from `2026-12`; None for anything else."""
    try:
        return date.fromisoformat(f"{text or ''}-01")
    except ValueError:
        return None


def picked() -> Mapping[UUID, date | None]:
    """The engagements ticked, each with the month chosen beside it; what is no id at all is left out."""
    found: dict[UUID, date | None] = {}
    for value in request.form.getlist("engagements")[: limits.PLAN_AT_ONCE + 1]:
        try:
            engagement_id = UUID(value)
        except ValueError:
            continue
        found[engagement_id] = month(request.form.get(f"month-{engagement_id}"))
    return found


class _ReasonForm(VersionForm):
    reason = StringField(
        _l("理由"),
        [Required(_l("理由を入力してください")), Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("計画を変えた理由は、履歴に残ります。委託先には見えません。"),
    )


class MoveForm(_ReasonForm):
    month = SelectField(_l("移す月"), [Required(_l("移す月を選んでください"))], widget=ui.Select())
    submit = SubmitField(_l("月を移す"), widget=ui.Submit())

    def __init__(self, months: tuple[date, ...], **data: Any) -> None:
        super().__init__(**data)
        self.month.choices = [
            ("", _l("選んでください")),
            *((each.strftime("%Y-%m"), formats.month(each)) for each in months),
        ]

    def to(self) -> date:
        """The month chosen; only after validation."""
        found = month(self.month.data)
        assert found is not None
        return found


class CancelForm(_ReasonForm):
    submit = SubmitField(_l("計画から外す"), widget=ui.Submit())


class StartForm(VersionForm, SendForm):
    submit = SubmitField(_l("委託先に送る"), widget=ui.Submit())

    def __init__(self, offered: tuple[SendableChecklist, ...], **data: Any) -> None:
        SendForm.__init__(self, offered, **data)

"""Forms of hand-overs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, IntegerField, SelectField, StringField, SubmitField
from wtforms.validators import Length, Optional
from wtforms.widgets import HiddenInput

from audit_portal.domain import limits
from audit_portal.domain.accounts import AccountState
from audit_portal.services.handovers.looking import Choice, Order
from audit_portal.web import widgets as ui
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required


class HandoverForm(PortalForm):
    """Sent twice: to see what would move, then with `seen` to agree to just that."""

    seen = StringField(validators=[Length(max=64)], widget=HiddenInput())
    leaver = SelectField(_l("引き継ぐ人"), [Required(_l("引き継ぐ人を選んでください"))], widget=ui.Select())
    worker = SelectField(
        _l("業務の後任"),
        widget=ui.Select(),
        description=_l("委託業務の担当、割り振られた項目、委託先への連絡先を引き受ける人です。"),
    )
    decider = SelectField(
        _l("決裁の席の後任"),
        widget=ui.Select(),
        description=_l("決裁経路の席、決裁を待つ申請の席、決裁の代理を引き受ける人です。"),
    )
    from_on = YmdField(
        _l("引き継ぐ日"),
        [Required(_l("引き継ぐ日を入力してください"))],
        description=_l("この日から後任の人が担当します。きょうの日付なら、すぐに移ります。"),
    )
    reason = StringField(
        _l("理由（任意）"),
        [Length(max=limits.LINE)],
        widget=ui.Text(),
        description=_l("例：4月1日付の異動のため"),
    )
    ends_account = BooleanField(_l("引き継ぐ日に、この人のアカウントを終了する"), widget=ui.Checkbox())
    submit = SubmitField(_l("移るものを確かめる"), widget=ui.Submit())

    def __init__(self, people: tuple[Choice, ...], may_end: bool) -> None:
        super().__init__()
        self.leaver.choices = [("", _l("選んでください")), *_named(people)]
        there = [each for each in people if each.state is AccountState.ACTIVE]
        self.worker.choices = self.decider.choices = [("", _l("選びません")), *_named(there)]
        if not may_end:
            del self.ends_account

    def order(self) -> Order:
        """What was asked; the form has been validated."""
        from_on: Any = self.from_on.data
        return Order(
            leaver_id=UUID(self.leaver.data),
            worker_id=UUID(self.worker.data) if self.worker.data else None,
            decider_id=UUID(self.decider.data) if self.decider.data else None,
            from_on=from_on,
            ends_account=bool(self.ends_account and self.ends_account.data),
            reason=self.reason.data or "",
        )


class SettleForm(PortalForm):
    """Buttons of one hand-over: `seen` is what was shown beside them."""

    version = IntegerField(validators=[Optional()], widget=HiddenInput())
    seen = StringField(validators=[Length(max=64)], widget=HiddenInput())


def _named(people: Iterable[Choice]) -> list[tuple[str, str]]:
    return [(str(each.id), _name(each)) for each in people]


def _name(each: Choice) -> str:
    return f"{each.name} ({each.department})" if each.department else each.name

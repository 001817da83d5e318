"""Forms of decisions: asked for, made, with blockers accepted one by one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    IntegerField,
    RadioField,
    StringField,
    SubmitField,
    TextAreaField,
)
from wtforms.validators import AnyOf, InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from audit_portal.domain import limits
from audit_portal.domain.condition import NewCondition
from audit_portal.domain.decision import Acceptance
from audit_portal.domain.supervision import Gate
from audit_portal.services.decisions.decisions import Terms
from audit_portal.web import widgets as ui
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required


class AskForm(PortalForm):
    gate = HiddenField(validators=[Optional(), AnyOf([each.value for each in Gate])])
    reason = TextAreaField(
        _l("申請の理由"),
        [Required(_l("申請の理由を入力してください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("承認する人が判断するために知っておくことを書いてください。"),
    )
    submit = SubmitField(_l("決裁を申請する"), widget=ui.Submit())


class FulfilForm(PortalForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    note = TextAreaField(
        _l("したこと"),
        [Required(_l("したことを入力してください")), Length(max=limits.LINE)],
        widget=ui.CountedText(),
        description=_l("確かめる人が分かるように、いつ何をしたか、どこに記録があるかを書いてください。"),
        render_kw={"rows": 4},
    )
    submit = SubmitField(_l("済んだと報告する"), widget=ui.Submit())


class AnswerForm(PortalForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    outcome = RadioField(
        _l("確認"),
        [Required(_l("確認の結果を選んでください"))],
        widget=ui.Radios(),
        choices=[("confirm", _l("済んだことを確かめた")), ("back", _l("まだ済んでいない（戻す）"))],
    )
    note = TextAreaField(
        _l("意見"),
        [Length(max=limits.LINE)],
        widget=ui.CountedText(),
        description=_l("戻すときは、足りないことを必ず書いてください。"),
        render_kw={"rows": 4},
    )
    submit = SubmitField(_l("確認を記録する"), widget=ui.Submit())


class ReopenForm(PortalForm):
    reason = TextAreaField(
        _l("もう一度取り上げる理由"),
        [Required(_l("もう一度取り上げる理由を入力してください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("承認されなかった理由が、どのように解消するかを書いてください。"),
    )
    submit = SubmitField(_l("もう一度取り上げる"), widget=ui.Submit())


class AcceptanceForm(Form):
    """One blocker; left empty it is not accepted, begun it has to be whole."""

    class Meta(PortalForm.Meta):
        csrf = False

    key = HiddenField()
    reason = StringField(_l("受け入れる理由"), [Length(max=limits.LINE)], widget=ui.Text())
    measure = StringField(_l("代わりの対策"), [Length(max=limits.LINE)], widget=ui.Text())
    expires_on = YmdField(
        _l("受け入れる期限"), [Optional()], description=_l("きょうから1年以内の日付にします。")
    )

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if not self.begun():
            return sound
        for field, message in (
            (self.reason, _l("受け入れる理由を入力してください")),
            (self.measure, _l("代わりの対策を入力してください")),
            (self.expires_on, _l("受け入れる期限を入力してください")),
        ):
            if not field.data and not field.errors:
                field.errors = [message]
                sound = False
        return sound

    def begun(self) -> bool:
        return bool(self.reason.data or self.measure.data or any(self.expires_on.raw_data or ()))


class NumberedList(FieldList):
    """Entries 0 to 999 in plain digits. WTForms would hand any digit of Unicode, at any length, to int()."""

    def _extract_indices(self, prefix: str, formdata: Iterable[str]) -> Iterator[int]:
        pattern = re.compile(rf"{re.escape(prefix)}-([0-9]{{1,3}})-.*", re.DOTALL)
        return (int(found[1]) for name in formdata if (found := pattern.fullmatch(name)))


class ConditionForm(Form):
    """One condition; left empty it is none, begun it has to be whole."""

    class Meta(PortalForm.Meta):
        csrf = False

    what = StringField(_l("すること"), [Length(max=limits.LINE)], widget=ui.Text())
    who = StringField(_l("だれが"), [Length(max=limits.NAME)], widget=ui.Text())
    due_on = YmdField(_l("いつまでに"), [Optional()])
    before_release = BooleanField(_l("データ提供を始める前に済ませる"), widget=ui.Checkbox())

    def validate(self, extra_validators: Any = None) -> bool:
        sound: bool = super().validate(extra_validators)
        if not self.begun():
            return sound
        for field, message in (
            (self.what, _l("することを入力してください")),
            (self.who, _l("だれがするかを入力してください")),
            (self.due_on, _l("いつまでにするかを入力してください")),
        ):
            if not field.data and not field.errors:
                field.errors = [message]
                sound = False
        return sound

    def begun(self) -> bool:
        return bool(self.what.data or self.who.data or any(self.due_on.raw_data or ()))


class DecideForm(PortalForm):
    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())
    outcome = RadioField(
        _l("決裁"),
        [Required(_l("承認か不承認を選んでください"))],
        widget=ui.Radios(),
        choices=[
            ("approve", _l("承認する")),
            ("return", _l("差し戻す（申請した人が直して、もう一度申請する）")),
            ("refuse", _l("承認しない")),
        ],
    )
    comment = TextAreaField(
        _l("意見"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("差し戻すときと承認しないときは、理由を必ず書いてください。委託先には見えません。"),
        render_kw={"rows": 4},
    )
    vendor_words = TextAreaField(
        _l("承認しないとき、委託先に伝える言葉（任意）"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l(
            "ここに書いた言葉だけが、画面とメールで委託先に伝わります。書かなければ、不承認になったことだけが"
            "画面で伝わります。進行中の業務では、書かなければ何も伝わりません。"
        ),
        render_kw={"rows": 3},
    )
    accepted = NumberedList(FormField(AcceptanceForm), max_entries=limits.ITEMS)
    conditions = NumberedList(
        FormField(ConditionForm), min_entries=limits.CONDITIONS, max_entries=limits.CONDITIONS
    )
    submit = SubmitField(_l("決裁する"), widget=ui.Submit())

    def offer(self, keys: list[str]) -> None:
        """Has one entry for each of these blockers, what was typed for it kept, and no other entry."""
        typed = {key: entry for key, entry in self._by_key().items() if key in keys}
        self.accepted.entries = list(typed.values())  # first: entries nobody asked for leave no room
        for key in keys:
            if key not in typed:
                typed[key] = self.accepted.append_entry({"key": key})
        self.accepted.entries = [typed[key] for key in keys]

    def _by_key(self) -> dict[str, Any]:
        """The entries by blocker; of several for the same one, the first."""
        found: dict[str, Any] = {}
        for entry in self.accepted.entries:
            found.setdefault(entry.form.key.data or "", entry)
        return found

    def terms(self) -> Terms:
        """What comes with the decision: nothing of it holds unless it is the last approval, or a refusal."""
        conditions = (
            NewCondition(
                entry.form.what.data,
                entry.form.who.data,
                entry.form.due_on.data,
                entry.form.before_release.data,
            )
            for entry in self.conditions.entries
            if entry.form.begun()
        )
        return Terms(self.acceptances(), tuple(conditions), self.vendor_words.data or "")

    def acceptances(self) -> tuple[Acceptance, ...]:
        return tuple(
            Acceptance(
                entry.form.key.data,
                entry.form.reason.data,
                entry.form.measure.data,
                entry.form.expires_on.data,
            )
            for entry in self._by_key().values()
            if entry.form.begun()
        )

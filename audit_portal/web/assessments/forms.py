"""Forms of assessments: sending, answering, giving back, reviewing."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_babel import get_locale
from flask_babel import lazy_gettext as _l
from wtforms import IntegerField, RadioField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional
from wtforms.widgets import HiddenInput

from audit_portal.domain import limits
from audit_portal.domain.checklist import AnsweredBy, AnswerValue
from audit_portal.services.assessments.answers import Written
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.services.assessments.sending import SendableChecklist, SendOrder
from audit_portal.web import widgets as ui
from audit_portal.web.assessments import labels
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm, Required


def language() -> str:
    locale = get_locale()
    return locale.language if locale else "ja"


class VersionForm(PortalForm):
    """A change of one row; the hidden version tells whether somebody else was first."""

    version = IntegerField(validators=[InputRequired()], widget=HiddenInput())

    def at(self, version: int | None) -> None:
        """From now on the form is about this version of the row."""
        self.version.data, self.version.raw_data = version, None


class SendForm(PortalForm):
    checklist = RadioField(
        _l("チェックリスト"), [Required(_l("チェックリストを選んでください"))], widget=ui.Radios()
    )
    due_on = YmdField(
        _l("回答期限"),
        [Required(_l("回答期限を入力してください"))],
        description=_l("この日までに回答を提出するよう、委託先に伝えます。"),
    )
    message = TextAreaField(
        _l("委託先への伝言（任意）"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("依頼の背景や、特に見てほしい点があれば書いてください。"),
    )
    submit = SubmitField(_l("委託先に送る"), widget=ui.Submit())

    def __init__(self, offered: tuple[SendableChecklist, ...], **data: Any) -> None:
        super().__init__(**data)
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

    def order(self) -> SendOrder:
        due_on: Any = self.due_on.data
        return SendOrder(UUID(self.checklist.data), due_on, self.message.data or "")


class AnswerForm(VersionForm):
    value = RadioField(
        _l("回答"),
        [Optional()],
        widget=ui.Radios(),
        choices=[(value.value, label) for value, label in labels.ANSWERS.items()],
    )
    comment = TextAreaField(
        _l("説明"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l(
            "どのように行っているかを書いてください。「該当しない」のときは、その理由を書いてください。"
        ),
        render_kw={"rows": 5},
    )
    action = TextAreaField(
        _l("今後の対応"),
        [Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("「一部」か「いいえ」のときに、何をするかを書いてください。"),
        render_kw={"rows": 3},
    )
    action_due = YmdField(_l("対応を終える予定の日"), [Optional()])
    submit = SubmitField(_l("保存して次へ"), widget=ui.Submit())
    # After a conflict: put both texts into the form to be edited, or leave what is stored.
    join = SubmitField(_l("両方の文章をつなげて編集する"))
    leave = SubmitField(_l("保存済みの内容のままにする"))

    def written(self) -> Written:
        value = AnswerValue(self.value.data) if self.value.data else None
        return Written(value, self.comment.data or "", self.action.data or "", self.action_due.data)

    def typed(self) -> dict[str, Any]:
        """What the person entered, in words, as one side of a comparison."""
        value = next((label for key, label in labels.ANSWERS.items() if key == self.value.data), None)
        due = self.action_due.data
        return {
            "value": value,
            "comment": self.comment.data or "",
            "action": self.action.data or "",
            "action_due": due or " ".join(self.action_due.raw_data or ()).strip(),
        }

    def join_texts(self, stored: ItemView) -> None:
        """Both texts, the stored one first; one that holds the other already stands alone."""
        self.comment.data = _joined(stored.comment, self.comment.data or "")
        self.action.data = _joined(stored.action, self.action.data or "")


def _joined(theirs: str, mine: str) -> str:
    if theirs in mine:
        return mine
    return theirs if mine in theirs else f"{theirs}\n\n{mine}"


def answer_form(item: ItemView) -> AnswerForm:
    """The form as the stored answer fills it."""
    return AnswerForm(formdata=None, data=answer_data(item))


def answer_data(item: ItemView) -> dict[str, Any]:
    return {
        "version": item.version,
        "value": item.value.value if item.value else None,
        "comment": item.comment,
        "action": item.action,
        "action_due": item.action_due,
    }


class CommentForm(PortalForm):
    """Who may read it is chosen each time: neither is the harmless one."""

    text = TextAreaField(
        _l("コメント"),
        [Required(_l("コメントを書いてください")), Length(max=limits.COMMENT)],
        widget=ui.CountedText(),
        render_kw={"rows": 3},
    )
    shared = RadioField(
        _l("だれが読めるか"), [Required(_l("だれが読めるかを選んでください"))], widget=ui.Radios()
    )
    write = SubmitField(_l("コメントを書き込む"), widget=ui.Submit())

    def __init__(self, item: ItemView, own: str, other: str, **data: Any) -> None:
        super().__init__(**data)
        both = _l("%(own)sと%(other)sの両方", own=own, other=other)
        inside = _l("%(own)sの人だけ（%(other)sには見えません）", own=own, other=other)
        self.shared.choices = [("shared", both), ("internal", inside)]
        if item.answered_by is AnsweredBy.CLIENT:  # the vendor isn't shown the item at all
            self.shared.choices = self.shared.choices[1:]


class ReturnForm(VersionForm):
    items = SelectMultipleField(_l("差し戻す項目"), widget=ui.Checkboxes())
    note = TextAreaField(
        _l("直してほしいこと"),
        [Required(_l("何を直してほしいかを書いてください")), Length(max=limits.TEXT)],
        widget=ui.CountedText(),
        description=_l("選んだ項目に、この文が示されます。委託先はその項目だけを直せます。"),
        render_kw={"rows": 5},
    )
    submit = SubmitField(_l("委託先に差し戻す"), widget=ui.Submit())

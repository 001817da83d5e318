"""Giving items to a person, and seeing who has what and how far they are."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import SelectField, SelectMultipleField, SubmitField, TextAreaField
from wtforms.validators import Length, Optional

from audit_portal.domain import limits
from audit_portal.domain.access import Permission
from audit_portal.services.assessments import delegation
from audit_portal.services.assessments.delegation import Board, Gift
from audit_portal.web import widgets as ui
from audit_portal.web.assessments import labels, rows
from audit_portal.web.assessments.forms import language
from audit_portal.web.assessments.outcome import kept
from audit_portal.web.assessments.views import crumbs, pages
from audit_portal.web.context import context, done, house
from audit_portal.web.fields import YmdField
from audit_portal.web.forms import PortalForm


class ShareForm(PortalForm):
    """Whole sections or single items; the boxes are drawn by the template."""

    sections = SelectMultipleField(_l("分野"), [Optional()])
    items = SelectMultipleField(_l("項目"), [Optional()])
    person = SelectField(_l("割り振る人"), [Optional()], widget=ui.Select())
    due_on = YmdField(
        _l("いつまでに（任意）"),
        [Optional()],
        description=_l("空のままにすると、回答期限がそのまま示されます。"),
    )
    message = TextAreaField(
        _l("伝えること（任意）"),
        [Length(max=limits.LINE)],
        widget=ui.CountedText(),
        render_kw={"rows": 2},
    )
    give = SubmitField(_l("選んだ項目を割り振る"), widget=ui.Submit())
    take_back = SubmitField(_l("選んだ項目の割り振りを取り消す"))

    def __init__(self, board: Board, **data: Any) -> None:
        super().__init__(**data)
        self._board = board
        mine = {item.code for item in board.view.mine}
        self.sections.choices = [(each.code, each.code) for each in board.view.sections]
        self.items.choices = [(code, code) for code in sorted(mine)]
        self.person.choices = [("", _l("選んでください")), *((str(p.id), _name(p)) for p in board.people)]

    def chosen(self) -> tuple[str, ...]:
        """The codes ticked, and those of the sections ticked."""
        whole = set(self.sections.data or ())
        codes = set(self.items.data or ())
        return tuple(
            item.code for item in self._board.view.mine if item.code in codes or item.section in whole
        )

    def gift(self) -> Gift:
        back = self.take_back.data
        to = None if back else UUID(self.person.data)
        return Gift(self.chosen(), to, self.due_on.data, self.message.data or "")


def _name(person: delegation.Candidate) -> Any:
    known = _("%(name)s（%(department)s）", name=person.name, department=person.department)
    shown = known if person.department else person.name
    return shown if person.joined else _("%(name)s（招待中：まだ使い始めていません）", name=shown)


@pages.route(
    "/assessments/<uuid:assessment_id>/share", methods=["GET", "POST"], permission=Permission.ITEM_DELEGATE
)
def share(assessment_id: UUID) -> str | Response | tuple[str, int]:
    board = delegation.board(context(), assessment_id)
    form = ShareForm(board)
    if request.method == "GET":
        return _page(board, form)
    status = 422
    if not form.take_back.data and not form.person.data:
        form.validate()
        form.add_error("person", _("割り振る人を選んでください"))
    elif form.validate():
        with kept(form) as outcome:
            count = delegation.give(context(form), assessment_id, form.gift())
        if outcome.ok:
            return done(url_for("assessments.share", assessment_id=assessment_id), _told(form, board, count))
        status = outcome.status
    return _page(delegation.board(context(), assessment_id), form), status


def _told(form: ShareForm, board: Board, count: int) -> str:
    if not count:
        return _("変わった項目はありません。もう締め切られた項目は、そのまま残ります。")
    if form.take_back.data:
        return _("%(count)s件の割り振りを取り消しました。", count=count)
    name = next((each.name for each in board.people if str(each.id) == form.person.data), "")
    return _("%(name)s さんに%(count)s件を割り振りました。メールで知らせます。", name=name, count=count)


def _page(board: Board, form: ShareForm) -> str:
    mine = {item.code for item in board.view.mine}
    sections = [
        (
            each.code,
            rows.text(each.title, language()),
            [
                (item, rows.answering(board.view, item, language()))
                for item in each.items
                if item.code in mine
            ],
        )
        for each in board.view.sections
    ]
    return render_template(
        "assessments/share.html",
        board=board,
        head=board.view.head,
        form=form,
        sections=[each for each in sections if each[2]],
        labels=labels,
        today=house().today(),
        breadcrumbs=crumbs(board.view),
    )

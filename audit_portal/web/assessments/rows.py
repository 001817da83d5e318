"""Items as lines of a list: what is said of each, for the answering party and for the reviewer."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import url_for
from flask_babel import gettext as _

from audit_portal.domain.assessment import AssessmentState
from audit_portal.services.assessments.around import Around
from audit_portal.services.assessments.assessment_view import AssessmentView
from audit_portal.services.assessments.item_views import ItemView
from audit_portal.web.assessments import labels

MINUTES = 3  # that one answer takes, with its document at hand


@dataclass(frozen=True)
class Line:
    """One line of a task list."""

    code: str
    title: str
    url: str
    note: str
    status: str
    colour: str


def text(both: dict[str, str], language: str) -> str:
    return both.get(language) or both["ja"]


def item_url(view: AssessmentView, item: ItemView) -> str:
    return url_for("assessments.item", assessment_id=view.head.id, code=item.code)


def revised(view: AssessmentView, item: ItemView) -> bool:
    """Whether a returned item was written to since it was handed in."""
    return bool(item.answered_at and view.submitted_at and item.answered_at > view.submitted_at)


def is_open(view: AssessmentView, item: ItemView) -> bool:
    """Whether the reader still has to do something about this item of theirs."""
    if not item.editable:
        return False
    return bool(item.missing) or bool(item.returned_note and not revised(view, item))


def open_items(view: AssessmentView) -> tuple[ItemView, ...]:
    """The reader's own items that are left, the returned ones first."""
    left = [item for item in view.mine if is_open(view, item)]
    return tuple(sorted(left, key=lambda item: not item.returned_note))


def after(items: tuple[ItemView, ...], code: str, order: tuple[ItemView, ...]) -> ItemView | None:
    """The next of `items` behind `code` in the order of the page, else the first one; never `code` itself."""
    places = {each.code: place for place, each in enumerate(order)}
    others = [each for each in items if each.code != code]
    behind = [each for each in others if places[each.code] > places.get(code, -1)]
    return min(behind or others, key=lambda each: places[each.code], default=None)


def answering(view: AssessmentView, item: ItemView, language: str) -> Line:
    """As the answering party sees it."""
    status, colour, note = _answer_status(view, item)
    note = _joined(note, _holder(item))
    return Line(item.code, text(item.question, language), item_url(view, item), note, status, colour)


def counted(line: Line, beside: Around) -> Line:
    """The line with the number of comments on its item."""
    count = beside.comments.get(line.code, 0)
    return replace(line, note=_joined(line.note, _("コメント：%(count)s件", count=count))) if count else line


def _holder(item: ItemView) -> str:
    return _("担当：%(name)s", name=item.delegate_name) if item.delegate_name else ""


def _joined(*notes: str) -> str:
    return _("　").join(each for each in notes if each)


def _answer_status(view: AssessmentView, item: ItemView) -> tuple[str, str, str]:
    if item.review:
        label, colour = labels.RESULTS[item.review.result]
        return str(label), colour, item.review.comment
    if item.editable and item.returned_note and not revised(view, item):
        return _("差戻し"), "red", _("差戻し：%(note)s", note=item.returned_note)
    if not item.editable:
        submitted = view.head.state is not AssessmentState.SENT and item.value is not None
        return (_("提出済み"), "light-blue", "") if submitted else (_("未回答"), "grey", "")
    if item.value is None:
        begun = bool(item.comment or item.action or item.evidence)
        if item.missing is None:
            return _("任意"), "grey", ""
        return (_("入力中"), "blue", "") if begun else (_("未回答"), "grey", "")
    if item.missing:
        return _("不足あり"), "yellow", str(labels.MISSING[item.missing])
    return _("入力済み"), "green", ""


def reviewing(view: AssessmentView, item: ItemView, language: str) -> Line:
    """As the reviewer sees it: what was answered, and what was concluded."""
    answer = str(labels.ANSWERS[item.value]) if item.value else _("未回答")
    note = _("回答：%(answer)s", answer=answer)
    if item.evidence:
        note += _("　確認資料：%(count)s件", count=len(item.evidence))
    if item.transcribed:
        note = _joined(note, _("原本から転記"))
    note = _joined(note, _holder(item))
    status, colour = _review_status(view, item)
    return Line(item.code, text(item.question, language), item_url(view, item), note, status, colour)


def _review_status(view: AssessmentView, item: ItemView) -> tuple[str, str]:
    if item.review and item.review.current:
        label, colour = labels.RESULTS[item.review.result]
        return str(label), colour
    if item.review:
        return _("再審査が必要"), "orange"
    if item.missing:
        return _("回答待ち"), "grey"
    return (_("未審査"), "yellow") if view.can_review else (_("審査前"), "grey")

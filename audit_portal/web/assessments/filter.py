"""What the list of assessments can be filtered and sorted by: the same for its page and for its file."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user

from audit_portal.domain.assessment import AssessmentKind
from audit_portal.domain.lists import CheckFilter, CheckSort
from audit_portal.web.assessments import labels
from audit_portal.web.lists import ListFilter

_KINDS = (
    AssessmentKind.SELECTION,
    AssessmentKind.CONTRACT,
)  # that can be sent so far; a vendor sees the first alone


def checks() -> tuple[ListFilter, CheckFilter]:
    found, vendor = ListFilter("assessments.listed"), current_user.actor.is_vendor
    states = {key: text for key, (text, _colour) in labels.STATES.items()}
    kinds = {key: labels.KINDS[key] for key in _KINDS}
    sorts = {CheckSort.DUE: _("回答期限の早い順"), CheckSort.NEWEST: _("新しい順")}
    return found, CheckFilter(
        search=found.search(_("業務名・番号") if vendor else _("業務名・委託先・番号")),
        state=found.choice("state", _("状態"), _("指定しない"), states),
        kind=None if vendor else found.choice("kind", _("種類"), _("すべて"), kinds),
        late=found.tick("late", _("回答期限を過ぎたもの")),
        running=not found.tick("all", _("終わったものも表示"), narrows=False),
        sort=found.sort(_("並び順"), sorts),
    )

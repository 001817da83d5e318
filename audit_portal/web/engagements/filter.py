"""What the list of engagements can be filtered and sorted by: the same for its page and for its file."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user

from audit_portal.domain.lists import WorkFilter
from audit_portal.web.engagements import labels
from audit_portal.web.lists import ListFilter


def works() -> tuple[ListFilter, WorkFilter]:
    found = ListFilter("engagements.listed")
    states = {key: text for key, (text, _colour) in labels.STATES.items()}
    if current_user.actor.is_vendor:  # isn't shown risk tiers, and owns nothing
        words = found.search(_("業務名・番号"))
        return found, WorkFilter(words, found.choice("state", _("状態"), _("すべて"), states))
    tiers = {key: text for key, (text, _colour) in labels.RISKS.items()}
    return found, WorkFilter(
        found.search(_("業務名・委託先・番号")),
        found.choice("state", _("状態"), _("すべて"), states),
        found.choice("tier", _("リスク区分"), _("すべて"), tiers),
        found.tick("mine", _("自分が担当または副担当のもの")),
        found.tick("unshown", _("承認条件が未確認のもの")),
    )

"""What the list of contracts can be filtered and sorted by: the same for its page and for its file."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user

from audit_portal.domain import limits
from audit_portal.web.lists import ListFilter


def contracts() -> tuple[ListFilter, str, bool]:
    """The filter, the words, and whether only those with a deadline soon."""
    found = ListFilter("contracts.listed")
    label = _("契約名・番号") if current_user.actor.is_vendor else _("契約名・委託先・番号")
    soon = _("%(days)s日以内に期限が来るもの", days=limits.CONTRACT_WARNING_DAYS)
    return found, found.search(label), found.tick("soon", soon)

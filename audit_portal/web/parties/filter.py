"""What the list of vendors can be filtered and sorted by: the same for its page and for its file."""

from __future__ import annotations

from flask_babel import gettext as _

from audit_portal.domain.lists import VendorFilter, VendorSort
from audit_portal.domain.register import SOON, Validity
from audit_portal.web.lists import ListFilter


def vendors() -> tuple[ListFilter, VendorFilter]:
    found = ListFilter("parties.listed")
    certifications = {
        Validity.EXPIRED: _("期限切れがある"),
        Validity.EXPIRING: _("%(days)s日以内に切れる", days=SOON.days),
    }
    sorts = {VendorSort.KANA: _("会社名のカナ順"), VendorSort.NEWEST: _("新しい順")}
    return found, VendorFilter(
        found.search(_("会社名・カナ・番号")),
        found.choice("certification", _("認証"), _("すべて"), certifications),
        found.sort(_("並び順"), sorts),
    )

"""Words of the vendor register: certifications, how they stand, what a contact is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.register import ContactPurpose, Validity
from audit_portal.services.parties.party_certifications import CertificationView
from audit_portal.web.certification_labels import CERTIFICATIONS as CERTIFICATIONS
from audit_portal.web.certification_labels import certification as certification

VALIDITIES: Mapping[Validity, tuple[Any, str]] = {
    Validity.VALID: (_l("有効"), "green"),
    Validity.UNDATED: (_l("期限の記録なし"), "grey"),
    Validity.EXPIRING: (_l("まもなく期限"), "yellow"),
    Validity.EXPIRED: (_l("期限切れ"), "red"),
    Validity.WITHDRAWN: (_l("失効"), "red"),
}
PURPOSES: Mapping[ContactPurpose, Any] = {
    ContactPurpose.CONTRACT: _l("契約"),
    ContactPurpose.SECURITY: _l("情報セキュリティ"),
    ContactPurpose.INCIDENT: _l("事故の連絡"),
    ContactPurpose.DAILY: _l("日常の連絡"),
}
_WATCHED = (Validity.EXPIRED, Validity.WITHDRAWN, Validity.EXPIRING)


def purposes(held: tuple[ContactPurpose, ...]) -> str:
    return _("、").join(str(PURPOSES[each]) for each in held)


def watched(found: tuple[CertificationView, ...]) -> list[tuple[str, int, str]]:
    """(words, count, colour) of what needs a look: expired, withdrawn, expiring.

    An older one of a kind that holds again in a newer one needs none.
    """
    good = {each.kind for each in found if each.validity is Validity.VALID and each.kind != "other"}
    late = [each for each in found if each.kind not in good]
    counts = {which: sum(each.validity is which for each in late) for which in _WATCHED}
    return [
        (str(VALIDITIES[which][0]), count, VALIDITIES[which][1]) for which, count in counts.items() if count
    ]

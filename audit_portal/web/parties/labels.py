"""Words of the vendor register: certifications, how they stand, what a contact is for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.gate_holds import Certificate
from audit_portal.domain.register import CertificationKind, ContactPurpose, Validity
from audit_portal.services.parties.party_certifications import CertificationView

CERTIFICATIONS: Mapping[CertificationKind, Any] = {
    CertificationKind.P_MARK: _l("プライバシーマーク"),
    CertificationKind.ISO_27001: _l("ISMS（ISO/IEC 27001）"),
    CertificationKind.ISO_27701: _l("プライバシー情報（ISO/IEC 27701）"),
    CertificationKind.ISO_27017: _l("クラウド（ISO/IEC 27017）"),
    CertificationKind.SOC_2: _l("SOC 2 報告書"),
    CertificationKind.ISMAP: _l("ISMAP"),
    CertificationKind.OTHER: _l("その他"),
}
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


def certification(each: CertificationView | Certificate) -> str:
    """`ISMS（ISO/IEC 27001）`, or the name that was typed."""
    return (
        each.title if each.kind is CertificationKind.OTHER and each.title else str(CERTIFICATIONS[each.kind])
    )


def lost(found: Iterable[Certificate]) -> str:
    """The names of certifications that stand no more."""
    return _("、").join(certification(each) for each in found)


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

"""Names of certifications, for the pages of vendors and of the work that relies on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.gate_holds import Certificate
from audit_portal.domain.register import CertificationKind
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


def certification(each: CertificationView | Certificate) -> str:
    """`ISMS（ISO/IEC 27001）`, or the name that was typed."""
    return (
        each.title if each.kind is CertificationKind.OTHER and each.title else str(CERTIFICATIONS[each.kind])
    )


def lost(found: Iterable[Certificate]) -> str:
    """The names of certifications that stand no more."""
    return _("、").join(certification(each) for each in found)

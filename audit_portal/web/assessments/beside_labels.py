"""Words of what stands beside an answer: inspections, refusals to disclose, findings."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from audit_portal.domain.evidence_in_use import InspectionMeans, RefusalOffer
from audit_portal.domain.findings import Severity
from audit_portal.domain.review_basis import Sample, ThirdParty
from audit_portal.services.assessments.item_views import ReviewView
from audit_portal.web import formats
from audit_portal.web.assessments.labels import BASES

MEANS: Mapping[InspectionMeans, Any] = {
    InspectionMeans.ON_SITE: _l("現地で見た"),
    InspectionMeans.SCREEN_SHARE: _l("画面共有で見た"),
    InspectionMeans.DATA_ROOM: _l("閲覧用のサイトや閲覧室で見た"),
    InspectionMeans.OTHER: _l("そのほかの方法で見た"),
}
OFFERS: Mapping[RefusalOffer, Any] = {
    RefusalOffer.INSPECTION: _l("現地か画面での閲覧"),
    RefusalOffer.SUMMARY: _l("要約した資料"),
    RefusalOffer.THIRD_PARTY_REPORT: _l("第三者の報告書や認証"),
    RefusalOffer.NOTHING: _l("代わりに示せるものはない"),
}
SEVERITIES: Mapping[Severity, tuple[Any, str]] = {
    Severity.HIGH: (_l("高"), "red"),
    Severity.MEDIUM: (_l("中"), "orange"),
    Severity.LOW: (_l("低"), "yellow"),
}


def ground_rows(review: ReviewView) -> list[tuple[str, Any]]:
    """Rows of a summary that say how a conclusion was reached."""
    return [(_("確かめた方法"), BASES[review.basis]), *told(review.grounds.sample, review.grounds.report)]


def told(sample: Sample | None, report: ThirdParty | None) -> list[tuple[str, Any]]:
    """What was said of a sample, or of a third party's report."""
    found: list[tuple[str, Any]] = []
    if sample:
        count = _(
            "%(population)s件のうち%(size)s件",
            population=formats.number(sample.population),
            size=formats.number(sample.size),
        )
        found += [(_("抜取り"), count), (_("選び方"), sample.choice)]
    if report:
        period = _(
            "%(first)sから%(last)sまで",
            first=formats.day(report.period_from),
            last=formats.day(report.period_to),
        )
        found += [
            (_("報告書の名称"), report.title),
            (_("対象の範囲"), report.scope),
            (_("対象期間"), period),
            (_("指摘・除外された事項"), report.exceptions),
        ]
    return found
